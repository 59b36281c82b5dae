/** A worker thread: makes the forms of one city after the other, as it is told. */
import { parentPort } from "node:worker_threads";
import { ChouqianError } from "../text/errors.ts";
import { type CityTask, makeCityForms } from "./city-forms.ts";
import type { Answer } from "./workers.ts";

parentPort?.on("message", async (task: CityTask) => {
  parentPort?.postMessage(await answer(task));
});

async function answer(task: CityTask): Promise<Answer> {
  try {
    return { result: await makeCityForms(task) };
  } catch (error) {
    if (error instanceof ChouqianError) {
      const { code, words, advice, at, problems, exitCode } = error;
      return { refusal: { code, words, advice, at, problems, exitCode } };
    }
    return { defect: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
