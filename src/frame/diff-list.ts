/** 名录变化.xlsx: what changed between two frames, unit by unit and by city and class. */
import { CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { compareBytes } from "../text/canonical.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { newWorkbook, putAcross, toBytes, type Workbook } from "../xlsx/write.ts";
import { CHANGE_KINDS, type ChangeKind, type FrameDiff, type UnitChange } from "./diff.ts";

/** Kinds of change as people read them. */
export const KIND_NAMES: Readonly<Record<ChangeKind, string>> = {
  added: "新增",
  removed: "删除",
  moved: "改市或改类",
  changed: "内容更改",
};

export interface BlockChanges {
  readonly city: string;
  readonly sourceClass: SourceClass;
  readonly counts: Readonly<Record<ChangeKind, number>>;
}

/** Counts of changes by city and class, in the order of their codes. */
export function changesByBlock({ changes }: FrameDiff): BlockChanges[] {
  const blocks = new Map<string, BlockChanges & { counts: Record<ChangeKind, number> }>();
  for (const { city, sourceClass, kind } of changes) {
    const key = `${city}${SOURCE_CLASSES.indexOf(sourceClass)}`;
    const block = blocks.get(key) ?? { city, sourceClass, counts: { added: 0, removed: 0, moved: 0, changed: 0 } };
    block.counts[kind] += 1;
    blocks.set(key, block);
  }
  return [...blocks].sort(([a], [b]) => compareBytes(a, b)).map(([, block]) => block);
}

const HEAD_ROW = 3;

/**
 * The workbook's bytes, the same for the same difference.
 * @param fates what each unit was in the old round's draw, such as 样本 or 备选, by id
 */
export async function diffWorkbook(diff: FrameDiff, fates: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const workbook = newWorkbook("名录变化");
  const digests = `原抽样框 ${diff.oldDigest}，新抽样框 ${diff.newDigest}`;
  addSheet(workbook, "逐户变化", digests, unitColumns(fates), diff.changes);
  addSheet(workbook, "分市分类", digests, BLOCK_COLUMNS, changesByBlock(diff));
  return toBytes(workbook);
}

const unitColumns = (fates: ReadonlyMap<string, string>): readonly Column<UnitChange>[] => [
  { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred },
  { heading: "变化", value: ({ kind }) => KIND_NAMES[kind], style: STYLES.centred, width: 12 },
  { heading: "地市", value: ({ city }) => divisionName(city), style: STYLES.centred, width: 12 },
  { heading: "污染源类别", value: ({ sourceClass }) => CLASS_NAMES[sourceClass].zh, style: STYLES.centred, width: 20 },
  { heading: "单位代码", value: ({ id }) => id, style: STYLES.code, width: 22 },
  { heading: "单位名称", value: ({ name }) => name, most: 36 },
  { heading: "原轮次中", value: ({ id }) => fates.get(id) ?? "", style: STYLES.centred, width: 12 },
  { heading: "更改的列（原值 → 新值）", value: columnsInWords, width: 60 },
];

function columnsInWords({ columns }: UnitChange): string {
  return columns.map(({ name, old, new: now }) => `${name}：${old || "（空）"} → ${now || "（空）"}`).join("\n");
}

const BLOCK_COLUMNS: readonly Column<BlockChanges>[] = [
  { heading: "地市", value: ({ city }) => divisionName(city), width: 16 },
  { heading: "污染源类别", value: ({ sourceClass }) => CLASS_NAMES[sourceClass].zh, width: 26 },
  ...CHANGE_KINDS.map((kind) => ({
    heading: KIND_NAMES[kind],
    value: ({ counts }: BlockChanges) => counts[kind],
    style: STYLES.number,
    width: 14,
  })),
];

function addSheet<Row>(
  workbook: Workbook,
  name: string,
  note: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): void {
  const sheet = workbook.addWorksheet(name);
  const lastRow = writeTable(sheet, HEAD_ROW, columns, rows);
  putAcross(sheet, 1, [1, columns.length], "名录变化", STYLES.title);
  putAcross(sheet, 2, [1, columns.length], rows.length === 0 ? `${note}。没有变化。` : note, STYLES.note);
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
}
