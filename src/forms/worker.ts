/** A worker thread: makes the forms of one city after the other, as it is told. */
import { parentPort } from "node:worker_threads";
import { ChouqianError } from "../text/errors.ts";
import { type CityTask, makeCityForms } from "./city-forms.ts";
import type { Loaded } from "./load-template.ts";
import type { FormTemplate } from "./template.ts";
import type { Answer } from "./workers.ts";

/** Templates that came before, by digest: what was laid out for them serves again. */
const known = new Map<string, Loaded<FormTemplate>>();

parentPort?.on("message", async (task: CityTask) => {
  parentPort?.postMessage(await answer({ ...task, templates: task.templates.map(sameAsBefore) }));
});

function sameAsBefore(template: Loaded<FormTemplate>): Loaded<FormTemplate> {
  const key = `${template.name}\n${template.digest}`;
  const before = known.get(key) ?? template;
  known.set(key, before);
  return before;
}

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
