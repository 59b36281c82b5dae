import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/xlsx/archive.ts";
import { listSheets, readSheet } from "../../src/xlsx/read.ts";
import { cellsOf, MAIN, parts, rowsOf, saved, zipOf } from "./workbooks.ts";

const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;

describe("values read as people see them", () => {
  test("shared strings, rich text without phonetic readings, inline strings, booleans and errors", async () => {
    const strings =
      "<si><t>工业源</t></si><si><r><t>印刷</t></r><r><rPr/><t xml:space='preserve'> 厂</t></r><rPh sb='0' eb='1'><t>yin</t></rPh></si>";
    const rows = `<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="D3" t="inlineStr"><is><t>a&lt;b</t></is></c>
      <c r="E3" t="b"><v>1</v></c><c r="F3" t="e"><v>#N/A</v></c><c r="G3" t="str"><f>A3&amp;"x"</f><v>工业源x</v></c></row>`;
    expect(await cellsOf(rows, { strings })).toEqual([["工业源", "印刷 厂", "", "a<b", "TRUE", "#N/A", "工业源x"]]);
  });

  test("numbers are plain decimals; integers beyond 2^53 stay as stored", async () => {
    const stored = [
      "5",
      "0.10000000000000001",
      "0.30000000000000004",
      "1E+5",
      "1.5E-7",
      "-0",
      "2017.0",
      "9.1440000000000006E+17",
    ];
    const cells = stored.map((value) => `<c><f>1</f><v>${value}</v></c>`).join("");
    const shown = ["5", "0.1", "0.3", "100000", "0.00000015", "0", "2017", "9.1440000000000006E+17"];
    expect(await cellsOf(`<row>${cells}</row>`)).toEqual([shown]);
  });

  const styles = `<numFmts count="3"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
    <numFmt numFmtId="177" formatCode="000000"/><numFmt numFmtId="178" formatCode="[Red]0.00E+00;General"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="178"/><xf numFmtId="20"/></cellXfs>`;
  const dated = (style: number, value: string) => `<c s="${style}"><v>${value}</v></c>`;

  test("dates by style, the day that never was included", async () => {
    const cells = [
      dated(1, "43738"),
      dated(2, "43738.520833333336"),
      dated(3, "28508"),
      dated(1, "59"),
      dated(1, "60"),
      dated(1, "61"),
    ];
    expect(await cellsOf(`<row>${cells.join("")}</row>`, { styles })).toEqual([
      ["2019-09-30", "2019-09-30 12:30:00", "1978-01-18", "1900-02-28", "1900-02-29", "1900-03-01"],
    ]);
  });

  test("the 1904 system, ISO dates, times, and numbers that only look like dates", async () => {
    const cells = [dated(1, "42276"), dated(6, "0.75"), dated(4, "1234"), dated(5, "43738"), dated(1, "-1")];
    const iso = '<c t="d"><v>2019-09-30T00:00:00</v></c>';
    const properties = '<workbookPr date1904="1"/>';
    expect(await cellsOf(`<row>${cells.join("")}${iso}</row>`, { styles, properties })).toEqual([
      ["2019-09-30", "18:00:00", "001234", "43738", "-1", "2019-09-30"],
    ]);
  });

  test("characters that XML cannot carry are read from their escapes", async () => {
    expect(await cellsOf(`<row>${text("a_x000D_b_x005F_x000D_")}</row>`)).toEqual([["a\rb_x000D_"]]);
  });
});

