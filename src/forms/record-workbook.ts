/** 核查记录表.xlsx of one city: an index, a sheet to fill in for each source, and a hidden sheet that says what is what. */
import { SPEC_VERSION } from "../draw/manifest.ts";
import { stratumInWords } from "../draw/strata.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import {
  addHiddenSheet,
  type Column,
  columnLetters,
  fitHeight,
  freeze,
  markWhere,
  printOnA4,
  writeTable,
} from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import {
  type CellStyle,
  type Content,
  type Formula,
  linkTo,
  lock,
  newWorkbook,
  offer,
  put,
  putAcross,
  quoteSheet,
  safeSheetName,
  toBytes,
  type Worksheet,
} from "../xlsx/write.ts";
import { CHECK_RESULTS, CHECK_WAYS, IDENTITY_SHEET } from "./record-marks.ts";
import { type FormRound, type FormSource, type ReplacedSource, roleName } from "./source.ts";
import type { Shown, TailoredForm } from "./tailor.ts";
import { type Indicator, NUMERIC_TYPES } from "./template.ts";

export const INDEX_SHEET = "目录";
/** Row of a source's sheet that shows its name and id. */
export const HEAD_ROW = 3;
const KEY_MARK = "★";
/** Highest share of wrong key indicators that the work plan allows. */
const TOLERATED_ERROR_RATE = 0.02;
const [RIGHT, WRONG] = CHECK_RESULTS;

