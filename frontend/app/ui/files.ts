/** Files made in the page. */
import { svgOf } from "../../src/core/download.js";

/** Twice the size of the screen, and at least so many pixels wide. */
const SCALE = 2;
const LEAST = 1280;

export function saveBlob(name: string, blob: Blob) {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The drawing with its title, unit and source, as a picture at twice its size or more. */
export async function savePng(name: string, drawing: Element, words: any) {
  const text = svgOf(drawing, words);
  const picture = new Image();
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    picture.src = url;
    await picture.decode();
    const canvas = document.createElement("canvas");
    const scale = Math.max(SCALE, LEAST / picture.naturalWidth);
    canvas.width = Math.round(scale * picture.naturalWidth);
    canvas.height = Math.round(scale * picture.naturalHeight);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob: Blob = await new Promise((done) => { canvas.toBlob((b) => done(b as Blob), "image/png"); });
    saveBlob(`${name}.png`, blob);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Copies a text; a browser that forbids it leaves it selected. */
export const copy = (text: string) => navigator.clipboard?.writeText(text).catch(() => {});
