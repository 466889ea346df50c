/** What those who do not see the page are told. */
import { signal } from "@preact/signals";

export const said = signal("");

export function say(words: string) { said.value = words; }
