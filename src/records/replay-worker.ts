/** A worker thread: makes the records of a round anew from the originals. */
import { parentPort, workerData } from "node:worker_threads";
import { type ReplayAnswer, type ReplayQuestion, replayHere } from "./replay.ts";

const say = (answer: ReplayAnswer) => parentPort?.postMessage(answer);

say({ replayed: await replayHere(workerData as ReplayQuestion, (read, of) => say({ read, of })) });
