/** Workbooks for tests: made by hand, part by part, so that each oddity of a writing program stands in the test. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll } from "vitest";
import { readSheet, type SheetRow } from "../../src/xlsx/read.ts";

interface Zip {
  file(name: string, content: string): void;
  generateAsync(options: { type: "nodebuffer"; compression: "DEFLATE" | "STORE" }): Promise<Buffer>;
}

const require = createRequire(import.meta.url);
// exceljs's own copy: the test needs no package of its own
const JSZip: new () => Zip = createRequire(require.resolve("exceljs"))("jszip");
const Workbook: typeof ExcelJS.Workbook = require("exceljs").Workbook;

const folder = mkdtempSync(join(tmpdir(), "chouqian-xlsx-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** Puts bytes into a file of the test's own folder; returns its path. */
export function saved(bytes: Uint8Array | string, name = `${++count}.xlsx`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

export async function zipOf(parts: Readonly<Record<string, string>>, compression: "DEFLATE" | "STORE" = "DEFLATE") {
  const zip = new JSZip();
  for (const [name, content] of Object.entries(parts)) zip.file(name, content);
  return zip.generateAsync({ type: "nodebuffer", compression });
}

const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
export const MAIN = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"`;

/** The parts of a workbook with one sheet 名录, whose `sheetData` holds `rows`. */
export function parts(rows: string, more: { strings?: string; styles?: string; properties?: string } = {}) {
  const { strings = "", styles = "", properties = "" } = more;
  return {
    "_rels/.rels": relations([["r1", "officeDocument", "xl/workbook.xml"]]),
    "xl/_rels/workbook.xml.rels": relations([
      ["r1", "worksheet", "worksheets/sheet1.xml"],
      ["r2", "sharedStrings", "/xl/sharedStrings.xml"],
      ["r3", "styles", "styles.xml"],
    ]),
    "xl/workbook.xml": `<workbook ${MAIN}>${properties}<sheets><sheet name="名录" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/worksheets/sheet1.xml": `<worksheet ${MAIN}><sheetData>${rows}</sheetData></worksheet>`,
    "xl/sharedStrings.xml": `<sst ${MAIN}>${strings}</sst>`,
    "xl/styles.xml": `<styleSheet ${MAIN}>${styles}</styleSheet>`,
  };
}

function relations(all: readonly (readonly [string, string, string])[]): string {
  const each = all.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${RELATIONS}">${each.join("")}</Relationships>`;
}

export async function rowsOf(path: string, sheet = "名录"): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const batch of readSheet(path, sheet)) rows.push(...batch);
  return rows;
}

/** The cells of hand-made rows, without row numbers. */
export async function cellsOf(rows: string, more?: Parameters<typeof parts>[1]): Promise<(readonly string[])[]> {
  return (await rowsOf(saved(await zipOf(parts(rows, more))))).map(({ cells }) => cells);
}

/** A workbook as exceljs reads it back. */
export async function loaded(bytes: Uint8Array): Promise<ExcelJS.Workbook> {
  const workbook = new Workbook();
  await workbook.xlsx.load(Buffer.from(bytes) as unknown as Parameters<typeof workbook.xlsx.load>[0]);
  return workbook;
}

/** The text of one part of a workbook's archive. */
export async function partOf(bytes: Uint8Array, name: string): Promise<string> {
  const { loadAsync } = JSZip as unknown as {
    loadAsync(bytes: Uint8Array): Promise<{ file(name: string): { async(type: "string"): Promise<string> } | null }>;
  };
  return (await (await loadAsync(bytes)).file(name)?.async("string")) ?? "";
}

/** One line a cell that holds something or waits for input: address and content. */
export function listing(sheet: ExcelJS.Worksheet): string {
  const lines: string[] = [];
  sheet.eachRow((row) => {
    row.eachCell({ includeEmpty: true }, (cell) => {
      if (cell.master !== cell) return;
      const isInput = cell.protection?.locked === false;
      if (cell.value === null && !isInput) return;
      const content = cell.formula ? `=${cell.formula} → ${String(cell.result ?? "")}` : JSON.stringify(cell.value);
      lines.push(`${cell.address}\t${isInput ? "[input]" : content}`);
    });
  });
  return `${lines.join("\n")}\n`;
}

/** A workbook without any sheet. */
export function emptyWorkbook(): ExcelJS.Workbook {
  return new Workbook();
}
