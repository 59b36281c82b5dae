/** What an office program makes of a filled record workbook: its results are those of the program, in both layouts. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll, describe, expect, test } from "vitest";
import { templatesOf } from "../../src/forms/city-forms.ts";
import { LEFT_EMPTY } from "../../src/forms/judge.ts";
import { loadForms } from "../../src/forms/load-template.ts";
import { HEAD_ITEMS, readMarks, UNCOPIED } from "../../src/forms/record-marks.ts";
import { INDEX_SHEET, recordWorkbook } from "../../src/forms/record-workbook.ts";
import { tailor } from "../../src/forms/tailor.ts";
import { readTasks } from "../../src/forms/tasks.ts";
import type { Indicator } from "../../src/forms/template.ts";
import { templateStore } from "../../src/forms/template-store.ts";
import { reportedValue } from "../../src/forms/workbook/cells.ts";
import type { Layout } from "../../src/forms/workbook/task.ts";
import { checkSource } from "../../src/records/check.ts";
import { isError } from "../../src/records/faults.ts";
import type { FilledSource } from "../../src/records/filled.ts";
import { recogniseSheet } from "../../src/records/recognise.ts";
import type { SourceRecord } from "../../src/records/record.ts";
import { openRound } from "../../src/round/round.ts";
import { assetPath } from "../../src/text/assets.ts";
import { source } from "../pdf/form-fixture.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { hasLibreOffice, saveByLibreOffice } from "../support/office.ts";
import { loaded, rowsOf, saved } from "../xlsx/workbooks.ts";

/** Rows of the index above its first source. */
const HEAD_OF_INDEX = 4;
const scratch = scratchFolder("office");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const round = {
  roundId: "R1",
  name: "2019年9月省级质量核查",
  holder: "省普查办",
  date: "",
  seed: "f".repeat(64),
  manifestDigest: "0123456789abcdef".repeat(4),
};
const factory = source();
const [industrial] = [loadForms(templateStore(undefined))("industrial", "")];

const lost = source({ id: "91440101MA59EFGH1Y", name: "乙厂", rank: 2 });
const sources = [factory, lost];

/** Values found: by turns as reported, reported in other characters, slightly off, far off, and none. */
function foundValue(reported: string | number, turn: number): string | number | undefined {
  if (turn % 5 === 4) return undefined;
  if (typeof reported === "number") return [reported, reported, reported * 1.000001, reported * 3 + 1][turn % 4];
  return [reported, ` ${reported} `, reported.toLowerCase(), `${reported}改`][turn % 4];
}

/** What the census form has where the ledger has nothing: a value, nothing though it should, or it is not copied yet. */
function copiedValue({ type, options = [] }: Indicator, turn: number): string | number | undefined {
  if (turn % 3 === 0) return undefined;
  if (turn % 3 === 1) return LEFT_EMPTY;
  const byType = { yesno: "是", choice: options[0], date: "2018年5月", code: "A17", text: "照抄 甲" } as const;
  return type in byType ? byType[type as keyof typeof byType] : 17;
}

/** A value found that its type takes. */
function seenValue({ type, options = [] }: Indicator, copied: string | number | undefined): string | number {
  if (copied !== undefined && copied !== LEFT_EMPTY) return copied;
  const byType = { yesno: "否", choice: options[0], date: "2018-05-06", code: "A1", text: "所见" } as const;
  return (type in byType ? byType[type as keyof typeof byType] : 18) ?? "";
}

describe.each(["source", "rows"] as const)("layout %s", (layout) => {
  test("LibreOffice opens it, judges and counts as the import does, and keeps every mark", async (context) => {
    if (!hasLibreOffice()) context.skip("soffice is not installed");
    const templateOf = () => industrial;
    const bytes = await recordWorkbook({ round, title: "广州市", sources, templateOf, replaced: [], layout });
    const book = await loaded(bytes);
    const put = (
      unit: string,
      code: string,
      part: "reported" | "found" | "ruling",
      value: string | number | undefined,
    ) => {
      for (const sheet of book.worksheets) {
        const item = readMarks(rowsAsRead(sheet))?.items.find((each) => each.unit === unit && each.item === code);
        const column = item?.columns[part];
        if (item === undefined || column === undefined || value === undefined) continue;
        const cell = sheet.getCell(item.row, column + 1);
        expect([code, part, cell.protection?.locked]).toEqual([code, part, false]);
        cell.value = value;
      }
    };
    const ruled = new Set<string>();
    const { groups } = tailor(industrial.template, factory.values).record;
    for (const [turn, indicator] of groups.flatMap((group) => group.indicators).entries()) {
      const reported = reportedValue(indicator, factory);
      const copied = reported === "" ? copiedValue(indicator, turn) : undefined;
      put(factory.id, indicator.code, "reported", copied);
      // 无误, be the value reported copied, 空 or not there; and of these some without any value found
      const isRuled = reported === "" && turn % 2 === 0;
      if (isRuled) ruled.add(`${factory.id} ${indicator.code}`);
      put(factory.id, indicator.code, "ruling", isRuled ? "无误" : undefined);
      if (isRuled && turn % 4 === 0) continue;
      const isFree = ["text", "code", "number"].includes(indicator.type) && reported !== "";
      put(factory.id, indicator.code, "found", isFree ? foundValue(reported, turn) : seenValue(indicator, copied));
    }
    put(factory.id, HEAD_ITEMS.outcome, "found", "已核查");
    put(lost.id, HEAD_ITEMS.outcome, "found", "未找到");
    const path = await recalculated(book, layout);

    const shown = new Map<string, string>();
    const checked = new Map<string, SourceRecord | undefined>();
    for (const { name } of book.worksheets) {
      const rows = await rowsOf(path, name);
      for (const { unit, item, values } of readMarks(rows)?.items ?? [])
        shown.set(`${unit} ${item}`, values.result ?? "");
      for (const read of recogniseSheet("a.xlsx", { name, rows }).sources) checked.set(read.unit, recordOf(read));
    }
    const words: Record<string, string> = { right: "无误", wrong: "差错", notApplicable: "不适用" };
    const told = sources.flatMap(({ id }) =>
      (checked.get(id)?.indicators ?? []).map(({ code, result, found }) => {
        const isUncopied = result === "unchecked" && (found !== "" || ruled.has(`${id} ${code}`));
        return [`${id} ${code}`, words[result] ?? (isUncopied ? UNCOPIED : "")];
      }),
    );
    expect(told.map(([at]) => [at, shown.get(at ?? "")])).toEqual(told);
    expect(new Set(told.map(([, word]) => word)).size).toBe(5);

    // of the source that was not found all key indicators that apply are wrong
    const keys = (id: string, ...results: string[]) =>
      checked.get(id)?.indicators.filter(({ key, result }) => key && results.includes(result)).length ?? 0;
    const missed = keys(lost.id, "right", "wrong", "unchecked");
    const [wrong, all] = [keys(factory.id, "wrong"), keys(factory.id, "right", "wrong")];
    expect(missed).toBeGreaterThan(0);
    const index = (await rowsOf(path, INDEX_SHEET)).map(({ cells }) => cells);
    const counts = (first: string) =>
      index
        .find((cells) => cells[0] === first)
        ?.slice(10, 12)
        .map(Number);
    expect([counts("1"), counts("2"), counts("合计")]).toEqual([
      [all, wrong],
      [missed, missed],
      [all + missed, wrong + missed],
    ]);
    const rate = index.find(([first]) => first === "合计")?.[12];
    expect(Number(rate)).toBeCloseTo((wrong + missed) / (all + missed), 9);
  }, 180_000);
});

