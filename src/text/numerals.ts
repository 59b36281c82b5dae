/** Numbers as Chinese headings have them. */

const DIGITS = "〇一二三四五六七八九";
/** The number before a heading. */
const NUMBERED = /^[一二三四五六七八九十]+、/;

/** A whole number from 1 to 99 in Chinese numerals, such as 十二. */
export function numeral(value: number): string {
  const [tens, ones] = [Math.floor(value / 10), value % 10];
  return `${tens > 1 ? DIGITS[tens] : ""}${tens > 0 ? "十" : ""}${ones > 0 ? DIGITS[ones] : ""}`;
}

/** Headings numbered in the order in which they stand, where any of them has a number; what was left out leaves no gap. */
export function numbered(headings: readonly string[]): string[] {
  if (!headings.some((heading) => NUMBERED.test(heading))) return [...headings];
  return headings.map((heading, i) => `${numeral(i + 1)}、${heading.replace(NUMBERED, "")}`);
}
