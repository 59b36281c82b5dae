/** Workbooks in the making: the same bytes for the same input, no trace of machine or user, and text that stays text. */
import type { Cell, CellFormulaValue, CellSharedFormulaValue, DataValidation, Workbook, Worksheet } from "exceljs";
import { visible } from "../text/visible.ts";
import { exceljs } from "./exceljs.ts";
import { type CellStyle, STYLES } from "./styles.ts";

export { toBytes } from "./to-bytes.ts";
export type { CellStyle, Workbook, Worksheet };

/** A formula with the result that viewers show which do not calculate. */
export interface Formula {
  readonly formula: string;
  readonly result: string | number;
  /**
   * What the formula is but for where it stands: cells of one sheet that have this in common hold one formula, their relative
   * addresses moved along, which is written once. The first must be the uppermost of them.
   */
  readonly shape?: string | undefined;
}
/** What a cell holds; `null` and `""` leave it empty. Strings are always text, never formulas. */
export type Content = string | number | Formula | null;

type CellFormula =
  | Pick<CellFormulaValue, "formula" | "result">
  | Pick<CellSharedFormulaValue, "sharedFormula" | "result">;

const FIXED_DATE = new Date(Date.UTC(1980, 0, 1));
const CREATOR = "chouqian";

/** An empty workbook with fixed properties. */
export function newWorkbook(title: string): Workbook {
  const workbook = new (exceljs().Workbook)();
  workbook.creator = CREATOR;
  workbook.lastModifiedBy = CREATOR;
  workbook.created = FIXED_DATE;
  workbook.modified = FIXED_DATE;
  workbook.title = safeText(title);
  workbook.views = [{ x: 0, y: 0, width: 24_000, height: 14_000, firstSheet: 0, activeTab: 0, visibility: "visible" }];
  return workbook;
}

/** A workbook that someone saved, to be changed and written again. Throws where the library cannot read it. */
export async function loadedWorkbook(bytes: Uint8Array): Promise<Workbook> {
  const workbook = new (exceljs().Workbook)();
  await workbook.xlsx.load(bytes as unknown as Parameters<Workbook["xlsx"]["load"]>[0]);
  workbook.creator = CREATOR;
  workbook.lastModifiedBy = CREATOR;
  workbook.created = FIXED_DATE;
  workbook.modified = FIXED_DATE;
  return workbook;
}

/** Fills one cell; rows and columns count from 1. */
export function put(sheet: Worksheet, row: number, column: number, content: Content, style: CellStyle = STYLES.body) {
  const cell = sheet.getRow(row).getCell(column);
  if (typeof content === "string") {
    if (content !== "") cell.value = safeText(content);
    cell.style = looksLikeFormula(content) ? asText(style) : style;
    return;
  }
  if (content !== null) cell.value = typeof content === "number" ? content : formulaIn(sheet, cell, content);
  cell.style = style;
}

/** The first cell of each shape of formula, by sheet. */
const firstOfShape = new WeakMap<Worksheet, Map<string, string>>();

function formulaIn(sheet: Worksheet, { address }: Cell, content: Formula): CellFormula {
  const { result, shape } = content;
  const shown = safeResult(result);
  if (shape === undefined) return { formula: content.formula, result: shown };
  const firsts = firstOfShape.get(sheet) ?? new Map<string, string>();
  firstOfShape.set(sheet, firsts);
  const first = firsts.get(shape);
  if (first !== undefined) return { sharedFormula: first, result: shown };
  firsts.set(shape, address);
  return { formula: content.formula, result: shown };
}

/** Fills one cell merged over columns `from` to `to`, which must not be merged yet. */
export function putAcross(
  sheet: Worksheet,
  row: number,
  [from, to]: readonly [number, number],
  content: Content,
  style: CellStyle = STYLES.body,
) {
  put(sheet, row, from, content, style);
  // the sheet's own way to merge compares each range with all others
  const cells = sheet.getRow(row);
  for (let column = from + 1; column <= to; column++) cells.getCell(column).merge(cells.getCell(from));
}

/** The hidden sheet that holds choices which Excel cannot take in a rule itself, a column a list. */
export const LISTS_SHEET = "_lists";
/** Excel's own limit on a text in a rule or a formula. */
const LONGEST_LITERAL = 255;

/**
 * Offers choices for the input into a range such as `E3:E52`; `strict` refuses anything else. Ranges of one sheet must
 * not overlap.
 */
