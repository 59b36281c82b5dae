/** A worker thread: answers whether a frame's file stands as locked. */
import { parentPort, workerData } from "node:worker_threads";
import { type StandingQuestion, standsHere } from "./standing.ts";

parentPort?.postMessage(await standsHere(workerData as StandingQuestion));
