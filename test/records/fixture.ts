/** A small round whose record workbooks a robot fills in; what it wrote is known. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { expect } from "vitest";

import type { Answer, FilledForm } from "../../samples/generator/fill.ts";
import { fillFile } from "../../samples/generator/records.ts";
import { HEAD_ITEMS, mark } from "../../src/forms/record-marks.ts";
import type { Layout } from "../../src/forms/workbook/task.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { readExpected } from "../../src/records/expected.ts";
import { type Imported, importRecords } from "../../src/records/import-records.ts";
import type { CheckedIndicator, SourceRecord } from "../../src/records/record.ts";
import type { ImportOptions } from "../../src/records/take-file.ts";
import { openRound, type Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, drawnRound } from "../support/round.ts";

export const CITY = "汕头市";
export const WORKBOOK = `${CITY}_核查记录表.xlsx`;

/** A drawn round with its forms: nine sources of five classes in one city. */
export async function roundWithForms(folder: string, layout: Layout = "source", seed = "20190930"): Promise<Round> {
  const round = await drawnRound(folder, smallLedger(), SMALL_PLAN, seed);
  await writeForms(round, ACTOR, undefined, silent, { layout });
  return round;
}

/** A round with its forms, and a workbook of it filled in by the robot, for tests that copy and change them. */
export async function filledRound(
  folder: string,
  seed?: string,
  rate?: number,
): Promise<{ good: Round; filled: Filled }> {
  const good = await roundWithForms(join(folder, "R1"));
  return { good, filled: await filledWorkbook(good, join(folder, "回收"), seed, rate) };
}

/** A round's folder copied, as it stands. */
export function copied(round: Round, folder: string): Round {
  cpSync(round.folder, folder, { recursive: true });
  return openRound(folder);
}

/** The day on which records come back, when all visits are over. */
export const TODAY = "2020-01-15";

export interface Filled {
  readonly path: string;
  readonly forms: ReadonlyMap<string, FilledForm>;
}

/** Fills in the city's workbook and puts it into a folder. */
export async function filledWorkbook(round: Round, folder: string, seed = "1", rate = 0.15): Promise<Filled> {
  const expected = await readExpected(round);
  const { bytes, forms } = await fillFile(join(round.paths.forms, CITY, "核查记录表.xlsx"), expected, rate, seed);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, WORKBOOK);
  writeFileSync(path, bytes);
  return { path, forms };
}

export function imported(
  round: Round,
  paths: readonly string[],
  options: Partial<ImportOptions> = {},
): Promise<Imported> {
  return importRecords(
    round,
    ACTOR,
    paths,
    { replace: false, reason: "改正填错的值", second: false, acceptGood: false, today: TODAY, ...options },
    silent,
  );
}

/** Codes of all that was refused. */
export function codesOf({ refusal }: Imported): string[] {
  return [...new Set((refusal?.problems ?? []).map(({ code }) => code).filter((code) => code.startsWith("E-")))];
}

/** What the round holds, read as plain lines. */
export function recordsOf(round: Round): SourceRecord[] {
  return linesOf<SourceRecord>(round.paths.records);
}

export function linesOf<T>(path: string): T[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** Files that went back. */
export function returnedFiles(round: Round): string[] {
  return readdirSync(join(round.folder, "records")).filter((name) => name.startsWith("退回_"));
}

/** The law of the round trip: what was imported is what the robot wrote, source by source and cell by cell. */
export function expectWritten(records: readonly SourceRecord[], forms: ReadonlyMap<string, FilledForm>): void {
  expect(records.map(({ unit }) => unit)).toEqual([...forms.keys()].sort());
  for (const record of records) {
    const form = forms.get(record.unit);
    expect([record.unit, record.outcome, record.date]).toEqual([record.unit, form?.outcome, form?.date]);
    expectAnswers(record, form?.answers ?? new Map());
  }
}

export function expectAnswers({ unit, indicators }: SourceRecord, answers: ReadonlyMap<string, Answer>): void {
  const told = new Map(indicators.map((each) => [each.code, each]));
  for (const [code, answer] of answers) {
    const { reported, isCopied, found = "", way, cause, isWrong } = answer;
    const indicator = told.get(code);
    const byHand = isCopied && reported !== "" ? true : undefined;
    expect({ unit, code, ...partOf(indicator) }).toEqual({ unit, code, reported, byHand, found, way, cause });
    // a value may make other indicators not apply; nothing else is between what was written and its result
    const due = found === "" ? ["notApplicable"] : [isWrong ? "wrong" : "right", "notApplicable"];
    expect(due).toContain(indicator?.result);
  }
}

function partOf(indicator: CheckedIndicator | undefined) {
  const { reported, reportedByHand: byHand, found, way, cause } = indicator ?? {};
  return { reported, byHand, found, way, cause };
}

/** A form on a sheet, by its marks. */
export interface Form {
  readonly sheet: ExcelJS.Worksheet;
  readonly unit: string;
  /** The cell of a part of an item. */
  cell(item: string, part?: Parameters<typeof mark>[0]): ExcelJS.Cell;
  /** An indicator whose value was found. */
  readonly codes: readonly string[];
}

export function formOf(sheet: ExcelJS.Worksheet): Form[] {
  const columns = new Map<string, number>();
  const rows = new Map<string, number>();
  sheet.eachRow((row) => {
    row.eachCell((cell, column) => {
      if (/^@[a-z]+$/.test(textOf(cell))) columns.set(textOf(cell), column);
    });
  });
  const [unitColumn, itemColumn] = [columns.get(mark("unit")), columns.get(mark("item"))];
  if (unitColumn === undefined || itemColumn === undefined) return [];
  let unit = "";
  sheet.eachRow((row, i) => {
    const item = textOf(row.getCell(itemColumn));
    if (item === "" || item.startsWith("@")) return;
    rows.set(item, i);
    unit = textOf(row.getCell(unitColumn));
  });
  const cell = (item: string, part: Parameters<typeof mark>[0] = "found") =>
    sheet.getCell(rows.get(item) ?? 0, columns.get(mark(part)) ?? 0);
  const codes = [...rows.keys()].filter((item) => !item.startsWith("#") && textOf(cell(item)) !== "");
  return [{ sheet, unit, cell, codes }];
}

/** Writes who went there; people that are not named stay as the form has them. */
export function sign({ cell }: Form, team: string, inspectors?: string): void {
  cell(HEAD_ITEMS.team).value = team;
  if (inspectors !== undefined) cell(HEAD_ITEMS.inspectors).value = inspectors;
}

/** Empty where a merged cell holds nothing, which the library's own `text` cannot say. */
function textOf(cell: ExcelJS.Cell): string {
  return cell.value === null || cell.value === undefined ? "" : cell.text;
}
