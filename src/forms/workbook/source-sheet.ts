/** The sheet of one source: what is known of it, a row an indicator, counts, evidence and signatures. */
import { stratumInWords } from "../../draw/strata.ts";
import { CLASS_NAMES } from "../../reference/classes.ts";
import { columnLetters, fadeWhere, fitHeight, freeze, markWhere, printOnA4 } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import {
  type CellStyle,
  type Content,
  linkTo,
  offer,
  put,
  putAcross,
  quoteSheet,
  restrict,
  type Worksheet,
} from "../../xlsx/write.ts";
import {
  CHECK_CAUSES,
  CHECK_OUTCOMES,
  CHECK_RESULTS,
  CHECK_WAYS,
  evidenceItem,
  HEAD_ITEMS,
  mark,
  type Part,
  passportText,
} from "../record-marks.ts";
import { unitOf } from "../reported.ts";
import { type FormSource, roleName, teamShown } from "../source.ts";
import { type Shown, type TailoredForm, tailor } from "../tailor.ts";
import type { Indicator, Signature } from "../template.ts";
import {
  ANY_ROW,
  type CellsByCode,
  COPYING,
  cellsOf,
  conditionFormula,
  conditionFormulaFor,
  guide,
  guideCopying,
  type IndicatorCells,
  inputStyle,
  inRow,
  KEY_MARK,
  NOT_APPLICABLE,
  putTexts,
  reportedStyle,
  reportedValue,
  resultFormula,
  TOLERATED_ERROR_RATE,
  WRONG,
} from "./cells.ts";
import { countFormulas, rateFormula } from "./counts.ts";
import { INDEX_SHEET } from "./index-sheet.ts";
import { lastPageStart } from "./page-rows.ts";
import type { FilledSource, WorkbookTask } from "./task.ts";

/** Columns of the table: heading, width on landscape A4, and what the column's mark says. */
const COLUMNS: readonly (readonly [heading: string, width: number, part?: Part])[] = [
  ["序号", 5],
  ["指标代码", 13, "code"],
  ["核查指标", 31],
  ["关键", 5],
  ["计量单位", 11],
  ["填报值", 23, "reported"],
  ["核查值", 23, "found"],
  ["核查方式", 9, "way"],
  ["人工判定", 9, "ruling"],
  ["结果", 9, "result"],
  ["差错原因", 19, "cause"],
  ["说明", 24, "note"],
  ["", 4, "unit"],
  ["", 4, "item"],
  ["", 4],
  ["", 4],
];
const [
  NUMBER,
  CODE,
  NAME,
  KEY,
  UNIT,
  REPORTED,
  FOUND,
  WAY,
  RULING,
  RESULT,
  CAUSE,
  NOTE,
  UNIT_MARK,
  ITEM_MARK,
  FOUND_TEXT,
  REPORTED_TEXT,
] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] as const;
const LAST = NOTE;
/** The head of the table stands below what is known of the source: it would seem to head that too. */
const [TITLE_ROW, NOTE_ROW, MARK_ROW, KNOWN_ROW, SOURCE_ROW, HEAD_ROW] = [1, 2, 3, 4, 10, 11] as const;
/** Width of the columns from one to another, in half-width characters. */
const widthOf = (from: number, to: number) => COLUMNS.slice(from - 1, to).reduce((sum, [, width]) => sum + width, 0);
const at = (column: number, row: number | typeof ANY_ROW) => `${columnLetters(column)}${row}`;

