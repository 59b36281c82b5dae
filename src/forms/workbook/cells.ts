/** What an indicator's cells hold, whatever the sheet's layout: the value reported, the input, the result's formula. */
import { findStatus, plainValue } from "../../reference/ledger-values.ts";
import { STYLES } from "../../xlsx/styles.ts";
import {
  type CellStyle,
  type Formula,
  offer,
  put,
  quoteText,
  type Restriction,
  restrict,
  type Worksheet,
} from "../../xlsx/write.ts";
import { asExpression, asksFor, type Condition, isBehind, testsOf, workbookNotation } from "../condition.ts";
import { LEFT_EMPTY } from "../judge.ts";
import { comparedText, judgeFormula } from "../judge-formula.ts";
import { CHECK_RESULTS, UNCOPIED } from "../record-marks.ts";
import { reportedText, unitOf } from "../reported.ts";
import type { FormSource } from "../source.ts";
import { type Indicator, NUMERIC_TYPES, type Tolerance } from "../template.ts";

export const KEY_MARK = "★";
export const [RIGHT, WRONG, NOT_APPLICABLE] = CHECK_RESULTS;
/** What is written on a form of values reported that the ledger has not. */
export const COPYING = `填报值空白的从普查表照抄，普查表上应填未填的写“${LEFT_EMPTY}”，计为差错；没有抄的，填了核查值或判为无误也只是“${UNCOPIED}”，不计对错。`;
/** Highest share of wrong key indicators that the work plan allows. */
export const TOLERATED_ERROR_RATE = 0.02;

/** The value reported: a number where the ledger's text is a plain number that reads back the same; text otherwise. */
export function reportedValue(indicator: Indicator, { values }: FormSource): string | number {
  const text = reportedText(indicator, values);
  const value = Number(text);
  const isNumber = NUMERIC_TYPES.includes(indicator.type) && text !== "" && String(value) === text;
  return isNumber && Number.isFinite(value) ? value : text;
}

/** Style of the cell for the value reported: to be written in where the ledger has none. */
export function reportedStyle(indicator: Indicator, reported: string | number): CellStyle {
  if (reported === "") return inputStyle(indicator);
  return typeof reported === "number" ? STYLES.number : STYLES.code;
}

/** Style of the cell for the value found. */
export function inputStyle({ type }: Indicator): CellStyle {
  if (NUMERIC_TYPES.includes(type)) return STYLES.inputNumber;
  return type === "choice" || type === "yesno" ? STYLES.inputCentred : STYLES.inputCode;
}

/** What is said beside the cells of an indicator, and what they take. */
interface Guide {
  readonly prompt: string;
  readonly choices: readonly string[] | undefined;
  readonly restriction: Restriction | undefined;
  /** Of a value reported that is to be copied: as the census form has it, be it possible or not. */
  readonly copied: Restriction | undefined;
}

/** Guides by indicator: all sources of a form have them in common. */
const guides = new WeakMap<Indicator, Guide>();

function guideOf(indicator: Indicator): Guide {
  const known = guides.get(indicator);
  if (known !== undefined) return known;
  const restriction = restrictionOf(indicator);
  const made: Guide = {
    prompt: [indicator.hint, toleranceInWords(indicator)]
      .filter((part) => part !== undefined && part !== "")
      .join("；"),
    choices: choicesOf(indicator),
    restriction,
    copied: restriction && { kind: restriction.kind, orText: LEFT_EMPTY },
  };
  guides.set(indicator, made);
  return made;
}

/** Choices, bounds and a prompt for the value found. */
export function guide(sheet: Worksheet, address: string, indicator: Indicator) {
  const { choices, restriction, prompt } = guideOf(indicator);
  if (choices === undefined) restrict(sheet, address, restriction, prompt);
  else offer(sheet, address, choices, true, prompt);
}

/** The same for values reported that are to be copied. */
export function guideCopying(sheet: Worksheet, address: string, indicator: Indicator) {
  const prompt = `从普查表照抄；普查表上应填未填的写“${LEFT_EMPTY}”，计为差错`;
  const { choices, copied } = guideOf(indicator);
  if (choices === undefined) restrict(sheet, address, copied, prompt);
  else offer(sheet, address, [...choices, LEFT_EMPTY], false, prompt);
}

function choicesOf({ type, options }: Indicator): readonly string[] | undefined {
  return type === "yesno" ? ["是", "否"] : options;
}

function restrictionOf({ type, min, max }: Indicator): Restriction | undefined {
  if (type === "date") return { kind: "date" };
  if (type === "coordinate") return { kind: "decimal", min: min ?? -180, max: max ?? 180 };
  if (!NUMERIC_TYPES.includes(type)) return undefined;
  return { kind: type === "integer" ? "whole" : "decimal", min, max };
}

/** The rule of `judge` in words: a share is one of the value found. */
function toleranceInWords({ tolerance, unit }: Indicator): string {
  const amount = amountInWords(tolerance, unit);
  return amount === "" ? "" : `填报值与核查值之差不超过${amount} 的，不计差错`;
}

/** Such as 核查值的 10%, or 0.5吨; empty where values must agree. */
export function amountInWords(tolerance: Tolerance, unit = ""): string {
  if (tolerance.kind === "exact") return "";
  return tolerance.kind === "amount"
    ? ` ${tolerance.by}${unit}`
    : `核查值的 ${Number((tolerance.by * 100).toFixed(6))}%`;
}

/** Addresses of the cells of an indicator. */
export interface IndicatorCells {
  readonly reported: string;
  /** The ledger's value in the cell of the value reported; undefined where one is to be copied. */
  readonly known: string | undefined;
  readonly found: string;
  readonly ruling: string;
  /** Hidden: what is compared of the value found, and of a value reported that is to be copied. */
  readonly foundText: string;
  readonly reportedText: string;
}

