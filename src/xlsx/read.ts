/** Reads ledgers of any size from .xlsx workbooks of Excel, WPS and LibreOffice, a batch of rows at a time. */
import { words } from "../text/words.ts";
import { type Archive, LIMITS, type Limits, openArchive } from "./archive.ts";
import { type Display, isoText, numberText, unescapeText } from "./cell-value.ts";
import { readDisplays, readSharedStrings, readWorkbookParts, type SheetPart, textCollector } from "./parts.ts";
import { refusal } from "./refusals.ts";
import { type Attributes, parsePart, type XmlHandlers } from "./xml.ts";

/** One row with at least one value. */
export interface SheetRow {
  /** From 1, as Excel shows it. */
  readonly row: number;
  /** Text of each cell from column A on, `""` where empty; ends with the last cell that holds anything. */
  readonly cells: readonly string[];
  /** Columns, from 0, of cells that hold a formula, or may; absent where none does. */
  readonly formulas?: readonly number[];
  readonly hidden?: true;
  /** Hidden in a sheet that says that a filter is at work in it. */
  readonly filtered?: true;
}

/**
 * The worksheets of a workbook in the order of their tabs, hidden ones included; chart sheets are left out.
 * @throws ChouqianError `E-XLSX-…` when the file is no workbook, is damaged, encrypted or unsafe
 */
export async function listSheets(
  path: string,
  limits: Limits = LIMITS,
): Promise<readonly { name: string; hidden: boolean }[]> {
  const archive = await openArchive(path, limits);
  try {
    const { sheets } = await readWorkbookParts(archive);
    return sheets.map(({ name, hidden }) => ({ name, hidden }));
  } finally {
    archive.close();
  }
}

/**
 * The rows of one sheet, in batches. Empty rows are left out; a merged cell's text stands in its first cell alone.
 * Values read as people see them: numbers without exponent, dates as `YYYY-MM-DD[ HH:mm:ss]`, a formula's last result,
 * an error's text (`#N/A`), TRUE and FALSE. Only integers beyond 2⁵³ keep the form in which the file stores them.
 * @throws ChouqianError as `listSheets`, and `E-XLSX-NO-SUCH-SHEET`
 */
export async function* readSheet(
  path: string,
  sheetName: string,
  limits: Limits = LIMITS,
): AsyncGenerator<readonly SheetRow[], void, undefined> {
  const archive = await openArchive(path, limits);
  try {
    const { sheets, epoch1904, stringsPart, stylesPart } = await readWorkbookParts(archive);
    const { part } = findSheet(sheets, sheetName, path);
    const strings = await readSharedStrings(archive, stringsPart);
    const displays = await readDisplays(archive, stylesPart);
    yield* readRows(archive, part, sheetName, { strings, displays, epoch1904 });
  } finally {
    archive.close();
  }
}

/** A workbook that stays open, for many small sheets. */
export interface OpenWorkbook {
  readonly sheets: readonly { readonly name: string; readonly hidden: boolean }[];
  /** Rows of one sheet, as `readSheet` gives them. */
  rows(sheet: string): AsyncGenerator<readonly SheetRow[], void, undefined>;
  close(): void;
}

/**
 * Opens a workbook; what its sheets share is read once, when the first of them is read.
 * @throws ChouqianError as `listSheets`
 */
export async function openXlsx(path: string, limits: Limits = LIMITS): Promise<OpenWorkbook> {
  const archive = await openArchive(path, limits);
  try {
    const { sheets, epoch1904, stringsPart, stylesPart } = await readWorkbookParts(archive);
    let shared: Context | undefined;
    return {
      sheets: sheets.map(({ name, hidden }) => ({ name, hidden })),
      rows: async function* (name) {
        shared ??= {
          strings: await readSharedStrings(archive, stringsPart),
          displays: await readDisplays(archive, stylesPart),
          epoch1904,
        };
        yield* readRows(archive, findSheet(sheets, name, path).part, name, shared);
      },
      close: () => archive.close(),
    };
  } catch (error) {
    archive.close();
    throw error;
  }
}

function findSheet(sheets: readonly SheetPart[], name: string, path: string): SheetPart {
  const sheet = sheets.find((candidate) => candidate.name === name);
  if (sheet) return sheet;
  const names = sheets.map((candidate) => candidate.name);
  const detail = words(`有的是：${names.join("、")}`, `it has: ${names.join(", ")}`);
  throw refusal("E-XLSX-NO-SUCH-SHEET", path, detail, { sheet: name });
}

/** What cells refer to. */
interface Context {
  readonly strings: readonly string[];
  readonly displays: readonly Display[];
  readonly epoch1904: boolean;
}

const MOST_COLUMNS = 16_384;
const MOST_ROWS = 1_048_576;
const BATCH_ROWS = 1000;
/** Keeps batches of very wide rows small. */
const BATCH_CELLS = 200_000;

