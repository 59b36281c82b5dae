/** Ledgers in the other formats that offices have give the same frame as the same rows in CSV. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { utils, write } from "@e965/xlsx";
import { expect, test } from "vitest";
import { openEngine, sqlText } from "../../src/frame/engine.ts";
import { ledgerPaths } from "../../src/frame/ledger-paths.ts";
import { checkLedgers } from "../../src/frame/lock-frame.ts";
import { NO_VALUE_MAPS } from "../../src/frame/value-maps.ts";
import { withTemporaryFolder } from "../../src/round/files.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { silent } from "../../src/text/progress.ts";
import { readSheet } from "../../src/xlsx/read.ts";
import { openXls } from "../../src/xlsx/read-xls.ts";
import { newWorkbook, put, toBytes } from "../../src/xlsx/write.ts";

const HEAD = ["统一社会信用代码", "企业名称", "污染源类别", "地区", "县区", "用电量", "开业时间"];
const ROWS = [
  ["91440511MA513YLA1A", "甲厂", "工业源", "汕头", "龙湖区", 12.5, 43_000],
  ["91440500192875062E", "乙厂", "工业源", "汕头市", "澄海区", 0.1 + 0.2, 43_100],
  ["91441224MA4X1Y7741", "丙场", "农业源", "441200", "怀集县", 1_234_567, 43_200],
] as const;

const OPTIONS = {
  map: new Map(),
  constants: new Map(),
  values: NO_VALUE_MAPS,
  sheet: undefined,
  encoding: undefined,
  names: new Map(),
};
const check = (paths: readonly string[]) => checkLedgers(paths, OPTIONS, silent);

function workbookBytes(bookType: "biff8" | "xlsx"): Buffer {
  const sheet = utils.aoa_to_sheet([["某市名录"], HEAD, ...ROWS.map((row) => [...row])]);
  for (const row of [3, 4, 5]) sheet[`G${row}`].z = "yyyy-mm-dd";
  sheet["!rows"] = [{}, {}, {}, { hidden: true }];
  const book = utils.book_new(sheet, "名录");
  utils.book_append_sheet(book, utils.aoa_to_sheet([HEAD]), "旧");
  book.Workbook = { Sheets: [{ name: "名录" }, { name: "旧", Hidden: 1 }] };
  return write(book, { bookType, type: "buffer" });
}

async function rowsOf(batches: AsyncIterable<readonly object[]>): Promise<object[]> {
  const rows: object[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

test("an old .xls gives the rows of the same workbook as .xlsx, hidden rows and sheets told", async () => {
  await withTemporaryFolder(async (folder) => {
    const [xls, xlsx] = [join(folder, "名录.xls"), join(folder, "名录.xlsx")];
    writeFileSync(xls, workbookBytes("biff8"));
    writeFileSync(xlsx, workbookBytes("xlsx"));
    const book = await openXls(xls);
    expect(book.sheets).toEqual([
      { name: "名录", hidden: false },
      { name: "旧", hidden: true },
    ]);
    const rows = await rowsOf(book.rows("名录"));
    // The library that writes .xls here cannot hide a row in it.
    const shown = (await rowsOf(readSheet(xlsx, "名录"))).map((row) => ({ ...row, hidden: undefined }));
    expect(rows.map((row) => ({ ...row, hidden: undefined }))).toEqual(shown);
    expect(rows[2]).toEqual({
      row: 3,
      cells: ["91440511MA513YLA1A", "甲厂", "工业源", "汕头", "龙湖区", "12.5", "2017-09-22"],
    });
    const [old, recent] = [await check([xls]), await check([xlsx])];
    expect(old.lock.blocks).toEqual(recent.lock.blocks);
    expect(recent.lock.sources[0]?.tables[0]?.hiddenRows).toBe(1);
    expect(old.lock.sources[0]?.hiddenSheets).toEqual(["旧"]);
    expect(recent.lock.sources[0]?.hiddenSheets).toEqual(["旧"]);
  });
});

test("files of the old format that are no workbook, encrypted or damaged are refused by name", async () => {
  await withTemporaryFolder(async (folder) => {
    const magic = Buffer.from("d0cf11e0a1b11ae1", "hex");
    const named = (name: string) => Buffer.concat([magic, Buffer.alloc(2000), Buffer.from(`${name}\0`, "utf16le")]);
    const files: [string, Buffer, string][] = [
      ["信.doc", named("WordDocument"), "E-XLSX-NOT-A-WORKBOOK"],
      ["密.xlsx", named("EncryptedPackage"), "E-XLSX-ENCRYPTED"],
      ["坏.xls", named("Workbook"), "E-XLSX-DAMAGED"],
      ["半.xls", workbookBytes("biff8").subarray(0, 1500), "E-XLSX-"],
    ];
    for (const [name, bytes, code] of files) {
      writeFileSync(join(folder, name), bytes);
      const refused = await check([join(folder, name)]).catch((error: unknown) => error);
      expect(refused, name).toBeInstanceOf(ChouqianError);
      expect((refused as ChouqianError).code, name).toContain(code);
    }
  });
});

test("a Parquet ledger gives the same blocks as the same rows in CSV", async () => {
  await withTemporaryFolder(async (folder) => {
    const [csv, parquet] = [join(folder, "名录.csv"), join(folder, "名录.parquet")];
    writeFileSync(
      csv,
      [HEAD, ...ROWS.map((row) => row.map((cell) => (cell === 0.1 + 0.2 ? 0.3 : cell)))]
        .map((row) => row.join(","))
        .join("\n"),
    );
    const engine = await openEngine();
    await engine.run(
      `COPY (SELECT * FROM read_csv(${sqlText(csv)}, header = true)) TO ${sqlText(parquet)} (FORMAT parquet)`,
    );
    engine.close();
    const [text, stored] = [await check([csv]), await check([parquet])];
    expect(stored.lock.blocks).toEqual(text.lock.blocks);
    expect(stored.lock.rowsRead).toBe(3);
    writeFileSync(parquet, "PAR1 and nothing else");
    await expect(check([parquet])).rejects.toMatchObject({ code: "E-FRAME-PARQUET" });
  });
});

/** One enterprise as the census system exports it. */
async function exportOf(unit: {
  division: string;
  code: string;
  organisation?: string;
  name: string;
  forms: string[];
}): Promise<Uint8Array> {
  const workbook = newWorkbook("导出");
  for (const form of unit.forms) {
    const sheet = workbook.addWorksheet(`T_BAS_${form}`);
    put(sheet, 1, 1, "普查表");
    for (const [row, value] of [unit.division, unit.code, unit.organisation ?? "", unit.name].entries())
      put(sheet, row + 2, 4, value);
    const table = [["序号", "名称", "代码", "计量单位", "数量"]];
    if (form === "G101-2") table.push(["1", "棉布", "1711"], ["2", "纱", "1712"]);
    for (const [r, cells] of table.entries()) {
      for (const [c, cell] of cells.entries()) put(sheet, 7 + r, c + 1, cell);
    }
    if (form === "G101-3") {
      for (const [r, text] of ["棉花", "二、主要能源消耗", "电力", "煤", "单位负责人：某"].entries())
        put(sheet, 8 + r, 2, text);
    }
  }
  return toBytes(workbook);
}

