/** What the sheets of 评定汇总.xlsx have in common: a title and a note over a table, figures and formulas in its cells. */
import { type Column, fitHeight, freeze, printOnA4, writeTable } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import type { CellStyle, Content, Formula, Workbook } from "../../xlsx/write.ts";
import { putAcross } from "../../xlsx/write.ts";

export const HEAD_ROW = 4;
const { number } = STYLES;
/** A share in all its digits, on one line. */
export const PERCENT: CellStyle = { ...STYLES.percent, alignment: { horizontal: "center", vertical: "middle" } };
/** Bounds and rates that a reader may reckon on with: all their digits stay in the cell. */
export const FIGURE: CellStyle = { ...number, numFmt: "0.000000" };
export const COUNT: CellStyle = { ...number, numFmt: "0" };

export const formula = (text: string, result: string | number | null): Formula => ({
  formula: text,
  result: result ?? "",
});
/** A figure, or an empty cell where there is none. */
export const figure = (value: number | null | undefined): Content => value ?? null;

/** A quotient, or an empty cell where there is none. */
export function ratio(part: string, whole: string): string {
  return `IF(${whole}=0,"",${part}/${whole})`;
}

/** The row of the sheet where the row of the table stands. */
export function row(index: number): number {
  return HEAD_ROW + 1 + index;
}

/** Half-width characters that a page is wide before its letters become too small to read. */
const PAGE_WIDTH = 165;
/** Columns that stay in sight, and come again on each page. */
const HEAD_COLUMNS = 2;

export function sheetOf<Row>(
  workbook: Workbook,
  { name, title, note }: { readonly name: string; readonly title: string; readonly note: string },
  columns: readonly Column<Row>[],
  rows: readonly Row[],
) {
  const sheet = workbook.addWorksheet(name);
  const lastRow = writeTable(sheet, HEAD_ROW, columns, rows);
  const widths = columns.map((column) => column.width ?? 0);
  const pagesWide = Math.ceil(widths.reduce((sum, each) => sum + each, 0) / PAGE_WIDTH);
  // Title and note stand on the first of several pages side by side, beyond the columns that all pages repeat.
  const first = pagesWide > 1 ? HEAD_COLUMNS + 1 : 1;
  let [width, last] = [0, 0];
  while (last < columns.length && width + (widths[last] ?? 0) <= PAGE_WIDTH) width += widths[last++] ?? 0;
  putAcross(sheet, 1, [first, last], title, STYLES.title);
  putAcross(sheet, 2, [first, last], note, STYLES.note);
  sheet.getRow(1).height = 28;
  const room = width - widths.slice(0, first - 1).reduce((sum, each) => sum + each, 0);
  fitHeight(sheet, 2, 20, [note, room]);
  freeze(sheet, HEAD_ROW, HEAD_COLUMNS);
  printOnA4(sheet, {
    orientation: "landscape",
    headRow: HEAD_ROW,
    lastRow,
    lastColumn: columns.length,
    pagesWide,
    ...(pagesWide > 1 ? { headColumns: HEAD_COLUMNS } : {}),
  });
  return sheet;
}
