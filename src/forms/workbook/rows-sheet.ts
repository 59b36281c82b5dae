/** All sources of one form on one sheet, a row each: for offices that work through many small sources. */
import { columnLetters, displayWidth, fadeWhere, fitHeight, freeze, markWhere, printOnA4 } from "../../xlsx/layout.ts";
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
import type { Loaded } from "../load-template.ts";
import { CHECK_OUTCOMES, CHECK_RESULTS, HEAD_ITEMS, mark, type Part, passportText } from "../record-marks.ts";
import { reportedText, unitOf } from "../reported.ts";
import { type FormSource, teamShown } from "../source.ts";
import { tailor } from "../tailor.ts";
import type { FormTemplate, Indicator } from "../template.ts";
import {
  ANY_ROW,
  type CellsByCode,
  cellsOf,
  conditionFormula,
  conditionFormulaFor,
  guide,
  guideCopying,
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
import { columnsOnPages } from "./page-columns.ts";
import type { FilledSource, WorkbookTask } from "./task.ts";

/** The first columns: heading, width, and item and part of the column's mark. */
const FIRST: readonly (readonly [heading: string, width: number, item?: string, part?: Part])[] = [
  ["序号", 5],
  ["单位名称", 28],
  ["单位代码", 21, HEAD_ITEMS.id, "found"],
  ["县区", 12],
  ["核查去向", 11, HEAD_ITEMS.outcome, "found"],
  ["核查日期", 13, HEAD_ITEMS.date, "found"],
  ["核查人员", 16, HEAD_ITEMS.inspectors, "found"],
  ["核查组", 10, HEAD_ITEMS.team, "found"],
  ["进度", 8],
  ["核查关键指标", 9],
  ["差错", 7],
  ["差错率", 9],
];
const [NUMBER, NAME, ID, COUNTY, OUTCOME, DATE, INSPECTORS, TEAM, PROGRESS, CHECKED, WRONG_COUNT, RATE] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
] as const;
/** Columns of an indicator. */
const PARTS: readonly (readonly [heading: string, width: number, part: Part])[] = [
  ["填报值", 14, "reported"],
  ["核查值", 14, "found"],
  ["人工判定", 9, "ruling"],
  ["结果", 8, "result"],
];
const FIXED_COLUMNS = 3;
/** `KEY_ROW` marks the columns of results: ★ for key indicators, · for others. */
const [TITLE_ROW, NOTE_ROW, MARK_ROW, KEY_ROW, GROUP_ROW, NAME_ROW, HEAD_ROW] = [1, 2, 3, 4, 5, 6, 7] as const;
const NO_KEY = "·";
const NOTE_WIDTH = 30;
const WIDEST_REPORTED = 24;
/** Width of a printed page in half-width characters, in type of some 8 points. */
const PAGE_WIDTH = 190;

const at = (column: number, row: number | typeof ANY_ROW) => `${columnLetters(column)}${row}`;
const columnOf = (index: number, part: number) => FIRST.length + index * PARTS.length + part + 1;
/** Hidden columns of what is compared, behind the notes and the units' marks. */
const textColumns = (index: number, indicators: number) => {
  const found = columnOf(indicators, 0) + 2 + index * 2;
  return { found, reported: found + 1 };
};

