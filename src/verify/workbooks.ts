/** Checks that the workbooks in use speak of the units that were drawn. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { blockOfStratum, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { type CurrentSample, currentSample } from "../draw/replacement.ts";
import { readDigestList, readDigestLists } from "../forms/digest-list.ts";
import { HEAD_ITEMS, IDENTITY_SHEET, readMarks } from "../forms/record-marks.ts";
import { INDEX_SHEET } from "../forms/record-workbook.ts";
import { staleForms } from "../forms/stale.ts";
import { staleDetail, staleTitle } from "../forms/stale-words.ts";
import { FORM_FILES, idsInSample, keptTemplatePath } from "../forms/write-forms.ts";
import { divisionName, findCity } from "../reference/divisions.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { type OpenWorkbook, openXlsx, readSheet, type SheetRow } from "../xlsx/read.ts";
import { type Finding, failed, passed, skipped } from "./finding.ts";

/** Findings on each city's forms, where they exist. */
export async function workbookFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
): Promise<Finding[]> {
  if (!existsSync(round.paths.manifest)) return [];
  const manifest = JSON.parse(readTextFile(round.paths.manifest)) as Manifest;
  const sample = currentSample(manifest, entries);
  return [await formsFinding(round, manifest, sample, entries, progress), ...(await staleFindings(round, entries))];
}

/** Forms that were right when they were made, and are to be made again. */
async function staleFindings(round: Round, entries: readonly JournalEntry[]): Promise<Finding[]> {
  return (await staleForms(round, entries)).map((stale) =>
    skipped("forms-stale", staleTitle(stale), staleDetail(stale)),
  );
}

async function formsFinding(
  round: Round,
  manifest: Manifest,
  sample: CurrentSample,
  entries: readonly JournalEntry[],
  progress: Progress,
): Promise<Finding> {
  const title = words("核查记录表 ↔ 样本清单", "record workbooks ↔ manifest");
  const cities = [...new Set(manifest.strata.map(({ key }) => blockOfStratum(key).city))].sort();
  const present = cities.filter((city) => existsSync(workbookOf(round, city)));
  const written = entries.filter(({ event }) => event === "forms.written");
  const wrong = missingForms(round, written) ?? strangeCity(round, cities) ?? changedTemplate(round, written);
  if (wrong !== undefined) return failed("forms", title, wrong);
  const hasDivided = written.some(({ about }) => about.list !== undefined);
  if (present.length === 0 && !hasDivided) {
    return skipped("forms", title, words("还没有制作核查表", "no forms were made"));
  }
  if (!entries.some(({ event }) => event === "forms.written")) {
    return failed(
      "forms",
      title,
      words("有核查表，但日志没有制表记录", "there are forms, but the journal tells of none"),
    );
  }
  for (const [index, city] of present.entries()) {
    const path = workbookOf(round, city);
    const difference =
      identityDifference(await allRows(path, IDENTITY_SHEET), manifest, sample, city) ??
      (await headDifference(path, sample)) ??
      printDifference(round, entries, city);
    if (difference !== undefined) {
      const name = divisionName(city);
      return failed("forms", title, words(`${name} ${difference.zh}`, `${name} ${difference.en}`));
    }
    progress(words("核对核查记录表", "checking record workbooks"), index + 1, present.length);
  }
  const divided = dividedDifference(round, written);
  if (divided !== undefined) return failed("forms", title, divided);
  return passed("forms", title, words(`${present.length} 个市的记录表与样本一致`, `${present.length} workbooks agree`));
}

/** A city whose forms the journal tells of and whose workbook is gone. */
function missingForms(round: Round, written: readonly JournalEntry[]): Words | undefined {
  const told = new Set(written.flatMap(({ about }) => (Array.isArray(about.cities) ? about.cities.map(String) : [])));
  const city = [...told].sort().find((code) => !existsSync(workbookOf(round, code)));
  if (city === undefined) return undefined;
  const path = `forms/${divisionName(city)}/${FORM_FILES.workbook}`;
  return words(`${path} 不见了`, `${path} is gone`);
}

/** A folder of forms that bears the name of a city of which nothing was drawn. */
function strangeCity(round: Round, drawn: readonly string[]): Words | undefined {
  if (!existsSync(round.paths.forms)) return undefined;
  const name = readdirSync(round.paths.forms)
    .sort()
    .find((each) => {
      const code = findCity(each);
      return code !== undefined && divisionName(code) === each && !drawn.includes(code);
    });
  if (name === undefined) return undefined;
  return words(`有 forms/${name}，但没有抽到${name}`, `there is forms/${name}, but nothing was drawn in ${name}`);
}

/** A kept template that is not the one that the journal tells of: filled forms are read by it. */
function changedTemplate(round: Round, written: readonly JournalEntry[]): Words | undefined {
  for (const { about } of written) {
    for (const [name, sha256] of Object.entries(about.templates ?? {})) {
      const path = keptTemplatePath(round, name, String(sha256));
      if (existsSync(path) && digest(readFileSync(path)) === sha256) continue;
      const shown = relative(round.folder, path).replaceAll("\\", "/");
      return words(`${shown} 不见了或被改动`, `${shown} is gone or was changed`);
    }
  }
  return undefined;
}

/**
 * The printed forms by county, team or unit that are not those that the journal tells of. They may have been handed out, so
 * that only what lies there is looked at.
 */
