/** The edge of the forms step: for each city, checklists and record forms as PDF and the workbook to fill in. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { manifestDigest } from "../draw/manifest.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { type CityResult, type CityTask, FORM_FILES } from "./city-forms.ts";
import { digestList, digestListPath } from "./digest-list.ts";
import { KEEP_IN, keepFilled, keepStrangers } from "./keep.ts";
import { type Loaded, templateJson } from "./load-template.ts";
import { packFolder } from "./pack.ts";
import { type Division, type Part, SPLIT_FOLDERS, type Split } from "./parts.ts";
import { type Only, partsOf } from "./select.ts";
import type { PlannedTask } from "./tasks.ts";
import type { FormTemplate } from "./template.ts";
import type { Layout } from "./workbook/task.ts";
import { defaultWorkers, Workforce } from "./workers.ts";
import { PHONE_FOLDER } from "./xform/phone-forms.ts";

export { FORM_FILES } from "./city-forms.ts";
export { KEEP_IN } from "./keep.ts";
export type { Only } from "./select.ts";
export { idsInSample } from "./tasks.ts";
export { defaultWorkers } from "./workers.ts";

/** Forms that lie in one folder. */
export interface PartForms {
  /** Whose they are: a city, a county, a team or a unit. */
  readonly title: string;
  /** Folder within the round. */
  readonly folder: string;
  readonly sources: number;
  readonly pages: number;
}

export interface FormsResult {
  readonly parts: readonly PartForms[];
  /** Workbooks that had been filled in and would have been replaced: where each was copied to, within the round. */
  readonly kept: readonly string[];
  /** Characters that no font could print, as code points. */
  readonly missingCharacters: readonly number[];
}

export interface HowToMake {
  /** Parts that are worked on at once. */
  readonly workers?: number | undefined;
  /** Whether forms for the phone are made too; where a city has them already they are made anew in any case. */
  readonly forPhones?: boolean | undefined;
  /** A sheet a source in the workbooks, or a row a source. */
  readonly layout?: Layout | undefined;
  /** What gets a folder of its own; cities where absent. */
  readonly split?: Split | undefined;
  /** Whether each folder is packed too; a city's folder that is packed already is packed anew in any case. */
  readonly zip?: boolean | undefined;
}

/**
 * Writes `forms/<city>/` for every city drawn, or for some; or, divided otherwise, `forms/按县区/…`, `forms/按组/…` or
 * `forms/按单位/…`. The same round gives the same bytes, so writing again is safe: what was filled in or laid there by
 * somebody else is kept.
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-FORMS-CITY, E-FORMS-UNIT, E-FORMS-REPLACED, E-FORMS-FOLLOWUP,
 *   E-FORMS-TEAM, E-FORMS-CYCLE
 */
export function writeForms(
  round: Round,
  actor: Actor,
  only: Only,
  progress: Progress,
  how: HowToMake = {},
): Promise<FormsResult> {
  const workers = how.workers ?? defaultWorkers();
  return withRoundLock(round.folder, () => writeFormsLocked(round, actor, only, progress, { ...how, workers }));
}

/**
 * As `writeForms`, for a caller that holds the round's lock.
 * @param keepIn folder within the round for filled workbooks that would be replaced
 */
