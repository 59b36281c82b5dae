/** Reads what people write in a record form: values by type, results, outcomes, dates. Pure. */
import { CHECK_OUTCOMES, CHECK_RESULTS } from "../forms/record-marks.ts";
import { type Indicator, NUMERIC_TYPES } from "../forms/template.ts";
import { findStatus, plainValue } from "../reference/ledger-values.ts";
import { canonicalCode, canonicalText, foldWidth } from "../text/canonical.ts";
import type { Place, Problem } from "../text/errors.ts";
import { numberText } from "../xlsx/cell-value.ts";
import { fault } from "./faults.ts";
import type { FilledValue } from "./filled.ts";
import { OUTCOMES, type Outcome, RESULTS, type Result } from "./record.ts";

const ERRORS = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/i;

/** Whether a cell shows an error of a formula. */
export function isCellError(text: string): boolean {
  return ERRORS.test(text.trim());
}

export function cellError({ text, at }: FilledValue): Problem {
  return fault("E-RECORDS-CELL-ERROR", `单元格显示错误值 ${text.trim()}`, `the cell shows ${text.trim()}`, {
    ...at,
    value: text,
  });
}

/** The value as records have it, or what is wrong with it. */
export type ReadValue = { readonly value: string } | { readonly problem: Problem };

/** Reads a value found by its indicator's type, choices and bounds. */
export function readValue(indicator: Indicator, { text, at: place }: FilledValue): ReadValue {
  const { type, options, name } = indicator;
  const at: Place = { ...place, value: text };
  const no = (code: Parameters<typeof fault>[0], zh: string, en: string): ReadValue => ({
    problem: fault(code, `“${name}”${zh}`, `${name}: ${en}`, at),
  });
  if (isCellError(text)) return { problem: cellError({ text, at: place }) };
  if (NUMERIC_TYPES.includes(type)) return readNumber(indicator, text, no);
  if (type === "code") {
    const code = canonicalCode(text);
    return CODE.test(code) ? { value: code } : no("E-RECORDS-VALUE", "应为代码（字母和数字）", "must be a code");
  }
  if (type === "date") {
    const date = readDate(text);
    return date === undefined ? no("E-RECORDS-DATE", "不是日期", "no date") : { value: date };
  }
  const choices = type === "yesno" ? ["是", "否"] : options;
  if (choices === undefined) return { value: canonicalText(text) };
  const status = indicator.field === "status" ? findStatus(text) : undefined;
  const choice = choices.find((each) => plainValue(each) === plainValue(status ?? text));
  return choice === undefined
    ? no("E-RECORDS-OPTION", `只能是：${choices.join("、")}`, `must be one of ${choices.join(", ")}`)
    : { value: choice };
}

/** A reading never has more, sign and point among them: a spreadsheet keeps fifteen digits. */
const MOST_DIGITS = 24;

/** One code or several; 无 where there is none. */
const CODE = /^([0-9A-Z._/()、,; -]+|无)$/;
/** With an exponent as Excel writes one into a CSV: `1E+03`. */
const NUMBER = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?(E[+-]?\d+)?$/i;

function readNumber(
  { type, unit, min, max }: Indicator,
  text: string,
  no: (code: "E-RECORDS-VALUE" | "E-RECORDS-RANGE", zh: string, en: string) => ReadValue,
): ReadValue {
  const written = foldWidth(text).replace(/\s/g, "");
  const plain = unit === undefined ? written : withoutUnit(written, foldWidth(unit).replace(/\s/g, ""));
  if (!NUMBER.test(plain)) return no("E-RECORDS-VALUE", "应为数值", "must be a number");
  const digits = plain.replaceAll(",", "");
  const number = Number(digits);
  const value = /e/i.test(digits) ? numberText(digits, { kind: "number" }, false) : digits;
  if (value.length > MOST_DIGITS || /e/i.test(value)) {
    return no("E-RECORDS-RANGE", "位数太多，数值不可能", "has more digits than a value can");
  }
  if (type === "integer" && !Number.isInteger(number)) return no("E-RECORDS-VALUE", "应为整数", "must be whole");
  if (min !== undefined && number < min) return no("E-RECORDS-RANGE", `不能小于 ${min}`, `must not be below ${min}`);
  if (max !== undefined && number > max) return no("E-RECORDS-RANGE", `不能大于 ${max}`, `must not be above ${max}`);
  if (type === "coordinate" && Math.abs(number) > 180) {
    return no("E-RECORDS-RANGE", "应在 -180 至 180 度之间", "must lie within 180 degrees");
  }
  return { value };
}

/** The number before the indicator's own unit; with any other unit it stays as it was written, and is none. */
function withoutUnit(text: string, unit: string): string {
  return text.endsWith(unit) ? text.slice(0, -unit.length) : text;
}

/**
 * `2019-09-30` of the ways in which dates are written, `20190930` among them, and of the number that a spreadsheet keeps for a
 * day where its cell shows numbers (43738); undefined for any other text.
 */
export function readDate(text: string): string | undefined {
  const plain = foldWidth(text).trim();
  const parts = WRITTEN_DATE.exec(plain) ?? DIGITS_DATE.exec(plain);
  if (parts === null) return SERIAL.test(plain) ? numberText(plain, AS_DATE, false) : undefined;
  const [, year = "", month = "", day = ""] = parts;
  const isDay = Number(day) >= 1 && Number(day) <= daysOf(Number(year), Number(month));
  return isDay ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : undefined;
}

/** Days of a month in the Gregorian calendar; 0 where there is no such month. */
function daysOf(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const WRITTEN_DATE = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?$/;
const DIGITS_DATE = /^((?:19|20)\d{2})(\d{2})(\d{2})$/;
/** Days of the years 1982 to 2064. */
const SERIAL = /^[3-5]\d{4}$/;
const AS_DATE = { kind: "moment", date: true, time: false } as const;

const [RIGHT, WRONG, NOT_APPLICABLE] = CHECK_RESULTS;
const RESULT_WORDS: Readonly<Record<Result, readonly string[]>> = {
  right: [RIGHT, "正确", "无差错", "√", "对"],
  wrong: [WRONG, "错误", "有误", "×", "错"],
  notApplicable: [NOT_APPLICABLE, "NA", "N/A", "/", "—"],
  unchecked: ["未核查"],
};

/** Folded once: a province's forms ask for hundreds of thousands of results. */
const RESULT_BY_WORD = new Map(
  RESULTS.flatMap((result) =>
    [result.toUpperCase(), ...RESULT_WORDS[result].map(plainValue)].map((word) => [word, result] as const),
  ),
);

/** A result by the words of the form, or of scripts; undefined for any other text. */
export function readResult(text: string): Result | undefined {
  return RESULT_BY_WORD.get(plainValue(text));
}

/** An outcome; undefined for any other text. */
export function readOutcome(text: string): Outcome | undefined {
  const plain = plainValue(text);
  return OUTCOMES.find(
    (outcome, i) => plain === outcome.toUpperCase() || plain === plainValue(CHECK_OUTCOMES[i] ?? ""),
  );
}

/** What a conclusion says of the outcome where the form has no cell for it: 未找到, 拒绝核查 or 已关停 at its beginning. */
export function outcomeInConclusion(text: string): Outcome | undefined {
  const plain = plainValue(text);
  return OUTCOMES.slice(1).find((_, i) => plain.startsWith(plainValue(CHECK_OUTCOMES[i + 1] ?? "")));
}
