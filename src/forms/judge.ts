/**
 * Whether a reported value is right, given the value found: the one rule. The workbook's formula (`judge-formula.ts`) and
 * the phone's constraint (`xform/judge-xpath.ts`) say the same. Pure.
 */
import { foldWidth } from "../text/canonical.ts";
import { numberText } from "../xlsx/cell-value.ts";
import { type Indicator, NUMERIC_TYPES } from "./template.ts";

/** What of an indicator decides: the unit is the source's own (`unitOf`). */
export type Judged = Pick<Indicator, "type" | "tolerance" | "unit">;

/** Guards against the last binary digit: 1.1 lies within 10% of 1. */
export const SLACK = 1e-9;

/** What stands as the value reported where the census form was left empty though it should not be: it equals nothing. */
export const LEFT_EMPTY = "空";

/**
 * `right` or `wrong`; undefined where either value is missing, so that nothing can be compared.
 * @param reported value as the ledger has it or as it was copied from the census form; 空 where that was left empty
 */
export function judge(judged: Judged, reported: string, found: string): "right" | "wrong" | undefined {
  const [told, seen] = [sameForm(reported), sameForm(found)];
  if (told === "" || seen === "") return undefined;
  return told !== LEFT_EMPTY && agree(judged, told, seen) ? "right" : "wrong";
}

/**
 * Whether nothing was reported, neither in the ledger nor copied: then nothing was compared either, and a ruling of 无误 says
 * nothing.
 */
export function isUnreported(reported: string): boolean {
  return sameForm(reported) === "";
}

function agree({ type, tolerance, unit }: Judged, told: string, seen: string): boolean {
  if (type === "date") {
    const [a, b] = [dateKey(told), dateKey(seen)];
    return a === undefined || b === undefined ? told === seen : a.startsWith(b) || b.startsWith(a);
  }
  const [a, b] = isNumeric(type) ? [numberOf(told, unit), numberOf(seen, unit)] : [];
  if (a === undefined || b === undefined) return told === seen;
  const { amount, share } = allowed(tolerance);
  return Math.abs(a - b) <= amount + share * Math.abs(b);
}

/** How far apart two numbers may lie: an amount, and a share of the value found. */
export function allowed(tolerance: Indicator["tolerance"]): { readonly amount: number; readonly share: number } {
  return {
    amount: tolerance.kind === "amount" ? tolerance.by : 0,
    share: (tolerance.kind === "share" ? tolerance.by : 0) + SLACK,
  };
}

/** Codes may be all digits and still are no numbers. */
export function isNumeric(type: Indicator["type"]): boolean {
  return NUMERIC_TYPES.includes(type);
}

/** What does not count when texts are compared: these blanks, tabs and line ends. */
export const BLANKS = [" ", "\u3000", "\u00A0"] as const;

/** Full-width as half-width, capitals as small letters, no blanks. */
export function sameForm(text: string): string {
  return foldWidth(text)
    .replace(/[ \u00A0\t\r\n]+/g, "")
    .toLowerCase();
}

/**
 * A decimal, with or without commas between thousands, an exponent as Excel writes it (`1E+03`), and the indicator's own unit;
 * undefined for any other text.
 */
export function numberOf(text: string, unit = ""): number | undefined {
  const own = sameForm(unit);
  const written = sameForm(text);
  const plain = (own === "" ? written : written.replace(own, "")).replaceAll(",", "");
  return DECIMAL.test(plain) ? Number(plain) : undefined;
}
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;

/** `2010`, `2010-05` or `2010-05-01` of a date as it is written, a spreadsheet's number of a day among them. */
export function dateKey(text: string): string | undefined {
  const plain = sameForm(text);
  if (SERIAL.test(plain)) return numberText(plain, AS_DATE, false);
  const parts = DIGITS.exec(plain) ?? WRITTEN.exec(plain.replace(/[年月/.]/g, "-").replace(/-?日?$/, ""));
  if (parts === null) return undefined;
  const [, year, ...rest] = parts;
  const [month, day] = rest.map((part) => part?.padStart(2, "0"));
  if (month !== undefined && (month < "01" || month > "12")) return undefined;
  if (day !== undefined && (day < "01" || day > "31")) return undefined;
  return [year, month, day].filter((part) => part !== undefined).join("-");
}
const WRITTEN = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;
const DIGITS = /^((?:19|20)\d{2})(\d{2})(\d{2})?$/;
/** Days of the years 1982 to 2064. */
const SERIAL = /^[3-5]\d{4}$/;
const AS_DATE = { kind: "moment", date: true, time: false } as const;