/** Fills a sheet for one source. */
export function fillSourceSheet(sheet: Worksheet, task: WorkbookTask, source: FormSource): FilledSource {
  const { template, name, digest } = task.templateOf(source);
  const form = tailor(template, source.values);
  COLUMNS.forEach(([, width], c) => {
    sheet.getColumn(c + 1).width = width;
  });
  for (const column of [UNIT_MARK, ITEM_MARK, FOUND_TEXT, REPORTED_TEXT]) sheet.getColumn(column).hidden = true;
  writeTop(sheet, source, form);
  const { roundId, manifestDigest } = task.round;
  const passport = passportText({ roundId, manifestDigest, form: name, formDigest: digest, layout: "source" });
  put(sheet, TITLE_ROW, UNIT_MARK, passport, STYLES.plain);
  writeKnown(sheet, source);
  const firstRow = HEAD_ROW + 1;
  const { lastRow, total } = writeIndicators(sheet, source, form, firstRow);
  const outcome = at(FOUND, KNOWN_ROW + 1);
  const counts = writeCounts(sheet, { firstRow, lastRow, outcome }, total);
  const bottom = writeFoot(sheet, source, form, lastRow + 2);
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, {
    orientation: "landscape",
    headRow: [SOURCE_ROW, HEAD_ROW],
    lastRow: bottom,
    lastColumn: LAST,
    foot: [`样本清单 ${manifestDigest.slice(0, 16)}`, source.id],
  });
  const there = (address: string) => `${quoteSheet(sheet.name)}!${address}`;
  const all = countsOf({ firstRow, lastRow, outcome }, there);
  return {
    source,
    sheetName: sheet.name,
    address: "A1",
    total,
    due: all.due,
    filled: all.filled,
    checked: there(counts.checked),
    wrong: there(counts.wrong),
    rate: there(counts.rate),
    outcome: there(outcome),
  };
}

/** Where the table stands, and the cell of the outcome. */
interface Table {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly outcome: string;
}

/** Formulas of the counts; rows of groups have no code. */
function countsOf({ firstRow, lastRow, outcome }: Table, there: (address: string) => string) {
  const range = (column: number) => there(`$${columnLetters(column)}$${firstRow}:$${columnLetters(column)}$${lastRow}`);
  return countFormulas({ keys: range(KEY), indicators: range(CODE), results: range(RESULT), outcome: there(outcome) });
}

/** Title and what to do; whose form it is and the table's head, which each page repeats. */
function writeTop(sheet: Worksheet, source: FormSource, { record }: TailoredForm) {
  putAcross(sheet, TITLE_ROW, [1, CAUSE], record.title, STYLES.title);
  put(sheet, TITLE_ROW, NOTE, record.number ?? "", STYLES.tableNumber);
  const note = `${record.note}只填写浅黄色单元格。${COPYING}“结果”自动比较得出；在“人工判定”中选择的，以人工判定为准。`;
  putAcross(sheet, NOTE_ROW, [1, CAUSE], note, STYLES.note);
  put(sheet, NOTE_ROW, NOTE, linkTo(INDEX_SHEET, "A1", "返回目录"), STYLES.link);
  const whose = `${source.name}　${source.id}　${placeOf(source)}`;
  putAcross(sheet, SOURCE_ROW, [1, LAST], whose, STYLES.whose);
  fitHeight(sheet, SOURCE_ROW, 20, [whose, widthOf(1, LAST)]);
  sheet.getRow(TITLE_ROW).height = 26;
  fitHeight(sheet, NOTE_ROW, 20, [note, widthOf(1, CAUSE)]);
  COLUMNS.forEach(([heading, , part], c) => {
    if (part !== undefined) put(sheet, MARK_ROW, c + 1, mark(part), STYLES.plain);
    if (heading !== "") put(sheet, HEAD_ROW, c + 1, heading, STYLES.head);
  });
  sheet.getRow(MARK_ROW).hidden = true;
}

function placeOf({ cityName, countyName }: FormSource): string {
  return cityName === countyName ? cityName : `${cityName}${countyName}`;
}

