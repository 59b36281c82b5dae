/** Where a line of Chinese text may end (避头尾): rules for each character, and the breaking of a text into lines. */

/** What a character does at the edge of a line. */
export interface BreakRule {
  /** May not begin a line: 、，。）》” and the like. */
  readonly noStart: boolean;
  /** May not end a line: （《“ and the like. */
  readonly noEnd: boolean;
  /** Part of a Latin word, an identifier or a number: such characters keep together. */
  readonly word: boolean;
  /** White space: a line may end after it, and it takes no room there. */
  readonly blank: boolean;
}

const NO_START = new Set(
  "、，。；：！？）》」』】〕〉〗〙〛”’…—～·‧・％‰℃°′″﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞｝］｡､･〞!),.:;?]}%¢ー々".split(""),
);
const NO_END = new Set("（《「『【〔〈〖〘〚“‘￥＄＃﹙﹛﹝｛［〝([{$£¥#№".split(""));
/** Keep together where two of them follow each other: the dash —— and the dots …… are one sign each. */
const NEVER_FIRST = /[\p{M}\p{Sk}]/u;

/** Rule of one character. */
export function breakRule(codePoint: number): BreakRule {
  const character = String.fromCodePoint(codePoint);
  const blank = /[\p{Zs}]/u.test(character);
  return {
    noStart: blank || NO_START.has(character) || NEVER_FIRST.test(character),
    noEnd: NO_END.has(character),
    word: !blank && !isWide(codePoint),
    blank,
  };
}

/** Ideographs, kana, full-width forms, arrows and enclosed signs, between which a line may end. */
function isWide(codePoint: number): boolean {
  return (codePoint >= 0x2e80 && codePoint <= 0xffef) || codePoint >= 0x1f000 || isSign(codePoint);
}

/** Dashes, quotes, dots and marks that stand among ideographs at full width, letterlike signs aside. */
function isSign(codePoint: number): boolean {
  return (codePoint >= 0x2014 && codePoint <= 0x2026) || (codePoint >= 0x2190 && codePoint <= 0x2bff);
}

/** What line breaking needs to know of a character. */
export interface Breakable {
  readonly width: number;
  readonly rule: BreakRule;
  /** No line may end before this one, as long as there is another way. */
  readonly glued: boolean;
}

/** Characters from `start` up to, not including, `end`; the width leaves out white space at the end. */
export interface Extent {
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

const TOLERANCE = 1e-6;

/**
 * Fills lines one after the other. A line ends at the last allowed place before `room` is full, glue apart where there
 * is no other; where there is none at all (a word or a row of brackets longer than a line) it ends anywhere. Every line
 * holds at least one character.
 * @returns one extent for each line, none for an empty text; together they hold every character
 */
export function breakLines(text: readonly Breakable[], room: number): Extent[] {
  const lines: Extent[] = [];
  let start = 0;
  let width = 0;
  let inkWidth = 0;
  let chance: Extent | undefined;
  let within: Extent | undefined;
  const emit = (line: Extent): void => {
    lines.push(line);
    start = line.end;
    width = 0;
    inkWidth = 0;
    chance = undefined;
    within = undefined;
  };
  for (let i = 0; i < text.length; i++) {
    const current = text[i];
    const previous = text[i - 1];
    if (current === undefined) break;
    if (previous !== undefined && inkWidth > 0 && mayBreak(previous, current)) {
      within = { start, end: i, width: inkWidth };
      if (!current.glued) chance = within;
    }
    if (!current.rule.blank && width + current.width > room + TOLERANCE && i > start) {
      const line: Extent = chance ?? within ?? { start, end: i, width: inkWidth };
      emit(line);
      i = line.end - 1;
      continue;
    }
    width += current.width;
    if (!current.rule.blank) inkWidth = width;
  }
  if (start < text.length) emit({ start, end: text.length, width: inkWidth });
  return lines;
}

function mayBreak(before: Breakable, after: Breakable): boolean {
  if (after.rule.noStart || before.rule.noEnd) return false;
  return !(before.rule.word && after.rule.word);
}