function dividedDifference(round: Round, written: readonly JournalEntry[]): Words | undefined {
  for (const { about } of written) {
    if (about.list !== undefined && readDigestList(round, about) === undefined) {
      return words(`forms/${about.list} 不见了或被改动`, `forms/${about.list} is gone or was changed`);
    }
  }
  for (const [file, sha256] of readDigestLists(round, written)) {
    const path = join(round.paths.forms, file);
    if (!file.endsWith(".pdf") || !existsSync(path) || digest(readFileSync(path)) === sha256) continue;
    return words(`forms/${file} 被改动或替换`, `forms/${file} was changed or swapped`);
  }
  return undefined;
}

function workbookOf(round: Round, city: string): string {
  return join(round.paths.forms, divisionName(city), FORM_FILES.workbook);
}

/** What a workbook's identity sheet says otherwise than the manifest and the sample as it stands. */
function identityDifference(
  rows: readonly SheetRow[],
  manifest: Manifest,
  sample: CurrentSample,
  city: string,
): Words | undefined {
  const said = (name: string) => rows.find(({ cells }) => cells[0] === name)?.cells[1] ?? "";
  if (said("manifestDigest") !== manifestDigest(manifest)) {
    return words(
      `的记录表属于另一份样本清单：${said("manifestDigest").slice(0, 16)}…`,
      `belongs to another manifest: ${said("manifestDigest").slice(0, 16)}…`,
    );
  }
  const header = rows.findIndex(({ cells }) => cells[0] === "sheet" && cells[1] === "unit");
  const found = rows.slice(header + 1).map(({ cells }) => cells[1] ?? "");
  return firstUnequal([...found].sort(), idsInSample(sample, city).sort());
}

/** What a person reads on the sheets of a workbook otherwise than its identity sheet says. */
async function headDifference(path: string, sample: CurrentSample): Promise<Words | undefined> {
  const names = new Map(sample.strata.flatMap(({ units }) => units.map(({ id, name }) => [id, name] as const)));
  const workbook = await openXlsx(path);
  try {
    const identity = await rowsOf(workbook, IDENTITY_SHEET);
    const header = identity.findIndex(({ cells }) => cells[0] === "sheet" && cells[1] === "unit");
    const index = (await rowsOf(workbook, INDEX_SHEET)).map(({ cells }) => cells);
    for (const { cells } of identity.slice(header + 1)) {
      const [sheet = "", id = ""] = cells;
      const name = names.get(id) ?? "";
      const missing = missingFromHead(await rowsOf(workbook, sheet), id, name);
      if (missing !== undefined) {
        return words(
          `工作表“${sheet}”的单位应为 ${id} ${name}，表头却没有 ${missing}`,
          `sheet "${sheet}" is of ${id} ${name}, but its head does not show ${missing}`,
        );
      }
      if (!index.some((row) => row.includes(id) && row.includes(name))) {
        return words(`目录里没有 ${id} ${name}`, `the index does not list ${id} ${name}`);
      }
    }
    return undefined;
  } finally {
    workbook.close();
  }
}

/** Id or name of a unit, where the rows by which people know its form do not show it, or its marks speak of another. */
function missingFromHead(rows: readonly SheetRow[], id: string, name: string): string | undefined {
  const marked = readMarks(rows);
  const place = marked?.items.find(({ unit, item }) => unit === id && item === HEAD_ITEMS.id);
  if (marked === undefined || place === undefined || place.values.found !== id) return id;
  if (marked.conflicts.length > 0) return marked.conflicts[0]?.marked;
  const head = rows.find(({ row }) => row === place.row)?.cells ?? [];
  if (!head.includes(name)) return name;
  if (marked.passport.layout === "rows") return undefined;
  // the line that stays in sight
  return rows.some(({ cells }) => cells[0]?.startsWith(`${name}　${id}　`)) ? undefined : name;
}

/** The printed forms of a city that are not those that the journal tells of. */
function printDifference(round: Round, entries: readonly JournalEntry[], city: string): Words | undefined {
  const written = entries.findLast(
    ({ event, about }) => event === "forms.written" && Array.isArray(about.cities) && about.cities.includes(city),
  );
  const prints = (written?.about.prints ?? {}) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  for (const [file, made] of Object.entries(prints[city] ?? {})) {
    const path = join(round.paths.forms, divisionName(city), file);
    const found = existsSync(path) ? digest(readFileSync(path)) : undefined;
    if (found === undefined) return words(`的${file}不见了`, `: ${file} is gone`);
    if (found !== made) return words(`的${file}被改动或替换`, `: ${file} was changed or swapped`);
  }
  return undefined;
}

function firstUnequal(found: readonly string[], expected: readonly string[]): Words | undefined {
  for (let i = 0; i < Math.max(found.length, expected.length); i++) {
    if (found[i] === expected[i]) continue;
    return words(
      `第 ${i + 1} 家应为 ${expected[i] ?? "（无）"}，实为 ${found[i] ?? "（无）"}`,
      `unit ${i + 1}: expected ${expected[i] ?? "(none)"}, found ${found[i] ?? "(none)"}`,
    );
  }
  return undefined;
}

async function rowsOf(workbook: OpenWorkbook, sheet: string): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const batch of workbook.rows(sheet)) rows.push(...batch);
  return rows;
}

async function allRows(path: string, sheet: string): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const batch of readSheet(path, sheet)) rows.push(...batch);
  return rows;
}
