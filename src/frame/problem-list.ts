/** 问题清单.xlsx: all that is wrong with a ledger, as a workbook that the office sends back. */
import type { Problem } from "../text/errors.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { newWorkbook, put, putAcross, toBytes, type Workbook } from "../xlsx/write.ts";
import type { LikeNames } from "./like-names.ts";
import type { ProblemCount } from "./problem-log.ts";

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
  summarySheet(workbook, problems, about);
  return toBytes(workbook);
}

/** By the first letter of a problem's code. */
const SEVERITIES = { E: "拒绝", W: "提醒", N: "提示" } as const;
type Severity = (typeof SEVERITIES)[keyof typeof SEVERITIES];

function severityOf(code: string): Severity {
  if (code.startsWith("W-")) return SEVERITIES.W;
  return code.startsWith("N-") ? SEVERITIES.N : SEVERITIES.E;
}

const COLUMNS: readonly Column<Problem>[] = [
  { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred },
  { heading: "严重程度", value: ({ code }) => severityOf(code), style: STYLES.centred, width: 11 },
  { heading: "文件", value: ({ at }) => at.file ?? "", most: 24 },
  { heading: "工作表", value: ({ at }) => at.sheet ?? "", most: 16 },
  { heading: "行", value: ({ at }) => at.row ?? null, style: STYLES.centred, width: 9 },
  { heading: "列", value: ({ at }) => at.column ?? "", most: 20 },
  { heading: "值", value: ({ at }) => at.value ?? "", style: STYLES.code, most: 24 },
  { heading: "问题代码", value: ({ code }) => code, most: 28 },
  { heading: "问题说明", value: ({ message }) => message.zh, most: 44 },
  { heading: "处理建议", value: ({ advice }) => advice.zh, most: 44 },
  { heading: "处理结果", value: () => null, style: STYLES.input, width: 20 },
];
const HEAD_ROW = 3;

function listSheet(workbook: Workbook, problems: readonly Problem[], about: CheckedLedger, most: number) {
  const sheet = workbook.addWorksheet("问题清单");
  const across = [1, COLUMNS.length] as const;
  const listed = problems.slice(0, most);
  let lastRow = writeTable(sheet, HEAD_ROW, COLUMNS, listed);
  putAcross(sheet, 1, across, "名录问题清单", STYLES.title);
  putAcross(sheet, 2, across, inWords(problems, about, most), STYLES.note);
  sheet.getRow(1).height = 28;
  if (problems.length === 0) {
    lastRow++;
    putAcross(sheet, lastRow, across, "未发现问题。", STYLES.centred);
  }
  sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: lastRow, column: COLUMNS.length } };
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: COLUMNS.length });
}

function inWords(problems: readonly Problem[], { files, units }: CheckedLedger, most: number): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const counts = countBySeverity(problems);
  const said = [
    `检查文件 ${files.length} 个、数据 ${rows} 行`,
    ...(units === undefined ? [] : [`入框单位 ${units} 家`]),
    `问题 ${problems.length} 条（${Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join("，")}）`,
  ];
  const rest = problems.length - most;
  if (rest > 0) said.push(`本表列出前 ${most} 条，另有 ${rest} 条未列，条数见“汇总”`);
  return `${said.join("；")}。“拒绝”须改正后重新读取名录，“提醒”须核实，“提示”供参考；请在“处理结果”栏填写。`;
}

function countBySeverity(problems: readonly Problem[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { 拒绝: 0, 提醒: 0, 提示: 0 };
  for (const { code } of problems) counts[severityOf(code)]++;
  return counts;
}

interface CodeCount {
  readonly first: Problem;
  count: number;
}

function summarySheet(workbook: Workbook, problems: readonly Problem[], { files }: CheckedLedger) {
  const sheet = workbook.addWorksheet("汇总");
  const codeColumns: readonly Column<CodeCount>[] = [
    { heading: "问题代码", value: ({ first }) => first.code },
    { heading: "严重程度", value: ({ first }) => severityOf(first.code), style: STYLES.centred, width: 12 },
    { heading: "条数", value: ({ count }) => count, style: STYLES.number, width: 12 },
    { heading: "含义（首条举例）", value: ({ first }) => first.message.zh, width: 48 },
    { heading: "处理建议", value: ({ first }) => first.advice.zh, width: 48 },
  ];
  put(sheet, 1, 1, "一、按问题代码", STYLES.note);
  const afterCodes = writeTable(sheet, 2, codeColumns, countByCode(problems));

  const fileTop = afterCodes + 2;
  put(sheet, fileTop, 1, "二、按文件", STYLES.note);
  const heads = ["文件", "数据行数", "问题条数", "其中"];
  heads.forEach((heading, index) => {
    put(sheet, fileTop + 1, index + 1, heading, STYLES.head);
  });
  const byFile = problemsByFile(problems, files);
  byFile.forEach(({ name, rows, found }, index) => {
    const row = fileTop + 2 + index;
    put(sheet, row, 1, name);
    put(sheet, row, 2, rows, STYLES.number);
    put(sheet, row, 3, found.length, STYLES.number);
    const counts = Object.entries(countBySeverity(found)).map(([severity, count]) => `${severity} ${count}`);
    put(sheet, row, 4, counts.join("，"));
  });
  printOnA4(sheet, { orientation: "landscape", lastRow: fileTop + 1 + byFile.length, lastColumn: codeColumns.length });
}

/** Refusals first, then by falling count, then by code. */
function countByCode(problems: readonly Problem[]): readonly CodeCount[] {
  const counts = new Map<string, CodeCount>();
  for (const problem of problems) {
    const known = counts.get(problem.code);
    if (known) known.count++;
    else counts.set(problem.code, { first: problem, count: 1 });
  }
  const order = Object.values(SEVERITIES);
  const place = ({ first }: CodeCount) => order.indexOf(severityOf(first.code));
  return [...counts.values()].sort(
    (a, b) => place(a) - place(b) || b.count - a.count || (a.first.code < b.first.code ? -1 : 1),
  );
}

/** The files as given; problems of a file not named there, or of none, stand last. */
function problemsByFile(problems: readonly Problem[], files: CheckedLedger["files"]) {
  const found = new Map<string, Problem[]>(files.map(({ name }) => [name, []]));
  for (const problem of problems) {
    const name = problem.at.file ?? "（未指明文件）";
    const list = found.get(name);
    if (list) list.push(problem);
    else found.set(name, [problem]);
  }
  return [...found].map(([name, list]) => {
    const rows = files.find((file) => file.name === name)?.rows ?? null;
    return { name, rows, found: list };
  });
}
