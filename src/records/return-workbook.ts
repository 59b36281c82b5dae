/**
 * 退回_….xlsx: what goes back to those who filled a form in: all that is wrong with it, and the faulty sheets with the cells
 * marked. The sheets keep addresses, ids and hidden marks, so that they can be corrected and imported as they are.
 */
import { mark } from "../forms/record-marks.ts";
import { type Problem, placeInWords } from "../text/errors.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { comment, linkTo, newWorkbook, put, putAcross, safeSheetName, toBytes, type Workbook } from "../xlsx/write.ts";
import { isError } from "./faults.ts";
import type { FilledSheet } from "./filled.ts";

const LIST = "问题清单";
/** Larger sheets are no record forms; their faults are listed alone. */
const MOST_CELLS = 100_000;
const WIDTHS = [6, 14, 30, 8, 11, 22, 22, 11, 10, 16, 24] as const;

/** The workbook's bytes, the same for the same file and faults. */
export async function returnWorkbook(
  file: string,
  sheets: readonly FilledSheet[],
  problems: readonly Problem[],
): Promise<Uint8Array> {
  const workbook = newWorkbook(`退回：${file}`);
  const list = workbook.addWorksheet(LIST);
  const names = new Map<FilledSheet, string>();
  const used = new Set([LIST]);
  for (const sheet of sheets) {
    const own = problems.filter(({ at }) => at.sheet === sheet.name);
    const cells = sheet.rows.reduce((sum, row) => sum + row.cells.length, 0);
    if (!own.some(isError) || cells > MOST_CELLS) continue;
    const name = freeName(sheet.name ?? "填报表", used);
    names.set(sheet, name);
    copySheet(workbook, name, sheet, own);
  }
  const nameOf = (of: Problem) => [...names].find(([{ name }]) => name === of.at.sheet)?.[1];
  const columns: readonly Column<Problem>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred },
    { heading: "处理", value: (each) => (isError(each) ? "须改正" : "请核实"), style: STYLES.centred, width: 9 },
    { heading: "工作表", value: ({ at }) => at.sheet ?? "", most: 22 },
    {
      heading: "位置",
      value: (each) => {
        const [name, address] = [nameOf(each), addressOf(each)];
        return name === undefined || address === undefined ? placeInWords(each.at).zh : linkTo(name, address, address);
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
  const how = `须改正 ${errors} 处，请核实 ${problems.length - errors} 处。后面各表中有问题的单元格已加粗、加底色并附批注；可在本文件里直接改正后发回，也可改原文件后发回。`;
  putAcross(list, 2, [1, columns.length], how, STYLES.note);
  list.getRow(1).height = 28;
  list.getRow(2).height = 34;
  freeze(list, 3);
  printOnA4(list, { orientation: "landscape", headRow: 3, lastRow, lastColumn: columns.length });
  return toBytes(workbook);
}

function freeName(wanted: string, used: Set<string>): string {
  const name = safeSheetName(wanted);
  let free = name;
  for (let i = 2; used.has(free); i++) free = `${name.slice(0, 26)} ${i}`;
  used.add(free);
  return free;
}

/** `B17`: a table that is no sheet has rows alone. */
function addressOf({ at }: Problem): string | undefined {
  return at.cell ?? (at.row === undefined ? undefined : `A${at.row}`);
}

function copySheet(workbook: Workbook, name: string, { rows }: FilledSheet, problems: readonly Problem[]) {
  const sheet = workbook.addWorksheet(name);
  const byAddress = new Map<string, string[]>();
  for (const problem of problems) {
    const address = addressOf(problem);
    if (address === undefined) continue;
    byAddress.set(address, [...(byAddress.get(address) ?? []), `${problem.message.zh}。${problem.advice.zh}`]);
  }
  for (const { row, cells, hidden } of rows) {
    cells.forEach((text, column) => {
      if (text !== "") put(sheet, row, column + 1, text, STYLES.inputCode);
    });
    if (hidden || cells.includes(mark("unit"))) sheet.getRow(row).hidden = true;
  }
  const marks = rows.find(({ cells }) => cells.includes(mark("unit")))?.cells ?? [];
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length));
  for (let column = 0; column < columns; column++) {
    sheet.getColumn(column + 1).width = WIDTHS[column] ?? 16;
    if (marks[column] === mark("unit") || marks[column] === mark("item")) sheet.getColumn(column + 1).hidden = true;
  }
  for (const [address, told] of byAddress) {
    const cell = sheet.getCell(address);
    put(sheet, Number(cell.row), Number(cell.col), cell.text, STYLES.strongText);
    comment(sheet, Number(cell.row), Number(cell.col), told.join("\n"));
  }
  put(sheet, 1, Math.max(columns, 1) + 1, linkTo(LIST, "A1", "返回问题清单"), STYLES.link);
}
