/** What an office program makes of a filled record workbook: its results are those of the program, in both layouts. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll, describe, expect, test } from "vitest";
import { judge } from "../../src/forms/judge.ts";
import { loadForms } from "../../src/forms/load-template.ts";
import { readMarks } from "../../src/forms/record-marks.ts";
import { INDEX_SHEET, recordWorkbook } from "../../src/forms/record-workbook.ts";
import { tailor } from "../../src/forms/tailor.ts";
import { templateStore } from "../../src/forms/template-store.ts";
import { reportedValue } from "../../src/forms/workbook/cells.ts";
import { source } from "../pdf/form-fixture.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { hasLibreOffice, saveByLibreOffice } from "../support/office.ts";
import { loaded, rowsOf } from "../xlsx/workbooks.ts";

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

/** Values found: by turns as reported, reported in other characters, slightly off, far off, and none. */
function foundValue(reported: string | number, turn: number): string | number | undefined {
  if (turn % 5 === 4) return undefined;
  if (typeof reported === "number") return [reported, reported, reported * 1.000001, reported * 3 + 1][turn % 4];
  if (reported === "") return turn % 2 === 0 ? undefined : "另有";
  return [reported, ` ${reported} `, reported.toLowerCase(), `${reported}改`][turn % 4];
}

describe.each(["source", "rows"] as const)("layout %s", (layout) => {
  test("LibreOffice opens it, counts as the program judges, and keeps every mark", async (context) => {
    if (!hasLibreOffice()) context.skip("soffice is not installed");
    const templateOf = () => industrial;
    const bytes = await recordWorkbook({
      round,
      title: "广州市",
      sources: [factory],
      templateOf,
      replaced: [],
      layout,
    });
    const book = await loaded(bytes);
    const sheet = book.worksheets[1] as ExcelJS.Worksheet;
    const { items } = readMarks(rowsAsRead(sheet)) ?? { items: [] };
    const { groups } = tailor(industrial.template, factory.values).record;
    const indicators = groups.flatMap((group) =>
      group.indicators.map((each) => ({ ...each, isConditional: (group.when ?? each.when) !== undefined })),
    );
    const expected = new Map<string, string>();
    for (const [turn, indicator] of indicators.entries()) {
      const item = items.find((each) => each.item === indicator.code);
      const reported = reportedValue(indicator, factory);
      const found = foundValue(reported, turn);
      const column = item?.columns.found;
      if (item === undefined || column === undefined) throw new Error(`no cell for ${indicator.code}`);
      if (found !== undefined) sheet.getCell(item.row, column + 1).value = found;
      const judged = found === undefined ? undefined : judge(indicator, String(reported), String(found));
      expected.set(indicator.code, judged === undefined ? "" : { right: "无误", wrong: "差错" }[judged]);
    }
    expect(new Set(expected.values()).size).toBe(3);
    const path = await recalculated(book, layout);
    const after = readMarks(await rowsOf(path, sheet.name));
    const results = new Map(after?.items.map(({ item, values }) => [item, values.result ?? ""]));
    for (const { code, isConditional } of indicators) {
      const shown = results.get(code);
      if (!isConditional || shown !== "不适用") expect([code, shown]).toEqual([code, expected.get(code)]);
      else expected.set(code, "不适用");
    }
    expect(after?.passport).toEqual(readMarks(rowsAsRead(sheet))?.passport);
    const keys = indicators.filter(({ key }) => key).map(({ code }) => expected.get(code));
    const wrong = keys.filter((result) => result === "差错").length;
    const checked = wrong + keys.filter((result) => result === "无误").length;
    const index = (await rowsOf(path, INDEX_SHEET)).map(({ cells }) => cells);
    const totals =
      index
        .find(([first]) => first === "合计")
        ?.slice(-3)
        .map(Number) ?? [];
    expect(totals.slice(0, 2)).toEqual([checked, wrong]);
    expect(totals[2]).toBeCloseTo(wrong / checked, 9);
  }, 180_000);
});

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
