/** The index of a record workbook: links, progress and counts of every source, and the units that left the sample. */
import { CLASS_NAMES } from "../../reference/classes.ts";
import { type Column, freeze, markWhere, printOnA4, writeTable } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import { type Formula, linkTo, put, putAcross, type Worksheet } from "../../xlsx/write.ts";
import { type ReplacedSource, roleName } from "../source.ts";
import { TOLERATED_ERROR_RATE } from "./cells.ts";
import { isNonResponse } from "./counts.ts";
import type { FilledSource, WorkbookTask } from "./task.ts";

export const INDEX_SHEET = "目录";
const [TOTAL_ROW, HEAD_ROW] = [3, 4] as const;
const LAST = 13;

const formula = (text: string, result: string | number): Formula => ({ formula: text, result });

const COLUMNS: readonly Column<FilledSource>[] = [
  { heading: "序号", width: 6, style: STYLES.centred, value: (_, i) => i + 1 },
  {
    heading: "单位名称（点击打开）",
    width: 40,
    style: STYLES.link,
    value: ({ sheetName, address, source }) => linkTo(sheetName, address, source.name),
  },
  { heading: "单位代码", width: 22, style: STYLES.code, value: ({ source }) => source.id },
  {
    heading: "污染源类别",
    width: 18,
    style: STYLES.centred,
    value: ({ source }) => CLASS_NAMES[source.sourceClass].zh,
  },
  { heading: "县区", width: 12, style: STYLES.centred, value: ({ source }) => source.countyName },
  { heading: "样本或备选", width: 8, style: STYLES.centred, value: ({ source }) => roleName(source) },
  // an empty cell elsewhere reads as 0
  { heading: "核查去向", width: 11, style: STYLES.centred, value: ({ outcome }) => formula(`${outcome}&""`, "") },
  { heading: "应填", width: 7, style: STYLES.centred, value: ({ due, total }) => formula(due, total) },
  { heading: "已填", width: 7, style: STYLES.centred, value: ({ filled }) => formula(filled, 0) },
  { heading: "进度", width: 9, style: STYLES.centred, value: (_, i) => progressOf(HEAD_ROW + 1 + i) },
  { heading: "核查关键指标", width: 9, style: STYLES.centred, value: ({ checked }) => formula(checked, 0) },
  { heading: "差错", width: 7, style: STYLES.centred, value: ({ wrong }) => formula(wrong, 0) },
  { heading: "差错率", width: 9, style: STYLES.percent, value: ({ rate }) => formula(rate, "") },
];

/** A source that was not found or refused is done with. */
function progressOf(row: number): Formula {
  const isOver = `OR(${isNonResponse(`G${row}`)},I${row}=H${row})`;
  return formula(`IF(${isOver},"已核查",IF(I${row}=0,"未核查","核查中"))`, "未核查");
}

export function writeIndex(sheet: Worksheet, task: WorkbookTask, filled: readonly FilledSource[]) {
  const lastRow = writeTable(sheet, HEAD_ROW, COLUMNS, filled);
  const below = (letter: string) => `${letter}${HEAD_ROW + 1}:${letter}${Math.max(lastRow, HEAD_ROW + 1)}`;
  const total = filled.reduce((sum, each) => sum + each.total, 0);
  putAcross(sheet, 1, [1, LAST], `${task.title}核查记录表`, STYLES.title);
  const howTo = `${task.round.name}　共 ${filled.length} 家；只填写浅黄色单元格；工作表可以复制、改名，整行排序。`;
  putAcross(sheet, 2, [1, LAST], howTo, STYLES.subtitle);
  putAcross(sheet, TOTAL_ROW, [1, 7], "合计", STYLES.strongText);
  const totals: readonly Formula[] = [
    formula(`SUM(${below("H")})`, total),
    formula(`SUM(${below("I")})`, 0),
    formula(`COUNTIF(${below("J")},"已核查")&"/${filled.length}"`, `0/${filled.length}`),
    formula(`SUM(${below("K")})`, 0),
    formula(`SUM(${below("L")})`, 0),
  ];
  totals.forEach((each, i) => {
    put(sheet, TOTAL_ROW, 8 + i, each, STYLES.strongCentred);
  });
  put(sheet, TOTAL_ROW, LAST, formula(`IF(K${TOTAL_ROW}=0,"",L${TOTAL_ROW}/K${TOTAL_ROW})`, ""), STYLES.percent);
  markWhere(sheet, `M${TOTAL_ROW}:M${Math.max(lastRow, HEAD_ROW)}`, `AND(ISNUMBER(M3),M3>${TOLERATED_ERROR_RATE})`);
  sheet.getRow(1).height = 28;
  freeze(sheet, HEAD_ROW, 2);
  const bottom = writeReplaced(sheet, task.replaced, lastRow);
  printOnA4(sheet, {
    orientation: "landscape",
    headRow: HEAD_ROW,
    lastRow: bottom,
    lastColumn: LAST,
    foot: [`样本清单 ${task.round.manifestDigest.slice(0, 16)}`, ""],
  });
}

/** Units that left the sample, struck out below the table, two rows apart from it; returns the last row. */
function writeReplaced(sheet: Worksheet, replaced: readonly ReplacedSource[], lastRow: number): number {
  if (replaced.length === 0) return lastRow;
  const { centred, code, struck } = STYLES;
  let row = lastRow + 2;
  putAcross(sheet, row, [1, LAST], `已替换的单位（${replaced.length} 家，不再核查）`, STYLES.group);
  for (const [index, { id, name, sourceClass, reason, by }] of replaced.entries()) {
    row++;
    put(sheet, row, 1, index + 1, centred);
    put(sheet, row, 2, name, struck);
    put(sheet, row, 3, id, struck);
    put(sheet, row, 4, CLASS_NAMES[sourceClass].zh, centred);
    putAcross(sheet, row, [5, 6], reason, centred);
    putAcross(sheet, row, [7, LAST], by === undefined ? "该层已无单位可递补" : `由 ${by} 递补`, code);
  }
  return row;
}