/** What is known of the source at the left, what the inspector fills in at the right. */
function writeKnown(sheet: Worksheet, source: FormSource) {
  const value = (field: string) => source.values.get(field) ?? "";
  const { id, outcome, date, inspectors, companion, team } = HEAD_ITEMS;
  const drawn = `${stratumInWords(source.stratum)}（名录 ${source.N} 家，抽取 ${source.n} 家）`;
  const { replaces } = source;
  const replacement =
    replaces === undefined ? "" : `，替换 ${replaces.name}（${replaces.id}），理由：${replaces.reason}`;
  const lines: readonly (readonly [string, string, string, string, string | null])[] = [
    ["单位名称", source.name, "单位代码", id, source.id],
    ["类别、市县", `${CLASS_NAMES[source.sourceClass].zh}　${placeOf(source)}`, "核查去向", outcome, null],
    ["详细地址", value("address"), "核查日期", date, null],
    ["联系人", `${value("contact")}　${value("phone")}`.trim(), "核查人员", inspectors, null],
    ["抽样层", drawn, "陪同人员", companion, null],
    [
      "抽样序位",
      `第 ${source.rank} 位（${roleName(source)}）${replacement}`,
      "核查组",
      team,
      teamShown(source) || null,
    ],
  ];
  let row = KNOWN_ROW - 1;
  for (const [knownLabel, known, label, item, content] of lines) {
    row++;
    putAcross(sheet, row, [1, CODE], knownLabel, STYLES.label);
    putAcross(sheet, row, [NAME, UNIT], known, STYLES.code);
    put(sheet, row, REPORTED, label, STYLES.label);
    putAcross(sheet, row, [FOUND, LAST], content, item === id ? STYLES.code : STYLES.inputCode);
    markRow(sheet, row, source, item);
    fitHeight(sheet, row, 20, [known, widthOf(NAME, UNIT)]);
    if (item === outcome)
      offer(sheet, at(FOUND, row), CHECK_OUTCOMES, true, "未找到、拒绝核查的，全部关键指标计为差错");
    if (item === date) restrict(sheet, at(FOUND, row), { kind: "date" }, "年-月-日，如 2019-09-30");
  }
}

function markRow(sheet: Worksheet, row: number, { id }: FormSource, item: string) {
  put(sheet, row, UNIT_MARK, id, STYLES.plain);
  put(sheet, row, ITEM_MARK, item, STYLES.plain);
}

/** The table's body. */
function writeIndicators(sheet: Worksheet, source: FormSource, { record }: TailoredForm, firstRow: number) {
  const indicators = record.groups.flatMap((group) => group.indicators);
  const cells = cellsByCode(record.groups, source, firstRow);
  const applies = (part: { readonly when?: Indicator["when"] }) =>
    conditionFormula(part.when, indicators, cells, source);
  let row = firstRow - 1;
  let number = 0;
  for (const group of record.groups) {
    row++;
    const groupApplies = applies(group);
    putAcross(sheet, row, [1, RULING], withCondition(group.heading, group.condition), STYLES.group);
    sheet.getRow(row).height = 20;
    const shown = groupApplies && { formula: `IF(${groupApplies},"","${NOT_APPLICABLE}")`, result: "" };
    put(sheet, row, RESULT, shown || null, STYLES.groupCentred);
    putAcross(sheet, row, [CAUSE, NOTE], null, STYLES.group);
    const groupShown = groupApplies && `$${columnLetters(RESULT)}$${row}=""`;
    for (const indicator of group.indicators) {
      const forIndicator = (when: Indicator["when"], whole: string | undefined) =>
        conditionFormulaFor(indicator, when, whole, indicators, cells, source);
      const ofGroup = forIndicator(group.when, groupShown);
      const own = forIndicator(indicator.when, applies(indicator));
      const conditions = [ofGroup, own].filter((each) => each !== undefined);
      // any other condition looks at other rows
      const isAlike = own === undefined && ofGroup === groupShown;
      writeIndicator(sheet, ++row, ++number, indicator, source, conditions, isAlike);
    }
  }
  const rows = (column: number) => `${at(column, firstRow)}:${at(column, row)}`;
  offer(sheet, rows(WAY), CHECK_WAYS, true);
  offer(sheet, rows(RULING), CHECK_RESULTS, true);
  offer(sheet, rows(CAUSE), CHECK_CAUSES, false);
  const result = `$${at(RESULT, firstRow)}`;
  const body = `A${firstRow}:${at(LAST, row)}`;
  markWhere(sheet, body, `${result}="${WRONG}"`);
  fadeWhere(sheet, body, `${result}="${NOT_APPLICABLE}"`);
  return { lastRow: row, total: number };
}

function cellsByCode(groups: TailoredForm["record"]["groups"], source: FormSource, firstRow: number): CellsByCode {
  const cells = new Map<string, IndicatorCells>();
  let row = firstRow - 1;
  for (const { indicators } of groups) {
    row++;
    for (const indicator of indicators) {
      row++;
      cells.set(indicator.code, cellsOf(indicator, source, addressesIn(row)));
    }
  }
  return cells;
}