/** Fills a sheet with sources that share a form. */
export function fillRowsSheet(
  sheet: Worksheet,
  task: WorkbookTask,
  form: Loaded<FormTemplate>,
  sources: readonly FormSource[],
): FilledSource[] {
  const shownOf = new Map(sources.map((source) => [source, shownCodes(form.template, source)]));
  const isShown = ({ code }: Indicator) => [...shownOf.values()].some((codes) => codes.has(code));
  const groups = form.template.record.groups
    .map((group) => ({ ...group, indicators: group.indicators.filter(isShown) }))
    .filter(({ indicators }) => indicators.length > 0);
  const indicators = groups.flatMap((group) => group.indicators.map((indicator) => ({ indicator, group })));
  const last = columnOf(indicators.length, 0);
  const codes = indicators.map(({ indicator }) => indicator);
  const widths = codes.map((indicator) => reportedWidth(indicator, sources));
  writeHead(sheet, task, form, groups, widths);
  const filled = sources.map((source, i) => {
    const row = HEAD_ROW + 1 + i;
    writeSource(sheet, source, row, last);
    const texts = codes.map((code, index) => [String(reportedValue(code, source)), widths[index] ?? 0] as const);
    fitHeight(sheet, row, 32, [source.name, 28], [source.id, 21], ...texts);
    const cells = cellsOfRow(codes, source);
    for (const [index, { indicator, group }] of indicators.entries()) {
      const applies = [group.when, indicator.when].flatMap(
        (when) =>
          conditionFormulaFor(indicator, when, conditionFormula(when, codes, cells, source), codes, cells, source) ??
          [],
      );
      const isApplicable = shownOf.get(source)?.has(indicator.code) === true;
      const own = cellsAt(cells, indicator);
      const result = isApplicable ? resultFormula(indicator, source, own, applies) : undefined;
      writeIndicator(sheet, row, index, indicator, source, result);
      if (isApplicable) putTexts(sheet, row, textColumns(index, codes.length), own);
    }
    return writeCounts(sheet, source, row, shownOf.get(source)?.size ?? 0, last);
  });
  const lastRow = HEAD_ROW + sources.length;
  guideColumns(sheet, codes, sources);
  freeze(sheet, HEAD_ROW, FIXED_COLUMNS);
  const pagesWide = divideIntoPages(sheet, codes.length, last);
  printOnA4(sheet, {
    orientation: "landscape",
    headRow: [TITLE_ROW, HEAD_ROW],
    headColumns: FIXED_COLUMNS,
    lastRow,
    lastColumn: last,
    pagesWide,
    foot: [`样本清单 ${task.round.manifestDigest.slice(0, 16)}`, task.title],
  });
  return filled;
}

/** Sets widths so that no printed page begins or ends within an indicator; returns how many pages lie side by side. */
function divideIntoPages(sheet: Worksheet, indicators: number, last: number): number {
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  const columns = [
    range(FIXED_COLUMNS + 1, FIRST.length - FIXED_COLUMNS),
    ...range(0, indicators).map((index) => range(columnOf(index, 0), PARTS.length)),
    [last],
  ];
  const widths = columns.map((section) => section.map((column) => sheet.getColumn(column).width ?? 0));
  const repeated = FIRST.slice(0, FIXED_COLUMNS).reduce((sum, [, each]) => sum + each, 0);
  const { sections, starts } = columnsOnPages(widths, PAGE_WIDTH - repeated);
  columns.forEach((section, s) => {
    section.forEach((column, i) => {
      sheet.getColumn(column).width = sections[s]?.[i] ?? 0;
    });
  });
  return starts.length;
}

/** Width of the column of values reported: wide enough for most, so that rows stay low. */
function reportedWidth(indicator: Indicator, sources: readonly FormSource[]): number {
  const texts = sources.map((source) => displayWidth(String(reportedValue(indicator, source))));
  return Math.min(WIDEST_REPORTED, Math.max(PARTS[0]?.[1] ?? 0, ...texts.map((width) => width * 1.08 + 2)));
}

function shownCodes(template: FormTemplate, { values }: FormSource): ReadonlySet<string> {
  const { groups } = tailor(template, values).record;
  return new Set(groups.flatMap(({ indicators }) => indicators.map(({ code }) => code)));
}

function writeHead(
  sheet: Worksheet,
  task: WorkbookTask,
  { name, digest, template }: Loaded<FormTemplate>,
  groups: FormTemplate["record"]["groups"],
  widths: readonly number[],
) {
  const last = columnOf(widths.length, 0);
  const { roundId, manifestDigest } = task.round;
  // the title stays in the columns that every printed page repeats
  putAcross(sheet, TITLE_ROW, [1, FIXED_COLUMNS], template.record.title, STYLES.titleLeft);
  put(sheet, NOTE_ROW, NAME, linkTo(INDEX_SHEET, "A1", "返回目录"), STYLES.link);
  put(sheet, NOTE_ROW, ID, `${task.title}　只填浅黄色单元格`, STYLES.note);
  sheet.getRow(TITLE_ROW).height = 26;
  sheet.getRow(NOTE_ROW).height = 20;
  const passport = passportText({ roundId, manifestDigest, form: name, formDigest: digest, layout: "rows" });
  put(sheet, TITLE_ROW, last + 1, passport, STYLES.plain);
  put(sheet, MARK_ROW, last + 1, mark("unit"), STYLES.plain);
  for (let column = last + 1; column <= textColumns(widths.length, widths.length).found - 1; column++)
    sheet.getColumn(column).hidden = true;
  FIRST.forEach(([heading, width, item, part], c) => {
    sheet.getColumn(c + 1).width = width;
    if (part !== undefined) put(sheet, MARK_ROW, c + 1, mark(part, item), STYLES.plain);
    put(sheet, HEAD_ROW, c + 1, heading, STYLES.head);
  });
  let index = 0;
  for (const { heading, indicators } of groups) {
    for (const indicator of indicators) {
      // over each indicator: a page may begin with any of them
      putAcross(
        sheet,
        GROUP_ROW,
        [columnOf(index, 0), columnOf(index, PARTS.length - 1)],
        heading,
        STYLES.groupCentred,
      );
      writeIndicatorHead(sheet, indicator, index);
      sheet.getColumn(columnOf(index, 0)).width = widths[index] ?? 0;
      index++;
    }
  }
  sheet.getColumn(last).width = NOTE_WIDTH;
  put(sheet, MARK_ROW, last, mark("found", HEAD_ITEMS.note), STYLES.plain);
  put(sheet, HEAD_ROW, last, "差错原因和说明", STYLES.head);
  for (const row of [MARK_ROW, KEY_ROW]) sheet.getRow(row).hidden = true;
  sheet.getRow(GROUP_ROW).height = 20;
  for (const row of [NAME_ROW, HEAD_ROW]) sheet.getRow(row).height = 34;
}

