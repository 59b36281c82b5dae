/** The tables inside ledger files: opens each file, finds its headings, and gives its rows. */

import type { LedgerField } from "../reference/ledger-fields.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type OpenWorkbook, openXlsx, readSheet } from "../xlsx/read.ts";
import { openXls } from "../xlsx/read-xls.ts";
import {
  type ColumnMap,
  type Constants,
  findHeader,
  HEADER_SEARCH_ROWS,
  type Header,
  headerProblems,
} from "./columns.ts";
import type { LedgerPath } from "./ledger-paths.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { EXPORT_HEADINGS, type ExportSheet, isBodyRead, isOfficialExport, rowOfExport } from "./official-export.ts";
import { firstCsvRows } from "./read-csv.ts";
import { readParquet } from "./read-parquet.ts";
import { type Encoding, inspectFile, refusal, type SourceFile } from "./source-file.ts";
import type { ValueMaps } from "./value-maps.ts";

/** How ledgers are read. */
export interface ReadingOptions {
  readonly map: ColumnMap;
  /** Values of columns that the ledgers leave out. */
  readonly constants: Constants;
  /** What the office's own words for classes and statuses mean. */
  readonly values: ValueMaps;
  /** The one sheet to read of workbooks; every visible sheet with headings where absent. */
  readonly sheet: string | undefined;
  /** Encoding to take instead of finding it. */
  readonly encoding: Encoding | undefined;
  /** Names to give to files by their digest; empty but for verification. */
  readonly names: ReadonlyMap<string, string>;
}

/** One table of a ledger file, ready to be read. */
export interface LedgerTable {
  readonly file: SourceFile;
  readonly sheet: string | null;
  readonly header: Header;
  /** Hidden sheets of its workbook, which are not read. */
  readonly hiddenSheets: readonly string[];
  /** Rows of a sheet; the rows of a CSV file are scanned. */
  readonly rows: () => AsyncIterable<readonly LedgerRow[]>;
}

/**
 * Opens all tables of a file.
 * @throws ChouqianError as `findTables`, and E-FRAME-NO-COLUMN where a column that a frame needs is missing
 */
export async function openTables(
  path: LedgerPath,
  fields: readonly LedgerField[],
  options: ReadingOptions,
): Promise<LedgerTable[]> {
  const { tables, problems } = await findTables(path, fields, options);
  if (problems.length === 0) return tables;
  const file = problems[0]?.at.file ?? "";
  throw new ChouqianError("E-FRAME-NO-COLUMN", {
    message: words("名录缺少必需的列", "the ledger lacks columns that a frame needs"),
    advice: words(
      "按上面的提示补列，或用 --map 指定列名；列多时用 frame map 生成对照表来改",
      "add the columns or name them with --map; frame map writes a mapping file to edit",
    ),
    at: { file },
    problems,
  });
}

/**
 * Finds all tables of a file, and what is missing from their headings.
 * @throws ChouqianError whatever `inspectFile` and the readers refuse; E-FRAME-NO-HEADER
 */
export async function findTables(
  { path, name }: LedgerPath,
  fields: readonly LedgerField[],
  { map, constants, values, sheet: wanted, encoding, names }: ReadingOptions,
): Promise<{ readonly tables: LedgerTable[]; readonly problems: Problem[] }> {
  const file = await inspectFile(path, encoding, names, name);
  const tables: LedgerTable[] = [];
  const problems: Problem[] = [];
  for (const { sheet, rows, hiddenSheets = [] } of await rowSources(file, wanted)) {
    const leading = file.kind === "csv" ? await firstCsvRows(file, HEADER_SEARCH_ROWS) : await firstRows(rows);
    const header = findHeader(leading, fields, map, constants, values);
    if (header === undefined) continue;
    problems.push(...headerProblems(header, map, fields, { file: file.name, sheet: sheet ?? undefined }));
    tables.push({ file, sheet, header, hiddenSheets, rows });
  }
  if (tables.length === 0) throw noHeader(file.name);
  return { tables, problems };
}