describe("sheets of other programs", () => {
  test("rows and cells without references follow the one before", async () => {
    const rows = `<row>${text("a")}${text("b")}</row><row r="5">${text("c")}<c r="D5" t="inlineStr"><is><t>d</t></is></c>${text("e")}</row><row>${text("f")}</row>`;
    expect(await rowsOf(saved(await zipOf(parts(rows))))).toEqual([
      { row: 1, cells: ["a", "b"] },
      { row: 5, cells: ["c", "", "", "d", "e"] },
      { row: 6, cells: ["f"] },
    ]);
  });

  test("prefixed elements and stored entries", async () => {
    const sheet = `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>
      <x:row r="1"><x:c r="B1" t="inlineStr"><x:is><x:t>名称</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`;
    const path = saved(await zipOf({ ...parts(""), "xl/worksheets/sheet1.xml": sheet }, "STORE"));
    expect(await rowsOf(path)).toEqual([{ row: 1, cells: ["", "名称"] }]);
  });

  test("title rows, hidden rows and blank rows keep their numbers; a merged cell's text stands once", async () => {
    const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>名录</t></is></c><c r="B1" s="1"/></row>
      <row r="2"><c r="A2"/></row><row r="3" hidden="1">${text("x")}</row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells><sheetData>`;
    expect(await rowsOf(saved(await zipOf(parts(rows))))).toEqual([
      { row: 1, cells: ["名录"] },
      { row: 3, cells: ["x"], hidden: true },
    ]);
  });

  test("rows that a filter hides are told from rows hidden by hand", async () => {
    const sheet = (filterMode: string) => `<worksheet ${MAIN}><sheetPr${filterMode}/><sheetData>
      <row r="1">${text("a")}</row><row r="2" hidden="1">${text("b")}</row></sheetData></worksheet>`;
    const marks = async (filterMode: string) => {
      const bytes = await zipOf({ ...parts(""), "xl/worksheets/sheet1.xml": sheet(filterMode) });
      return (await rowsOf(saved(bytes))).map(({ hidden, filtered }) => [hidden, filtered]);
    };
    expect(await marks("")).toEqual([
      [undefined, undefined],
      [true, undefined],
    ]);
    expect(await marks(' filterMode="1"')).toEqual([
      [undefined, undefined],
      [true, true],
    ]);
    expect(await marks(' filterMode="true"')).toEqual([
      [undefined, undefined],
      [true, true],
    ]);
    expect(await marks(' filterMode="0"')).toEqual([
      [undefined, undefined],
      [true, undefined],
    ]);
  });

  test("hidden sheets are listed as such, chart sheets not at all", async () => {
    const base = parts("");
    const workbook = `<workbook ${MAIN}><sheets><sheet name="a" sheetId="1" r:id="r1"/><sheet name="图" sheetId="2" r:id="r9"/>
      <sheet name="b&amp;c" sheetId="3" state="veryHidden" r:id="r1"/></sheets></workbook>`;
    expect(await listSheets(saved(await zipOf({ ...base, "xl/workbook.xml": workbook })))).toEqual([
      { name: "a", hidden: false },
      { name: "b&c", hidden: true },
    ]);
  });

  test("rows come in batches, none lost", async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => `<row><c><v>${i}</v></c></row>`).join("");
    const path = saved(await zipOf(parts(rows)));
    let next = 0;
    for await (const batch of readSheet(path, "名录")) {
      for (const { row, cells } of batch) expect([row, cells[0]]).toEqual([next + 1, String(next++)]);
    }
    expect(next).toBe(2500);
  });
});

describe("what is refused", () => {
  const good = () => zipOf(parts(`<row>${text("a")}</row>`));
  const refused = async (bytes: Uint8Array | string, code: string, limits = LIMITS) => {
    const path = saved(bytes);
    const read = async () => {
      await listSheets(path, limits);
      for await (const _ of readSheet(path, "名录", limits));
    };
    await expect(read()).rejects.toMatchObject({ name: "ChouqianError", code, exitCode: 2 });
  };
  const sheet = (xml: string) => zipOf({ ...parts(""), "xl/worksheets/sheet1.xml": xml });

  test("files of another kind", async () => {
    await refused("%PDF-1.7\n%\0", "E-XLSX-NOT-A-WORKBOOK");
    await refused("代码,名称\n1,2\n", "E-XLSX-NOT-A-WORKBOOK");
    await refused("", "E-XLSX-NOT-A-WORKBOOK");
    await refused(await zipOf({ "word/document.xml": "<a/>" }), "E-XLSX-NOT-A-WORKBOOK");
    await refused(Buffer.from("d0cf11e0a1b11ae1".padEnd(2048, "0"), "hex"), "E-XLSX-OLD-FORMAT");
    await expect(listSheets("/nowhere/名录.xlsx")).rejects.toMatchObject({ code: "E-XLSX-UNREADABLE" });
  });

  test("a workbook with a password", async () => {
    const ole = Buffer.alloc(2048);
    ole.write("d0cf11e0a1b11ae1", "hex");
    ole.writeUInt16LE(9, 30);
    ole.write("EncryptedPackage", 1024, "utf16le");
    ole.writeUInt32LE(1, 48);
    await refused(ole, "E-XLSX-ENCRYPTED");
  });

  test("an archive cut short anywhere", async () => {
    const bytes = await good();
    for (const share of [0.2, 0.5, 0.9]) await refused(bytes.subarray(0, bytes.length * share), "E-XLSX-TRUNCATED");
  });

  test("an archive with a changed byte in a sheet", async () => {
    const bytes = await zipOf(parts(`<row>${text("abcdefgh")}</row>`), "STORE");
    bytes[bytes.indexOf("abcdefgh") + 3] = 0x58;
    await refused(bytes, "E-XLSX-DAMAGED");
  });

  test("document type declarations, entities, broken XML", async () => {
    const dtd = `<!DOCTYPE a [<!ENTITY b "${"x".repeat(99)}">]><worksheet ${MAIN}><sheetData/></worksheet>`;
    await refused(await sheet(dtd), "E-XLSX-UNSAFE");
    await refused(await sheet(`<worksheet ${MAIN}><sheetData>&b;</sheetData></worksheet>`), "E-XLSX-DAMAGED");
    await refused(await sheet(`<worksheet ${MAIN}><sheetData>`), "E-XLSX-DAMAGED");
    await refused(await sheet("<a>".repeat(5000)), "E-XLSX-TOO-LARGE");
  });

  test("bombs by size, ratio, number of entries and breadth", async () => {
    await refused(await zipOf(parts(`<row>${text("0".repeat(200_000))}</row>`)), "E-XLSX-UNSAFE", {
      ...LIMITS,
      ratioFreeBytes: 100_000,
      ratio: 20,
    });
    await refused(await good(), "E-XLSX-TOO-LARGE", { ...LIMITS, totalBytes: 1000 });
    await refused(await good(), "E-XLSX-TOO-LARGE", { ...LIMITS, entries: 5 });
    await refused(await zipOf(parts('<row r="1"><c r="XFE1"><v>1</v></c></row>')), "E-XLSX-TOO-LARGE");
    await refused(await zipOf(parts('<row r="1048577"><c><v>1</v></c></row>')), "E-XLSX-TOO-LARGE");
  });

  test("a sheet that unpacks to more than it declares", async () => {
    const bytes = await zipOf(parts(`<row>${text("a".repeat(5000))}</row>`));
    const entry = bytes.lastIndexOf("xl/worksheets/sheet1.xml") - 46;
    bytes.writeUInt32LE(bytes.readUInt32LE(entry + 24) - 1000, entry + 24);
    await refused(bytes, "E-XLSX-UNSAFE");
  });

  test("no sheets, no such sheet, missing strings, rows and cells out of order", async () => {
    const none = `<workbook ${MAIN}><sheets/></workbook>`;
    await refused(await zipOf({ ...parts(""), "xl/workbook.xml": none }), "E-XLSX-NO-SHEETS");
    await expect(rowsOf(saved(await good()), "企业")).rejects.toMatchObject({ code: "E-XLSX-NO-SUCH-SHEET" });
    await refused(await zipOf(parts('<row><c t="s"><v>7</v></c></row>')), "E-XLSX-DAMAGED");
    await refused(await zipOf(parts('<row r="2"/><row r="2"/>')), "E-XLSX-DAMAGED");
    await refused(await zipOf(parts('<row><c r="B1"/><c r="A1"/></row>')), "E-XLSX-DAMAGED");
  });
});