function addressesIn(row: number | typeof ANY_ROW) {
  return {
    reported: at(REPORTED, row),
    found: at(FOUND, row),
    ruling: at(RULING, row),
    foundText: at(FOUND_TEXT, row),
    reportedText: at(REPORTED_TEXT, row),
  };
}

function writeIndicator(
  sheet: Worksheet,
  row: number,
  number: number,
  indicator: Shown<Indicator>,
  source: FormSource,
  applies: readonly string[],
  isAlike: boolean,
) {
  const { code, key } = indicator;
  const name = withCondition(indicator.name, indicator.condition);
  const reported = reportedValue(indicator, source);
  const unit = unitOf(indicator, source.values);
  const cells = cellsOf(indicator, source, addressesIn(ANY_ROW));
  const result = resultFormula(indicator, source, cells, applies);
  put(sheet, row, NUMBER, number, STYLES.centred);
  put(sheet, row, CODE, code, STYLES.code);
  put(sheet, row, NAME, name);
  put(sheet, row, KEY, key ? KEY_MARK : "", STYLES.centred);
  put(sheet, row, UNIT, unit, STYLES.centred);
  put(sheet, row, REPORTED, reported, reportedStyle(indicator, reported));
  put(sheet, row, FOUND, null, inputStyle(indicator));
  put(sheet, row, WAY, null, STYLES.inputCentred);
  put(sheet, row, RULING, null, STYLES.inputCentred);
  put(sheet, row, RESULT, inRow(result, row, isAlike), STYLES.centred);
  put(sheet, row, CAUSE, null, STYLES.inputCode);
  put(sheet, row, NOTE, null, STYLES.inputCode);
  markRow(sheet, row, source, code);
  putTexts(sheet, row, { found: FOUND_TEXT, reported: REPORTED_TEXT }, cells);
  fitHeight(sheet, row, 20, [name, widthOf(NAME, NAME)], [String(reported), widthOf(REPORTED, REPORTED)], [unit, 11]);
  if (cells.known === undefined) guideCopying(sheet, at(REPORTED, row), indicator);
  guide(sheet, at(FOUND, row), indicator);
}

function withCondition(text: string, condition: string | undefined): string {
  return condition === undefined ? text : `${text}（适用条件：${condition}）`;
}

/** Counts that keep themselves, one row below the table; what is not applicable does not count. */
function writeCounts(sheet: Worksheet, table: Table, total: number) {
  const row = table.lastRow + 1;
  const counts = countsOf(table, (address) => address);
  const [checked, wrong, rate] = [at(NAME, row), at(REPORTED, row), at(WAY, row)];
  const put2 = (columns: readonly [number, number], content: Content, style: CellStyle) =>
    putAcross(sheet, row, columns, content, style);
  put2([1, CODE], "核查关键指标", STYLES.label);
  put2([NAME, NAME], { formula: counts.checked, result: 0 }, STYLES.centred);
  put2([KEY, UNIT], "其中差错", STYLES.label);
  put2([REPORTED, REPORTED], { formula: counts.wrong, result: 0 }, STYLES.centred);
  put2([FOUND, FOUND], "关键指标差错率", STYLES.label);
  put2([WAY, RULING], { formula: rateFormula(checked, wrong), result: "" }, STYLES.percent);
  put2([RESULT, RESULT], "进度", STYLES.label);
  put2([CAUSE, NOTE], { formula: `${counts.filled}&"/"&${counts.due}`, result: `0/${total}` }, STYLES.centred);
  sheet.getRow(row).height = 22;
  markWhere(sheet, rate, `AND(ISNUMBER(${rate}),${rate}>${TOLERATED_ERROR_RATE})`);
  return { checked, wrong, rate };
}

const DEFAULT_SIGNATURES: readonly Signature[] = [
  { label: "核查人员签名（两名以上）", kind: "name" },
  { label: "普查员签名", kind: "name" },
  { label: "被核查单位签名（拒签注明）", kind: "name" },
  { label: "签名日期", kind: "date" },
];

