/** Text to be set: styles, spans, and lines filled to a width. Lengths are in points. */
import { type FaceName, type Glyph, glyphsOf, storeOfGlyphs } from "./faces.ts";
import { type Breakable, breakLines } from "./kinsoku.ts";

export interface Style {
  readonly face: FaceName;
  readonly size: number;
  /** Distance from one line to the next. */
  readonly leading: number;
  /** Drawn with a thin outline, as the heavy 宋 of titles. */
  readonly heavy?: boolean;
}

/** A stretch of text in one style. */
export interface Span {
  readonly text: string;
  readonly style: Style;
  /** Not divided between lines where it fits on one: a box with its label. */
  readonly whole?: boolean;
}

/** What a cell or a paragraph says. A plain string takes the style of where it stands. */
export type Content = string | readonly Span[];

interface SetGlyph extends Breakable {
  readonly glyph: Glyph;
  readonly style: Style;
}

/** Characters of a line that share face and style: one operator draws them. */
export interface Run {
  readonly glyphs: readonly Glyph[];
  /** Their codes, one behind the other, as bytes of a text in brackets. */
  readonly codes: string;
  /** Whether one of them stands for a character that no font has. */
  readonly hasMissing: boolean;
  readonly face: FaceName;
  readonly style: Style;
  /** Without what is added between characters to fill a line. */
  readonly width: number;
}

/** One line of set text, white space at its end taken off. */
export interface Line {
  readonly runs: readonly Run[];
  /** Characters in all. */
  readonly count: number;
  readonly width: number;
  /** The tallest of the line's styles. */
  readonly style: Style;
  /** Last of its paragraph, so never stretched. */
  readonly isLast: boolean;
}

const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;

/**
 * Sets a text to a width. A tab becomes a space; a line end in the text ends the line.
 * @returns at least one line, so that an empty text keeps its place
 */
export function setText(content: Content, style: Style, room: number): readonly Line[] {
  if (content === "") return emptyLine(style);
  const texts = entryOf(entryOf(known(), style, newWidths), room, newTexts);
  const key = typeof content === "string" ? content : keyOf(content);
  let lines = texts.get(key);
  if (lines === undefined) {
    lines = setSpans(typeof content === "string" ? [{ text: content, style }] : content, style, room);
    if (texts.size >= MOST_KNOWN) texts.clear();
    texts.set(key, lines);
  }
  return lines;
}

/** Texts set before, by style and width, since the forms of one class repeat theirs for every source. */
const known = storeOfGlyphs(() => new Map<Style, Map<number, Map<string, readonly Line[]>>>());
const MOST_KNOWN = 500;
const newWidths = () => new Map<number, Map<string, readonly Line[]>>();
const newTexts = () => new Map<string, readonly Line[]>();

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

const styleNumbers = new Map<Style, number>();

/** Spans as a key; begins with a character that no other text of a form begins with. */
function keyOf(spans: readonly Span[]): string {
  let key = "\u0000";
  for (const { text, style, whole } of spans) {
    const number = entryOf(styleNumbers, style, () => styleNumbers.size);
    key += `${whole === true ? "!" : ""}${number}\u0000${text}\u0000`;
  }
  return key;
}

const emptyLines = new WeakMap<Style, readonly Line[]>();

function emptyLine(style: Style): readonly Line[] {
  let lines = emptyLines.get(style);
  if (lines === undefined) {
    lines = [{ runs: [], count: 0, width: 0, style, isLast: true }];
    emptyLines.set(style, lines);
  }
  return lines;
}

function setSpans(spans: readonly Span[], fallback: Style, room: number): readonly Line[] {
  return paragraphs(spans).flatMap((paragraph) => fill(paragraph, fallback, room));
}

/** Glyphs of each paragraph, divided at the line ends of the text. */
function paragraphs(spans: readonly Span[]): SetGlyph[][] {
  let current: SetGlyph[] = [];
  const all = [current];
  const nextParagraph = (): void => {
    current = [];
    all.push(current);
  };
  for (const { text, style, whole } of spans) {
    text.split(LINE_ENDS).forEach((part, i) => {
      if (i > 0) nextParagraph();
      const start = current.length;
      for (const character of part) {
        const codePoint = character === "\t" ? 0x20 : (character.codePointAt(0) ?? 0);
        for (const glyph of glyphsOf(style.face, codePoint)) {
          const glued = whole === true && current.length > start;
          current.push({ glyph, style, width: glyph.advance * style.size, rule: glyph.rule, glued });
        }
      }
    });
  }
  return all;
}

function fill(paragraph: readonly SetGlyph[], fallback: Style, room: number): Line[] {
  if (paragraph.length === 0) return [...emptyLine(fallback)];
  return breakLines(paragraph, room).map(({ start, end, width }) => {
    let last = end;
    while (last > start && paragraph[last - 1]?.rule.blank) last--;
    const glyphs = paragraph.slice(start, last);
    let style = glyphs[0]?.style ?? fallback;
    for (const each of glyphs) if (each.style.leading > style.leading) style = each.style;
    return { runs: runsOf(glyphs), count: glyphs.length, width, style, isLast: end === paragraph.length };
  });
}

function runsOf(glyphs: readonly SetGlyph[]): Run[] {
  const runs: (Run & { glyphs: Glyph[]; codes: string; hasMissing: boolean; width: number })[] = [];
  for (const { glyph, style, width } of glyphs) {
    const last = runs.at(-1);
    if (last !== undefined && last.style === style && last.face === glyph.face) {
      last.glyphs.push(glyph);
      last.codes += glyph.octets;
      last.hasMissing ||= glyph.missing !== undefined;
      last.width += width;
    } else {
      const hasMissing = glyph.missing !== undefined;
      runs.push({ glyphs: [glyph], codes: glyph.octets, hasMissing, face: glyph.face, style, width });
    }
  }
  return runs;
}

/** Height of lines set one below the other. */
export function heightOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.style.leading, 0);
}
