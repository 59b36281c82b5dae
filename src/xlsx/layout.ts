/** Layout of sheets: tables with fitted columns, frozen heads, filters, and the set-up for A4 print. */
import { STYLES } from "./styles.ts";
import { type CellStyle, type Content, put, safeText, type Workbook, type Worksheet } from "./write.ts";

/** One column of a table. */
export interface Column<Row> {
  readonly heading: string;
  readonly value: (row: Row, index: number) => Content;
  readonly style?: CellStyle | ((row: Row) => CellStyle);
  /** Width in half-width characters; by content between 6 and `most` (40) where absent. */
  readonly width?: number;
  readonly most?: number;
}

const NARROWEST = 6;
const WIDEST = 40;
const BODY_SIZE = 11;
/** A line of body text in points. */
const LINE_HEIGHT = 15;
/** Excel's own limit is 409 points. */
const HIGHEST = 400;
/** Excel measures columns by the digits of its own font, which are narrower than half a Chinese character. */
const LOOSE = 1.08;

/** Writes a head row at `top` and the rows below it; returns the number of the last row written. */
export function writeTable<Row>(
  sheet: Worksheet,
  top: number,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): number {
  const fit = columns.map(({ heading }) => displayWidth(heading));
  columns.forEach((column, c) => {
    put(sheet, top, c + 1, column.heading, STYLES.head);
  });
  const wrapped: Wrapped[][] = rows.map((row, r) =>
    columns.flatMap((column, c) => {
      const content = column.value(row, r);
      const style = typeof column.style === "function" ? column.style(row) : (column.style ?? STYLES.body);
      put(sheet, top + 1 + r, c + 1, content, style);
      const width = (contentWidth(content) * (style.font?.size ?? BODY_SIZE)) / BODY_SIZE;
      fit[c] = Math.max(fit[c] ?? 0, width);
      return width > NARROWEST && style.alignment?.wrapText ? [{ c, width }] : [];
    }),
  );
  const widths = columns.map(({ width, most = WIDEST }, c) => {
    return width ?? Math.min(most, Math.max(NARROWEST, (fit[c] ?? 0) * LOOSE + 1));
  });
  widths.forEach((width, c) => {
    sheet.getColumn(c + 1).width = width;
  });
  const headLines = columns.map(({ heading }, c) => Math.ceil((displayWidth(heading) * LOOSE) / (widths[c] ?? WIDEST)));
  if (Math.max(...headLines) > 1) sheet.getRow(top).height = heightOf(Math.max(...headLines));
  wrapped.forEach((cells, r) => {
    const lines = Math.max(1, ...cells.map(({ c, width }) => Math.ceil((width * LOOSE) / ((widths[c] ?? WIDEST) - 1))));
    if (lines > 1) sheet.getRow(top + 1 + r).height = heightOf(lines);
  });
  return top + rows.length;
}

/** A cell that may need more than one line. Programs other than Excel do not fit rows by themselves. */
interface Wrapped {
  readonly c: number;
  readonly width: number;
}

/** Rows of plain text on a sheet that Excel does not offer to show, for programs to read. */
export function addHiddenSheet(workbook: Workbook, name: string, rows: readonly (readonly string[])[]) {
  const sheet = workbook.addWorksheet(name, { state: "veryHidden" });
  rows.forEach((cells, r) => {
    cells.forEach((text, c) => {
      put(sheet, r + 1, c + 1, text, STYLES.plain);
    });
  });
}

/** Keeps the rows down to `headRow` in sight. */
export function freeze(sheet: Worksheet, headRow: number, columns = 0) {
  sheet.views = [{ state: "frozen", ySplit: headRow, xSplit: columns, showGridLines: false }];
}

/** How a sheet is printed; rows and columns count from 1. */
export interface PrintSetup {
  readonly orientation: "portrait" | "landscape";
  /** The row repeated on each page, or the rows from the first to the last. */
  readonly headRow?: number | readonly [number, number];
  /** Columns from A on that each page repeats. */
  readonly headColumns?: number;
  readonly lastRow: number;
  readonly lastColumn: number;
  /** Pages side by side; one where absent. */
  readonly pagesWide?: number;
  /** What stands at the foot's left and right. */
  readonly foot?: readonly [left: string, right: string];
}

