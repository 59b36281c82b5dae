/** One question put to a thread of its own, for work that goes on beside other work. */
import { Worker } from "node:worker_threads";

/** Node runs no TypeScript in a thread: from its sources the program works in one. */
export const HAS_THREADS = !import.meta.url.endsWith(".ts");

/**
 * The answer of a thread that is started for it.
 * @param module what the thread runs
 * @param question its `workerData`
 * @param told takes what the thread says before it answers; true of what was no answer yet
 * @throws whatever ends the thread before it has answered
 */
export async function askThread<Answer>(
  module: URL,
  question: unknown,
  told: (message: unknown) => boolean = () => false,
): Promise<Answer> {
  const worker = new Worker(module, { workerData: question });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      worker.on("message", (message) => told(message) || resolve(message as Answer));
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error(`${module.href} ended without an answer`)));
    });
  } finally {
    await worker.terminate();
  }
}
