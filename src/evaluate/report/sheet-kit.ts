/** What the sheets of 评定汇总.xlsx have in common: a title and a note over a table, figures and formulas in its cells. */
import { type Column, columnLetters, fitHeight, freeze, printOnA4, writeTable } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import type { CellStyle, Content, Formula, Workbook } from "../../xlsx/write.ts";
import { putAcross } from "../../xlsx/write.ts";

export const HEAD_ROW = 4;
const { number } = STYLES;
/** A share in all its digits, on one line. */
export const PERCENT: CellStyle = { ...STYLES.percent, alignment: { horizontal: "center", vertical: "middle" } };
/** Weighted sums, design effects and the like; all their digits stay in the cell for a reader to reckon on with. */
export const FIGURE: CellStyle = { ...number, numFmt: "0.00" };
/** Chances and weights between 0 and 1. */
export const SHARE: CellStyle = { ...number, numFmt: "0.000" };
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

/** Half-width characters up to which a table is read well on an upright page. */
const UPRIGHT = 130;
/** Columns that stay in sight. */
const HEAD_COLUMNS = 2;

/** The cell of a column by its heading, in the row of the table. */
export function cellOf<Row>(columns: readonly Column<Row>[], heading: string, index: number): string {
  return `${columnLetters(columns.findIndex((column) => column.heading === heading) + 1)}${row(index)}`;
}

/**
 * A sheet of a title, a note and a table, printed one page wide with the heading repeated.
 * @param printed columns from the first that are printed; all where absent
 */
export function sheetOf<Row>(
  workbook: Workbook,
  { name, title, note }: { readonly name: string; readonly title: string; readonly note: string },
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  printed = columns.length,
) {
  const sheet = workbook.addWorksheet(name);
  const lastRow = writeTable(sheet, HEAD_ROW, columns, rows);
  putAcross(sheet, 1, [1, printed], title, STYLES.title);
  putAcross(sheet, 2, [1, printed], note, STYLES.note);
  sheet.getRow(1).height = 28;
  const width = columns.slice(0, printed).reduce((sum, column) => sum + (column.width ?? 0), 0);
  fitHeight(sheet, 2, 20, [note, width]);
  freeze(sheet, HEAD_ROW, HEAD_COLUMNS);
  printOnA4(sheet, {
    orientation: width > UPRIGHT ? "landscape" : "portrait",
    headRow: HEAD_ROW,
    lastRow,
    lastColumn: printed,
  });
  return sheet;
}
