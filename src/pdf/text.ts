/** Text to be set: styles, spans, and lines filled to a width. Lengths are in points. */
import { type FaceName, type Glyph, glyphsOf } from "./faces.ts";
import { type Breakable, breakLines } from "./kinsoku.ts";

export interface Style {
  readonly face: FaceName;
  readonly size: number;
  /** Distance from one line to the next. */
  readonly leading: number;
  /** Drawn with a thin outline, as the heavy 宋 of titles. */
  readonly heavy?: boolean;
  /** Each □ is a box to tick, drawn as a line figure. */
  readonly boxes?: boolean;
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

export interface SetGlyph extends Breakable {
  readonly glyph: Glyph;
  readonly style: Style;
}

/** One line of set text, white space at its end taken off. */
export interface Line {
  readonly glyphs: readonly SetGlyph[];
  readonly width: number;
  /** The tallest of the line's styles. */
  readonly style: Style;
  /** Last of its paragraph, so never stretched. */
  readonly isLast: boolean;
}

const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;
const TICK_BOX = 0x25a1;

/** Whether a glyph stands for a box to tick. */
export function isTickBox({ glyph, style }: SetGlyph): boolean {
  return style.boxes === true && glyph.codePoint === TICK_BOX;
}

/**
 * Sets a text to a width. A tab becomes a space; a line end in the text ends the line.
 * @returns at least one line, so that an empty text keeps its place
 */
export function setText(content: Content, style: Style, room: number): readonly Line[] {
  if (typeof content !== "string") return setSpans(content, style, room);
  const widths = known.get(style) ?? new Map<string, readonly Line[]>();
  known.set(style, widths);
  const key = `${room}\n${content}`;
  let lines = widths.get(key);
  if (lines === undefined) {
    lines = setSpans([{ text: content, style }], style, room);
    if (widths.size >= MOST_KNOWN) widths.clear();
    widths.set(key, lines);
  }
  return lines;
}

/** Texts set before, since the forms of one class repeat theirs for every source. */
const known = new WeakMap<Style, Map<string, readonly Line[]>>();
const MOST_KNOWN = 5_000;

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
  if (paragraph.length === 0) return [{ glyphs: [], width: 0, style: fallback, isLast: true }];
  return breakLines(paragraph, room).map(({ start, end, width }) => {
    let last = end;
    while (last > start && paragraph[last - 1]?.rule.blank) last--;
    const glyphs = paragraph.slice(start, last);
    let style = glyphs[0]?.style ?? fallback;
    for (const each of glyphs) if (each.style.leading > style.leading) style = each.style;
    return { glyphs, width, style, isLast: end === paragraph.length };
  });
}

/** Height of lines set one below the other. */
export function heightOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.style.leading, 0);
}
