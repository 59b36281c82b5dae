/** Filled workbooks in any arrangement: what was written into them is what is imported. */
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHECK_CAUSES } from "../../src/forms/record-marks.ts";
import { readExpected } from "../../src/records/expected.ts";
import type { Round } from "../../src/round/round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { hasLibreOffice, saveByLibreOffice } from "../support/office.ts";
import { emptyWorkbook, loaded } from "../xlsx/workbooks.ts";
import {
  codesOf,
  copied,
  expectWritten,
  type Filled,
  filledWorkbook,
  imported,
  recordsOf,
  roundWithForms,
  WORKBOOK,
} from "./fixture.ts";

const scratch = scratchFolder("arrangements");
const layouts = ["source", "rows"] as const;
const rounds = new Map<string, { readonly round: Round; readonly filled: Filled }>();
beforeAll(async () => {
  for (const layout of layouts) {
    const round = await roundWithForms(join(scratch, layout, "R1"), layout);
    rounds.set(layout, { round, filled: await filledWorkbook(round, join(scratch, layout, "回收")) });
  }
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
function begin(layout: (typeof layouts)[number]) {
  const made = rounds.get(layout);
  if (made === undefined) throw new Error("no round was made");
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(join(folder, "in"), { recursive: true });
  return { round: copied(made.round, join(folder, "R1")), filled: made.filled, inbox: join(folder, "in") };
}

/** Imports a folder and expects in the round what the robot wrote. */
async function expectImported(round: Round, filled: Filled, inbox: string) {
  const { refusal, added, warnings } = await imported(round, [inbox]);
  expect(refusal?.problems).toBe(undefined);
  expect(warnings.filter(({ code }) => code !== "W-RECORDS-UNCHECKED")).toEqual([]);
  expect(added).toHaveLength(9);
  expectWritten(recordsOf(round), filled.forms);
}

describe.each(layouts)("a workbook in the layout %s", (layout) => {
  test("as it was filled in", async () => {
    const { round, filled, inbox } = begin(layout);
    cpSync(filled.path, join(inbox, WORKBOOK));
    await expectImported(round, filled, inbox);
  });

  test("renamed and moved into a folder of a folder", async () => {
    const { round, filled, inbox } = begin(layout);
    mkdirSync(join(inbox, "甲", "乙"), { recursive: true });
    cpSync(filled.path, join(inbox, "甲", "乙", "新建 Microsoft Excel 工作表(1).XLSX"));
    await expectImported(round, filled, inbox);
  });

  test("sheets renamed, in another order, and copied one by one into other workbooks", async () => {
    const { round, filled, inbox } = begin(layout);
    const book = await loaded(readFileSync(filled.path));
    const forms = book.worksheets.filter(({ name }) => !["目录", "_chouqian"].includes(name));
    const [one, two] = [emptyWorkbook(), emptyWorkbook()];
    for (const [i, sheet] of forms.reverse().entries()) copySheet(sheet, i % 2 === 0 ? one : two, `Sheet${i + 1} (2)`);
    for (const [i, each] of [one, two].entries()) {
      writeFileSync(join(inbox, `${i}.xlsx`), Buffer.from(await each.xlsx.writeBuffer()));
    }
    await expectImported(round, filled, inbox);
  });

  test("saved by LibreOffice", async (context) => {
    if (!hasLibreOffice()) context.skip("soffice is not installed");
    const { round, filled, inbox } = begin(layout);
    convert(filled.path, inbox, "xlsx");
    await expectImported(round, filled, inbox);
  }, 180_000);
});

test("saved as an old .xls: taken where it holds the form, refused by name where it cuts the form off", async (context) => {
  if (!hasLibreOffice()) context.skip("soffice is not installed");
  const whole = begin("source");
  convert(whole.filled.path, whole.inbox, "xls");
  await expectImported(whole.round, whole.filled, whole.inbox);
  const cut = begin("rows");
  convert(cut.filled.path, cut.inbox, "xls");
  const result = await imported(cut.round, [cut.inbox]);
  expect(codesOf(result)).toEqual(["E-RECORDS-SHEET"]);
  expect(result.refusal?.problems.map(({ at }) => at.sheet)).toEqual(["1 工业源"]);
}, 180_000);

test("a note on a whole source is told at its wrong indicators, and is their cause where it names one", async () => {
  const { round, filled, inbox } = begin("rows");
  const book = await loaded(readFileSync(filled.path));
  const noted = new Map<string, string>();
  for (const sheet of book.worksheets) {
    const marks = new Map<string, number>();
    sheet.eachRow((row) =>
      row.eachCell((cell, column) => {
        if (cell.value === "#note@found" || cell.value === "@unit") marks.set(cell.value, column);
      }),
    );
    const [note, unit] = [marks.get("#note@found"), marks.get("@unit")];
    if (note === undefined || unit === undefined) continue;
    sheet.eachRow((row) => {
      const id = String(row.getCell(unit).value ?? "");
      if (!filled.forms.has(id)) return;
      const text = noted.size % 2 === 0 ? "多为计量单位错误，见照片" : "计量单位错误、漏填漏报都有";
      row.getCell(note).value = text;
      noted.set(id, text);
    });
  }
  writeFileSync(join(inbox, WORKBOOK), Buffer.from(await book.xlsx.writeBuffer()));
  expect((await imported(round, [inbox])).refusal).toBe(undefined);
  const wrong = recordsOf(round).flatMap(({ unit, indicators }) =>
    indicators.flatMap(({ result, note, cause }) =>
      result === "wrong" ? [{ text: noted.get(unit), note, cause }] : [],
    ),
  );
  expect(wrong.length).toBeGreaterThan(5);
  for (const { text, note, cause } of wrong) {
    expect([note, cause]).toEqual([text, text?.startsWith("多为") ? "计量单位错误" : undefined]);
  }
});

test("a sheet typed from paper, without any mark, is read by its labels and headings; of another draw it is refused", async () => {
  const { round, filled, inbox } = begin("source");
  const [unit = "", form] = [...filled.forms].find(([, { outcome }]) => outcome === "checked") ?? [];
  const answers = [...(form?.answers ?? [])].filter(([, { found }]) => found !== undefined);
  const typed = (digest: string) => {
    const book = emptyWorkbook();
    const sheet = book.addWorksheet("录入");
    sheet.addRow([`样本清单摘要：${digest}`]);
    sheet.addRow(["单位名称", "某厂", "单位代码：", unit.toLowerCase()]);
    sheet.addRow(["核查日期", "２０１９年１０月９日", "核查去向", "已核查"]);
    sheet.addRow([]);
    sheet.addRow(["指标代码", "★ 核查指标", "填报值", "核查值（现场）", "核查结果", "差错原因"]);
    for (const [code, { reported, isCopied, found = "", isWrong, cause }] of [...answers].reverse()) {
      // as on paper, where causes have numbers
      const number = (CHECK_CAUSES as readonly string[]).indexOf(cause ?? "") + 1;
      const given = number === 0 ? cause : number;
      sheet.addRow([code, "某指标", isCopied ? reported : "", found, isWrong ? "×" : "√", given]);
    }
    return book.xlsx.writeBuffer();
  };
  const path = join(inbox, "录入.xlsx");
  writeFileSync(path, Buffer.from(await typed("e".repeat(16))));
  expect(codesOf(await imported(round, [inbox]))).toEqual(["E-RECORDS-OTHER-ROUND"]);
  writeFileSync(path, Buffer.from(await typed((await readExpected(round)).manifestDigest.slice(0, 16))));
  const result = await imported(round, [inbox]);
  expect([result.refusal, result.added]).toEqual([undefined, [unit]]);
  const [record] = recordsOf(round);
  expect([record?.date, record?.outcome]).toEqual(["2019-10-09", "checked"]);
  const told = new Map(record?.indicators.map(({ code, found, result: of, cause }) => [code, { found, of, cause }]));
  for (const [code, { found, isWrong, cause }] of answers) {
    expect([code, told.get(code)]).toEqual([code, { found, of: isWrong ? "wrong" : "right", cause }]);
  }
});

test("sheets put one below the other in one sheet", async () => {
  const { round, filled, inbox } = begin("source");
  const book = await loaded(readFileSync(filled.path));
  const whole = emptyWorkbook();
  const target = whole.addWorksheet("全部");
  let offset = 0;
  for (const sheet of book.worksheets.filter(({ name }) => !["目录", "_chouqian"].includes(name))) {
    sheet.eachRow((row, i) => {
      row.eachCell((cell, column) => {
        target.getCell(offset + i, column).value = plainValue(cell);
      });
    });
    offset += sheet.rowCount + 1;
  }
  writeFileSync(join(inbox, "全部.xlsx"), Buffer.from(await whole.xlsx.writeBuffer()));
  await expectImported(round, filled, inbox);
});

test("the same file twice, and again in a later import, changes nothing", async () => {
  const { round, filled, inbox } = begin("source");
  cpSync(filled.path, join(inbox, "a.xlsx"));
  cpSync(filled.path, join(inbox, "b.xlsx"));
  await expectImported(round, filled, inbox);
  const before = readFileSync(round.paths.records);
  renameSync(join(inbox, "a.xlsx"), join(inbox, "c.xlsx"));
  const again = await imported(round, [inbox]);
  expect([again.added, again.unchanged, again.refusal]).toEqual([[], 9, undefined]);
  expect(readFileSync(round.paths.records)).toEqual(before);
});

function plainValue({ value }: ExcelJS.Cell): ExcelJS.CellValue {
  if (typeof value !== "object" || value === null) return value;
  return "result" in value || "sharedFormula" in value ? (value.result ?? "") : value;
}

/** As `move or copy` of a spreadsheet does: values, hidden rows and columns, merged cells. */
function copySheet(sheet: ExcelJS.Worksheet, into: ExcelJS.Workbook, name: string) {
  const copy = into.addWorksheet(name);
  sheet.eachRow((row, i) => {
    copy.getRow(i).hidden = row.hidden;
    row.eachCell((cell, column) => {
      if (cell.master === cell) copy.getCell(i, column).value = plainValue(cell);
    });
  });
}

function convert(path: string, folder: string, kind: "xlsx" | "xls") {
  saveByLibreOffice(path, folder, kind, join(scratch, "office"));
}
