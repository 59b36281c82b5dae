/** The words by which tables and labels of filled forms are known, whatever their place. Pure. */
import { foldWidth } from "../text/canonical.ts";

/** Headings of a table of indicators. */
export const TABLE_HEADINGS = {
  unit: ["单位代码", "统一社会信用代码", "普查对象代码", "unit"],
  code: ["指标代码", "indicator", "indicatorcode", "code"],
  reported: ["填报值", "reported"],
  found: ["核查值", "found"],
  way: ["核查方式", "way"],
  ruling: ["人工判定", "ruling"],
  result: ["结果", "核查结果", "result"],
  cause: ["差错原因", "cause"],
  note: ["说明", "备注", "note"],
  team: ["核查组", "检查组", "team"],
  outcome: ["核查去向", "去向", "outcome"],
  date: ["核查日期", "date"],
  inspectors: ["核查人员", "检查人员", "inspectors"],
} as const;
export type TableHeading = keyof typeof TABLE_HEADINGS;

/** Labels of the head and the foot of a sheet; the value stands to the right. */
export const LABELS = {
  unit: ["单位代码"],
  date: ["核查日期"],
  inspectors: ["核查人员", "检查人员"],
  team: ["核查组", "检查组"],
  outcome: ["核查去向", "去向"],
  conclusion: ["核查结论"],
} as const;
export type Label = keyof typeof LABELS;

/** Headings, or labels, of a check of census areas. */
export const AREA_HEADINGS = {
  area: ["普查小区代码", "普查小区", "小区代码", "小区", "area"],
  city: ["地市", "城市", "city"],
  county: ["县区", "county"],
  listed: ["名录登记数", "名录数", "listed"],
  found: ["走访发现合计", "走访发现数", "现场数", "found"],
  omitted: ["其中未入名录", "未入名录", "漏报数", "omitted"],
  duplicates: ["名录重复的记录", "重复记录", "重报数", "duplicates"],
  team: ["核查组", "检查组", "team"],
} as const;
export type AreaHeading = keyof typeof AREA_HEADINGS;

/** A heading as it is compared: half-width, without blanks, marks, colons and what stands in brackets. */
export function plainHeading(text: string): string {
  return foldWidth(text)
    .replace(/\([^)]*\)/g, "")
    .replace(/[\s*★:]/g, "")
    .toLowerCase();
}

/** Which heading of a table a cell holds. */
export function headingIn<Key extends string>(
  table: Readonly<Record<Key, readonly string[]>>,
  cell: string,
): Key | undefined {
  if (cell === "" || cell.length > 40) return undefined;
  const plain = plainHeading(cell);
  return (Object.keys(table) as Key[]).find((key) => table[key].includes(plain));
}

/** Columns by heading, from 0; the first of a name counts. */
export function columnsOf<Key extends string>(
  table: Readonly<Record<Key, readonly string[]>>,
  cells: readonly string[],
): Partial<Record<Key, number>> {
  const columns: Partial<Record<Key, number>> = {};
  cells.forEach((cell, column) => {
    const key = headingIn(table, cell);
    if (key !== undefined && columns[key] === undefined) columns[key] = column;
  });
  return columns;
}
