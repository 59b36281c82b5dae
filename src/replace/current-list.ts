/** 样本现状.xlsx: origin and fate of every drawn unit after replacements, and each replacement with its reason. */
import { teamName } from "../assign/assignment.ts";
import { blockOfStratum, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { type CurrentSample, type CurrentUnit, FATE_NAMES, type Replacement } from "../draw/replacement.ts";
import { strataForPeople, stratumInWords, stratumName } from "../draw/strata.ts";
import { fieldReader } from "../frame/fields.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import type { FrameUnit } from "../frame/locked.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { REASONS } from "../reference/replacement-reasons.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { newWorkbook, put, putAcross, toBytes, type Workbook } from "../xlsx/write.ts";
import { evidenceInWords } from "./evidence.ts";

export const CURRENT_SHEET = "样本现状";
/** Headings by which `verify` reads the list. */
export const CURRENT_HEADINGS = {
  id: "单位代码",
  fate: "现状",
  replaces: "递补对象",
  by: "由谁递补",
  team: "核查组",
} as const;

export interface CurrentListInput {
  readonly title: string;
  readonly manifest: Manifest;
  readonly sample: CurrentSample;
  readonly lock: FrameLock;
  /** Ledger rows of all units listed, in any order. */
  readonly units: readonly FrameUnit[];
  /** Team of each unit by its id; empty where inspectors are not assigned. */
  readonly teams: ReadonlyMap<string, string>;
}

interface ListedUnit extends CurrentUnit {
  readonly row: FrameUnit | undefined;
}

const HEAD_ROW = 3;

/** The workbook's bytes, the same for the same manifest and journal. */
export async function currentListWorkbook(input: CurrentListInput): Promise<Uint8Array> {
  const workbook = newWorkbook(`${input.title}　样本现状`);
  unitSheet(workbook, input);
  replacementSheet(workbook, input);
  aboutSheet(workbook, input);
  return toBytes(workbook);
}

/** Units in the order of the list: strata as people read them, then by rank. */
export function unitsInOrder({ strata }: CurrentSample): CurrentUnit[] {
  return strataForPeople(strata).flatMap(({ key }) => strata.find((stratum) => stratum.key === key)?.units ?? []);
}

/** The team that a unit to be inspected is given to, as people are told of it. */
export function teamIn(teams: ReadonlyMap<string, string>, { id, isInSample }: CurrentUnit): string {
  const team = isInSample ? teams.get(id) : undefined;
  return team === undefined ? "" : teamName(team);
}

function unitSheet(workbook: Workbook, { title, sample, lock, units, teams }: CurrentListInput) {
  const sheet = workbook.addWorksheet(CURRENT_SHEET);
  const field = fieldReader(lock.columns);
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const { centred, code, struck, strongText } = STYLES;
  const columns: readonly Column<ListedUnit>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: centred, width: 7 },
    { heading: "地市", value: ({ stratum }) => divisionName(blockOfStratum(stratum).city), style: centred, width: 10 },
    { heading: "县区", value: ({ row }) => divisionName(row?.county ?? ""), style: centred, most: 12 },
    {
      heading: "污染源类别",
      value: ({ stratum }) => CLASS_NAMES[blockOfStratum(stratum).sourceClass].zh,
      style: centred,
      width: 20,
    },
    {
      heading: CURRENT_HEADINGS.id,
      value: ({ id }) => id,
      style: ({ replaced }) => (replaced === undefined ? code : struck),
      width: 22,
    },
    {
      heading: "单位名称",
      value: ({ name }) => name,
      style: ({ replaced }) => (replaced === undefined ? STYLES.body : struck),
      width: 30,
    },
    { heading: "层", value: ({ stratum }) => stratumName(stratum), style: centred, width: 14 },
    { heading: "序位", value: ({ rank }) => rank, style: centred, width: 7 },
    { heading: "来源", value: originOf, style: centred, width: 9 },
    {
      heading: CURRENT_HEADINGS.fate,
      value: ({ fate }) => FATE_NAMES[fate].zh,
      style: ({ fate }) => (fate === "primary" || fate === "certainty" || fate === "reserve" ? centred : strongText),
      width: 10,
    },
    { heading: "替换理由", value: ({ replaced }) => reasonOf(replaced), style: centred, width: 14 },
    { heading: CURRENT_HEADINGS.replaces, value: ({ replaces }) => replaces ?? "", style: code, width: 22 },
    { heading: CURRENT_HEADINGS.by, value: ({ replaced }) => replaced?.by?.id ?? "", style: code, width: 22 },
    { heading: CURRENT_HEADINGS.team, value: (unit) => teamIn(teams, unit), style: centred, width: 10 },
    { heading: "联系人", value: ({ row }) => field(row, "contact"), style: centred, width: 10 },
    { heading: "联系电话", value: ({ row }) => field(row, "phone"), style: code, width: 15 },
  ];
  const rows = unitsInOrder(sample).map((unit) => ({ ...unit, row: byId.get(unit.id) }));
  const lastRow = writeTable(sheet, HEAD_ROW, columns, rows);
  const across = [1, columns.length] as const;
  const now = rows.filter(({ isInSample }) => isInSample).length;
  const missing = sample.strata.reduce((sum, stratum) => sum + stratum.missing, 0);
  const short = missing > 0 ? `；有 ${missing} 家所在的层已无单位可递补，列为缺额` : "";
  putAcross(sheet, 1, across, `${title}——样本现状`, STYLES.title);
  const further = sample.followUps.reduce((sum, { units: own }) => sum + own.length, 0);
  const followed = further > 0 ? `，补充抽查 ${further} 家` : "";
  const note = `现需核查 ${now} 家，已替换 ${sample.replacements.length} 家${followed}${short}。`;
  putAcross(sheet, 2, across, note, STYLES.note);
  sheet.getRow(1).height = 28;
  sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: lastRow, column: columns.length } };
  freeze(sheet, HEAD_ROW, 6);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
}

