/**
 * How hard a seed is to guess beforehand, in bits: the logarithm to base 2 of how many values somebody has to try who knows
 * the kind of a value but not the value. Pure.
 *
 * Assumptions, each on the low side:
 * - a fair die gives log₂ 6 = 2.58 bits a roll, a drawn digit log₂ 10 = 3.32 bits;
 * - of a closing index the two leading digits are known the day before;
 * - a date is one of the days of 20 years (12.8 bits);
 * - a Chinese word of up to four characters is one of the 56,008 of 现代汉语常用词表（草案） (State Language Commission, 2008),
 *   15.8 bits; each character more gives 4.1 bits, the entropy of printed Chinese (Behr, Fossum, Mitzenmacher, Xiao:
 *   "Estimating and comparing entropy across written natural languages using PPM compression", DCC 2003);
 * - other text that a person has chosen: 4 bits for the first character, 2 for each of the next seven, 1.5 for the next
 *   twelve, 1 for the rest (NIST SP 800-63-1, appendix A, 2011); one word in letters at most 16 bits;
 * - a value of one part repeated is worth that part and the number of its repetitions, a run such as 123456 its start and
 *   its length (the patterns of zxcvbn, Wheeler 2016);
 * - a value that another round or another party has used is worth nothing.
 */
import type { Kind } from "./record.ts";

/** What makes a value guessable. */
export type Weakness = "used" | "repeated" | "run" | "date" | "word" | "short";

export interface Estimate {
  readonly bits: number;
  readonly weakness: Weakness | undefined;
}

export interface SeedEstimate {
  /** Of each contribution, in order. */
  readonly parts: readonly Estimate[];
  /** Their sum: contributions are taken for independent. */
  readonly bits: number;
  /** Whether the seed may be guessed: fewer than 64 bits, and nobody has committed beforehand. */
  readonly isWeak: boolean;
}

/** Below this a machine tries all values of a seed in days (2⁶⁴ digests). */
export const ENOUGH_BITS = 64;
const DAYS = Math.log2(365.25 * 20);
const WORD = Math.log2(56_008);
const CHINESE = 4.1;
const LATIN_WORD = 16;
const DIE = Math.log2(6);
const DIGIT = Math.log2(10);

interface Valued {
  readonly value: string;
  readonly kind?: Kind | undefined;
  readonly commitment?: string | undefined;
}

/**
 * Estimates a seed.
 * @param others values of other rounds
 * @param openCommitments commitments that are not disclosed yet: their values are unknown and count for nothing here
 */
export function estimateSeed(
  contributions: readonly Valued[],
  others: ReadonlySet<string> = new Set(),
  openCommitments = 0,
): SeedEstimate {
  const seen = new Set(others);
  const parts = contributions.map((contribution): Estimate => {
    const isUsed = seen.has(contribution.value);
    seen.add(contribution.value);
    return isUsed ? { bits: 0, weakness: "used" } : estimateValue(contribution.value, contribution.kind);
  });
  const bits = parts.reduce((sum, part) => sum + part.bits, 0);
  const isCommitted = openCommitments > 0 || contributions.some(({ commitment }) => commitment !== undefined);
  return { parts, bits, isWeak: bits < ENOUGH_BITS && !isCommitted };
}

/** Estimates one value by its kind, or by its looks where no kind is given. */
export function estimateValue(value: string, kind?: Kind): Estimate {
  const bare = value.replace(/[\s,，、.．\-/:：年月日期]/g, "");
  const pattern = repetition(bare) ?? run(bare);
  if (pattern !== undefined) return pattern;
  const date = kind === undefined || kind === "word" ? dateIn(value) : undefined;
  if (date !== undefined) return date;
  const digits = [...bare].filter((character) => /\d/.test(character)).length;
  if (kind === "dice") return short(digits * DIE);
  if (kind === "lottery") return short(digits * DIGIT);
  if (kind === "index") return short(Math.max(0, digits - 2) * DIGIT);
  if (/^\d+$/.test(bare)) return short(digits * (/^[1-6]+$/.test(bare) ? DIE : DIGIT));
  if (/^[0-9a-f]{32,}$/i.test(bare)) return { bits: bare.length * 4, weakness: undefined };
  return chosenText(value);
}

const SHORT = 16;
function short(bits: number): Estimate {
  return { bits, weakness: bits < SHORT ? "short" : undefined };
}

/** `111111`, `abab`: the shortest part that, repeated, makes the whole. */
function repetition(text: string): Estimate | undefined {
  const characters = [...text];
  for (let size = 1; size <= characters.length / 2; size++) {
    if (characters.length % size !== 0 || !characters.every((each, i) => each === characters[i % size])) continue;
    const part = characters.slice(0, size).join("");
    const times = Math.log2(characters.length / size);
    return { bits: (size === 1 ? DIGIT : estimateValue(part).bits) + times, weakness: "repeated" };
  }
  return undefined;
}

/** `123456`, `fedcba`: each character the next one, up or down. */
function run(text: string): Estimate | undefined {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  if (codes.length < 3) return undefined;
  const steps = new Set(codes.slice(1).map((code, i) => code - (codes[i] ?? 0)));
  const [step = 0] = steps;
  if (steps.size > 1 || Math.abs(step) !== 1) return undefined;
  return { bits: DIGIT + 1 + Math.log2(codes.length), weakness: "run" };
}

const DATE = /^\D*((?:19|20)\d\d)[年./\- ]?(\d{1,2})[月./\- ]?(\d{1,2})日?\D*$/;
function dateIn(value: string): Estimate | undefined {
  const [, year, month, day] = DATE.exec(value) ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) {
    return undefined;
  }
  return { bits: DAYS, weakness: "date" };
}

/** Text that a person has chosen. */
function chosenText(value: string): Estimate {
  const characters = [...value].filter((character) => !/\s/.test(character));
  const chinese = characters.filter((character) => /\p{Script=Han}/u.test(character)).length;
  const other = characters.length - chinese;
  const ofChinese = chinese === 0 ? 0 : chinese <= 4 ? WORD : WORD + (chinese - 4) * CHINESE;
  const steps = Array.from({ length: other }, (_, i) => (i === 0 ? 4 : i < 8 ? 2 : i < 20 ? 1.5 : 1));
  const ofOther = steps.reduce((sum, step) => sum + step, 0);
  const isWord = (chinese > 0 && chinese <= 4 && other === 0) || (chinese === 0 && /^\p{L}+$/u.test(value));
  if (!isWord) return short(ofChinese + ofOther);
  return { bits: Math.min(ofChinese + ofOther, chinese > 0 ? WORD : LATIN_WORD), weakness: "word" };
}
