/** The edge of the forms step: for each city, checklists and record forms as PDF and the workbook to fill in. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { manifestDigest } from "../draw/manifest.ts";
import { isFolder, replaceFolder, writeFileAtomically } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { type CityResult, type CityTask, FORM_FILES } from "./city-forms.ts";
import { digestList, digestListPath } from "./digest-list.ts";
import { moveGone } from "./gone.ts";
import { KEEP_IN, keeperOf, refuseMisplaced } from "./keep.ts";
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
  /** Forms that had been filled in or changed and were replaced: where each was copied to, within the round. */
  readonly kept: readonly string[];
  /** Folders of units that are no longer in the sample, and of other parts that are no more: where each was moved to. */
  readonly moved: readonly string[];
  /** Characters that no font could print, as code points. */
  readonly missingCharacters: readonly number[];
}

export interface HowToMake {
  /** Parts that are worked on at once. */
  readonly workers?: number | undefined;
  /** Whether forms for the phone are made too; where a city has them already they are made anew in any case. */
  readonly forPhones?: boolean | undefined;
  /** A sheet a source in the workbooks, or a row a source; as they were written last where absent. */
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
 *   E-FORMS-TEAM
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
 * @param keepIn folder within the round for copies of forms that were filled in or changed
 */
export async function writeFormsLocked(
  round: Round,
  actor: Actor,
  only: Only,
  progress: Progress,
  { workers = 1, forPhones = false, zip = false, ...how }: HowToMake = {},
  keepIn = KEEP_IN,
): Promise<FormsResult> {
  const asked = how.split ?? "city";
  // A city's own folder holds all its sources; what was added to it goes into one beside.
  const split: Division = asked === "city" && only !== undefined && "followUps" in only ? "followUp" : asked;
  const { manifest, tasks, used, ...selected } = await partsOf(round, only, split);
  const { parts } = selected;
  const { forms } = round.paths;
  for (const { folder } of parts) refuseMisplaced(round, folder);
  const keeper = keeperOf(round, keepIn);
  const { entries } = journalOf(round);
  const cities = tasks.map(({ title }) => title);
  moveGone(round, entries, { ...selected, division: split, cities, isWhole: only === undefined }, keeper);
  const codes = new Map(tasks.map(({ title, code }) => [title, code]));
  const layoutOf = ({ title }: Part): Layout => how.layout ?? lastLayout(entries, split, codes.get(title)) ?? "source";
  const wanted = (part: Part): CityTask => {
    const { head, fonts, fontsFrom } = tasks[0] as PlannedTask;
    const hadPhones = split === "city" && isFolder(join(forms, ...part.folder, PHONE_FOLDER));
    return { ...part, head, fonts, fontsFrom, folder: "", layout: layoutOf(part), forPhones: forPhones || hadPhones };
  };
  const isZipped = ({ folder }: Part) =>
    zip || ((split === "city" || split === "followUp") && existsSync(join(forms, `${folder.join("/")}.zip`)));
  const packed: Record<string, string> = {};
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
      await replaceFolder(path, async (staging) => {
        const results = await eachInTurn(root.parts, inside, (part) =>
          make(part, join(staging, ...part.folder.slice(root.folder.length))),
        );
        root.parts.forEach((part, i) => {
          made.push({ part, result: results[i] as CityResult });
        });
        keeper.carry(path, staging);
        return results;
      });
      for (const part of root.parts.filter(isZipped)) {
        keeper.keep(`${join(forms, ...part.folder)}.zip`);
        packed[`${part.folder.join("/")}.zip`] = packFolder(join(forms, ...part.folder));
      }
    });
  } finally {
    await workforce.end();
  }
  const order = new Map(parts.map((part, i) => [part, i]));
  made.sort((a, b) => (order.get(a.part) ?? 0) - (order.get(b.part) ?? 0));
  const templates = keepTemplates(round, used);
  recordEvent(round, actor, "forms.written", {
    ...(split === "city" ? { ...citiesMade(tasks, made, layoutOf), packed } : partsMade(round, split, made, packed)),
    ...(split === "city" ? {} : { layout: layoutOf(parts[0] as Part) }),
    templates,
    manifestDigest: manifestDigest(manifest),
  });
  const missing = new Set(made.flatMap(({ result }) => result.missing));
  return {
    parts: made.map(({ part: { title, folder, sources }, result: { pages } }) => {
      return { title, folder: ["forms", ...folder].join("/"), sources: sources.length, pages };
    }),
    kept: keeper.kept.sort(),
    moved: keeper.moved.sort(),
    missingCharacters: [...missing].sort((a, b) => a - b),
  };
}

type Made = readonly { readonly part: Part; readonly result: CityResult }[];

/** What the journal says of the cities' forms: digests of workbooks and of prints by code. */
function citiesMade(
  tasks: readonly PlannedTask[],
  made: Made,
  layoutOf: (part: Part) => Layout,
): { [key: string]: JsonValue } {
  const cities = tasks.map(({ code }) => code);
  const byTitle = new Map(made.map((each) => [each.part.title, each]));
  const of = (value: (each: Made[number]) => JsonValue): JsonValue =>
    Object.fromEntries(
      tasks.flatMap(({ code, title }) => {
        const each = byTitle.get(title);
        return each === undefined ? [] : [[code, value(each)]];
      }),
    );
  return {
    cities,
    layouts: of(({ part }) => layoutOf(part)),
    workbooks: of(({ result }) => result.workbook),
    prints: of(({ result }) => ({ ...result.prints })),
    phones: of(({ result }) => ({ ...result.phones })),
  };
}

/** What it says of forms divided otherwise: the digest of the list of their digests. */
function partsMade(
  round: Round,
  split: Division,
  made: Made,
  packed: Readonly<Record<string, string>>,
): { [key: string]: JsonValue } {
  const inFolders = made.flatMap(({ part: { folder }, result: { workbook, prints, phones } }) => {
    const below = Object.entries(phones).map(([file, sha256]) => [`${PHONE_FOLDER}/${file}`, sha256] as const);
    const files = [...Object.entries({ ...prints, [FORM_FILES.workbook]: workbook }), ...below];
    return files.map(([file, sha256]) => [[...folder, file].join("/"), sha256] as const);
  });
  const list = digestList([...inFolders, ...Object.entries(packed)]);
  const path = digestListPath(split, list);
  writeFileAtomically(join(round.paths.forms, path), list);
  return { cities: [], split, list: path, listDigest: digest(list) };
}

/** How the workbooks of a city, or of a division, were laid out last. */
function lastLayout(entries: readonly JournalEntry[], split: Division, city: string | undefined): Layout | undefined {
  const written = entries.flatMap(({ event, about }) => {
    if (event !== "forms.written") return [];
    const layouts = (about.layouts ?? {}) as Readonly<Record<string, Layout>>;
    const layout = split === "city" ? layouts[city ?? ""] : about.split === split && (about.layout as Layout);
    return layout ? [layout] : [];
  });
  return written.at(-1);
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