function writeIndicatorHead(sheet: Worksheet, { code, name, key, unit, unitField }: Indicator, index: number) {
  const counted = unitField === undefined ? unit : undefined;
  const title = `${key ? KEY_MARK : ""}${name}${counted === undefined ? "" : `（${counted}）`}`;
  putAcross(sheet, NAME_ROW, [columnOf(index, 0), columnOf(index, PARTS.length - 1)], title, STYLES.label);
  PARTS.forEach(([heading, width, part], p) => {
    const column = columnOf(index, p);
    sheet.getColumn(column).width = width;
    put(sheet, MARK_ROW, column, mark(part, code), STYLES.plain);
    put(sheet, HEAD_ROW, column, heading, STYLES.head);
    if (part === "result") put(sheet, KEY_ROW, column, key ? KEY_MARK : NO_KEY, STYLES.plain);
  });
}

function writeSource(sheet: Worksheet, source: FormSource, row: number, last: number) {
  const cells: readonly (readonly [number, Content, CellStyle])[] = [
    [NUMBER, row - HEAD_ROW, STYLES.centred],
    [NAME, source.name, STYLES.body],
    [ID, source.id, STYLES.code],
    [COUNTY, source.countyName, STYLES.centred],
    [OUTCOME, null, STYLES.inputCentred],
    [DATE, null, STYLES.inputCode],
    [INSPECTORS, null, STYLES.inputCode],
    [TEAM, teamShown(source), STYLES.inputCode],
    [last, null, STYLES.inputCode],
    [last + 1, source.id, STYLES.plain],
  ];
  for (const [column, content, style] of cells) put(sheet, row, column, content, style);
}

/** All in one row, whichever it is. */
function cellsOfRow(indicators: readonly Indicator[], source: FormSource): CellsByCode {
  return new Map(
    indicators.map((indicator, index) => {
      const cell = (part: number) => at(columnOf(index, part), ANY_ROW);
      const texts = textColumns(index, indicators.length);
      const addresses = {
        reported: cell(0),
        found: cell(1),
        ruling: cell(2),
        foundText: at(texts.found, ANY_ROW),
        reportedText: at(texts.reported, ANY_ROW),
      };
      return [indicator.code, cellsOf(indicator, source, addresses)];
    }),
  );
}

function cellsAt(cells: CellsByCode, { code }: Indicator) {
  const own = cells.get(code);
  if (own === undefined) throw new RangeError(`no cells for ${code}`);
  return own;
}

/** @param result formula of the result; undefined where the indicator does not apply to the source */
function writeIndicator(
  sheet: Worksheet,
  row: number,
  index: number,
  indicator: Indicator,
  source: FormSource,
  result: string | undefined,
) {
  const reported = reportedValue(indicator, source);
  const unit = indicator.unitField === undefined ? "" : unitOf(indicator, source.values);
  const shown = typeof reported === "number" ? numberStyle(unit) : reportedStyle(indicator, reported);
  put(sheet, row, columnOf(index, 0), reported, result === undefined && reported === "" ? STYLES.blocked : shown);
  if (result === undefined) {
    put(sheet, row, columnOf(index, 1), null, STYLES.blocked);
    put(sheet, row, columnOf(index, 2), null, STYLES.inputCentred);
    const ruling = at(columnOf(index, 2), ANY_ROW);
    const formula = inRow(`IF(${ruling}<>"",${ruling},"${NOT_APPLICABLE}")`, row);
    put(sheet, row, columnOf(index, 3), { ...formula, result: NOT_APPLICABLE }, STYLES.centred);
    return;
  }
  put(sheet, row, columnOf(index, 1), null, inputStyle(indicator));
  put(sheet, row, columnOf(index, 2), null, STYLES.inputCentred);
  put(sheet, row, columnOf(index, 3), inRow(result, row), STYLES.centred);
}