/** How a unit was drawn, before any replacement. */
function originOf({ role, isExtended }: CurrentUnit): string {
  return isExtended ? "顺延" : FATE_NAMES[role].zh;
}

function reasonOf(replaced: Replacement | undefined): string {
  return replaced === undefined ? "" : REASONS[replaced.reason].name.zh;
}

function replacementSheet(workbook: Workbook, { title, sample }: CurrentListInput) {
  const sheet = workbook.addWorksheet("替换记录");
  const byId = new Map(sample.strata.flatMap(({ units }) => units.map((unit) => [unit.id, unit] as const)));
  const { centred, code, body, struck } = STYLES;
  const columns: readonly Column<Replacement>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: centred, width: 7 },
    { heading: "层", value: ({ stratum }) => stratumInWords(stratum), style: body, width: 24 },
    { heading: "被替换单位代码", value: ({ unit }) => unit, style: struck, width: 22 },
    { heading: "被替换单位名称", value: ({ unit }) => byId.get(unit)?.name ?? "", style: struck, width: 28 },
    { heading: "理由", value: ({ reason }) => REASONS[reason].name.zh, style: centred, width: 14 },
    ...(sample.replacements.some(({ recorded }) => recorded !== undefined) ? [DESPITE_RECORD] : []),
    { heading: "佐证材料", value: ({ evidence }) => evidenceInWords(evidence), style: body, width: 30 },
    { heading: "递补单位代码", value: ({ by }) => by?.id ?? "", style: code, width: 22 },
    { heading: "递补单位名称", value: ({ by }) => by?.name ?? "该层已无单位可递补", style: body, width: 28 },
    { heading: "递补序位", value: ({ by }) => by?.rank ?? "", style: centred, width: 10 },
    { heading: "日志行", value: ({ seq }) => seq, style: centred, width: 8 },
  ];
  const lastRow = writeTable(sheet, HEAD_ROW, columns, sample.replacements);
  putAcross(sheet, 1, [1, columns.length], `${title}——替换记录`, STYLES.title);
  putAcross(sheet, 2, [1, columns.length], "按发生的先后列出；已撤销的不列，见日志。", STYLES.note);
  sheet.getRow(1).height = 28;
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
}

const DESPITE_RECORD: Column<Replacement> = {
  heading: "替换时已有记录",
  value: ({ recorded }) =>
    recorded === undefined
      ? ""
      : `${recorded.day} 导入${recorded.dropped === undefined ? "" : `，${recorded.dropped.day} 撤回`}：${recorded.why || "没有写明为何仍替换"}`,
  style: STYLES.body,
  width: 30,
};

function aboutSheet(workbook: Workbook, { manifest }: CurrentListInput) {
  const sheet = workbook.addWorksheet("说明");
  const facts: readonly (readonly [string, string])[] = [
    ["轮次", manifest.roundId],
    ["样本清单摘要（SHA-256）", manifestDigest(manifest)],
    [
      "递补规则",
      "样本单位只因方案所列理由替换，由同一层中序位紧接其后、尚未使用的单位递补，不作挑选；备选用完的，按同一种子、" +
        "同一方法把该层的排序顺延。找不到或拒绝核查的单位不替换，按差错计。必查单位不替换。",
    ],
    [
      "补充规则",
      "补充抽查的单位是同一层排序的后续，先用备选，用完顺延，不作挑选；各层家数由评定结果按规则算出（plan followup）。",
    ],
    ["撤销规则", "只能撤销该层最后一次替换；递补单位退回原序位，下次替换仍由它递补。"],
    ["名单效力", "本表由样本清单和日志得出，供阅读和联系使用；chouqian verify 逐行核对。"],
  ];
  facts.forEach(([label, value], index) => {
    put(sheet, index + 1, 1, label, STYLES.label);
    put(sheet, index + 1, 2, value, STYLES.code);
    sheet.getRow(index + 1).height = value.length > 60 ? 48 : 20;
  });
  sheet.getColumn(1).width = 26;
  sheet.getColumn(2).width = 86;
  printOnA4(sheet, { orientation: "landscape", lastRow: facts.length, lastColumn: 2 });
}