/** Columns of the indicator table, and their widths on landscape A4. */
const HEADINGS = ["序号", "指标代码", "核查指标", "关键", "计量单位", "填报值", "核查值", "核查方式", "结果", "说明"];
const WIDTHS = [6, 14, 30, 6, 11, 22, 22, 11, 10, 30] as const;
const [CODE, NAME, KEY, UNIT, REPORTED, FOUND, WAY, RESULT, NOTE] = [2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const LAST = WIDTHS.length;

/** The workbook's bytes, the same for the same round, city and sources. */
export async function recordWorkbook(
  round: FormRound,
  city: string,
  sources: readonly FormSource[],
  template: (source: FormSource) => TailoredForm,
  replaced: readonly ReplacedSource[] = [],
): Promise<Uint8Array> {
  const workbook = newWorkbook(`${city}核查记录表`);
  const index = workbook.addWorksheet(INDEX_SHEET);
  const filled = sources.map((source, i) => {
    const sheet = workbook.addWorksheet(sheetNameOf(source, i + 1));
    return fillSheet(sheet, round, source, template(source));
  });
  writeIndex(index, round, city, filled, replaced);
  addHiddenSheet(workbook, IDENTITY_SHEET, identity(round, city, filled));
  for (const { sheet } of filled) await lock(sheet);
  await lock(index);
  return toBytes(workbook);
}

/** A source's sheet, and the addresses of its counts. */
interface SourceSheet {
  readonly source: FormSource;
  readonly sheet: Worksheet;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly indicators: number;
  readonly countsRow: number;
}

function fillSheet(sheet: Worksheet, round: FormRound, source: FormSource, template: TailoredForm): SourceSheet {
  WIDTHS.forEach((width, c) => {
    sheet.getColumn(c + 1).width = width;
  });
  const headRow = writeHead(sheet, round, source, template);
  HEADINGS.forEach((heading, c) => {
    put(sheet, headRow, c + 1, heading, STYLES.head);
  });
  const lastRow = writeIndicators(sheet, source, template, headRow + 1);
  const countsRow = writeCounts(sheet, headRow + 1, lastRow);
  const bottom = writeFoot(sheet, template, countsRow + 1);
  put(sheet, 1, LAST + 1, linkTo(INDEX_SHEET, "A1", "返回目录"), STYLES.link);
  freeze(sheet, headRow);
  printOnA4(sheet, { orientation: "landscape", headRow, lastRow: bottom, lastColumn: LAST });
  const indicators = template.record.groups.reduce((count, group) => count + group.indicators.length, 0);
  return { source, sheet, firstRow: headRow + 1, lastRow, indicators, countsRow };
}

/** `001 金平区某某印刷厂`: the number keeps names apart, whatever is cut; the city's own name is left out. */
function sheetNameOf({ name, cityName }: FormSource, number: number): string {
  const short = name.startsWith(cityName) ? name.slice(cityName.length) : name;
  return `${String(number).padStart(3, "0")} ${safeSheetName(short, 12)}`;
}

/** Title and head block; returns the row of the table's head. */
function writeHead(sheet: Worksheet, round: FormRound, source: FormSource, { record }: TailoredForm): number {
  const value = (field: string) => source.values.get(field) ?? "";
  putAcross(sheet, 1, [1, LAST], record.title, STYLES.title);
  const subtitle = [round.name, round.date, `样本清单摘要 ${round.manifestDigest.slice(0, 16)}`];
  putAcross(sheet, 2, [1, LAST], subtitle.filter((part) => part !== "").join("　"), STYLES.subtitle);
  const stratum = `${stratumInWords(source.stratum)}（名录 ${source.N} 家，抽取 ${source.n} 家）`;
  const lines: readonly (readonly [string, Content, string, Content, CellStyle])[] = [
    ["单位名称", source.name, "单位代码", source.id, STYLES.code],
    ["污染源类别", CLASS_NAMES[source.sourceClass].zh, "市县", `${source.cityName}${source.countyName}`, STYLES.code],
    ["详细地址", value("address"), "联系人", `${value("contact")}　${value("phone")}`.trim(), STYLES.code],
    ["抽样层", stratum, "抽样序位", `第 ${source.rank} 位（${roleName(source)}）`, STYLES.code],
    ["核查日期", null, "核查人员", null, STYLES.inputCode],
    ["陪同人员", null, "递补说明", replacementNote(source), STYLES.inputCode],
  ];
  lines.forEach((line, i) => {
    const [firstLabel, first, secondLabel, second, style] = line;
    const row = HEAD_ROW + i;
    putAcross(sheet, row, [1, 2], firstLabel, STYLES.label);
    putAcross(sheet, row, [3, 5], first, style);
    putAcross(sheet, row, [6, 6], secondLabel, STYLES.label);
    putAcross(sheet, row, [7, 10], second, style);
    fitHeight(sheet, row, 17, [String(first ?? ""), 52], [String(second ?? ""), 72]);
  });
  const noteRow = HEAD_ROW + lines.length;
  putAcross(sheet, noteRow, [1, LAST], record.note, STYLES.note);
  sheet.getRow(1).height = 26;
  fitHeight(sheet, noteRow, 17, [record.note, WIDTHS.reduce((sum, width) => sum + width, 0)]);
  return noteRow + 1;
}

/** For which unit and why a source came in; empty where it was in the sample from the start. */
function replacementNote({ replaces }: FormSource): string | null {
  return replaces === undefined ? null : `替换 ${replaces.name}（${replaces.id}），理由：${replaces.reason}`;
}

/** The table's body; returns its last row. */
function writeIndicators(sheet: Worksheet, source: FormSource, { record }: TailoredForm, firstRow: number): number {
  let row = firstRow - 1;
  let number = 0;
  for (const group of record.groups) {
    putAcross(sheet, ++row, [1, LAST], withCondition(group.heading, group.condition), STYLES.group);
    for (const indicator of group.indicators) writeIndicator(sheet, ++row, ++number, indicator, source.values);
  }
  const rows = (column: number) => `${columnLetters(column)}${firstRow}:${columnLetters(column)}${row}`;
  offer(sheet, rows(WAY), CHECK_WAYS, true);
  offer(sheet, rows(RESULT), CHECK_RESULTS, true);
  return row;
}

function writeIndicator(
  sheet: Worksheet,
  row: number,
  number: number,
  indicator: Shown<Indicator>,
  values: ReadonlyMap<string, string>,
) {
  const { code, key, type, unit, unitField, field } = indicator;
  const name = withCondition(indicator.name, indicator.condition);
  const reported = reportedValue(field === undefined ? "" : (values.get(field) ?? ""), type);
  const unitOfSource = unitField === undefined ? undefined : values.get(unitField);
  put(sheet, row, 1, number, STYLES.centred);
  put(sheet, row, CODE, code, STYLES.code);
  put(sheet, row, NAME, name);
  put(sheet, row, KEY, key ? KEY_MARK : "", STYLES.centred);
  put(sheet, row, UNIT, unitOfSource || (unit ?? ""), STYLES.centred);
  put(sheet, row, REPORTED, reported, typeof reported === "number" ? STYLES.number : STYLES.code);
  put(sheet, row, FOUND, null, NUMERIC_TYPES.includes(type) ? STYLES.inputNumber : STYLES.inputCode);
  put(sheet, row, WAY, null, STYLES.inputCentred);
  put(sheet, row, RESULT, null, STYLES.inputCentred);
  put(sheet, row, NOTE, null, STYLES.inputCode);
  fitHeight(sheet, row, 20, [name, WIDTHS[2]], [String(reported), WIDTHS[5]]);
  const choices = type === "yesno" ? ["是", "否"] : indicator.options;
  if (choices) offer(sheet, `${columnLetters(FOUND)}${row}`, choices, false);
}

function withCondition(text: string, condition: string | undefined): string {
  return condition === undefined ? text : `${text}（适用条件：${condition}）`;
}

/** A number where the ledger's text is a plain number that reads back the same; text otherwise. */
function reportedValue(text: string, type: Indicator["type"]): string | number {
  const value = Number(text);
  return NUMERIC_TYPES.includes(type) && text !== "" && String(value) === text && Number.isFinite(value) ? value : text;
}

/** Counts that keep themselves, one row; a value that is missing counts as wrong, one not applicable does not count. */
const COUNTS = { checked: 3, wrong: 7, rate: 9, filled: 10 } as const;

function writeCounts(sheet: Worksheet, firstRow: number, lastRow: number): number {
  const row = lastRow + 1;
  const range = (column: number) => `$${columnLetters(column)}$${firstRow}:$${columnLetters(column)}$${lastRow}`;
  const keyed = (result: string) => `COUNTIFS(${range(KEY)},"${KEY_MARK}",${range(RESULT)},"${result}")`;
  const at = (column: number) => `${columnLetters(column)}${row}`;
  const formula = (text: string, result: string | number): Formula => ({ formula: text, result });
  putAcross(sheet, row, [1, 2], "核查关键指标数", STYLES.label);
  putAcross(sheet, row, [COUNTS.checked, 5], formula(`${keyed(RIGHT)}+${keyed(WRONG)}`, 0), STYLES.centred);
  put(sheet, row, 6, "关键指标差错数", STYLES.label);
  put(sheet, row, COUNTS.wrong, formula(keyed(WRONG), 0), STYLES.centred);
  put(sheet, row, 8, "差错率", STYLES.label);
  const rate = `IF(${at(COUNTS.checked)}=0,"",${at(COUNTS.wrong)}/${at(COUNTS.checked)})`;
  put(sheet, row, COUNTS.rate, formula(rate, ""), STYLES.percent);
  const progress = formula(`"已填结果 "&COUNTA(${range(RESULT)})&" 项"`, "已填结果 0 项");
  put(sheet, row, COUNTS.filled, progress, STYLES.centred);
  sheet.getRow(row).height = 22;
  markWhere(sheet, at(COUNTS.rate), `AND(ISNUMBER(${at(COUNTS.rate)}),${at(COUNTS.rate)}>${TOLERATED_ERROR_RATE})`);
  markWhere(sheet, `A${firstRow}:${columnLetters(LAST)}${lastRow}`, `$${columnLetters(RESULT)}${firstRow}="${WRONG}"`);
  return row;
}

/** Evidence to tick, conclusion and signatures; returns the last row. */
function writeFoot(sheet: Worksheet, { record }: TailoredForm, firstRow: number): number {
  let row = firstRow;
  putAcross(sheet, row, [1, LAST], "佐证材料（已取得的在左侧选“√”）", STYLES.group);
  const evidence = record.evidence.map(({ name, condition }) => withCondition(name, condition));
  evidence.forEach((item, i) => {
    const [tick, text] = i % 2 === 0 ? ([1, [2, 5]] as const) : ([6, [7, 10]] as const);
    if (i % 2 === 0) {
      const pair = evidence.slice(i, i + 2).map((each) => [each, 60] as const);
      fitHeight(sheet, ++row, 20, ...pair);
    }
    put(sheet, row, tick, null, STYLES.inputCentred);
    putAcross(sheet, row, text, item);
    offer(sheet, `${columnLetters(tick)}${row}`, ["√"], false);
  });
  const parts: readonly (readonly [string, number])[] = [
    ["核查结论", 44],
    ["整改要求及期限", 32],
    ["核查人员签名（两名以上）", 30],
    ["普查员签名", 26],
    ["被核查单位签名（拒签注明）", 30],
    ["签名日期", 22],
  ];
  for (const [label, height] of parts) {
    row++;
    putAcross(sheet, row, [1, 3], label, STYLES.label);
    putAcross(sheet, row, [4, LAST], null, STYLES.inputCode);
    sheet.getRow(row).height = height;
  }
  return row;
}

function writeIndex(
  sheet: Worksheet,
  round: FormRound,
  city: string,
  filled: readonly SourceSheet[],
  replaced: readonly ReplacedSource[],
) {
  const { centred, code, link, percent, strong } = STYLES;
  const there = ({ sheet, countsRow }: SourceSheet, column: number, result: string | number): Formula => {
    return { formula: `${quoteSheet(sheet.name)}!${columnLetters(column)}${countsRow}`, result };
  };
  const columns: readonly Column<SourceSheet>[] = [
    { heading: "序号", width: 7, style: centred, value: (_, i) => i + 1 },
    {
      heading: "单位名称（点击打开）",
      width: 44,
      style: link,
      value: (each) => linkTo(each.sheet.name, "A1", each.source.name),
    },
    { heading: "单位代码", width: 23, style: code, value: ({ source }) => source.id },
    { heading: "污染源类别", width: 22, style: centred, value: ({ source }) => CLASS_NAMES[source.sourceClass].zh },
    { heading: "县区", width: 13, style: centred, value: ({ source }) => source.countyName },
    { heading: "样本或备选", width: 12, style: centred, value: ({ source }) => roleName(source) },
    { heading: "进度", width: 10, style: centred, value: progressOf },
    { heading: "关键指标数", width: 12, style: centred, value: (each) => there(each, COUNTS.checked, 0) },
    { heading: "差错数", width: 10, style: centred, value: (each) => there(each, COUNTS.wrong, 0) },
    { heading: "差错率", width: 10, style: percent, value: (each) => there(each, COUNTS.rate, "") },
  ];
  const top = 4;
  const lastRow = writeTable(sheet, top, columns, filled);
  const below = (letter: string) => `${letter}${top + 1}:${letter}${Math.max(lastRow, top + 1)}`;
  putAcross(sheet, 1, [1, 10], `${city}核查记录表`, STYLES.title);
  const howTo = `${round.name}　共 ${filled.length} 家；只填写浅黄色单元格，不要改动工作表名称。`;
  putAcross(sheet, 2, [1, 10], howTo, STYLES.subtitle);
  putAcross(sheet, 3, [1, 6], "合计", STYLES.strongText);
  const done = { formula: `COUNTIF(${below("G")},"已核查")&"/${filled.length}"`, result: `0/${filled.length}` };
  put(sheet, 3, 7, done, strong);
  put(sheet, 3, 8, { formula: `SUM(${below("H")})`, result: 0 }, strong);
  put(sheet, 3, 9, { formula: `SUM(${below("I")})`, result: 0 }, strong);
  put(sheet, 3, 10, { formula: `IF(H3=0,"",I3/H3)`, result: "" }, percent);
  markWhere(sheet, `J3:J${Math.max(lastRow, top)}`, `AND(ISNUMBER(J3),J3>${TOLERATED_ERROR_RATE})`);
  sheet.getRow(1).height = 28;
  freeze(sheet, top);
  const bottom = writeReplaced(sheet, replaced, lastRow);
  printOnA4(sheet, { orientation: "landscape", headRow: top, lastRow: bottom, lastColumn: columns.length });
}

/** Units that left the sample, struck out below the table, two rows apart from it; returns the last row. */
function writeReplaced(sheet: Worksheet, replaced: readonly ReplacedSource[], lastRow: number): number {
  if (replaced.length === 0) return lastRow;
  const { centred, code, struck } = STYLES;
  let row = lastRow + 2;
  putAcross(sheet, row, [1, 10], `已替换的单位（${replaced.length} 家，不再核查）`, STYLES.group);
  for (const [index, { id, name, sourceClass, reason, by }] of replaced.entries()) {
    row++;
    put(sheet, row, 1, index + 1, centred);
    put(sheet, row, 2, name, struck);
    put(sheet, row, 3, id, struck);
    put(sheet, row, 4, CLASS_NAMES[sourceClass].zh, centred);
    putAcross(sheet, row, [5, 6], reason, centred);
    putAcross(sheet, row, [7, 10], by === undefined ? "该层已无单位可递补" : `由 ${by} 递补`, code);
  }
  return row;
}

/** 未核查, 核查中 or 已核查, by how many results are filled in. */
function progressOf({ sheet, firstRow, lastRow, indicators }: SourceSheet): Formula {
  const column = columnLetters(RESULT);
  const count = `COUNTA(${quoteSheet(sheet.name)}!${column}${firstRow}:${column}${lastRow})`;
  return { formula: `IF(${count}=0,"未核查",IF(${count}<${indicators},"核查中","已核查"))`, result: "未核查" };
}

function identity(round: FormRound, city: string, filled: readonly SourceSheet[]): readonly (readonly string[])[] {
  return [
    ["roundId", round.roundId],
    ["manifestDigest", round.manifestDigest],
    ["spec", SPEC_VERSION],
    ["city", city],
    ["sheet", "unit", "class", "role", "firstRow", "lastRow"],
    ...filled.map(({ sheet: { name }, source: { id, sourceClass, role, replaces }, firstRow, lastRow }) => {
      const kind = replaces === undefined ? role : "replacement";
      return [name, id, sourceClass, kind, String(firstRow), String(lastRow)];
    }),
  ];
}
