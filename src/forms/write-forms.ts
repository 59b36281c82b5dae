/** The edge of the forms step: for each city, checklists and record forms as PDF and the workbook to fill in. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { manifestDigest } from "../draw/manifest.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import type { CityResult, CityTask } from "./city-forms.ts";
import { type Loaded, templateJson } from "./load-template.ts";
import { readTasks } from "./tasks.ts";
import type { FormTemplate } from "./template.ts";
import type { Layout } from "./workbook/task.ts";
import { defaultWorkers, Workforce } from "./workers.ts";
import { PHONE_FOLDER } from "./xform/phone-forms.ts";

export { FORM_FILES } from "./city-forms.ts";
export { idsInSample } from "./tasks.ts";

export interface CityForms {
  readonly city: string;
  readonly sources: number;
  readonly pages: number;
}

export interface FormsResult {
  readonly cities: readonly CityForms[];
  /** Characters that no font could print, as code points. */
  readonly missingCharacters: readonly number[];
}

export interface HowToMake {
  /** Cities that are worked on at once. */
  readonly workers?: number | undefined;
  /** Whether forms for the phone are made too; where a city has them already they are made anew in any case. */
  readonly forPhones?: boolean | undefined;
  /** A sheet a source in the workbooks, or a row a source. */
  readonly layout?: Layout | undefined;
}

/**
 * Writes `forms/<city>/` for every city drawn, or for one. The same round gives the same bytes, so writing again is safe.
 * @param only code of a city, or undefined for all
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-FORMS-CITY, E-FORMS-CYCLE
 */
export function writeForms(
  round: Round,
  actor: Actor,
  only: string | undefined,
  progress: Progress,
  how: HowToMake = {},
): Promise<FormsResult> {
  const workers = how.workers ?? defaultWorkers();
  return withRoundLock(round.folder, () => writeFormsLocked(round, actor, only, progress, { ...how, workers }));
}

/** As `writeForms`, for a caller that holds the round's lock. */
export async function writeFormsLocked(
  round: Round,
  actor: Actor,
  only: string | undefined,
  progress: Progress,
  { workers = 1, forPhones = false, layout = "source" }: HowToMake = {},
): Promise<FormsResult> {
  const { manifest, tasks, used } = await readTasks(round, only);
  const workforce = new Workforce(Math.min(workers, tasks.length));
  let made: { readonly task: CityTask; readonly result: CityResult }[];
  try {
    let done = 0;
    made = await eachInTurn(tasks, workers, (task) =>
      replaceFolder(join(round.paths.forms, task.city), async (folder) => {
        const whole = {
          ...task,
          folder,
          layout,
          forPhones: forPhones || existsSync(join(round.paths.forms, task.city, PHONE_FOLDER)),
        };
        const result = await workforce.make(whole);
        progress(words("制作核查表", "making forms"), ++done, tasks.length);
        return { task: whole, result };
      }),
    );
  } finally {
    await workforce.end();
  }
  const cities = tasks.map(({ code }) => code);
  const workbooks = Object.fromEntries(cities.map((city, i) => [city, made[i]?.result.workbook ?? ""]));
  const prints = Object.fromEntries(cities.map((city, i) => [city, made[i]?.result.prints ?? {}]));
  const templates = keepTemplates(round, used);
  recordEvent(round, actor, "forms.written", {
    cities,
    workbooks,
    prints,
    templates,
    manifestDigest: manifestDigest(manifest),
  });
  const missing = new Set(made.flatMap(({ result }) => result.missing));
  return {
    cities: made.map(({ task, result }) => ({ city: task.city, sources: task.sources.length, pages: result.pages })),
    missingCharacters: [...missing].sort((a, b) => a - b),
  };
}

/** Does something for each item, so many at once. After a failure nothing more is begun, and what was begun is waited for. */
async function eachInTurn<T, U>(items: readonly T[], atOnce: number, act: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  const queue = items.entries();
  let failed = false;
  const goOn = async (): Promise<void> => {
    for (const [i, item] of queue) {
      if (failed) return;
      results[i] = await act(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, atOnce) }, goOn));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}

/**
 * Keeps the templates in use, so that the filled forms are evaluated by what they were made from even after an office
 * has changed its templates.
 * @returns digest by template name
 */
function keepTemplates(round: Round, used: ReadonlyMap<string, Loaded<FormTemplate>>): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const [name, { template, digest: sha256 }] of used) {
    digests[name] = sha256;
    writeFileAtomically(keptTemplatePath(round, name, sha256), templateJson(template));
  }
  return digests;
}

/** Where the template of a form is kept: its name and the beginning of its digest. */
export function keptTemplatePath(round: Round, name: string, sha256: string): string {
  return join(round.paths.forms, KEPT_TEMPLATES, `${name}-${sha256.slice(0, 12)}.json`);
}
const KEPT_TEMPLATES = "模板";