export function offer(sheet: Worksheet, range: string, choices: readonly string[], strict: boolean, prompt = "") {
  const refusal = {
    errorStyle: "stop",
    errorTitle: "请从列表中选择",
    error: visible(`可选：${choices.join("、")}`).slice(0, LONGEST_LITERAL),
  };
  const rule: DataValidation = {
    type: "list",
    allowBlank: true,
    formulae: [listOf(sheet.workbook, choices)],
    showErrorMessage: strict,
    ...promptOf(prompt),
  };
  addValidation(sheet, range, strict ? { ...rule, ...refusal } : rule);
}

/** Choices as a rule names them: themselves, or where they stand on the hidden sheet. */
function listOf(workbook: Workbook, choices: readonly string[]): string {
  const list = choices.join(",");
  const isPlain = choices.every(
    (choice) => !/[,"]/.test(choice) && choice === choice.trim() && visible(choice) === choice,
  );
  if (isPlain && list.length <= LONGEST_LITERAL) return `"${list}"`;
  const lists = workbook.getWorksheet(LISTS_SHEET) ?? workbook.addWorksheet(LISTS_SHEET, { state: "veryHidden" });
  let column = 1;
  const isOwn = () => choices.every((choice, i) => lists.getCell(i + 1, column).value === safeText(choice));
  const isFree = () => lists.getCell(1, column).value === null;
  while (!isFree() && !(isOwn() && lists.getCell(choices.length + 1, column).value === null)) column++;
  choices.forEach((choice, i) => {
    put(lists, i + 1, column, choice, STYLES.plain);
  });
  const letters = lists.getColumn(column).letter;
  return `${quoteSheet(LISTS_SHEET)}!$${letters}$1:$${letters}$${choices.length}`;
}

/** What a cell takes: a whole number, a number, or a date written as text. */
export interface Restriction {
  readonly kind: "whole" | "decimal" | "date";
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** A text that may stand instead; anything else is then but warned of, bounds do not count. */
  readonly orText?: string | undefined;
}

/** Beyond these no figure of a form lies; Excel itself keeps 15 digits. */
const ANY_NUMBER = 1e15;

/** Rules by restriction and prompt: many cells have one in common. */
const rules = new WeakMap<Restriction, Map<string, DataValidation>>();

/**
 * Says beside a cell what it takes, and refuses anything else where a restriction is given. A date is only warned of, for
 * a person may know no more than the year.
 * @param restriction reuse one object for many cells
 * @param prompt a sentence shown when the cell is entered; none where empty
 */
export function restrict(sheet: Worksheet, address: string, restriction: Restriction | undefined, prompt: string) {
  if (restriction === undefined) {
    const rule = { allowBlank: true, ...promptOf(prompt), type: "any" };
    if (prompt !== "") addValidation(sheet, address, rule as unknown as DataValidation);
    return;
  }
  const known = rules.get(restriction) ?? new Map<string, DataValidation>();
  rules.set(restriction, known);
  const rule = known.get(prompt) ?? ruleOf(restriction, prompt);
  known.set(prompt, rule);
  const formula = ownFormula(restriction, address);
  addValidation(sheet, address, formula === undefined ? rule : { ...rule, formulae: [formula] });
}

/** The formula that holds where a cell has what it takes; none where the kind of the rule says so. */
function ownFormula({ kind, orText }: Restriction, address: string): string | undefined {
  if (kind !== "date" && orText === undefined) return undefined;
  const [first = address] = address.split(":");
  const isOwn = kind === "date" ? `ISNUMBER(DATEVALUE(${first}))` : `ISNUMBER(${first})`;
  return orText === undefined ? isOwn : `OR(${first}=${quoteText(orText)},${isOwn})`;
}

/** A rule; `ownFormula` is still to be set. */
function ruleOf(restriction: Restriction, prompt: string): DataValidation {
  const { kind, min = -ANY_NUMBER, max = ANY_NUMBER, orText } = restriction;
  const rule = { allowBlank: true, ...promptOf(prompt) };
  const what = kind === "whole" ? "整数" : "数值";
  if (kind === "date" || orText !== undefined) {
    const asked = kind === "date" ? "请按 2019-09-30 的形式填写日期" : `这里一般是${what}`;
    return {
      ...rule,
      type: "custom",
      formulae: [],
      showErrorMessage: true,
      errorStyle: "warning",
      errorTitle: kind === "date" ? "日期" : what,
      error: orText === undefined ? asked : `${asked}；原文如此的照抄，空着的写“${orText}”`,
    };
  }
  const from = restriction.min === undefined ? "" : `不小于 ${min}`;
  const to = restriction.max === undefined ? "" : `不大于 ${max}`;
  const bounds = [from, to].filter((part) => part !== "").join("、");
  return {
    ...rule,
    type: kind,
    operator: "between",
    formulae: [min, max],
    showErrorMessage: true,
    errorStyle: "stop",
    errorTitle: `请填写${what}`,
    error: `这里只填${what}${bounds === "" ? "" : `，${bounds}`}；不带单位，不带千分位`,
  };
}

/** Excel takes up to 255 characters. */
function promptOf(prompt: string): Partial<DataValidation> {
  return prompt === "" ? {} : { showInputMessage: true, prompt: safeText(prompt).slice(0, 255) };
}

function addValidation(sheet: Worksheet, range: string, rule: DataValidation) {
  // the published types lack this member; a range of one cell must be written without a colon
  const { dataValidations } = sheet as unknown as {
    dataValidations: { add(range: string, rule: DataValidation): void };
  };
  const [first, last] = range.split(":");
  dataValidations.add(first === last && first !== undefined ? first : range, rule);
}

/** Locks every cell but those styled as input. There is no password: the lock guards against slips, not against people. */
export async function lock(sheet: Worksheet) {
  await sheet.protect("", { formatColumns: true, formatRows: true, autoFilter: true });
}

/** Puts a comment beside a cell. */
export function comment(sheet: Worksheet, row: number, column: number, text: string) {
  sheet.getRow(row).getCell(column).note = safeText(text);
}

/** Link to a cell of another sheet. A formula, since exceljs writes links within a workbook as outer ones. */
export function linkTo(sheetName: string, address: string, text: string): Formula {
  const target = `#${quoteSheet(sheetName)}!${address}`;
  return {
    formula: `HYPERLINK(${quoteText(target)},${quoteText(safeText(text).slice(0, 200))})`,
    result: text.slice(0, 200),
  };
}

/** Link to a cell of another workbook in the same folder, or to a file that has no cells. */
export function linkToFile(file: string, sheet: string | undefined, address: string): Formula {
  const target = sheet === undefined ? file : `${file}#${quoteSheet(sheet)}!${address}`;
  return { formula: `HYPERLINK(${quoteText(safeText(target).slice(0, 255))},${quoteText(address)})`, result: address };
}

/** A sheet's name as formulas write it. */
export function quoteSheet(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}

/** A text as formulas write it: in pieces where it is longer than Excel takes one. */
export function quoteText(text: string): string {
  const pieces = text.match(PIECES) ?? [""];
  return pieces.map((piece) => `"${piece.replaceAll('"', '""')}"`).join("&");
}
/** Half the limit, since quotation marks count twice; no character is cut in two. */
const PIECES = /[\s\S]{1,120}(?![\uDC00-\uDFFF])/g;

const LONGEST_TEXT = 32_767;
const CUT_MARK = "…〔内容过长，已截断〕";
/**
 * Text that a cell can hold and a person can see: hidden characters written out as 〔U+XXXX〕, overlong text cut with
 * a mark, carriage returns and literal `_x000D_` escaped as the format demands.
 */
export function safeText(text: string): string {
  let safe = visible(text);
  if (safe.length > LONGEST_TEXT) {
    safe = safe.slice(0, LONGEST_TEXT - CUT_MARK.length).replace(/[\uD800-\uDBFF]$/, "") + CUT_MARK;
  }
  if (safe.includes("_x")) safe = safe.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  return safe.includes("\r") ? safe.replaceAll("\r", "_x000D_") : safe;
}

function safeResult(result: string | number): string | number {
  return typeof result === "string" ? safeText(result) : result;
}

/** Editing such a cell would turn it into a formula unless it is formatted as text. */
function looksLikeFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text);
}

const textStyles = new WeakMap<CellStyle, CellStyle>();

function asText(style: CellStyle): CellStyle {
  if (style.numFmt === "@") return style;
  const known = textStyles.get(style) ?? { ...style, numFmt: "@" };
  textStyles.set(style, known);
  return known;
}

/** A name that Excel accepts for a sheet (31 characters, none of `[]:*?/\'`), cut and never empty. */
export function safeSheetName(name: string, most = 31): string {
  const safe = visible(name)
    .replace(/[[\]:*?/\\'"\s]+/g, " ")
    .trim()
    .slice(0, most)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trim();
  return safe === "" ? "_" : safe;
}
