/**
 * 退回_….xlsx: what goes back to those who filled a form in: all that is wrong with it, and the faulty sheets as they were, with
 * the cells marked. They keep their places, ids and hidden marks, so that they can be corrected and imported as they are.
 */
import { IDENTITY_SHEET, mark } from "../forms/record-marks.ts";
import { type Problem, placeInWords } from "../text/errors.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import {
  comment,
  LISTS_SHEET,
  linkTo,
  loadedWorkbook,
  newWorkbook,
  put,
  putAcross,
  safeSheetName,
  toBytes,
  type Workbook,
  type Worksheet,
} from "../xlsx/write.ts";
import { isError } from "./faults.ts";
import type { FilledSheet } from "./filled.ts";

const LIST = "问题清单";
/** Larger sheets are no record forms; their faults are listed alone. */
const MOST_CELLS = 100_000;
/** Larger workbooks are copied cell by cell: the library holds all of one in memory. */
const MOST_BYTES = 20_000_000;

/** A file that goes back: its bytes, and its sheets as they were read. */
export interface ReturnedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sheets: readonly FilledSheet[];
}

/** The workbook's bytes, the same for the same file and faults. */
export async function returnWorkbook(
  { name: file, bytes, sheets }: ReturnedFile,
  problems: readonly Problem[],
): Promise<Uint8Array> {
  const faulty = sheets.filter((sheet) => {
    const cells = sheet.rows.reduce((sum, row) => sum + row.cells.length, 0);
    return cells <= MOST_CELLS && problems.some((each) => isError(each) && each.at.sheet === sheet.name);
  });
  const workbook = (await marked(bytes, faulty, problems)) ?? copied(faulty, problems);
  workbook.title = `退回：${file}`;
  const names = new Map(faulty.map(({ name }) => [name, name ?? COPY]));
  writeList(workbook, file, problems, names);
  return toBytes(workbook);
}
const COPY = "填报表";
/** What stands for the place of what is wrong with more than a row. */
const [WHOLE_SHEET, WHOLE_FILE] = ["整张表", "整个文件"];

/** The faulty sheets of the file itself; undefined where it is no workbook that the library can read. */
async function marked(
  bytes: Uint8Array,
  faulty: readonly FilledSheet[],
  problems: readonly Problem[],
): Promise<Workbook | undefined> {
  if (faulty.length === 0 || bytes[0] !== 0x50 || bytes.length > MOST_BYTES) return undefined;
  let workbook: Workbook;
  try {
    workbook = await loadedWorkbook(bytes);
  } catch {
    return undefined;
  }
  const names = new Set(faulty.map(({ name }) => name));
  for (const sheet of workbook.worksheets) {
    if (names.has(sheet.name)) {
      markCells(sheet, problems);
      leadToList(sheet);
    }
    const isKept = names.has(sheet.name) || sheet.name === IDENTITY_SHEET || sheet.name === LISTS_SHEET;
    if (!isKept) workbook.removeWorksheet(sheet.id);
  }
  return faulty.every(({ name = "" }) => workbook.getWorksheet(name) !== undefined) ? workbook : undefined;
}

/** The faulty sheets cell by cell, as text. */
function copied(faulty: readonly FilledSheet[], problems: readonly Problem[]): Workbook {
  const workbook = newWorkbook(LIST);
  for (const sheet of faulty) {
    const copy = workbook.addWorksheet(safeSheetName(sheet.name ?? COPY));
    copySheet(copy, sheet);
    markCells(copy, problems, sheet.name);
  }
  return workbook;
}

