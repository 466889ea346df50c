/** Whether the form of a measure is open, and for which measure. */
import { signal } from "@preact/signals";

/** The place of an added measure that is changed, null for a new one; undefined while the form is closed. */
export const form = signal<number | null | undefined>(undefined);

export const openForm = (place: number | null) => { form.value = place; };
export const closeForm = () => { form.value = undefined; };
