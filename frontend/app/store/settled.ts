/** Whether all that is to be shown is shown, for those who wait for it; and clicks that nothing moves under. */

const open = new Set<string>();
let turn = 0;

const frame = () => new Promise((run) => { requestAnimationFrame(run); });
const say = (so: boolean) => { document.documentElement.dataset.settled = String(so); };

/** Something is under way, until it is `done`. */
export function busy(key: string) {
  open.add(key);
  turn += 1;
  say(false);
}

/** It has ended; what comes into view by it is drawn two frames later. */
export async function done(key: string) {
  open.delete(key);
  turn += 1;
  const own = turn;
  await frame();
  await frame();
  if (own === turn && !open.size) say(true);
}

/** Lets the browser show what stands there now. */
export const painted = () => new Promise<void>((run) => {
  requestAnimationFrame(() => setTimeout(run, 0));
});

let pressed = false;
let waiting: ((value?: unknown) => void)[] = [];

/** Watches the button of the mouse, once, when the page begins. */
export function watchPresses() {
  addEventListener("pointerdown", ({ target }) => {
    pressed = !(target instanceof Element && target.matches("input[type=range]"));
  }, true);
  for (const kind of ["pointerup", "pointercancel"]) {
    addEventListener(kind, () => setTimeout(() => {
      pressed = false;
      const ready = waiting;
      waiting = [];
      ready.forEach((run) => run());
    }, 0), true);
  }
}

/**
 * Resolves once no button is held down: between press and release nothing may move, or the click is
 * lost. A slider is no button: what it moves follows it.
 */
export const released = () => (pressed ? new Promise((run) => { waiting.push(run); }) : Promise.resolve());
