/** The text that a person sees for a number stored in a cell: plain decimals and dates. Pure. */

/** How a cell's style shows a number. */
export type Display =
  | { readonly kind: "number" }
  /** Only zeros: a code such as 000000, shown with its leading zeros. */
  | { readonly kind: "code"; readonly width: number }
  | { readonly kind: "moment"; readonly date: boolean; readonly time: boolean };

const NUMBER: Display = { kind: "number" };
const DATE: Display = { kind: "moment", date: true, time: false };
const TIME: Display = { kind: "moment", date: false, time: true };
const DATE_TIME: Display = { kind: "moment", date: true, time: true };

/** Built-in formats that show dates (ECMA-376 part 1, 18.8.30), those of Chinese Excel and WPS included. */
const BUILT_IN = new Map<number, Display>([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id): [number, Display] => [id, DATE]),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 55, 56].map((id): [number, Display] => [id, TIME]),
  [22, DATE_TIME],
]);

/** How a number format shows a number; `code` is the format's text where the workbook defines it. */
export function displayOf(formatId: number, code: string | undefined): Display {
  if (code === undefined) return BUILT_IN.get(formatId) ?? NUMBER;
  if (/^0{2,}$/.test(code)) return { kind: "code", width: code.length };
  if (/\[(h+|m+|s+)\]/i.test(code)) return NUMBER; // elapsed time, such as [h]:mm
  const letters = code
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, "")
    .replace(/general|g\/通用格式|am\/pm|a\/p|e[+-]/gi, "")
    .replace(/;.*$/s, "")
    .toLowerCase();
  const time = /[hs]/.test(letters);
  const date = /[yde]/.test(letters) || (!time && /m/.test(letters)) || /a{3}/.test(letters);
  if (!date && !time) return NUMBER;
  if (date && time) return DATE_TIME;
  return date ? DATE : TIME;
}

/**
 * Text of a stored number. Integers up to 2⁵³ stand without exponent; beyond that the stored text stays as it is, since
 * the digits of an id kept as a number are already lost and must be recognisable as such. Fractions are cut to the 15
 * digits that Excel shows, so that 0.30000000000000004 reads 0.3.
 */
export function numberText(stored: string, display: Display, epoch1904: boolean): string {
  const raw = stored.trim();
  const value = Number(raw);
  if (raw === "" || !Number.isFinite(value)) return raw;
  if (display.kind === "moment") return momentText(value, display, epoch1904) ?? plainDecimal(raw, value);
  if (display.kind === "code" && Number.isSafeInteger(value) && value >= 0)
    return String(value).padStart(display.width, "0");
  return plainDecimal(raw, value);
}

function plainDecimal(raw: string, value: number): string {
  if (raw.length < 16 && SHORTEST.test(raw)) return raw;
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  if (Number.isInteger(value)) return raw;
  return withoutExponent(String(Number(value.toPrecision(15))));
}

/** A decimal that already is its own shortest form; below 16 characters it cannot hold more than 15 digits. */
const SHORTEST = /^-?(?:[1-9]\d*|0(?=\.))(?:\.\d*[1-9])?$/;

/** `1.5e-7` → `0.00000015`. */
function withoutExponent(text: string): string {
  const parts = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (!parts) return text;
  const [, sign = "", head = "", tail = "", exponent = ""] = parts;
  return `${sign}0.${"0".repeat(Number(exponent) - 1)}${head}${tail}`;
}

const DAY_SECONDS = 86_400;
/** Serial numbers of 31 December 9999 plus one day, in the two date systems. */
const END_1900 = 2_958_466;
const END_1904 = 2_957_004;

/**
 * `YYYY-MM-DD`, `YYYY-MM-DD HH:mm:ss` or `HH:mm:ss` of a serial number, or undefined outside the years that Excel shows.
 * In the 1900 system serial 60 is 1900-02-29, a day that never was, and serial 0 is 1900-01-00, as Excel shows them.
 */
function momentText(serial: number, display: { date: boolean; time: boolean }, epoch1904: boolean): string | undefined {
  if (serial < 0 || serial >= (epoch1904 ? END_1904 : END_1900)) return undefined;
  const rounded = display.time ? Math.round(serial * DAY_SECONDS) : Math.floor(serial) * DAY_SECONDS;
  const day = Math.floor(rounded / DAY_SECONDS);
  if (!display.date && day === 0) return clockText(rounded);
  const date = epoch1904 ? calendarDate(day - DAYS_1904_TO_1970) : dateSince1900(day);
  return display.time ? `${date} ${clockText(rounded % DAY_SECONDS)}` : date;
}

function clockText(seconds: number): string {
  return `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

const DAYS_1900_TO_1970 = 25_569;
const DAYS_1904_TO_1970 = 24_107;

function dateSince1900(day: number): string {
  if (day === 0) return "1900-01-00";
  if (day === 60) return "1900-02-29";
  return calendarDate(day - DAYS_1900_TO_1970 + (day < 60 ? 1 : 0));
}

/** Gregorian date of a count of days since 1 January 1970. */
function calendarDate(day: number): string {
  const date = new Date(day * DAY_SECONDS * 1000);
  return `${date.getUTCFullYear()}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
}

function twoDigits(count: number): string {
  return count < 10 ? `0${count}` : String(count);
}

/** Text of an ISO 8601 date cell (`t="d"`), in the forms of `momentText`. */
export function isoText(stored: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}).*)?$/.exec(stored.trim());
  if (!parts) return stored;
  const [, date = "", time = "00:00:00"] = parts;
  return time === "00:00:00" ? date : `${date} ${time}`;
}

/** Undoes `_x000D_`, the escape of characters that XML cannot carry (ECMA-376, ST_Xstring). */
export function unescapeText(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
