/** A ledger as an XLSX workbook with a title above its headings, the same bytes each time. */
import ExcelJS from "exceljs";
import JSZip from "jszip";
import { COLUMNS, HEADINGS, NUMBER_COLUMNS, type Unit } from "./columns.ts";

/** Stands in the file for the time of writing: the day of the work plan. */
const FIXED_DATE = new Date(Date.UTC(2019, 8, 5));
const TITLE_FONT = { name: "宋体", size: 16, bold: true };

/** Bytes of a workbook of one sheet: title, headings, one row a unit. Codes are text cells, figures are numbers. */
export async function workbookBytes(title: string, units: Iterable<Unit>): Promise<Uint8Array> {
  JSZip.defaults.date = FIXED_DATE;
  const workbook = new ExcelJS.Workbook();
  workbook.creator = "chouqian sample";
  workbook.lastModifiedBy = "chouqian sample";
  workbook.created = FIXED_DATE;
  workbook.modified = FIXED_DATE;
  const sheet = workbook.addWorksheet("名录", { views: [{ state: "frozen", xSplit: 2, ySplit: 2 }] });
  sheet.addRow([title]).font = TITLE_FONT;
  sheet.addRow([...HEADINGS]).font = { bold: true };
  for (const unit of units) sheet.addRow(COLUMNS.map((column) => cellValue(column, unit[column])));
  for (const [i, width] of [22, 36, 14, 16].entries()) sheet.getColumn(i + 1).width = width;
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

function cellValue(column: (typeof COLUMNS)[number], text: string): string | number | null {
  if (text === "") return null;
  return NUMBER_COLUMNS.has(column) ? Number(text) : text;
}
