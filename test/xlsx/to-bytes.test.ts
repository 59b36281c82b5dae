/** What is written here rather than by exceljs is what exceljs would have written. */
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { fadeWhere, freeze, markWhere, printOnA4 } from "../../src/xlsx/layout.ts";
import { STYLES } from "../../src/xlsx/styles.ts";
import {
  comment,
  linkTo,
  loadedWorkbook,
  lock,
  newWorkbook,
  offer,
  put,
  putAcross,
  restrict,
  toBytes,
  type Workbook,
} from "../../src/xlsx/write.ts";

interface Zip {
  readonly files: Record<string, { readonly dir: boolean; async(type: "string"): Promise<string> }>;
}
const JSZip: { loadAsync(bytes: Uint8Array): Promise<Zip>; defaults: { date: Date } } = createRequire(
  createRequire(import.meta.url).resolve("exceljs"),
)("jszip");
JSZip.defaults.date = new Date(Date.UTC(1980, 0, 1));

/** A workbook of all that sheets are made of. */
async function everything(): Promise<Workbook> {
  const workbook = newWorkbook("全部 <&>");
  const sheet = workbook.addWorksheet("一 '&' 表");
  sheet.getColumn(1).width = 12;
  sheet.getColumn(4).hidden = true;
  putAcross(sheet, 1, [1, 4], "题 \u0001 <名> & \"引\" '号'", STYLES.title);
  put(sheet, 2, 1, 0, STYLES.number);
  put(sheet, 2, 2, -1.5e-7, STYLES.percent);
  put(sheet, 2, 3, "", STYLES.input);
  put(sheet, 2, 4, null, STYLES.plain);
  put(sheet, 3, 2, "=不是公式");
  put(sheet, 3, 5, linkTo("另一 表", "A1", '到"另"一表'), STYLES.link);
  put(sheet, 4, 1, { formula: 'IF(A2<1,"少于","1&2")', result: 0 }, STYLES.hidden);
  for (const row of [5, 6, 9]) {
    put(sheet, row, 1, { formula: `B${row}&"<x>"`, result: "", shape: "一" });
    put(sheet, row, 3, { formula: `D${row}*2`, result: 2, shape: "二" });
    putAcross(sheet, row, [5, 7], "并", STYLES.label);
  }
  put(sheet, 7, 3, { formula: "D7*3", result: 2, shape: "只此一处" });
  sheet.getCell(11, 2);
  sheet.getRow(12).height = 30.5;
  sheet.getRow(13).hidden = true;
  put(sheet, 13, 1, "藏");
  put(sheet, 14, 1, "级");
  sheet.getRow(14).outlineLevel = 1;
  offer(sheet, "B5:B9", ["是", "否"], true, "提示 <1>");
  for (const address of ["C5", "C6", "D5", "D6", "F5", "AA5"]) offer(sheet, address, ["甲", "乙"], false);
  offer(
    sheet,
    "G5:G5",
    Array.from({ length: 60 }, (_, i) => `很长的选项 ${i}`),
    true,
  );
  for (const address of ["H5", "H6", "I5"]) restrict(sheet, address, { kind: "whole", min: 0 }, "整数");
  restrict(sheet, "J5", { kind: "decimal", min: -1, max: 1 }, "");
  for (const address of ["K5", "K6"]) restrict(sheet, address, { kind: "date" }, '日期 "引"');
  restrict(sheet, "L5", { kind: "decimal", orText: "空" }, "");
  for (const address of ["M5", "M6"]) restrict(sheet, address, undefined, "随便");
  markWhere(sheet, "A5:D9", '$A5="x"');
  fadeWhere(sheet, "A5:D9", "$B5>1");
  freeze(sheet, 2, 1);
  printOnA4(sheet, { orientation: "landscape", headRow: [1, 2], lastRow: 14, lastColumn: 13, foot: ["左 & 右", "1"] });
  workbook.addWorksheet("另一 表").autoFilter = "A1:B2";
  await lock(sheet);
  return workbook;
}

async function partsOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const { files } = await JSZip.loadAsync(bytes);
  const parts = Object.entries(files).map(async ([name, file]) => [name, file.dir ? "" : await file.async("string")]);
  return Object.fromEntries(await Promise.all(parts));
}

/** As the library writes it, at the level that the program packs with. */
async function byTheLibrary(workbook: Workbook): Promise<Uint8Array> {
  const zip = { compressionOptions: { level: 4 } };
  return new Uint8Array(await workbook.xlsx.writeBuffer({ zip } as object));
}

test("a workbook is written to the byte as the library writes it", async () => {
  const [ours, theirs] = [await toBytes(await everything()), await byTheLibrary(await everything())];
  expect(await partsOf(ours)).toEqual(await partsOf(theirs));
  expect(Buffer.from(ours).equals(theirs)).toBe(true);
});

test("so is one that somebody saved, with comments and kinds of values that the program does not write", async () => {
  const saved = await everything();
  const sheet = saved.addWorksheet("别的");
  sheet.getCell("A1").value = new Date(Date.UTC(2019, 8, 30));
  sheet.getCell("A2").value = { text: "网址", hyperlink: "https://example.org/" };
  sheet.getCell("A3").value = { richText: [{ text: "粗", font: { bold: true } }, { text: "细" }] };
  sheet.getCell("A4").value = true;
  const dated = saved.addWorksheet("日期");
  dated.getCell("A1").dataValidation = {
    type: "date",
    operator: "greaterThan",
    formulae: [new Date(Date.UTC(2019, 0, 1))],
  };
  const bytes = await byTheLibrary(saved);
  const again = async () => {
    const workbook = await loadedWorkbook(bytes);
    const first = workbook.worksheets[0];
    if (first !== undefined) comment(first, 2, 1, "批注 <1>");
    return workbook;
  };
  const [ours, theirs] = [await toBytes(await again()), await byTheLibrary(await again())];
  expect(await partsOf(ours)).toEqual(await partsOf(theirs));
  expect(Object.keys(await partsOf(ours))).toContain("xl/comments1.xml");
});
