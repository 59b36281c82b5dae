/** A worker thread: answers with the digest of a file. */
import { parentPort, workerData } from "node:worker_threads";
import { fileDigest } from "./files.ts";

parentPort?.postMessage(await fileDigest(workerData as string));
