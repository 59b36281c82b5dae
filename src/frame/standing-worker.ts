/** A worker thread: answers whether a frame's file stands as locked. */
import { parentPort, workerData } from "node:worker_threads";
import { type StandingQuestion, standsHere } from "./standing.ts";

const { question, folder } = workerData as { question: StandingQuestion; folder: string };
parentPort?.postMessage(await standsHere(question, folder));