/** A part of a file that may hold a table. */
interface RowSource {
  readonly sheet: string | null;
  readonly rows: LedgerTable["rows"];
  readonly hiddenSheets?: readonly string[];
}

async function rowSources(file: SourceFile, wanted: string | undefined): Promise<RowSource[]> {
  if (file.kind === "csv") return [{ sheet: null, rows: noRows }];
  if (file.kind === "parquet") return [{ sheet: null, rows: () => readParquet(file.path, file.name) }];
  const book = file.kind === "xls" ? await openXls(file.path) : await openXlsx(file.path);
  try {
    const { sheets } = book;
    const names = sheets.map(({ name }) => name);
    if (wanted === undefined && isOfficialExport(names)) {
      const cells = rowOfExport(await exportSheets(book));
      const rows = [
        { row: 1, cells: EXPORT_HEADINGS },
        { row: 2, cells },
      ];
      return [{ sheet: null, rows: () => oneBatch(rows) }];
    }
    const chosen = sheets.filter(({ name, hidden }) => (wanted === undefined ? !hidden : name === wanted));
    if (wanted !== undefined && chosen.length === 0) throw noSheet(file.name, wanted, sheets);
    const hiddenSheets = sheets.filter((sheet) => !chosen.includes(sheet) && sheet.hidden).map(({ name }) => name);
    const rowsOf = (name: string) => (file.kind === "xls" ? book.rows(name) : readSheet(file.path, name));
    return chosen.map(({ name }) => ({ sheet: name, rows: () => rowsOf(name), hiddenSheets }));
  } finally {
    // An .xls lies in memory; sheets of an .xlsx are opened one by one.
    book.close();
  }
}

/** The first rows of the first visible sheet of a workbook, or of a Parquet file. */
export async function firstSheetRows(file: SourceFile, most: number): Promise<LedgerRow[]> {
  const [first] = await rowSources(file, undefined);
  return first === undefined ? [] : [...(await firstRows(first.rows, most))];
}

/** The forms of an official export; of those whose body says nothing to a frame only the head is read. */
async function exportSheets(book: OpenWorkbook): Promise<ExportSheet[]> {
  const sheets: ExportSheet[] = [];
  for (const { name } of book.sheets) {
    const rows: LedgerRow[] = [];
    for await (const batch of book.rows(name)) {
      rows.push(...batch);
      if (!isBodyRead(name)) break;
    }
    sheets.push({ name, rows });
  }
  return sheets;
}

async function* oneBatch(rows: readonly LedgerRow[]): AsyncIterable<readonly LedgerRow[]> {
  yield rows;
}

async function* noRows(): AsyncIterable<readonly LedgerRow[]> {}

function noSheet(file: string, wanted: string, sheets: readonly { readonly name: string }[]): ChouqianError {
  const names = sheets.map(({ name }) => name);
  return refusal("E-FRAME-NO-SHEET", file, words(`没有工作表“${wanted}”`, `there is no sheet "${wanted}"`), [
    `该文件的工作表：${names.join("、")}`,
    `its sheets: ${names.join(", ")}`,
  ]);
}

async function firstRows(rows: LedgerTable["rows"], most = HEADER_SEARCH_ROWS): Promise<readonly LedgerRow[]> {
  const first: LedgerRow[] = [];
  for await (const batch of rows()) {
    first.push(...batch);
    if (first.length >= most) break;
  }
  return first.slice(0, most);
}

function noHeader(file: string): ChouqianError {
  return refusal(
    "E-FRAME-NO-HEADER",
    file,
    words(`前 ${HEADER_SEARCH_ROWS} 行里找不到表头`, `no heading row within the first ${HEADER_SEARCH_ROWS} rows`),
    [
      "表头应有统一社会信用代码、单位详细名称、污染源类别、地市等列名；名称不同时用 --map 指定，例如 --map id=社会信用代码 --map city=所在市",
      "headings such as 统一社会信用代码, 单位详细名称, 污染源类别, 地市 are needed; name others with --map",
    ],
  );
}