/** Where the cells of a source's indicators lie, by code. */
export type CellsByCode = ReadonlyMap<string, IndicatorCells>;

/** A value reported as conditions ask for it: one that was left empty says nothing. */
function reportedBehind({ known, reported }: IndicatorCells): string {
  return known === undefined ? `IF(${reported}="${LEFT_EMPTY}","",${reported})` : reported;
}

/**
 * A condition as a formula for one indicator; one that decides its own condition applies where it holds by the value
 * reported or by the value found (`decideFor`).
 * @param whole the condition as a formula for all others
 */
export function conditionFormulaFor(
  indicator: Indicator,
  condition: Condition | undefined,
  whole: string | undefined,
  indicators: readonly Indicator[],
  cells: CellsByCode,
  source: FormSource,
): string | undefined {
  const own = cells.get(indicator.code);
  if (condition === undefined || whole === undefined || own === undefined || !asksFor(condition, indicator))
    return whole;
  const asReported = conditionFormula(condition, indicators, cells, source, indicator);
  return `OR(${whole},AND(${reportedBehind(own)}<>"",${asReported}))`;
}

/**
 * A condition as a formula over the cells of a source; undefined where no cell decides it, so that what the form's making
 * has decided stands.
 * @param asReported an indicator of which the value reported alone is asked
 */
export function conditionFormula(
  condition: Condition | undefined,
  indicators: readonly Indicator[],
  cells: CellsByCode,
  source: FormSource,
  asReported?: Indicator,
): string | undefined {
  if (condition === undefined) return undefined;
  const cellOf = ({ field, indicator }: { field?: string | undefined; indicator?: string | undefined }) => {
    const code = indicator ?? indicators.find((each) => each.field === field)?.code;
    return code === undefined ? undefined : cells.get(code);
  };
  if (testsOf(condition).every((test) => cellOf(test) === undefined)) return undefined;
  const valueBehind: Parameters<typeof workbookNotation>[0] = (test) => {
    const at = cellOf(test);
    if (at !== undefined && asReported !== undefined && isBehind(test, asReported)) return reportedBehind(at);
    if (at !== undefined) return `IF(${at.found}<>"",${at.found},${reportedBehind(at)})`;
    const known = knownValue(test.field, source);
    return known === "" ? undefined : quoteText(known);
  };
  return asExpression(condition, workbookNotation(valueBehind));
}

/** A ledger's value that no cell shows; kinds that a template does not speak of decide nothing, so none is told. */
function knownValue(field: string | undefined, { values }: FormSource): string {
  if (field === undefined || field === "subclass") return "";
  const text = values.get(field) ?? "";
  return field === "status" ? (findStatus(text) ?? "") : plainValue(text);
}

/** The cells of an indicator that stand at these addresses. */
export function cellsOf(
  indicator: Indicator,
  { values }: FormSource,
  at: Omit<IndicatorCells, "known">,
): IndicatorCells {
  const text = reportedText(indicator, values);
  return { ...at, known: text === "" ? undefined : text };
}

/** Stands for the row in the addresses of a formula that may stand in any. */
export const ANY_ROW = "\u0001";

/** The formula as it stands in a row; `isAlike` where all its addresses move along with the row, or none of them. */
export function inRow(text: string, row: number, isAlike = true): Formula {
  // whether every program takes arrays in formulas that cells share is not known
  const shape = isAlike && !text.includes("{") ? text : undefined;
  return {
    // not asked for where another cell has the same
    get formula() {
      return text.replaceAll(ANY_ROW, String(row));
    },
    result: "",
    shape,
  };
}

/**
 * Fills the hidden cells of what is compared. Each formula of a result names them several times over, and a workbook of a
 * city has thousands of them.
 */
export function putTexts(
  sheet: Worksheet,
  row: number,
  columns: { readonly found: number; readonly reported: number },
  { found, reported, known }: Pick<IndicatorCells, "found" | "reported" | "known">,
) {
  const text = (cell: string, column: number) => put(sheet, row, column, inRow(comparedText(cell), row), STYLES.hidden);
  text(found, columns.found);
  if (known === undefined) text(reported, columns.reported);
}

/**
 * The formula of a result: the ruling, else 不适用 where the condition does not hold, else the comparison. 无误 of a value
 * that is still to be copied is no ruling.
 * @param applies formulas that must all hold for the indicator to apply
 */
export function resultFormula(
  indicator: Indicator,
  { values }: FormSource,
  cells: IndicatorCells,
  applies: readonly string[],
): string {
  const judged = { ...indicator, unit: unitOf(indicator, values) };
  const { known } = cells;
  // a known text is compared but once
  const text = known === undefined ? cells.reportedText : comparedText(cells.reported);
  const reported = { cell: cells.reported, known, text };
  const found = { cell: cells.found, text: cells.foundText };
  const compared = judgeFormula(judged, reported, found, { right: RIGHT, wrong: WRONG, uncopied: UNCOPIED });
  const condition = applies.length > 1 ? `AND(${applies.join(",")})` : applies[0];
  const whereApplies = (result: string) =>
    condition === undefined ? result : `IF(${condition},${result},"${NOT_APPLICABLE}")`;
  const ruled =
    known === undefined
      ? `IF(AND(${cells.ruling}="${RIGHT}",${text}=""),${whereApplies(`"${UNCOPIED}"`)},${cells.ruling})`
      : cells.ruling;
  return `IF(${cells.ruling}<>"",${ruled},${whereApplies(compared)})`;
}
