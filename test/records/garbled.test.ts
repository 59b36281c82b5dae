/** Workbooks that people and programs garbled: read where their marks still tell, refused by name where not, never passed by. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HEAD_ITEMS } from "../../src/forms/record-marks.ts";
import type { Imported } from "../../src/records/import-records.ts";
import type { Round } from "../../src/round/round.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { hasLibreOffice, saveByLibreOffice } from "../support/office.ts";
import { loaded } from "../xlsx/workbooks.ts";
import {
  codesOf,
  copied,
  expectWritten,
  type Filled,
  type Form,
  filledRound,
  formOf,
  imported,
  recordsOf,
  returnedFiles,
} from "./fixture.ts";

const scratch = scratchFolder("garbled");
let good: Round;
let filled: Filled;
beforeAll(async () => {
  ({ good, filled } = await filledRound(join(scratch, "good"), "1", 0));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
async function begin(
  change: (forms: readonly Form[], book: ExcelJS.Workbook) => void,
  name = "回收.xlsx",
): Promise<{ round: Round; path: string }> {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  const book = await loaded(readFileSync(filled.path));
  change(book.worksheets.flatMap(formOf), book);
  const path = join(folder, name);
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  return { round: copied(good, join(folder, "R1")), path };
}

/** Code and place of all that was refused. */
function placesOf({ refusal }: Imported): (string | undefined)[][] {
  return (refusal?.problems ?? [])
    .filter(({ code }) => code.startsWith("E-"))
    .map(({ code, at }) => [code, at.sheet, at.cell]);
}

function eachText(sheet: ExcelJS.Worksheet, change: (text: string) => string) {
  sheet.eachRow((row) =>
    row.eachCell((cell) => {
      if (typeof cell.value === "string") cell.value = change(cell.value);
    }),
  );
}

test("a passport of an unknown version or a torn one is refused with its sheet, the others are told to be good", async () => {
  const names: string[] = [];
  const { round, path } = await begin((forms) => {
    for (const [i, { sheet }] of forms.slice(0, 2).entries()) {
      names.push(sheet.name);
      eachText(sheet, (text) =>
        i === 0
          ? text.replace("record-workbook/1", "record-workbook/2")
          : text.replace('"layout":"source"', '"layout":'),
      );
    }
  });
  const result = await imported(round, [path], { acceptGood: true });
  expect(placesOf(result)).toEqual(names.map((name) => ["E-RECORDS-VERSION", name, undefined]));
  expect(result.refusal?.problems[0]?.at.value).toBe("record-workbook/2");
  expect(result.added).toHaveLength(7);
});

