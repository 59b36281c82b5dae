/** The sheets of 问题清单.xlsx that sum up: by kind, by file, by kind and city, and the pairs of like names. */
import { CITIES, divisionName } from "../reference/divisions.ts";
import type { Problem } from "../text/errors.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { put, putAcross, type Workbook } from "../xlsx/write.ts";
import type { LikeNames } from "./like-names.ts";
import type { ProblemCount } from "./problem-log.ts";

/** By the first letter of a problem's code. */
const SEVERITIES = { E: "拒绝", W: "提醒", N: "提示" } as const;
type Severity = (typeof SEVERITIES)[keyof typeof SEVERITIES];

/** What a problem means for its row, in a word for people. */
export function severityOf(code: string): Severity {
  if (code.startsWith("W-")) return SEVERITIES.W;
  return code.startsWith("N-") ? SEVERITIES.N : SEVERITIES.E;
}

/** How many problems there are of each severity. */
export function severitiesInWords(counts: readonly ProblemCount[]): string {
  return Object.values(SEVERITIES)
    .map((severity) => `${severity} ${sumOf(counts.filter(({ code }) => severityOf(code) === severity))}`)
    .join("，");
}

export function sumOf(counts: readonly ProblemCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

interface CodeCount {
  readonly code: string;
  readonly count: number;
  readonly first: Problem | undefined;
}

/** Counts by kind and by file. */
export function summarySheet(
  workbook: Workbook,
  problems: readonly Problem[],
  counts: readonly ProblemCount[],
  files: readonly { readonly name: string; readonly rows: number }[],
): void {
  const sheet = workbook.addWorksheet("汇总");
  const codeColumns: readonly Column<CodeCount>[] = [
    { heading: "问题代码", value: ({ code }) => code },
    { heading: "严重程度", value: ({ code }) => severityOf(code), style: STYLES.centred, width: 12 },
    { heading: "条数", value: ({ count }) => count, style: STYLES.number, width: 12 },
    { heading: "含义", value: ({ code }) => meaningOf(problems, code), width: 48 },
    { heading: "处理建议", value: ({ first }) => first?.advice.zh ?? "", width: 48 },
  ];
  put(sheet, 1, 1, "一、按问题代码", STYLES.note);
  const byCode = codesOf(counts).map((code) => ({
    code,
    count: sumOf(counts.filter((own) => own.code === code)),
    first: problems.find((problem) => problem.code === code),
  }));
  const afterCodes = writeTable(sheet, 2, codeColumns, byCode);

  const fileTop = afterCodes + 2;
  put(sheet, fileTop, 1, "二、按文件", STYLES.note);
  for (const [index, heading] of ["文件", "数据行数", "问题条数", "其中"].entries()) {
    put(sheet, fileTop + 1, index + 1, heading, STYLES.head);
  }
  const names = [...new Set([...files.map(({ name }) => name), ...counts.map(({ file }) => file)])];
  for (const [index, name] of names.entries()) {
    const row = fileTop + 2 + index;
    const own = counts.filter(({ file }) => file === name);
    put(sheet, row, 1, name);
    put(sheet, row, 2, files.find((file) => file.name === name)?.rows ?? null, STYLES.number);
    put(sheet, row, 3, sumOf(own), STYLES.number);
    put(sheet, row, 4, severitiesInWords(own));
  }
  printOnA4(sheet, { orientation: "landscape", lastRow: fileTop + 1 + names.length, lastColumn: codeColumns.length });
}

function meaningOf(problems: readonly Problem[], code: string): string {
  const first = problems.find((problem) => problem.code === code);
  return (first?.plain ?? first?.message)?.zh ?? "";
}

/** Refusals first, then by falling count, then by code. */
function codesOf(counts: readonly ProblemCount[]): string[] {
  const order = Object.values(SEVERITIES);
  const totals = new Map<string, number>();
  for (const { code, count } of counts) totals.set(code, (totals.get(code) ?? 0) + count);
  return [...totals]
    .sort(([a, x], [b, y]) => order.indexOf(severityOf(a)) - order.indexOf(severityOf(b)) || y - x || (a < b ? -1 : 1))
    .map(([code]) => code);
}

/** Counts by kind and city. */
export function citySheet(workbook: Workbook, problems: readonly Problem[], counts: readonly ProblemCount[]): void {
  const sheet = workbook.addWorksheet("按地市");
  const codes = codesOf(counts);
  const found = new Set(counts.map(({ city }) => city));
  const cities = CITIES.map(({ code }) => code).filter((code) => found.has(code));
  const places = found.has("") ? [...cities, ""] : cities;
  const across = [1, places.length + 3] as const;
  putAcross(sheet, 1, across, "问题条数：按问题代码和地市", STYLES.title);
  sheet.getRow(1).height = 28;
  const columns: Column<string>[] = [
    { heading: "问题", value: (code) => meaningOf(problems, code), most: 30 },
    { heading: "问题代码", value: (code) => code, most: 30 },
    ...places.map((city) => ({
      heading: city === "" ? "未知地市" : divisionName(city),
      value: (code: string) => sumOf(counts.filter((own) => own.code === code && own.city === city)) || null,
      style: STYLES.number,
      width: 8,
    })),
    {
      heading: "合计",
      value: (code) => sumOf(counts.filter((own) => own.code === code)),
      style: STYLES.strong,
      width: 10,
    },
  ];
  const lastRow = writeTable(sheet, 2, columns, codes);
  freeze(sheet, 2, 2);
  printOnA4(sheet, { orientation: "landscape", headRow: 2, lastRow, lastColumn: columns.length });
}

/** Pairs of like names, for a person to judge. */
export function pairSheet(workbook: Workbook, pairs: readonly LikeNames[]): void {
  const sheet = workbook.addWorksheet("疑似重复");
  const place = ({ at }: LikeNames["first"]) => `${at.file ?? ""} 第 ${at.row ?? ""} 行`;
  const columns: readonly Column<LikeNames>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred },
    { heading: "地市", value: ({ city }) => divisionName(city), most: 12 },
    { heading: "县区", value: ({ county }) => county, most: 14 },
    { heading: "代码一", value: ({ first }) => first.id, style: STYLES.code, most: 22 },
    { heading: "名称一", value: ({ first }) => first.name, most: 34 },
    { heading: "位置一", value: ({ first }) => place(first), most: 22 },
    { heading: "代码二", value: ({ second }) => second.id, style: STYLES.code, most: 22 },
    { heading: "名称二", value: ({ second }) => second.name, most: 34 },
    { heading: "位置二", value: ({ second }) => place(second), most: 22 },
    { heading: "判断", value: () => null, style: STYLES.input, width: 18 },
  ];
  const across = [1, columns.length] as const;
  const lastRow = writeTable(sheet, 3, columns, pairs);
  putAcross(sheet, 1, across, "疑似重复：同一县区内名称相近的单位", STYLES.title);
  putAcross(
    sheet,
    2,
    across,
    "比较时忽略“有限责任公司”与“有限公司”之别、括号、空格和标点、前面的省市名，繁体按简体；规则见 docs/like-names.md。请在“判断”栏逐对写明是否同一单位。",
    STYLES.note,
  );
  sheet.getRow(1).height = 28;
  freeze(sheet, 3);
  printOnA4(sheet, { orientation: "landscape", headRow: 3, lastRow, lastColumn: columns.length });
}
