/** Checks that the workbooks in use speak of the units that were drawn. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { blockOfStratum, isOfSample, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { type CurrentSample, currentSample } from "../draw/replacement.ts";
import { strataForPeople } from "../draw/strata.ts";
import { IDENTITY_SHEET } from "../forms/record-workbook.ts";
import { FORM_FILES, idsInSample } from "../forms/write-forms.ts";
import { divisionName } from "../reference/divisions.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { readSheet, type SheetRow } from "../xlsx/read.ts";
import { type Finding, failed, passed, skipped } from "./finding.ts";

/** Sheets of the sample list and the units they hold. */
const LIST_SHEETS: readonly (readonly [sheet: string, isSample: boolean])[] = [
  ["样本", true],
  ["备选", false],
];

/** Findings on the sample list and on each city's workbook, where they exist. */
export async function workbookFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
): Promise<Finding[]> {
  if (!existsSync(round.paths.manifest)) return [];
  const manifest = JSON.parse(readTextFile(round.paths.manifest)) as Manifest;
  const sample = currentSample(manifest, entries);
  return [await sampleListFinding(round, manifest), await formsFinding(round, manifest, sample, entries, progress)];
}

async function sampleListFinding(round: Round, manifest: Manifest): Promise<Finding> {
  const title = words("抽样名单.xlsx ↔ 样本清单", "sample list ↔ manifest");
  if (!existsSync(round.paths.sampleList)) {
    return failed("sample-list", title, words("没有 draw/抽样名单.xlsx", "draw/抽样名单.xlsx is gone"));
  }
  for (const [sheet, isSample] of LIST_SHEETS) {
    const expected = strataForPeople(manifest.strata).flatMap(({ units }) =>
      units.filter((unit) => isOfSample(unit) === isSample).map(({ id }) => id),
    );
    const found = idsOfList(await allRows(round.paths.sampleList, sheet));
    const difference = firstUnequal(found, expected);
    if (difference !== undefined) {
      return failed(
        "sample-list",
        title,
        words(`工作表“${sheet}”${difference.zh}`, `sheet "${sheet}" ${difference.en}`),
      );
    }
  }
  return passed("sample-list", title, words("样本与备选逐行一致", "sample and reserves agree row by row"));
}

/** Ids of a list: the cells under the heading that names them. */
function idsOfList(rows: readonly SheetRow[]): string[] {
  const header = rows.find(({ cells }) => cells.includes(ID_HEADING));
  const column = header?.cells.indexOf(ID_HEADING) ?? -1;
  return rows.filter(({ row }) => row > (header?.row ?? 0)).map(({ cells }) => cells[column] ?? "");
}
const ID_HEADING = "单位代码";

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
  if (present.length === 0) return skipped("forms", title, words("还没有制作核查表", "no forms were made"));
  if (!entries.some(({ event }) => event === "forms.written")) {
    return failed(
      "forms",
      title,
      words("有核查表，但日志没有制表记录", "there are forms, but the journal tells of none"),
    );
  }
  for (const [index, city] of present.entries()) {
    const difference = identityDifference(
      await allRows(workbookOf(round, city), IDENTITY_SHEET),
      manifest,
      sample,
      city,
    );
    if (difference !== undefined) {
      const name = divisionName(city);
      return failed("forms", title, words(`${name} ${difference.zh}`, `${name} ${difference.en}`));
    }
    progress(words("核对核查记录表", "checking record workbooks"), index + 1, present.length);
  }
  return passed("forms", title, words(`${present.length} 个市的记录表与样本一致`, `${present.length} workbooks agree`));
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

async function allRows(path: string, sheet: string): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const batch of readSheet(path, sheet)) rows.push(...batch);
  return rows;
}
