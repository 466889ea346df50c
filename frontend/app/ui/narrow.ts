/** Whether the screen is so narrow that the controls are a sheet from below, as style/phone.css has it. */
import { signal } from "@preact/signals";

const asked = matchMedia("(max-width: 60rem)");

export const narrow = signal(asked.matches);

asked.addEventListener("change", () => { narrow.value = asked.matches; });
