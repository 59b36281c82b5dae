/** Cells that say something where nothing is read: results typed over, marks cleared, blanks; never dropped untold. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Imported } from "../../src/records/import-records.ts";
import { replayHere } from "../../src/records/replay.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { hasLibreOffice, saveByLibreOffice } from "../support/office.ts";
import { loaded } from "../xlsx/workbooks.ts";
import {
  codesOf,
  copied,
  type Filled,
  type Form,
  filledRound,
  filledWorkbook,
  formOf,
  imported,
  recordsOf,
  returnedFiles,
  roundWithForms,
} from "./fixture.ts";

const scratch = scratchFolder("cells");
let good: Round;
let filled: Filled;
beforeAll(async () => {
  ({ good, filled } = await filledRound(join(scratch, "good"), "1", 0));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
async function changed(
  change: (form: Form) => void,
  of = { round: good, path: filled.path },
  name = "回收.xlsx",
): Promise<{ round: Round; result: Imported }> {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  const book = await loaded(readFileSync(of.path));
  const form = book.worksheets.flatMap(formOf).find(({ codes }) => codes.includes(NUMERIC));
  if (form === undefined) throw new Error("a form of industry is needed");
  change(form);
  const path = join(folder, name);
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  const round = copied(of.round, join(folder, "R1"));
  return { round, result: await imported(round, [path]) };
}
const [TEXT, NUMERIC] = ["G101-1.02", "G101-1.10"];
const OVERWRITTEN = "W-RECORDS-OVERWRITTEN";

/** Indicators whose result may be typed over: the library keeps no formula whose first cell is gone. */
function freeCodes({ codes, cell }: Form): string[] {
  return codes.filter((code) => !("shareType" in Object(cell(code, "result").value)));
}

const overwritten = ({ warnings }: Imported) =>
  warnings.filter(({ code }) => code === OVERWRITTEN).map(({ at, message }) => [at.sheet, at.cell, message.zh]);

test("a result typed over its formula is told with its cell and both verdicts where it says otherwise", async () => {
  let [unit, sheet, cells] = ["", "", [] as string[]];
  const { round, result } = await changed((form) => {
    const [a = "", b = "", c = "", d = ""] = freeCodes(form);
    form.cell(a, "result").value = "差错";
    form.cell(b).value = null;
    form.cell(b, "result").value = "无误";
    // agrees, as in a copy that keeps values alone
    form.cell(c, "result").value = "无误";
    // what a program left there that does not reckon
    form.cell(d, "result").value = { formula: "1", result: "差错" } as ExcelJS.CellFormulaValue;
    [unit, sheet] = [form.unit, form.sheet.name];
    cells = [a, b].map((code) => form.cell(code, "result").address);
  });
  expect(result.refusal).toBeUndefined();
  expect(overwritten(result)).toEqual([
    [sheet, cells[0], expect.stringMatching(/手工写成“差错”，.*是无误$/)],
    [sheet, cells[1], expect.stringMatching(/手工写成“无误”，.*是未核查$/)],
  ]);
  const record = recordsOf(round).find((each) => each.unit === unit);
  expect(new Set(record?.indicators.map((each) => each.result))).toEqual(
    new Set(["right", "unchecked", "notApplicable"]),
  );
  const anew = await replayHere({ round, entries: journalOf(round).entries, wanted: [] }, () => {});
  expect(anew.wrong).toBeUndefined();
}, 60_000);

test("a form in which results alone were typed is not filled in, and what was typed is told", async () => {
  let cell = "";
  const { result } = await changed((form) => {
    for (const code of form.codes) {
      for (const part of ["found", "ruling", "cause", "note"] as const) form.cell(code, part).value = null;
      form.cell(code, "result").value = "不适用";
    }
    form.cell(TEXT, "result").value = "差错";
    cell = form.cell(TEXT, "result").address;
  });
  expect(result.warnings.map(({ code }) => code)).toContain("W-RECORDS-BLANK");
  expect(overwritten(result).map(([, at]) => at)).toEqual([cell]);
}, 60_000);

test.skipIf(!hasLibreOffice()).each(["xlsx", "ods", "xls"] as const)(
  "results that LibreOffice reckoned and saved as .%s are none that were typed, but for one that was",
  async (ending) => {
    const folder = join(scratch, `office-${ending}`);
    const typed = join(folder, "typed");
    mkdirSync(typed, { recursive: true });
    saveByLibreOffice(filled.path, folder, ending, join(folder, "profile"));
    const path = join(folder, `汕头市_核查记录表.${ending}`);
    const result = await imported(copied(good, join(folder, "R1")), [path]);
    expect([result.refusal, result.added.length, overwritten(result)]).toEqual([undefined, 9, []]);
    const changedBook = await loaded(readFileSync(filled.path));
    const [form] = changedBook.worksheets.flatMap(formOf);
    if (form === undefined) throw new Error("a form is needed");
    const over = form.cell(freeCodes(form)[0] ?? "", "result");
    over.value = "差错";
    writeFileSync(join(typed, "typed.xlsx"), Buffer.from(await changedBook.xlsx.writeBuffer()));
    saveByLibreOffice(join(typed, "typed.xlsx"), folder, ending, join(folder, "profile"));
    const one = await imported(copied(good, join(folder, "R3")), [join(folder, `typed.${ending}`)]);
    expect(overwritten(one).map(([, cell]) => cell)).toEqual([over.address]);
    if (ending !== "xlsx") return;
    const book = await loaded(readFileSync(path));
    let count = 0;
    for (const { cell, codes } of book.worksheets.flatMap(formOf)) {
      for (const code of codes) {
        const of = cell(code, "result");
        if (of.result === "无误") count++;
        of.value = (of.result as ExcelJS.CellValue) ?? null;
      }
    }
    expect(count).toBeGreaterThan(20);
    const values = join(folder, "只有值.xlsx");
    writeFileSync(values, Buffer.from(await book.xlsx.writeBuffer()));
    expect(overwritten(await imported(copied(good, join(folder, "R2")), [values]))).toEqual([]);
  },
  120_000,
);

