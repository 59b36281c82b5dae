/** A worker thread: reads the records of a round as the evaluation needs them. */
import { parentPort, workerData } from "node:worker_threads";
import { ChouqianError } from "../text/errors.ts";
import { type LeanAnswer, type LeanQuestion, type LeanRead, readLeanHere } from "./read-lean.ts";

const { path, draw } = workerData as LeanQuestion;

function say(answer: LeanAnswer, moved: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, moved);
}

function read(): LeanRead | undefined {
  try {
    return readLeanHere(path, draw, say);
  } catch (error) {
    if (error instanceof ChouqianError) return undefined;
    throw error;
  }
}

const answer = read();
const columns = Object.values(answer?.records ?? {}).filter((column) => column instanceof Int32Array);
// The columns are moved and not copied.
say(
  answer,
  columns.map(({ buffer }) => buffer as ArrayBuffer),
);
