/** Canonical text, order, JSON and digests: the ground that every proof of a draw stands on (draw-spec, "Text"). */
import { createHash } from "node:crypto";

/**
 * Canonical form of any string: Unicode NFC, trimmed of leading and trailing white space, and each run of inner
 * tabs, CR and LF made one space. White space is what ECMAScript's `trim` removes: Unicode category Zs, tab, line
 * feed, vertical tab, form feed, carriage return, U+2028, U+2029 and U+FEFF.
 */
export function canonicalText(text: string): string {
  if (text === "" || isPlain(text)) return text;
  return text
    .normalize("NFC")
    .replace(/[\t\r\n]+/g, " ")
    .trim();
}

/**
 * Whether a text holds nothing but printable ASCII without space and common ideographs (U+4E00–U+9FA5). Such a text,
 * and most cells of a ledger are such, is canonical as it stands and holds no invisible character.
 */
export function isPlain(text: string): boolean {
  return /^[!-~\u4E00-\u9FA5]*$/.test(text);
}

/**
 * Canonical form of an identifier or a code: `canonicalText`, then full-width forms (U+FF01–U+FF5E and the ideographic
 * space) folded to half-width, and the Latin letters a–z to upper case.
 */
export function canonicalCode(text: string): string {
  if (text === "" || /^[!-`{-~]+$/.test(text)) return text;
  return foldWidth(canonicalText(text))
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .trim();
}

/** Folds full-width ASCII (U+FF01–U+FF5E) and the ideographic space to their half-width forms. */
export function foldWidth(text: string): string {
  if (!/[\uFF01-\uFF5E\u3000]/.test(text)) return text;
  return text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, " ");
}

/** SHA-256 of the UTF-8 bytes of a text, or of the bytes given, as 64 lower-case hex digits. */
export function digest(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * Compares two strings by the order of their UTF-8 bytes, which equals the order of their code points.
 * JavaScript's own `<` differs above U+FFFF: a surrogate sorts before U+E000–U+FFFF there.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return surrogatesLast(x) - surrogatesLast(y);
  }
  return a.length - b.length;
}

/** Shifts surrogates above the rest of the basic plane, so that code units compare as code points do. */
function surrogatesLast(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** A value that JSON can carry. Members that are `undefined` are left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/**
 * Canonical JSON by RFC 8785 (JCS): members sorted by UTF-16 code units, no white space, ECMAScript's number form.
 * @throws RangeError for a number that is not finite or a string with a lone surrogate
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError("a number in JSON must be finite");
  if (typeof value === "string" && /\p{Surrogate}/u.test(value))
    throw new RangeError("a lone surrogate in a JSON string");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** Whether a text is the canonical JSON of the value that was read from it: no member twice, written in no other way. */
export function isCanonicalJson(value: unknown, text: string): boolean {
  try {
    return canonicalJson(value as JsonValue) === text;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
