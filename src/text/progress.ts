/** How a long step tells how far it is; the edge decides whether and how to show it. */
import type { Words } from "./words.ts";

/** Called now and then with what is being done, how much is done, and of how much where that is known. */
export type Progress = (what: Words, done: number, total?: number) => void;

/** Tells nobody. */
export const silent: Progress = () => {};
