/** 问题清单.xlsx: all that is wrong with a ledger, as a workbook that the office sends back. */
import type { Place, Problem } from "../text/errors.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { linkToFile, newWorkbook, putAcross, toBytes, type Workbook } from "../xlsx/write.ts";
import type { LikeNames } from "./like-names.ts";
import type { ProblemCount } from "./problem-log.ts";
import { citySheet, pairSheet, severitiesInWords, severityOf, summarySheet, sumOf } from "./problem-summary.ts";

/** The ledger that was checked. */
export interface CheckedLedger {
  readonly files: readonly { readonly name: string; readonly rows: number }[];
  /** Units that went into the frame, where it could be built. */
  readonly units?: number;
  /** How many problems there are; of the problems given where absent. */
  readonly counts?: readonly ProblemCount[];
  readonly likeNames?: readonly LikeNames[];
}

/** Excel grows slow beyond; the summary still counts all. */
const MOST_LISTED = 100_000;

/** The workbook's bytes, the same for the same problems. The list holds the first `most` of them. */
export async function problemWorkbook(
  problems: readonly Problem[],
  about: CheckedLedger,
  most = MOST_LISTED,
): Promise<Uint8Array> {
  const workbook = newWorkbook("名录问题清单");
  listSheet(workbook, problems, about, most);
  const counts = countsOf(problems, about);
  summarySheet(workbook, problems, counts, about.files);
  citySheet(workbook, problems, counts);
  if (about.likeNames !== undefined && about.likeNames.length > 0) pairSheet(workbook, about.likeNames);
  return toBytes(workbook);
}

/** The sheet with a row for each problem, and its column for what was done about it. */
export const LIST_SHEET = "问题清单";
export const ANSWER_HEADING = "处理结果";

const COLUMNS: readonly Column<Problem>[] = [
  { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred },
  { heading: "严重程度", value: ({ code }) => severityOf(code), style: STYLES.centred, width: 9 },
  { heading: "文件", value: ({ at }) => at.file ?? "", most: 17 },
  { heading: "工作表", value: ({ at }) => at.sheet ?? "", most: 10 },
  { heading: "行", value: ({ at }) => at.row ?? null, style: STYLES.centred, width: 8 },
  { heading: "列", value: ({ at }) => at.column ?? "", most: 13 },
  { heading: "位置", value: ({ at }) => linkOf(at), style: STYLES.link, width: 8 },
  { heading: "值", value: ({ at }) => at.value ?? "", style: STYLES.code, most: 21 },
  { heading: "问题代码", value: ({ code }) => code, most: 17 },
  { heading: "问题说明", value: ({ message }) => message.zh, most: 34 },
  { heading: "处理建议", value: ({ advice }) => advice.zh, most: 30 },
  { heading: ANSWER_HEADING, value: () => null, style: STYLES.input, width: 14 },
];
const HEAD_ROW = 3;

/** Link into the ledger, which works where the list lies beside it. */
function linkOf({ file, sheet, cell }: Place) {
  return file === undefined || cell === undefined ? null : linkToFile(file, sheet, cell);
}

function listSheet(workbook: Workbook, problems: readonly Problem[], about: CheckedLedger, most: number) {
  const sheet = workbook.addWorksheet(LIST_SHEET);
  const across = [1, COLUMNS.length] as const;
  const listed = problems.slice(0, most);
  let lastRow = writeTable(sheet, HEAD_ROW, COLUMNS, listed);
  putAcross(sheet, 1, across, "名录问题清单", STYLES.title);
  putAcross(sheet, 2, across, inWords(problems.length, about, countsOf(problems, about), most), STYLES.note);
  sheet.getRow(1).height = 28;
  if (problems.length === 0) {
    lastRow++;
    putAcross(sheet, lastRow, across, "未发现问题。", STYLES.centred);
  }
  sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: lastRow, column: COLUMNS.length } };
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: COLUMNS.length });
}

/** How many problems there are of each kind, by city and file: as counted, else of those listed. */
function countsOf(problems: readonly Problem[], { counts }: CheckedLedger): readonly ProblemCount[] {
  return counts ?? problems.map(({ code, at }) => ({ code, file: at.file ?? UNNAMED, city: "", count: 1 }));
}

const UNNAMED = "（未指明文件）";

function inWords(kept: number, { files, units }: CheckedLedger, counts: readonly ProblemCount[], most: number): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const total = sumOf(counts);
  const said = [
    `检查文件 ${files.length} 个、数据 ${rows} 行`,
    ...(units === undefined ? [] : [`入框单位 ${units} 家`]),
    `问题 ${total} 条（${severitiesInWords(counts)}）`,
  ];
  const listed = Math.min(kept, most);
  if (total > listed) said.push(`本表列出 ${listed} 条，另有 ${total - listed} 条未列，条数见“汇总”`);
  return `${said.join("；")}。“拒绝”须改正后重新读取名录，“提醒”须核实，“提示”供参考；请在“处理结果”栏填写。本表与名录放在同一文件夹时，点“位置”可跳到名录。`;
}