export async function writeFormsLocked(
  round: Round,
  actor: Actor,
  only: Only,
  progress: Progress,
  { workers = 1, forPhones = false, layout = "source", zip = false, ...how }: HowToMake = {},
  keepIn = KEEP_IN,
): Promise<FormsResult> {
  const asked = how.split ?? "city";
  // A city's own folder holds all its sources; what was added to it goes into one beside.
  const split: Division = asked === "city" && only !== undefined && "followUps" in only ? "followUp" : asked;
  const { manifest, tasks, used, parts } = await partsOf(round, only, split);
  const { forms } = round.paths;
  const wanted = (part: Part): CityTask => {
    const { head, fonts, fontsFrom } = tasks[0] as PlannedTask;
    const hadPhones = split === "city" && existsSync(join(forms, ...part.folder, PHONE_FOLDER));
    return { ...part, head, fonts, fontsFrom, folder: "", layout, forPhones: forPhones || hadPhones };
  };
  const isZipped = ({ folder }: Part) =>
    zip || ((split === "city" || split === "followUp") && existsSync(join(forms, `${folder.join("/")}.zip`)));
  const kept: string[] = [];
  const workforce = new Workforce(Math.min(workers, parts.length));
  const made: { readonly part: Part; readonly result: CityResult }[] = [];
  let done = 0;
  const make = async (part: Part, folder: string): Promise<CityResult> => {
    const result = await workforce.make({ ...wanted(part), folder });
    progress(words("制作核查表", "making forms"), ++done, parts.length);
    return result;
  };
  try {
    const roots = rootsOf(parts, only === undefined ? split : "city");
    const [outside, inside] = roots.length > 1 ? [workers, 1] : [1, workers];
    await eachInTurn(roots, outside, async (root) => {
      const path = join(forms, ...root.folder);
      kept.push(...keepFilled(round, path, keepIn));
      await replaceFolder(path, async (staging) => {
        const results = await eachInTurn(root.parts, inside, (part) =>
          make(part, join(staging, ...part.folder.slice(root.folder.length))),
        );
        root.parts.forEach((part, i) => {
          made.push({ part, result: results[i] as CityResult });
        });
        keepStrangers(path, staging);
        return results;
      });
      for (const part of root.parts.filter(isZipped)) packFolder(join(forms, ...part.folder));
    });
  } finally {
    await workforce.end();
  }
  const order = new Map(parts.map((part, i) => [part, i]));
  made.sort((a, b) => (order.get(a.part) ?? 0) - (order.get(b.part) ?? 0));
  const templates = keepTemplates(round, used);
  recordEvent(round, actor, "forms.written", {
    ...(split === "city" ? citiesMade(tasks, made) : partsMade(round, split, made)),
    templates,
    manifestDigest: manifestDigest(manifest),
  });
  const missing = new Set(made.flatMap(({ result }) => result.missing));
  return {
    parts: made.map(({ part: { title, folder, sources }, result: { pages } }) => {
      return { title, folder: ["forms", ...folder].join("/"), sources: sources.length, pages };
    }),
    kept: kept.sort(),
    missingCharacters: [...missing].sort((a, b) => a - b),
  };
}

type Made = readonly { readonly part: Part; readonly result: CityResult }[];

/** What the journal says of the cities' forms: digests of workbooks and of prints by code. */
function citiesMade(tasks: readonly PlannedTask[], made: Made): { [key: string]: JsonValue } {
  const cities = tasks.map(({ code }) => code);
  const results = new Map(made.map(({ part, result }) => [part.title, result]));
  const of = (value: (result: CityResult) => JsonValue): JsonValue =>
    Object.fromEntries(
      tasks.flatMap(({ code, title }) => {
        const result = results.get(title);
        return result === undefined ? [] : [[code, value(result)]];
      }),
    );
  return { cities, workbooks: of(({ workbook }) => workbook), prints: of(({ prints }) => ({ ...prints })) };
}

/** What it says of forms divided otherwise: the digest of the list of their digests. */
function partsMade(round: Round, split: Division, made: Made): { [key: string]: JsonValue } {
  const list = digestList(
    made.flatMap(({ part: { folder }, result: { workbook, prints } }) =>
      Object.entries({ ...prints, [FORM_FILES.workbook]: workbook }).map(
        ([file, sha256]) => [[...folder, file].join("/"), sha256] as const,
      ),
    ),
  );
  const path = digestListPath(split, list);
  writeFileAtomically(join(round.paths.forms, path), list);
  return { cities: [], split, list: path, listDigest: digest(list) };
}

/** Folders that are put in place in one go: each part's, or the one that holds all parts of a division. */
function rootsOf(
  parts: readonly Part[],
  split: Division,
): { readonly folder: readonly string[]; readonly parts: Part[] }[] {
  if (split === "city") return parts.map((part) => ({ folder: part.folder, parts: [part] }));
  return [{ folder: [SPLIT_FOLDERS[split]], parts: [...parts] }];
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