const numberStyles = new Map<string, CellStyle>();

/** Shows the source's own unit behind the number, where the column's head cannot name it. */
function numberStyle(unit: string): CellStyle {
  if (unit === "") return STYLES.number;
  const known = numberStyles.get(unit) ?? { ...STYLES.number, numFmt: `General" ${unit.replaceAll('"', "")}"` };
  numberStyles.set(unit, known);
  return known;
}

function writeCounts(sheet: Worksheet, source: FormSource, row: number, total: number, last: number): FilledSource {
  const [first, end] = [columnLetters(FIRST.length + 1), columnLetters(last - 1)];
  const keys = `$${first}$${KEY_ROW}:$${end}$${KEY_ROW}`;
  const results = `$${first}${row}:$${end}${row}`;
  const countsOf = (of: (address: string) => string) =>
    countFormulas({ keys: of(keys), indicators: of(keys), results: of(results), outcome: of(at(OUTCOME, row)) });
  const counts = countsOf((address) => address);
  const [checked, wrong, rate] = [at(CHECKED, row), at(WRONG_COUNT, row), at(RATE, row)];
  put(sheet, row, PROGRESS, { formula: `${counts.filled}&"/"&${counts.due}`, result: `0/${total}` }, STYLES.centred);
  put(sheet, row, CHECKED, { formula: counts.checked, result: 0 }, STYLES.centred);
  put(sheet, row, WRONG_COUNT, { formula: counts.wrong, result: 0 }, STYLES.centred);
  put(sheet, row, RATE, { formula: rateFormula(checked, wrong), result: "" }, STYLES.percent);
  const there = (address: string) => `${quoteSheet(sheet.name)}!${address}`;
  const all = countsOf(there);
  return {
    source,
    sheetName: sheet.name,
    address: at(NAME, row),
    total,
    due: all.due,
    filled: all.filled,
    checked: there(checked),
    wrong: there(wrong),
    rate: there(rate),
    outcome: there(at(OUTCOME, row)),
  };
}

/** Drop-downs, bounds and marks, a column at a time. */
function guideColumns(sheet: Worksheet, indicators: readonly Indicator[], sources: readonly FormSource[]) {
  const lastRow = HEAD_ROW + sources.length;
  const isUnknown = (row: number, indicator: Indicator) => {
    const source = sources[row - HEAD_ROW - 1];
    return source !== undefined && reportedText(indicator, source.values) === "";
  };
  const first = HEAD_ROW + 1;
  const column = (c: number) => `${at(c, first)}:${at(c, lastRow)}`;
  offer(sheet, column(OUTCOME), CHECK_OUTCOMES, true, "未找到、拒绝核查的，全部关键指标计为差错");
  for (let row = first; row <= lastRow; row++) {
    restrict(sheet, at(DATE, row), { kind: "date" }, "年-月-日，如 2019-09-30");
  }
  for (const [index, indicator] of indicators.entries()) {
    for (const [from, to] of runs(first, lastRow, (row) => isUnknown(row, indicator))) {
      guideCopying(sheet, `${at(columnOf(index, 0), from)}:${at(columnOf(index, 0), to)}`, indicator);
    }
    guide(sheet, column(columnOf(index, 1)), indicator);
    offer(sheet, column(columnOf(index, 2)), CHECK_RESULTS, true);
    const block = `${at(columnOf(index, 0), first)}:${at(columnOf(index, 3), lastRow)}`;
    const result = `$${at(columnOf(index, 3), first)}`;
    markWhere(sheet, block, `${result}="${WRONG}"`);
    fadeWhere(sheet, block, `${result}="${NOT_APPLICABLE}"`);
  }
  markWhere(sheet, column(RATE), `AND(ISNUMBER(${at(RATE, first)}),${at(RATE, first)}>${TOLERATED_ERROR_RATE})`);
}

/** First and last of rows that follow each other and have what is asked. */
function runs(first: number, last: number, has: (row: number) => boolean): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let row = first; row <= last; row++) {
    if (!has(row)) continue;
    const run = found.at(-1);
    if (run?.[1] === row - 1) run[1] = row;
    else found.push([row, row]);
  }
  return found;
}
