/** What an indicator's cells hold, whatever the sheet's layout: the value reported, the input, the result's formula. */
import { findStatus, plainValue } from "../../reference/ledger-values.ts";
import { STYLES } from "../../xlsx/styles.ts";
import { type CellStyle, offer, type Restriction, restrict, type Worksheet } from "../../xlsx/write.ts";
import { asExpression, type Condition, testsOf, workbookNotation } from "../condition.ts";
import { judgeFormula } from "../judge.ts";
import { CHECK_RESULTS } from "../record-marks.ts";
import type { FormSource } from "../source.ts";
import { type Indicator, NUMERIC_TYPES, type Tolerance } from "../template.ts";

export const KEY_MARK = "★";
export const [RIGHT, WRONG, NOT_APPLICABLE] = CHECK_RESULTS;
/** Highest share of wrong key indicators that the work plan allows. */
export const TOLERATED_ERROR_RATE = 0.02;

/** The value reported: a number where the ledger's text is a plain number that reads back the same; text otherwise. */
export function reportedValue({ field, type }: Indicator, { values }: FormSource): string | number {
  const text = field === undefined ? "" : (values.get(field) ?? "");
  if (field === "status") return findStatus(text) ?? text;
  const value = Number(text);
  return NUMERIC_TYPES.includes(type) && text !== "" && String(value) === text && Number.isFinite(value) ? value : text;
}

/** The unit in which a source's indicator is counted; empty where it has none. */
export function unitOf({ unit, unitField }: Indicator, { values }: FormSource): string {
  return (unitField === undefined ? "" : values.get(unitField)) || (unit ?? "");
}

/** Style of the cell for the value found. */
export function inputStyle({ type }: Indicator): CellStyle {
  if (NUMERIC_TYPES.includes(type)) return STYLES.inputNumber;
  return type === "choice" || type === "yesno" ? STYLES.inputCentred : STYLES.inputCode;
}

/** Choices, bounds and a prompt for the value found. */
export function guide(sheet: Worksheet, address: string, indicator: Indicator) {
  const { type, options, hint } = indicator;
  const prompt = [hint, toleranceInWords(indicator)].filter((part) => part !== undefined && part !== "").join("；");
  const choices = type === "yesno" ? ["是", "否"] : options;
  if (choices === undefined) restrict(sheet, address, restrictionOf(indicator), prompt);
  else offer(sheet, address, choices, true, prompt);
}

function restrictionOf({ type, min, max }: Indicator): Restriction | undefined {
  if (type === "date") return { kind: "date" };
  if (type === "coordinate") return { kind: "decimal", min: min ?? -180, max: max ?? 180 };
  if (!NUMERIC_TYPES.includes(type)) return undefined;
  return { kind: type === "integer" ? "whole" : "decimal", min, max };
}

/** Such as 与填报值相差 ±10% 以内不计差错. */
function toleranceInWords({ tolerance, unit }: Indicator): string {
  const amount = amountInWords(tolerance, unit);
  return amount === "" ? "" : `与填报值相差 ${amount} 以内不计差错`;
}

function amountInWords(tolerance: Tolerance, unit: string | undefined): string {
  if (tolerance.kind === "exact") return "";
  return tolerance.kind === "amount" ? `±${tolerance.by}${unit ?? ""}` : `±${Number((tolerance.by * 100).toFixed(6))}%`;
}

/** Addresses of the cells of an indicator. */
export interface IndicatorCells {
  readonly reported: string;
  readonly found: string;
  readonly ruling: string;
}

/** Where the cells of a source's indicators lie, by code. */
export type CellsByCode = ReadonlyMap<string, IndicatorCells>;

/**
 * A condition as a formula over the cells of a source; undefined where no cell decides it, so that what the form's making
 * has decided stands.
 */
export function conditionFormula(
  condition: Condition | undefined,
  indicators: readonly Indicator[],
  cells: CellsByCode,
  source: FormSource,
): string | undefined {
  if (condition === undefined) return undefined;
  const cellOf = ({ field, indicator }: { field?: string | undefined; indicator?: string | undefined }) => {
    const code = indicator ?? indicators.find((each) => each.field === field)?.code;
    return code === undefined ? undefined : cells.get(code);
  };
  if (testsOf(condition).every((test) => cellOf(test) === undefined)) return undefined;
  const valueBehind: Parameters<typeof workbookNotation>[0] = (test) => {
    const at = cellOf(test);
    if (at !== undefined) return `IF(${at.found}<>"",${at.found},${at.reported})`;
    const known = knownValue(test.field, source);
    return known === "" ? undefined : `"${known.replaceAll('"', '""')}"`;
  };
  return asExpression(condition, workbookNotation(valueBehind));
}

/** A ledger's value that no cell shows; kinds that a template does not speak of decide nothing, so none is told. */
function knownValue(field: string | undefined, { values }: FormSource): string {
  if (field === undefined || field === "subclass") return "";
  const text = values.get(field) ?? "";
  return field === "status" ? (findStatus(text) ?? "") : plainValue(text);
}

/**
 * The formula of a result: the ruling, else 不适用 where the condition does not hold, else the comparison.
 * @param applies formulas that must all hold for the indicator to apply
 */
export function resultFormula(indicator: Indicator, cells: IndicatorCells, applies: readonly string[]): string {
  const compared = judgeFormula(indicator, cells.reported, cells.found, { right: RIGHT, wrong: WRONG });
  const condition = applies.length > 1 ? `AND(${applies.join(",")})` : applies[0];
  const result = condition === undefined ? compared : `IF(${condition},${compared},"${NOT_APPLICABLE}")`;
  return `IF(${cells.ruling}<>"",${cells.ruling},${result})`;
}