/** A4, so many pages wide, the head repeated, pages numbered. */
export function printOnA4(sheet: Worksheet, setup: PrintSetup) {
  const { orientation, headRow, headColumns, lastRow, lastColumn, pagesWide = 1, foot } = setup;
  const [first, last] = typeof headRow === "number" ? [headRow, headRow] : (headRow ?? []);
  Object.assign(sheet.pageSetup, {
    paperSize: 9,
    orientation,
    fitToPage: true,
    fitToWidth: pagesWide,
    fitToHeight: 0,
    horizontalCentered: pagesWide === 1,
    pageOrder: "overThenDown",
    margins: { left: 0.5, right: 0.5, top: 0.6, bottom: 0.7, header: 0.3, footer: 0.35 },
    // exceljs sets a dollar sign before each part, so the row's must stand here
    printArea: `A$1:${columnLetters(lastColumn)}$${lastRow}`,
    ...(first === undefined ? {} : { printTitlesRow: `${first}:${last}` }),
    ...(headColumns === undefined ? {} : { printTitlesColumn: `A:${columnLetters(headColumns)}` }),
  });
  const [left, right] = (foot ?? ["", ""]).map((text) => safeText(text).replaceAll("&", "&&").slice(0, 100));
  const side = (letter: string, text = "") => (text === "" ? "" : `&${letter}&9${text}`);
  // a digit right after the size would be read as part of it
  sheet.headerFooter.oddFooter = `${side("L", left && ` ${left}`)}&C第 &P 页，共 &N 页${side("R", right && ` ${right}`)}`;
}

/** 28 → `AB`. */
export function columnLetters(column: number): string {
  const head = Math.floor((column - 1) / 26);
  return (head > 0 ? columnLetters(head) : "") + String.fromCharCode(65 + ((column - 1) % 26));
}

/** Width of a text in half-width characters: Chinese and full-width ones count two. The longest line decides. */
export function displayWidth(text: string): number {
  let widest = 0;
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10) width = 0;
    else if (unit < 0xdc00 || unit > 0xdfff) width += unit < 0x1100 ? 1 : 2; // a low surrogate adds nothing
    if (width > widest) widest = width;
  }
  return widest;
}

/** Makes a row high enough for its texts in the widths given: Excel does not fit merged cells, other programs none. */
export function fitHeight(sheet: Worksheet, row: number, least: number, ...cells: (readonly [string, number])[]) {
  const lines = cells.map(([text, width]) =>
    text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil((displayWidth(line) * LOOSE) / (width - 1))), 0),
  );
  sheet.getRow(row).height = Math.max(least, heightOf(Math.max(1, ...lines)));
}

function heightOf(lines: number): number {
  return Math.min(HIGHEST, LINE_HEIGHT * lines + 2);
}

/** Shows cells in bold on grey where a formula holds, to be seen on black-and-white paper too. */
export function markWhere(sheet: Worksheet, range: string, formula: string) {
  // rules of one sheet need priorities of their own; the published types lack the list
  const { conditionalFormattings } = sheet as unknown as { conditionalFormattings: readonly unknown[] };
  const priority = conditionalFormattings.length + 1;
  const fill = { type: "pattern", pattern: "solid", bgColor: { argb: "FFBFBFBF" } } as const;
  const style = { font: { bold: true }, fill };
  sheet.addConditionalFormatting({
    ref: range,
    rules: [{ type: "expression", priority, formulae: [formula], style }],
  });
}

/** Shows cells in grey letters where a formula holds: they do not count. */
export function fadeWhere(sheet: Worksheet, range: string, formula: string) {
  const { conditionalFormattings } = sheet as unknown as { conditionalFormattings: readonly unknown[] };
  sheet.addConditionalFormatting({
    ref: range,
    rules: [
      {
        type: "expression",
        priority: conditionalFormattings.length + 1,
        formulae: [formula],
        style: { font: { color: { argb: "FF7F7F7F" }, italic: true } },
      },
    ],
  });
}

function contentWidth(content: Content): number {
  if (content === null) return 0;
  if (typeof content === "object") return contentWidth(content.result);
  return displayWidth(String(content));
}