test("a folder tree of official exports is one ledger, a row an enterprise", async () => {
  await withTemporaryFolder(async (folder) => {
    const units = [
      {
        division: "440511001002",
        code: "91440511MA513YLA1A",
        name: "甲纺织厂",
        forms: ["G101-1", "G101-2", "G101-3", "S103"],
      },
      { division: "441224", code: "91441224MA4X1Y7741", name: "丙场", forms: ["N101-1", "S103"] },
      { division: "440507", code: "", organisation: "192875062", name: "乙村", forms: ["S102"] },
      { division: "440507", code: "91440500192875062E", name: "丁站", forms: ["G101-1", "Y102"] },
    ];
    mkdirSync(join(folder, "汕头"));
    for (const [index, unit] of units.entries())
      writeFileSync(join(folder, "汕头", `${index}.xlsx`), await exportOf(unit));
    const built = await check(ledgerPaths([join(folder, "汕头")]));
    expect(built.lock.rowsRead).toBe(4);
    expect(built.lock.blocks.map(({ key, count }) => `${key} ${count}`)).toEqual([
      "440500/domestic 1",
      "440500/industrial 1",
      "441200/agricultural 1",
    ]);
    expect(
      built.problems.filter(({ code }) => code.startsWith("E-")).map(({ at, code }) => `${at.file} ${code}`),
    ).toEqual(["3.xlsx E-FRAME-CLASS"]);
    expect(built.lock.columns.map(({ name }) => name)).toContain("普查表");
  });
});
