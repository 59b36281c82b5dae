/** Lines of a terminal: cut, padded, wrapped and centred by the width in which Chinese is shown. Pure. */
import stringWidth from "string-width";
import { bigNumber } from "./big-digits.ts";

/** A run of characters in one style. */
export interface Span {
  readonly text: string;
  readonly style: "plain" | "strong" | "reverse";
}
export type Line = readonly Span[];

/** Free columns at each side of the narrowest screen, 80 columns wide. */
export const MARGIN = 3;
export const LEAST_COLUMNS = 80;

export const plain = (text: string): Span => ({ text, style: "plain" });
export const strong = (text: string): Span => ({ text, style: "strong" });

/** Text without what moves a cursor or turns the direction of writing. */
export function clean(text: string): string {
  return text.replace(/\p{C}/gu, "");
}

/** Cut to a width, with … for what is left out. */
export function cut(text: string, width: number): string {
  const whole = clean(text);
  if (stringWidth(whole) <= width) return whole;
  let kept = "";
  for (const character of whole) {
    if (stringWidth(kept + character) > width - 2) break;
    kept += character;
  }
  return `${kept}..`;
}

export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const character of clean(text)) {
    if (stringWidth(line + character) > width) {
      lines.push(line);
      line = "";
    }
    line += character;
  }
  return [...lines, line];
}

/** Letters apart, which is as large as type gets in a terminal. */
export function spaced(text: string): string {
  return [...clean(text)].join(" ");
}

export function title(text: string, width: number): Line {
  const apart = spaced(text);
  return centredSpan(strong(stringWidth(apart) <= width ? apart : cut(text, width)), width);
}

export function centred(text: string, width: number): Line {
  return centredSpan(plain(cut(text, width)), width);
}

function centredSpan(span: Span, width: number): Line {
  return [plain(" ".repeat(Math.max(0, Math.floor((width - stringWidth(span.text)) / 2)))), span];
}

/** A digest in full-width forms, four lines of sixteen. */
export function wideDigest(digest: string, width: number): Line[] {
  const wide = [...digest].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  return [0, 16, 32, 48].flatMap((start) => {
    const parts = [0, 4, 8, 12].map((at) => wide.slice(start + at, start + at + 4).join(""));
    return [centredSpan(strong(parts.join("  ")), width), ...(start < 48 ? [[]] : [])];
  });
}

/** A digest in groups of eight, two lines. */
export function groups(digest: string, width: number): Line[] {
  return [0, 32].map((start) => {
    const parts = [0, 8, 16, 24].map((at) => digest.slice(start + at, start + at + 8));
    return centredSpan(strong(parts.join("  ")), width);
  });
}

/** Dots of large digits as blanks, two columns each, in reverse where filled. */
function dots(row: string): Span[] {
  return (row.match(/#+| +/g) ?? []).map((run) => ({
    text: "  ".repeat(run.length),
    style: run.startsWith("#") ? "reverse" : "plain",
  }));
}

export function large(value: number, width: number): Line[] {
  return bigNumber(value).map((row) => [
    plain(" ".repeat(Math.max(0, Math.floor((width - 2 * row.length) / 2)))),
    ...dots(row),
  ]);
}

/** Large digits at the left, lines of text at their right. */
export function beside(rows: readonly string[], texts: readonly string[], width: number): Line[] {
  return rows.map((row, index) => {
    const room = width - 2 * row.length - 4;
    const text = texts[index - 1] ?? "";
    return [...dots(row), plain("    "), strong(cut(text, room))];
  });
}

/** A bar across the screen. */
export function bar(left: string, right: string, columns: number): Line {
  const end = cut(right, columns - 4);
  const start = cut(left, columns - 4 - stringWidth(end));
  const gap = " ".repeat(Math.max(0, columns - 2 - stringWidth(start) - stringWidth(end)));
  return [{ text: ` ${start}${gap}${end} `, style: "reverse" }];
}

export function indent(line: Line, columns: number): Line {
  return line.length === 0 || columns < LEAST_COLUMNS ? line : [plain(" ".repeat(MARGIN)), ...line];
}