function writeList(
  workbook: Workbook,
  file: string,
  problems: readonly Problem[],
  names: ReadonlyMap<string | undefined, string>,
) {
  const list = workbook.addWorksheet(LIST);
  // the first of the tabs, and the one in sight
  Object.assign(list, { orderNo: -1 });
  workbook.views = [{ x: 0, y: 0, width: 24_000, height: 14_000, firstSheet: 0, activeTab: 0, visibility: "visible" }];
  const nameOf = (of: Problem) => names.get(of.at.sheet);
  const columns: readonly Column<Problem>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred },
    { heading: "处理", value: (each) => (isError(each) ? "须改正" : "请核实"), style: STYLES.centred, width: 9 },
    { heading: "工作表", value: ({ at }) => at.sheet ?? "", most: 22 },
    {
      heading: "位置",
      value: (each) => {
        const [name, address] = [nameOf(each), addressOf(each)];
        if (name !== undefined) return linkTo(name, address ?? "A1", address ?? WHOLE_SHEET);
        const { sheet, row, column } = each.at;
        return placeInWords({ row, column }).zh || (sheet === undefined ? WHOLE_FILE : WHOLE_SHEET);
      },
      style: STYLES.link,
      width: 10,
    },
    { heading: "填写的内容", value: ({ at }) => at.value ?? "", style: STYLES.code, most: 20 },
    { heading: "问题", value: ({ message }) => message.zh, most: 40 },
    { heading: "怎样处理", value: ({ advice }) => advice.zh, most: 36 },
    { heading: "问题代码", value: ({ code }) => code, style: STYLES.centred, most: 26 },
  ];
  const sorted = [...problems.filter(isError), ...problems.filter((each) => !isError(each))];
  const lastRow = writeTable(list, 3, columns, sorted);
  const errors = problems.filter(isError).length;
  putAcross(list, 1, [1, columns.length], `退回：${file}`, STYLES.title);
  const how = `须改正 ${errors} 处，请核实 ${problems.length - errors} 处。后面各表中有问题的单元格已加红框、底色并附批注；可在本文件里直接改正后发回，也可改原文件后发回。`;
  putAcross(list, 2, [1, columns.length], how, STYLES.note);
  list.getRow(1).height = 28;
  list.getRow(2).height = 34;
  freeze(list, 3);
  printOnA4(list, { orientation: "landscape", headRow: 3, lastRow, lastColumn: columns.length });
}

/** `B17`: a table that is no sheet has rows alone. */
function addressOf({ at }: Problem): string | undefined {
  return at.cell ?? (at.row === undefined ? undefined : `A${at.row}`);
}

function markCells(sheet: Worksheet, problems: readonly Problem[], name: string | undefined = sheet.name) {
  const byAddress = new Map<string, string[]>();
  for (const problem of problems) {
    const address = addressOf(problem);
    if (address === undefined || problem.at.sheet !== name) continue;
    byAddress.set(address, [...(byAddress.get(address) ?? []), `${problem.message.zh}。${problem.advice.zh}`]);
  }
  for (const [address, told] of byAddress) {
    const cell = sheet.getCell(address).master;
    cell.style = { ...cell.style, ...STYLES.fault };
    comment(sheet, Number(cell.row), Number(cell.col), told.join("\n"));
  }
}

/** The link back to the index, which does not go back, leads to the list. */
function leadToList(sheet: Worksheet) {
  for (let row = 1; row <= 4; row++) {
    sheet.getRow(row).eachCell((cell) => {
      if (!cell.formula?.startsWith("HYPERLINK(")) return;
      put(sheet, row, Number(cell.col), linkTo(LIST, "A1", `返回${LIST}`), cell.style);
    });
  }
}

function copySheet(sheet: Worksheet, { rows }: FilledSheet) {
  for (const { row, cells, hidden } of rows) {
    cells.forEach((text, column) => {
      if (text !== "") put(sheet, row, column + 1, text, STYLES.plain);
    });
    if (hidden || cells.includes(mark("unit"))) sheet.getRow(row).hidden = true;
  }
  const marks = rows.find(({ cells }) => cells.includes(mark("unit")))?.cells ?? [];
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length));
  for (let column = 0; column < columns; column++) {
    sheet.getColumn(column + 1).width = WIDTH;
    if (marks[column] === mark("unit") || marks[column] === mark("item")) sheet.getColumn(column + 1).hidden = true;
  }
}
const WIDTH = 16;
