/** Whether a reported value is right, given the value found: as a function, and as the formula that the workbook shows. Pure. */
import { foldWidth } from "../text/canonical.ts";
import type { Indicator } from "./template.ts";

type Judged = Pick<Indicator, "type" | "tolerance">;

/** Guards against the last binary digit: 1.1 lies within 10% of 1. */
export const SLACK = 1e-9;

/**
 * `right` or `wrong`; undefined where no value was found.
 * @param reported value as the ledger has it, empty where it was not reported: that is wrong where a value is found
 */
export function judge({ type, tolerance }: Judged, reported: string, found: string): "right" | "wrong" | undefined {
  if (sameForm(found) === "") return undefined;
  if (sameForm(reported) === "") return "wrong";
  const [a, b] = [numberOf(reported), numberOf(found)];
  if (!isNumeric(type) || a === undefined || b === undefined) {
    return sameForm(reported) === sameForm(found) ? "right" : "wrong";
  }
  const allowed =
    tolerance.kind === "exact" ? 0 : tolerance.kind === "amount" ? tolerance.by : tolerance.by * Math.abs(b);
  return Math.abs(a - b) <= allowed + SLACK * Math.abs(b) ? "right" : "wrong";
}

/** Codes may be all digits and still are no numbers. */
function isNumeric(type: Indicator["type"]): boolean {
  return type === "number" || type === "integer" || type === "coordinate";
}

/** Full-width as half-width, capitals as small letters, no blanks. */
function sameForm(text: string): string {
  return foldWidth(text).replace(/\s+/g, "").toLowerCase();
}

/** A plain decimal, with or without commas between thousands. */
function numberOf(text: string): number | undefined {
  const plain = sameForm(text);
  if (!/^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(plain)) return undefined;
  return Number(plain.replaceAll(",", ""));
}

/** What the workbook shows. */
export interface JudgeWords {
  readonly right: string;
  readonly wrong: string;
}

/**
 * The same as a formula, without the leading sign: one of the two words, or an empty text where nothing was found.
 * @param reported address of the value reported
 * @param found address of the value found
 */
export function judgeFormula({ type, tolerance }: Judged, reported: string, found: string, say: JudgeWords): string {
  const plain = (cell: string) => `ASC(SUBSTITUTE(SUBSTITUTE(${cell}," ",""),"　",""))`;
  const same = `${plain(reported)}=${plain(found)}`;
  let isRight = same;
  if (isNumeric(type)) {
    const [a, b] = [`VALUE(${reported})`, `VALUE(${found})`];
    const slack = `${SLACK.toExponential().replace("e", "E")}*ABS(${b})`;
    const allowed =
      tolerance.kind === "exact"
        ? slack
        : tolerance.kind === "amount"
          ? `${tolerance.by}+${slack}`
          : `${tolerance.by}*ABS(${b})+${slack}`;
    isRight = `IFERROR(ABS(${a}-${b})<=${allowed},${same})`;
  }
  return `IF(${found}="","",IF(${reported}="","${say.wrong}",IF(${isRight},"${say.right}","${say.wrong}")))`;
}
