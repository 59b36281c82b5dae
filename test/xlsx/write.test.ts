import fc from "fast-check";
import { expect, test } from "vitest";
import { safeFileName } from "../../src/forms/file-names.ts";
import { displayWidth, writeTable } from "../../src/xlsx/layout.ts";
import { STYLES } from "../../src/xlsx/styles.ts";
import {
  LISTS_SHEET,
  newWorkbook,
  offer,
  put,
  quoteText,
  safeSheetName,
  safeText,
  toBytes,
} from "../../src/xlsx/write.ts";
import { loaded, partOf, rowsOf, saved } from "./workbooks.ts";

async function written(cells: readonly (readonly string[])[]): Promise<Uint8Array> {
  const workbook = newWorkbook("试");
  const sheet = workbook.addWorksheet("名录");
  cells.forEach((row, r) => {
    row.forEach((text, c) => {
      put(sheet, r + 1, c + 1, text);
    });
  });
  return toBytes(workbook);
}

/** Strings that XML can carry, with those that spreadsheets and escapes stumble on. */
const texts = fc
  .oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom(
      "=1+1",
      "+8613800000000",
      "-",
      "@SUM(A1)",
      "__proto__",
      "_x000D_",
      "_x005F_",
      "a\r\nb",
      " 首尾 ",
      "00123",
      "\t",
    ),
  )
  .filter((text) => safeText(text.replace(/_x|\r/g, "")) === text.replace(/_x|\r/g, ""));

test("any matrix of strings is read back identical", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(texts, { maxLength: 6 }), { maxLength: 8 }), async (cells) => {
      const rows = await rowsOf(saved(await written(cells), "matrix.xlsx"));
      const expected = cells
        .map((row, r) => ({ row: r + 1, cells: row.slice(0, row.findLastIndex((text) => text !== "") + 1) }))
        .filter((row) => row.cells.length > 0);
      expect(rows).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test("the same input gives the same bytes", async () => {
  const cells = [
    ["代码", "名称"],
    ["1", "印刷厂"],
  ];
  const first = await written(cells);
  await new Promise((done) => setTimeout(done, 2100)); // zip keeps even seconds
  expect(Buffer.from(await written(cells)).equals(Buffer.from(first))).toBe(true);
});

test("strings that look like formulas stay text, also when edited", async () => {
  const dangerous = ["=1+1", "+1", "-1", "@a", '=HYPERLINK("http://x","y")'];
  const bytes = await written([dangerous]);
  const sheet = (await loaded(bytes)).getWorksheet("名录");
  dangerous.forEach((text, c) => {
    const cell = sheet?.getCell(1, c + 1);
    expect([cell?.value, cell?.numFmt, cell?.formula]).toEqual([text, "@", undefined]);
  });
  expect(await partOf(bytes, "xl/worksheets/sheet1.xml")).not.toContain("<f>");
});

test("illegal characters are written visibly, overlong text is cut with a mark", () => {
  expect(safeText("a\u0007b\u007f\ud800c\uffff")).toBe("a〔U+0007〕b〔U+007F〕〔U+D800〕c〔U+FFFF〕");
  expect(safeText("🏭")).toBe("🏭");
  const cut = safeText("🏭".repeat(20_000));
  expect(cut.length).toBeLessThanOrEqual(32_767);
  expect(cut).toMatch(/^(🏭)+…〔内容过长，已截断〕$/u);
});

test("properties name neither machine nor user nor time", async () => {
  const core = await partOf(await written([["a"]]), "docProps/core.xml");
  expect(core).toContain("<dc:creator>chouqian</dc:creator>");
  expect(core).toContain("<cp:lastModifiedBy>chouqian</cp:lastModifiedBy>");
  expect(core).toContain("1980-01-01T00:00:00Z");
});

test("a table's columns fit their content, Chinese counted double", () => {
  const sheet = newWorkbook("试").addWorksheet("a");
  const last = writeTable(sheet, 2, [{ heading: "名", value: (row: string) => row }], ["汕头市印刷厂", "ab"]);
  expect(last).toBe(4);
  expect(sheet.getCell(3, 1).style).toBe(STYLES.body);
  expect(sheet.getColumn(1).width).toBeGreaterThan(displayWidth("汕头市印刷厂"));
  expect([displayWidth("汕头ab"), displayWidth("a\n汕头"), displayWidth("🏭")]).toEqual([6, 4, 2]);
});

test("sheet names are legal whatever they are made of", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (name) => {
      const safe = safeSheetName(name);
      expect(safe.length).toBeGreaterThan(0);
      expect(safe.length).toBeLessThanOrEqual(31);
      expect(safe).not.toMatch(/[[\]:*?/\\']/);
      expect(() => newWorkbook("试").addWorksheet(safe)).not.toThrow();
    }),
  );
});