test("a filled row that has lost a hidden mark is refused with its row, whichever mark it is; an empty one is not", async () => {
  for (const part of ["unit", "item"] as const) {
    let [address, row] = ["", 0];
    const { result } = await changed((form) => {
      form.cell(TEXT, "ruling").value = "差错";
      [address, row] = [form.cell(TEXT, "code").address, Number(form.cell(TEXT).row)];
      form.cell(TEXT, part).value = null;
    });
    const errors = result.refusal?.problems.filter(({ code }) => code.startsWith("E-")) ?? [];
    expect(errors.map(({ code, at }) => [code, at.cell, at.row])).toEqual([["E-RECORDS-MIXED", address, row]]);
    expect(result.returned).toEqual(["records/退回_回收.xlsx"]);
  }
  const { result } = await changed((form) => {
    for (const part of ["found", "way", "ruling", "cause", "note", "item"] as const) form.cell(TEXT, part).value = null;
  });
  expect(result.refusal).toBeUndefined();
}, 60_000);

test("with --accept-good the source whose row lost its mark is left out, the others are taken", async () => {
  const folder = join(scratch, "accept");
  mkdirSync(folder);
  const book = await loaded(readFileSync(filled.path));
  const [form] = book.worksheets.flatMap(formOf);
  const [code = ""] = form?.codes ?? [];
  if (form !== undefined) form.cell(code, "unit").value = null;
  const path = join(folder, "回收.xlsx");
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  const { added } = await imported(copied(good, join(folder, "R1")), [path], { acceptGood: true });
  expect([added.length, added.includes(form?.unit ?? "")]).toEqual([8, false]);
}, 60_000);

test("a source whose row lost its mark is refused by its visible id, in the layout of a row a source", async () => {
  const folder = join(scratch, "rows");
  const round = await roundWithForms(join(folder, "R1"), "rows");
  const { path } = await filledWorkbook(round, folder, "1", 0);
  const book = await loaded(readFileSync(path));
  const sheet = book.worksheets.find(({ name }) => name.includes("工业源"));
  let [unitColumn, row, unit] = [0, 0, ""];
  sheet?.eachRow((each, at) =>
    each.eachCell((cell, column) => {
      if (cell.value === "@unit") unitColumn = column;
      else if (column === unitColumn && at > 7) [row, unit] = [at, cell.text];
    }),
  );
  if (sheet !== undefined) sheet.getCell(row, unitColumn).value = null;
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  const { refusal } = await imported(round, [path]);
  const errors = refusal?.problems.filter(({ code }) => code.startsWith("E-")) ?? [];
  expect(errors.map(({ code, at }) => [code, at.row, at.value])).toEqual([["E-RECORDS-MIXED", row, unit]]);
}, 120_000);

test("a cell of blanks is empty, for numbers too", async () => {
  let unit = "";
  const { round, result } = await changed((form) => {
    form.cell(NUMERIC).value = " \u3000 ";
    form.cell(NUMERIC, "ruling").value = "  ";
    unit = form.unit;
  });
  expect(result.refusal).toBeUndefined();
  const record = recordsOf(round).find((each) => each.unit === unit);
  expect(record?.indicators.find(({ code }) => code === NUMERIC)).toMatchObject({ found: "", result: "unchecked" });
}, 60_000);

test("a faulty file of the longest name goes back under a shorter one of its own, and is taken from it", async () => {
  const names = ["甲", "乙"].map((last) => `${"核".repeat(79)}${last}.xlsx`);
  const folder = join(scratch, "long");
  mkdirSync(folder);
  const book = await loaded(readFileSync(filled.path));
  const form = book.worksheets.flatMap(formOf).find(({ codes }) => codes.includes(NUMERIC));
  const was = form?.cell(NUMERIC).value ?? null;
  if (form !== undefined) form.cell(NUMERIC).value = "约";
  const bytes = Buffer.from(await book.xlsx.writeBuffer());
  for (const name of names) writeFileSync(join(folder, name), bytes);
  const round = copied(good, join(scratch, "long-round"));
  const result = await imported(round, [folder]);
  expect(codesOf(result)).toEqual(["E-RECORDS-VALUE"]);
  const returned = returnedFiles(round);
  expect(new Set(returned).size).toBe(2);
  for (const name of returned) {
    expect(name).toMatch(/^退回_核+…[0-9a-f]{8}\.xlsx$/);
    expect(Buffer.byteLength(name)).toBeLessThan(230);
  }
  const path = join(round.folder, "records", returned[0] ?? "");
  const back = await loaded(readFileSync(path));
  const mended = back.worksheets.flatMap(formOf).find((each) => each.unit === form?.unit);
  if (mended !== undefined) mended.cell(NUMERIC).value = was;
  writeFileSync(path, Buffer.from(await back.xlsx.writeBuffer()));
  const again = await imported(round, [path]);
  expect([again.refusal, again.added]).toEqual([undefined, [form?.unit]]);
  expect(returnedFiles(round)).toEqual([]);
}, 60_000);