async function* readRows(
  archive: Archive,
  part: string,
  sheet: string,
  context: Context,
): AsyncGenerator<readonly SheetRow[], void, undefined> {
  let batch: SheetRow[] = [];
  let cells = 0;
  const handlers = rowHandlers(
    context,
    (row) => {
      batch.push(row);
      cells += row.cells.length;
    },
    (code, detail, row) => refusal(code, archive.path, detail, { sheet, row }),
  );
  for await (const _ of parsePart(archive, part, false, handlers)) {
    if (batch.length < BATCH_ROWS && cells < BATCH_CELLS) continue;
    yield batch;
    batch = [];
    cells = 0;
  }
  if (batch.length > 0) yield batch;
}

type Refuse = (code: "E-XLSX-DAMAGED" | "E-XLSX-TOO-LARGE", detail: ReturnType<typeof words>, row: number) => Error;

/** Walks `sheetData/row/c/(v | is)`. Rows and cells without `r` follow the one before. */
function rowHandlers(context: Context, emit: (row: SheetRow) => void, refuse: Refuse): XmlHandlers {
  const inline = textCollector();
  let inData = false;
  let row = 0;
  let hidden = false;
  let isFiltering = false;
  let cells: string[] = [];
  let formulas: number[] = [];
  let column = -1;
  let type: string | undefined;
  let style: string | undefined;
  let stored = "";
  let inValue = false;
  let inInline = false;

  function openRow({ r, hidden: mark }: Attributes): void {
    const next = r === undefined ? row + 1 : Number(r);
    if (!Number.isInteger(next) || next <= row)
      throw refuse("E-XLSX-DAMAGED", words(`行号 ${r} 不递增`, `row number ${r} does not rise`), row);
    if (next > MOST_ROWS)
      throw refuse("E-XLSX-TOO-LARGE", words(`超过 ${MOST_ROWS} 行`, `more than ${MOST_ROWS} rows`), next);
    row = next;
    hidden = isTrue(mark);
    cells = [];
    formulas = [];
    column = -1;
  }

  function readRow(): SheetRow {
    const shown: SheetRow = formulas.length > 0 ? { row, cells, formulas } : { row, cells };
    if (!hidden) return shown;
    return isFiltering ? { ...shown, hidden: true, filtered: true } : { ...shown, hidden: true };
  }

  function openCell({ r, t, s }: Attributes): void {
    const next = r === undefined ? column + 1 : columnIndex(r);
    if (next >= MOST_COLUMNS)
      throw refuse("E-XLSX-TOO-LARGE", words(`超过 ${MOST_COLUMNS} 列`, `more than ${MOST_COLUMNS} columns`), row);
    if (next <= column) throw refuse("E-XLSX-DAMAGED", words(`单元格 ${r} 错位`, `cell ${r} is out of place`), row);
    column = next;
    type = t;
    style = s;
    stored = "";
    inline.start();
  }

  function closeCell(): void {
    const text = type === "inlineStr" ? inline.end() : valueText(stored, type, style, context);
    if (text === undefined)
      throw refuse("E-XLSX-DAMAGED", words("单元格引用了不存在的字符串", "a cell refers to a missing string"), row);
    if (text === "") return;
    while (cells.length < column) cells.push("");
    cells.push(text);
  }

  return {
    open(name, attributes) {
      if (name === "c") inData && openCell(attributes);
      else if (name === "v") inValue = inData;
      else if (name === "f") inData && formulas.push(column);
      else if (name === "row") inData && openRow(attributes);
      else if (name === "is") inInline = inData;
      else if (name === "sheetData") inData = true;
      else if (name === "sheetPr") isFiltering = isTrue(attributes.filterMode);
      else if (inInline) inline.open(name);
    },
    text(text) {
      if (inValue) stored += text;
      else if (inInline) inline.add(text);
    },
    close(name) {
      if (name === "v") inValue = false;
      else if (name === "c") inData && closeCell();
      else if (name === "row") {
        if (inData && cells.length > 0) emit(readRow());
        cells = [];
      } else if (name === "is") inInline = false;
      else if (name === "sheetData") inData = false;
      else if (inInline) inline.close(name);
    },
  };
}

function isTrue(flag: string | undefined): boolean {
  return flag === "1" || flag === "true";
}

/** Text of a stored value by the cell's type; undefined where a shared string is missing. */
function valueText(
  stored: string,
  type: string | undefined,
  style: string | undefined,
  { strings, displays, epoch1904 }: Context,
): string | undefined {
  if (stored === "") return "";
  if (type === "s") return strings[Number(stored)];
  if (type === "str") return unescapeText(stored);
  if (type === "b") return stored.trim() === "1" || stored.trim() === "true" ? "TRUE" : "FALSE";
  if (type === "e") return stored.trim();
  if (type === "d") return isoText(stored);
  return numberText(stored, displays[Number(style ?? 0)] ?? { kind: "number" }, epoch1904);
}

/** `AB12` → 27. Text that is no reference gives -1, which is refused as out of place. */
function columnIndex(reference: string): number {
  let index = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~0x20; // upper case
    if (letter < 65 || letter > 90) break;
    index = index * 26 + letter - 64;
  }
  return index - 1;
}