/** Evidence to tick, conclusion and signatures; returns the last row. */
function writeFoot(sheet: Worksheet, source: FormSource, { record }: TailoredForm, firstRow: number): number {
  let row = firstRow;
  sheet.getRow(row).height = 20;
  putAcross(sheet, row, [1, REPORTED], "佐证材料", STYLES.group);
  put(sheet, row, FOUND, "已取得（选“√”）", STYLES.groupCentred);
  putAcross(sheet, row, [WAY, NOTE], null, STYLES.group);
  const firstEvidence = row + 1;
  for (const { name, condition, photo } of record.evidence) {
    row++;
    const text = withCondition(name, condition);
    putAcross(sheet, row, [1, REPORTED], text);
    put(sheet, row, FOUND, null, STYLES.inputCentred);
    putAcross(sheet, row, [WAY, CAUSE], photo ? "照片编号" : "编号、页数或文件名", STYLES.label);
    put(sheet, row, NOTE, null, STYLES.inputCode);
    markRow(sheet, row, source, evidenceItem(name));
    fitHeight(sheet, row, 20, [text, widthOf(1, REPORTED)]);
  }
  offer(sheet, `${at(FOUND, firstEvidence)}:${at(FOUND, row)}`, ["√"], true);
  const firstWritten = row + 1;
  const written: readonly (readonly [string, string, number])[] = [
    ["核查结论（主要差错及原因，是否符合要求）", HEAD_ITEMS.conclusion, 44],
    ["整改要求及期限", HEAD_ITEMS.rectify, 32],
  ];
  for (const [label, item, height] of written) {
    row++;
    putAcross(sheet, row, [1, REPORTED], label, STYLES.label);
    putAcross(sheet, row, [FOUND, LAST], null, STYLES.inputCode);
    markRow(sheet, row, source, item);
    sheet.getRow(row).height = height;
  }
  for (const [left, right] of inPairs(record.signatures ?? DEFAULT_SIGNATURES)) {
    row++;
    putAcross(sheet, row, [1, CODE], left.label, STYLES.label);
    putAcross(sheet, row, [NAME, right === undefined ? LAST : REPORTED], null, STYLES.body);
    if (right !== undefined) {
      put(sheet, row, FOUND, right.label, STYLES.label);
      putAcross(sheet, row, [WAY, LAST], null, STYLES.body);
    }
    fitHeight(sheet, row, 30, [left.label, widthOf(1, CODE)], [right?.label ?? "", widthOf(FOUND, FOUND)]);
  }
  for (const [i, note] of (record.notes ?? []).entries()) {
    row++;
    const text = `${i === 0 ? "说明：" : ""}${note}`;
    putAcross(sheet, row, [1, LAST], text, STYLES.note);
    fitHeight(sheet, row, 17, [text, widthOf(1, LAST)]);
  }
  breakPage(sheet, firstWritten, row);
  return row;
}

/** Two places to sign in a row; why it was refused takes a row of its own. */
function inPairs(signatures: readonly Signature[]): (readonly [Signature, Signature?])[] {
  const rows: [Signature, Signature?][] = [];
  for (const each of signatures) {
    const last = rows.at(-1);
    const hasRoom = last?.length === 1 && last[0].kind !== "refusal" && each.kind !== "refusal";
    if (hasRoom) last.push(each);
    else rows.push([each]);
  }
  return rows;
}

/** Keeps conclusion, signatures and notes on one page. */
function breakPage(sheet: Worksheet, first: number, last: number) {
  const heights = Array.from({ length: last }, (_, i) => {
    const { height, hidden } = sheet.getRow(i + 1);
    return hidden ? 0 : (height ?? PLAIN_HEIGHT);
  });
  const start = lastPageStart({
    heights,
    repeated: (heights[SOURCE_ROW - 1] ?? 0) + (heights[HEAD_ROW - 1] ?? 0),
    kept: first - 1,
    from: HEAD_ROW,
    isHeading: (row) => sheet.getRow(row + 1).getCell(1).style === STYLES.group,
  });
  if (start !== undefined) sheet.getRow(start).addPageBreak(1, MOST_COLUMNS);
}
/** Columns that a sheet may have, all of which a page break crosses. */
const MOST_COLUMNS = 16_384;
/** Points of a row that has no height of its own. */
const PLAIN_HEIGHT = 15;