test("a list that a rule cannot hold stands on a hidden sheet, once", async () => {
  const workbook = newWorkbook("试");
  const sheet = workbook.addWorksheet("a");
  const long = Array.from({ length: 20 }, (_, i) => `一个写得很长的选项，第 ${i + 1} 项`);
  offer(sheet, "A1:A9", ["是", "否"], true);
  offer(sheet, "B1:B9", ["1,000", '2"'], true);
  offer(sheet, "C1:C1", ["√"], false);
  offer(sheet, "D1:D9", long, true);
  offer(sheet, "E1:E9", ["1,000", '2"'], false);
  offer(sheet, "F1:F9", ["1,000", '2"', "3"], false);
  const bytes = await toBytes(workbook);
  const xml = await partOf(bytes, "xl/worksheets/sheet1.xml");
  const rules = [...xml.matchAll(/sqref="([^"]+)"[^>]*><formula1>([^<]*)</g)].map(([, range, list]) => [range, list]);
  expect(rules).toEqual([
    ["A1:A9", "&quot;是,否&quot;"],
    ["B1:B9", "&apos;_lists&apos;!$A$1:$A$2"],
    ["C1", "&quot;√&quot;"],
    ["D1:D9", "&apos;_lists&apos;!$B$1:$B$20"],
    ["E1:E9", "&apos;_lists&apos;!$A$1:$A$2"],
    ["F1:F9", "&apos;_lists&apos;!$C$1:$C$3"],
  ]);
  const lists = (await loaded(bytes)).getWorksheet(LISTS_SHEET);
  expect(lists?.state).toBe("veryHidden");
  expect([lists?.getCell("A1").value, lists?.getCell("A2").value, lists?.getCell("B20").value]).toEqual([
    "1,000",
    '2"',
    long[19],
  ]);
});

test("a long text of a formula is put together from pieces that Excel takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
      const pieces = [...quoteText(text).matchAll(/"((?:[^"]|"")*)"(?:&|$)/g)].map(([, piece = ""]) => piece);
      expect(pieces.map((piece) => piece.replaceAll('""', '"')).join("")).toBe(text);
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(255);
    }),
  );
});

test("marks that turn writing about are written out, in cells, sheet names and comments", () => {
  const reversed = "甲\u202Eslx.表\u202C\u2066乙\u200F";
  expect(safeText(reversed)).toBe("甲〔U+202E〕slx.表〔U+202C〕〔U+2066〕乙〔U+200F〕");
  expect(safeSheetName("\u202E甲")).toBe("〔U+202E〕甲");
  expect(safeFileName(reversed, 40, "_")).toBe("甲〔U+202E〕slx.表〔U+202C〕〔U+2066〕乙〔U+200F〕");
});

test("formulas of one shape are written once on a sheet, each with its own addresses and result", async () => {
  const workbook = newWorkbook("shapes");
  for (const name of ["甲", "乙"]) {
    const sheet = workbook.addWorksheet(name);
    for (const row of [2, 3, 5]) {
      put(sheet, row, 2, { formula: `A${row}&$C$1`, result: `r${row}`, shape: "A&$C$1" });
    }
    put(sheet, 4, 2, { formula: "A1", result: 0 });
  }
  const bytes = await toBytes(workbook);
  for (const part of ["sheet1", "sheet2"]) {
    const xml = await partOf(bytes, `xl/worksheets/${part}.xml`);
    expect([...xml.matchAll(/A2&amp;\$C\$1/g)].length).toBe(1);
    expect(xml).not.toContain("A3&amp;");
  }
  const sheet = (await loaded(bytes)).worksheets[1];
  const cells = [2, 3, 4, 5].map((row) => sheet?.getCell(row, 2));
  expect(cells.map((cell) => cell?.formula)).toEqual(["A2&$C$1", "A3&$C$1", "A1", "A5&$C$1"]);
  expect(cells.map((cell) => cell?.result)).toEqual(["r2", "r3", 0, "r5"]);
});
