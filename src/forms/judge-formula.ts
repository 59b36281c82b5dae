/** The rule of `judge.ts` as a formula of the workbook: old Excel, WPS and LibreOffice take it. Pure. */
import { quoteText } from "../xlsx/write.ts";
import { allowed, BLANKS, dateKey, isNumeric, type Judged, LEFT_EMPTY, numberOf, sameForm } from "./judge.ts";

/** What the workbook shows. */
export interface JudgeWords {
  readonly right: string;
  readonly wrong: string;
  /** Where a value was found, and the one reported is still to be copied from the census form. */
  readonly uncopied: string;
}

/** A cell of a value, and where that value stands in the form that is compared: an address, or `comparedText` of it. */
export interface ComparedCell {
  readonly cell: string;
  readonly text: string;
}

/** The value reported; `known` is the text in its cell where that is the ledger's and locked. */
export interface ReportedCell extends ComparedCell {
  readonly known?: string | undefined;
}

/**
 * The formula, without the leading sign: one of the words, or an empty text where nothing was found.
 */
export function judgeFormula(judged: Judged, reported: ReportedCell, found: ComparedCell, say: JudgeWords): string {
  const verdict = `IF(${agreement(judged, reported, found)},${quoteText(say.right)},${quoteText(say.wrong)})`;
  const copied =
    reported.known === undefined ? `IF(${reported.text}="",${quoteText(say.uncopied)},${verdict})` : verdict;
  return `IF(${found.text}="","",${copied})`;
}

function agreement({ type, tolerance, unit = "" }: Judged, reported: ReportedCell, found: ComparedCell): string {
  const { known } = reported;
  const same = `${reported.text}=${found.text}`;
  const filled = (agree: string) =>
    known === undefined ? `AND(${reported.text}<>${quoteText(LEFT_EMPTY)},${agree})` : agree;
  if (type === "date") {
    const key = known === undefined ? undefined : dateKey(known)?.replaceAll("-", "");
    if (known !== undefined && key === undefined) return same;
    const [a, b] = [key === undefined ? dateDigits(reported) : quoteText(key), dateDigits(found)];
    return filled(`IFERROR(LEFT(${a},LEN(${b}))=LEFT(${b},LEN(${a})),${same})`);
  }
  const number = known === undefined ? undefined : numberOf(known, unit);
  if (!isNumeric(type) || (known !== undefined && number === undefined)) return filled(same);
  const [a, b] = [number === undefined ? numberIn(reported.text, unit) : literal(number), numberIn(found.text, unit)];
  const { amount, share } = allowed(tolerance);
  const bound = `${amount === 0 ? "" : `${literal(amount)}+`}${literal(share)}*ABS(${b})`;
  return filled(`IFERROR(ABS(${a}-${b})<=${bound},${same})`);
}

function literal(number: number): string {
  return String(number).replace("e", "E");
}

/** Formulas of `comparedText` by address: sheets of one form have the same. */
const comparedTexts = new Map<string, string>();

/** The formula of `sameForm` of a cell; numbers as texts. */
export function comparedText(cell: string): string {
  const known = comparedTexts.get(cell);
  if (known !== undefined) return known;
  const text = `LOWER(ASC(${BLANKS.reduce((text, blank) => `SUBSTITUTE(${text},"${blank}","")`, `CLEAN(${cell})`)}))`;
  comparedTexts.set(cell, text);
  return text;
}

/** `numberOf` of a compared text; an error where it holds none. With `e0` behind them dates, times and shares are no numbers. */
function numberIn(text: string, unit: string): string {
  const own = sameForm(unit);
  const plain = `SUBSTITUTE(${own === "" ? text : `SUBSTITUTE(${text},${quoteText(own)},"",1)`},",","")`;
  const exponent = own.includes("e") ? plain : text;
  return `VALUE(${plain}&REPT("e0",ISERROR(FIND("e",${exponent}))))`;
}

/**
 * `dateKey` of a cell without its dashes; an error where it is no date at all, and what begins no date where it is another
 * number. Where no day is written it is the first.
 */
function dateDigits({ cell, text }: ComparedCell): string {
  const written = `IF(AND(N(${cell})>=30000,N(${cell})<60000),TEXT(${cell},"yyyy-mm-dd"),${text})`;
  const replaced = (from: string, to: string, within: string) => `SUBSTITUTE(${within},"${from}","${to}")`;
  const dashed = ["年", "月", "/", "."].reduce(
    (within, each) => replaced(each, "-", within),
    replaced("日", "", written),
  );
  // ends on a bar, where the year or the month has left a dash
  const plain = replaced("-|", "|", `${dashed}&"|"`);
  const dashes = `SUMPRODUCT(--(MID(${plain},{5,6,7,8},1)="-"))`;
  const hasYear = `FIND(MID(${plain}&"xxxx",5,1),"-|")`;
  const day = `DATEVALUE(SUBSTITUTE(${plain},"|",MID("-1-1",1+2*${dashes},4)))`;
  const digits = `LEFT(TEXT(${day},"yyyymmdd"),4+2*${dashes}*SIGN(${hasYear}))`;
  return `IFERROR(${digits},TEXT(VALUE(SUBSTITUTE(${plain},"|","")),"000000"))`;
}