test("a sheet that has something of a form and tells of nothing is refused by name, its marks cut out or its values' mark", async () => {
  const names: string[] = [];
  const { round, path } = await begin((forms, book) => {
    for (const [i, { sheet }] of forms.slice(0, 2).entries()) {
      names.push(sheet.name);
      eachText(sheet, (text) =>
        i === 0 ? (text === "@found" ? "" : text) : /^[@#{]|^核查值|^人工判定|^结果$/.test(text) ? "" : text,
      );
    }
    const hidden = book.getWorksheet("_chouqian");
    if (hidden !== undefined) book.removeWorksheet(hidden.id);
  });
  const result = await imported(round, [path]);
  expect(placesOf(result)).toEqual(names.map((name) => ["E-RECORDS-SHEET", name, undefined]));
});

test("what no form has room for is refused with its cell", async () => {
  const cells: string[] = [];
  const { round, path } = await begin(([form]) => {
    if (form === undefined) return;
    const put = (cell: ExcelJS.Cell, value: string) => {
      cell.value = value;
      cells.push(cell.address);
    };
    put(form.cell(HEAD_ITEMS.inspectors), "甲".repeat(400));
    put(form.cell("G101-1.02"), "长".repeat(400));
    put(form.cell("G101-1.02", "note"), "x".repeat(1001));
    put(form.cell("G101-1.10"), "9".repeat(30));
  });
  const result = await imported(round, [path]);
  expect(placesOf(result).map(([code, , cell]) => [code, cell])).toEqual([
    ...cells.slice(0, 3).map((cell) => ["E-RECORDS-LONG", cell]),
    ["E-RECORDS-RANGE", cells[3]],
  ]);
  for (const { at } of result.refusal?.problems ?? []) expect((at.value ?? "").length).toBeLessThan(80);
});

test("numbers as people write them, errors and words: each is read or named with its cell", async () => {
  const written: [value: ExcelJS.CellValue, expected: string][] = [
    ["７５０", "750"],
    ["1,200", "1200"],
    ["1.2万", "E-RECORDS-VALUE"],
    ["同填报", "E-RECORDS-VALUE"],
    ["约 500", "E-RECORDS-VALUE"],
    ["1E+400", "E-RECORDS-RANGE"],
    [{ error: "#REF!" } as ExcelJS.CellErrorValue, "E-RECORDS-CELL-ERROR"],
    [{ formula: "1+1", result: 2 } as ExcelJS.CellFormulaValue, "2"],
  ];
  for (const [value, expected] of written) {
    let [cell, unit] = ["", ""];
    const { round, path } = await begin(([form]) => {
      if (form === undefined) return;
      form.cell("G101-1.10").value = value;
      [cell, unit] = [form.cell("G101-1.10").address, form.unit];
    });
    const result = await imported(round, [path]);
    if (expected.startsWith("E-")) {
      expect(placesOf(result).map(([code, , at]) => [code, at])).toEqual([[expected, cell]]);
      continue;
    }
    const record = recordsOf(round).find((each) => each.unit === unit);
    expect(record?.indicators.find(({ code }) => code === "G101-1.10")?.found).toBe(expected);
  }
}, 60_000);

test("a result's formula without a value says nothing: the values found are judged", async () => {
  const { round, path } = await begin((forms) => {
    for (const { sheet, cell, codes } of forms) {
      for (const code of codes) cell(code, "result").value = { formula: "1", result: "" } as ExcelJS.CellFormulaValue;
      eachText(sheet, (text) => (/^[@#]|^\{"/.test(text) || text === "人工判定" ? "" : text));
    }
  });
  const { refusal, added } = await imported(round, [path]);
  expect([refusal, added.length]).toEqual([undefined, 9]);
  const results = recordsOf(round).flatMap(({ indicators }) =>
    indicators.flatMap(({ found, result }) => (found === "" ? [] : [result])),
  );
  expect(new Set(results)).toEqual(new Set(["right", "notApplicable"]));
});

test("a table that tells neither day nor inspectors of a visit is warned of, as a form with empty cells is", async () => {
  const { round, path } = await begin(() => {});
  const unit = [...filled.forms.keys()][0] ?? "";
  const [code = ""] = filled.forms.get(unit)?.answers.keys() ?? [];
  const csv = path.replace(/xlsx$/, "csv");
  writeFileSync(csv, `单位代码,指标代码,结果\n${unit},${code},无误\n`);
  const { warnings } = await imported(round, [csv]);
  const head = warnings.filter(({ code: of }) => of === "W-RECORDS-HEAD");
  expect(head.map(({ message, at }) => [message.zh.replace(/^\S+ \S+ /, ""), at.row])).toEqual([
    ["没有填：核查去向、核查日期、核查人员", 2],
  ]);
});

test("files of a folder that are not read are named, pictures counted", async () => {
  const { round, path } = await begin(() => {});
  for (const name of ["说明.docx", "表.numbers", "a.jpg", "b.JPG"]) writeFileSync(join(dirname(path), name), "x");
  rmSync(join(dirname(path), "R1"), { recursive: true });
  const other = copied(good, join(scratch, `round-${number}`));
  const { stdout } = await chouqian(["-C", other.folder, "records", "import", dirname(path)]);
  expect([round.folder, stdout]).toEqual([round.folder, expect.stringContaining("图片未读：2 个")]);
  for (const name of ["说明.docx", "表.numbers"]) expect(stdout).toContain(`不是表格，未读：${name}`);
});

test("a workbook saved by LibreOffice as .ods holds the same records", async (context) => {
  if (!hasLibreOffice()) context.skip("soffice is not installed");
  const { round, path } = await begin(() => {});
  const folder = dirname(path);
  saveByLibreOffice(path, folder, "ods", join(folder, "profile"));
  const { refusal } = await imported(round, [path.replace(/xlsx$/, "ods")]);
  expect(refusal).toBeUndefined();
  expectWritten(recordsOf(round), filled.forms);
}, 120_000);

test("a workbook that went back because its sources are there already goes when they are replaced", async () => {
  const { round, path } = await begin(([form]) => {
    if (form !== undefined) form.cell(HEAD_ITEMS.date).value = "2019-11-11";
  }, "补报.xlsx");
  await imported(round, [filled.path]);
  expect(codesOf(await imported(round, [path]))).toEqual(["E-RECORDS-EXISTS"]);
  expect(returnedFiles(round)).toEqual(["退回_补报.xlsx"]);
  await imported(round, [path], { replace: true });
  expect(returnedFiles(round)).toEqual([]);
});
