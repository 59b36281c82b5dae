/** Reads old .xls workbooks (BIFF8 and before) and OpenDocument spreadsheets (.ods) as `read.ts` reads .xlsx. Their library is loaded only when one is met. */
import { readFileSync, statSync } from "node:fs";
import type { CellObject, WorkBook, WorkSheet } from "@e965/xlsx";
import { words } from "../text/words.ts";
import { openArchive } from "./archive.ts";
import { displayOf, numberText } from "./cell-value.ts";
import type { OpenWorkbook, SheetRow } from "./read.ts";
import { refusal } from "./refusals.ts";

/** Largest file taken: .xls holds 65,536 rows a sheet, and the library keeps the whole workbook in memory. */
const MOST_BYTES = 100 * 1024 * 1024;
const MOST_ODS_BYTES = 20 * 1024 * 1024;
const BATCH_ROWS = 1000;

/**
 * Reads an .xls workbook.
 * @param tellsFormulas whether rows tell of formulas; all cells may hold one where those cannot be read
 * @throws ChouqianError E-XLSX-TOO-LARGE, E-XLSX-ENCRYPTED, E-XLSX-DAMAGED, E-XLSX-NOT-A-WORKBOOK for an OLE file that is
 *   something else
 */
export async function openXls(path: string, tellsFormulas = false): Promise<OpenWorkbook> {
  if (statSync(path).size > MOST_BYTES) {
    throw refusal("E-XLSX-TOO-LARGE", path, words("旧版 .xls 超过 100 MB", "an .xls file of more than 100 MB"));
  }
  const bytes = readFileSync(path);
  if (holdsName(bytes, "EncryptedPackage")) throw refusal("E-XLSX-ENCRYPTED", path);
  if (!holdsName(bytes, "Workbook") && !holdsName(bytes, "Book")) throw refusal("E-XLSX-NOT-A-WORKBOOK", path);
  if (!tellsFormulas) return opened(await parse(path, bytes, false), () => false);
  const withFormulas = await parse(path, bytes, true).catch(() => undefined);
  if (withFormulas !== undefined) return opened(withFormulas, holdsFormula);
  return opened(await parse(path, bytes, false), () => true);
}

/**
 * Reads an OpenDocument spreadsheet, as LibreOffice saves it. Hidden sheets are there; which rows are hidden is not told.
 * @throws ChouqianError as `openXls`, and what `openArchive` refuses
 */
export async function openOds(path: string): Promise<OpenWorkbook> {
  // The sizes that the archive tells of are bounded there.
  (await openArchive(path)).close();
  if (statSync(path).size > MOST_ODS_BYTES) {
    throw refusal("E-XLSX-TOO-LARGE", path, words(".ods 超过 20 MB", "an .ods file of more than 20 MB"));
  }
  const bytes = readFileSync(path);
  if (bytes.includes("manifest:encryption-data")) throw refusal("E-XLSX-ENCRYPTED", path);
  return opened(await parse(path, bytes, true), holdsFormula);
}

type MayHoldFormula = (cell: CellObject) => boolean;

function holdsFormula({ f }: CellObject): boolean {
  return f !== undefined;
}

function opened(workbook: WorkBook, mayHoldFormula: MayHoldFormula): OpenWorkbook {
  const properties = workbook.Workbook;
  const epoch1904 = properties?.WBProps?.date1904 === true;
  return {
    sheets: workbook.SheetNames.map((name, index) => ({
      name,
      hidden: (properties?.Sheets?.[index]?.Hidden ?? 0) > 0,
    })),
    rows: async function* (name) {
      const sheet = workbook.Sheets[name];
      if (sheet !== undefined) yield* batches(sheet, epoch1904, mayHoldFormula);
    },
    close: () => undefined,
  };
}

async function parse(path: string, bytes: Buffer, cellFormula: boolean): Promise<WorkBook> {
  const { read } = await import("@e965/xlsx");
  let workbook: WorkBook;
  const say = console.error;
  // The library complains there of number formats of .ods that colour a result; no value depends on them.
  console.error = () => {};
  try {
    workbook = read(bytes, {
      type: "buffer",
      dense: true,
      cellStyles: true,
      cellNF: true,
      cellText: false,
      cellHTML: false,
      cellFormula,
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    throw refusal(/password/i.test(said) ? "E-XLSX-ENCRYPTED" : "E-XLSX-DAMAGED", path);
  } finally {
    console.error = say;
  }
  if (workbook.SheetNames.length === 0) throw refusal("E-XLSX-NO-SHEETS", path);
  return workbook;
}

/** Whether the directory of an OLE file names a stream: names stand there in UTF-16. */
function holdsName(bytes: Buffer, name: string): boolean {
  return bytes.includes(Buffer.from(`${name}\0`, "utf16le"));
}

async function* batches(
  sheet: WorkSheet,
  epoch1904: boolean,
  mayHoldFormula: MayHoldFormula,
): AsyncGenerator<readonly SheetRow[], void, undefined> {
  const rows = (sheet["!data"] ?? []) as readonly (readonly (CellObject | undefined)[] | undefined)[];
  let batch: SheetRow[] = [];
  for (const [index, row] of rows.entries()) {
    const cells = Array.from(row ?? [], (cell) => (cell === undefined ? "" : cellText(cell, epoch1904)));
    while (cells.at(-1) === "") cells.pop();
    if (cells.length === 0) continue;
    const isHidden = sheet["!rows"]?.[index]?.hidden === true;
    const formulas = cells.flatMap((_, column) => {
      const cell = row?.[column];
      return cell !== undefined && mayHoldFormula(cell) ? [column] : [];
    });
    const shown: SheetRow = { row: index + 1, cells, ...(formulas.length > 0 ? { formulas } : {}) };
    batch.push(isHidden ? { ...shown, hidden: true } : shown);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const ERROR_TEXTS: Readonly<Record<number, string>> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
};

function cellText({ t, v, z }: CellObject, epoch1904: boolean): string {
  if (t === "b") return v === true ? "TRUE" : "FALSE";
  if (t === "e") return ERROR_TEXTS[Number(v)] ?? "#N/A";
  if (t === "n") return numberText(String(v), displayOf(0, typeof z === "string" ? z : undefined), epoch1904);
  return v === undefined ? "" : String(v);
}