test("both layouts ask for the same and begin at nothing done, calculated anew", async (context) => {
  if (!hasLibreOffice()) context.skip("soffice is not installed");
  const { tasks } = await readTasks(openRound(assetPath("samples", "round")), undefined);
  const [city] = tasks;
  if (city === undefined) throw new Error("the sample round drew nothing");
  const indexOf = async (layout: Layout) => {
    const bytes = await recordWorkbook({ ...city, round: city.head, templateOf: templatesOf(city), layout });
    const fresh = await rowsOf(saved(bytes), INDEX_SHEET);
    const now = await rowsOf(await recalculated(await loaded(bytes), `index-${layout}`), INDEX_SHEET);
    // a zero may be shown or not
    const counts = (rows: typeof now) =>
      rows.map(({ cells }) => [cells[2], ...cells.slice(7, 13).map((c) => c || "0")]);
    expect(counts(now)).toEqual(counts(fresh));
    return now.slice(HEAD_OF_INDEX).map(({ cells }) => cells);
  };
  const bySource = await indexOf("source");
  expect(bySource.length).toBe(city.sources.length);
  expect(new Set(bySource.map((cells) => `${cells[8]} ${cells[9]}`))).toEqual(new Set(["0 未核查"]));
  const asked = (rows: readonly (readonly string[])[]) =>
    new Map(rows.map((cells) => [cells[2], [cells[7], cells[8], cells[9]]]));
  expect(asked(await indexOf("rows"))).toEqual(asked(bySource));
}, 180_000);

/** The record that the import makes of a form. */
function recordOf(read: FilledSource): SourceRecord | undefined {
  const { id, name, values } = read.unit === lost.id ? lost : factory;
  const { template } = industrial;
  const expected = {
    id,
    name,
    template,
    form: tailor(template, values),
    values,
    team: "",
    teamKeys: new Set<string>(),
  };
  const about = { ...round, file: "a.xlsx", sha256: "b".repeat(64), today: "2020-01-15", drawnOn: "2019-10-08" };
  const { record, problems } = checkSource(read, expected, about);
  expect(problems.filter(isError)).toEqual([]);
  return record;
}

/** Cells of a sheet as the reader of filled forms gives them. */
function rowsAsRead(sheet: ExcelJS.Worksheet) {
  const rows: { row: number; cells: string[] }[] = [];
  sheet.eachRow((row, number) => {
    const cells: string[] = [];
    row.eachCell((cell, column) => {
      while (cells.length < column) cells.push("");
      if (cell.master === cell) cells[column - 1] = cell.text;
    });
    rows.push({ row: number, cells });
  });
  return rows;
}

/** Saved without any result and through LibreOffice, which has to calculate them all; returns the new file's path. */
async function recalculated(book: ExcelJS.Workbook, name: string): Promise<string> {
  for (const sheet of book.worksheets) {
    sheet.eachRow((row) => {
      row.eachCell((cell) => {
        if (typeof cell.value === "object" && cell.value !== null && "formula" in cell.value) {
          cell.value = { formula: cell.value.formula } as ExcelJS.CellFormulaValue;
        }
      });
    });
  }
  const [from, to] = [join(scratch, `${name}.xlsx`), join(scratch, name)];
  writeFileSync(from, Buffer.from(await book.xlsx.writeBuffer()));
  mkdirSync(to);
  saveByLibreOffice(from, to, "xlsx", join(scratch, "profile"));
  return join(to, `${name}.xlsx`);
}
