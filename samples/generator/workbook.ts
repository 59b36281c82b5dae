/** A ledger as an XLSX workbook with a title above its headings, the same bytes each time. */
import { STYLES } from "../../src/xlsx/styles.ts";
import { newWorkbook, put, toBytes } from "../../src/xlsx/write.ts";
import { COLUMNS, HEADINGS, NUMBER_COLUMNS, type Unit } from "./columns.ts";

const WIDTHS = [22, 36, 14, 16];

/** Bytes of a workbook of one sheet: title, headings, one row a unit. Codes are text cells, figures are numbers. */
export async function workbookBytes(title: string, units: Iterable<Unit>): Promise<Uint8Array> {
  const workbook = newWorkbook(title);
  const sheet = workbook.addWorksheet("名录", { views: [{ state: "frozen", xSplit: 2, ySplit: 2 }] });
  put(sheet, 1, 1, title, STYLES.title);
  HEADINGS.forEach((heading, column) => {
    put(sheet, 2, column + 1, heading, STYLES.head);
  });
  let row = 2;
  for (const unit of units) {
    row += 1;
    for (const [column, key] of COLUMNS.entries()) {
      const text = unit[key];
      if (text === "") continue;
      const isNumber = NUMBER_COLUMNS.has(key);
      put(sheet, row, column + 1, isNumber ? Number(text) : text, isNumber ? STYLES.number : STYLES.code);
    }
  }
  WIDTHS.forEach((width, column) => {
    sheet.getColumn(column + 1).width = width;
  });
  return toBytes(workbook);
}
