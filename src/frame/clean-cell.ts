/** Tells from the bytes of a cell that it is canonical as it stands and that no check of characters minds it. Pure. */
import { KIND } from "./csv-scanner.ts";

/**
 * Whether a cell of UTF-8 needs no closer look: it equals its canonical form, also as a code where `KIND.lower` is
 * absent, and holds nothing that the checks of characters report. Says false when in doubt.
 * @param kinds the kinds of its characters
 */
export function isCleanCell(bytes: Uint8Array, start: number, end: number, kinds: number): boolean {
  if ((kinds & KIND.other) === 0) return true;
  if ((kinds & KIND.doubled) !== 0) return false;
  const [first, last] = [bytes[start], bytes[end - 1]];
  // A blank at an end is trimmed; what a spreadsheet shows for a failed formula begins with #.
  if (first === 0x20 || last === 0x20 || first === 0x23) return false;
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte >= 0x20 && byte < 0x7f) {
      at += 1;
      continue;
    }
    const second = bytes[at + 1] as number;
    const third = bytes[at + 2] as number;
    if (byte >= 0xe4 && byte <= 0xe9) {
      if (!isCommonIdeograph(byte, second, third)) return false;
    } else if (byte === 0xef) {
      if (!isFullWidthMark(second, third)) return false;
    } else if (byte === 0xe3) {
      // 、。〈〉《》「」『』【】
      if (second !== 0x80 || third < 0x81 || third > 0x91 || third === 0x84) return false;
    } else if (byte === 0xe2) {
      // ‘ ’ “ ” … —
      if (second !== 0x80 || ![0x94, 0x98, 0x99, 0x9c, 0x9d, 0xa6].includes(third)) return false;
    } else return false;
    at += 3;
  }
  return true;
}

/** U+4E00–U+9FA5. */
function isCommonIdeograph(first: number, second: number, third: number): boolean {
  if (first === 0xe4) return second >= 0xb8;
  if (first === 0xe9) return second < 0xbe || (second === 0xbe && third <= 0xa5);
  return true;
}

/** U+FF01–U+FF0F and U+FF1A–U+FF20: full-width marks, but no letters and no digits. */
function isFullWidthMark(second: number, third: number): boolean {
  return second === 0xbc && ((third >= 0x81 && third <= 0x8f) || (third >= 0x9a && third <= 0xa0));
}

/**
 * The decimal number that a cell holds, by digits and at most one point; NaN for anything else. Precise to some 15
 * digits, which is enough for limits and ranges.
 */
export function plainDecimal(bytes: Uint8Array, start: number, end: number, kinds: number): number {
  if ((kinds & ~(KIND.digit | KIND.dot)) !== 0 || (kinds & KIND.digit) === 0) return Number.NaN;
  let value = 0;
  let scale = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x2e) {
      if (scale > 0) return Number.NaN;
      scale = 1;
      continue;
    }
    value = value * 10 + byte - 0x30;
    if (scale > 0) scale *= 10;
  }
  return scale > 1 ? value / scale : value;
}
