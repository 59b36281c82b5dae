/** The drawing of one page: text, rules and boxes as PDF operators. The origin is the upper left corner, in points. */
import type { FaceName } from "./faces.ts";
import type { Line, Run } from "./text.ts";

/** What a document gives its pages: a name for each face and the codes of characters. */
export interface Encoder {
  fontName(face: FaceName): string;
  /** Four hex digits a character. */
  codes(run: Run): string;
}

/** What a stretch of text is, to a screen reader: `H1` the title of a paper, `H2` a heading, `P` all other text. */
export type Role = "H1" | "H2" | "P";

/** Text that belongs together: what is drawn under one tag is read as one. */
export interface Tag {
  readonly role: Role;
}

/** One tagged stretch of a page; its place in the list is its number within the page. */
export type Tagged = readonly Tag[];

/** Where the base line lies below the top of the em square of an ideograph. */
const BASELINE = 0.88;
/** Side of a tick box and its place within the em square, for a type size of 1. */
const BOX = { side: 0.76, left: 0.12, bottom: 0 };
const BOX_OUTLINE = 0.5;
const HEAVY_OUTLINE = 0.022;
/** Operators count in hundredths of a point: whole numbers are short, and quickly written. */
const UNIT = 100;

/** Straight rules of one width along one direction, by their distance from the edge; those that touch are one. */
type Rules = Map<number, [from: number, to: number][]>;

export class Canvas {
  readonly faces = new Set<FaceName>();
  readonly #encoder: Encoder;
  readonly #tags: Tag[] = [];
  readonly #level = new Map<number, Rules>();
  readonly #upright = new Map<number, Rules>();
  #text = "";
  #slanted = "";
  #boxes = "";
  #fills = "";
  /** What the text is drawn under; undefined outside of any. */
  #open: Tag | "artifact" | undefined;

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  /** Draws text under a tag from here on; without one, as an ornament of the page that is not read aloud. */
  tag(tag: Tag | undefined): void {
    const next = tag ?? "artifact";
    if (next === this.#open) return;
    this.#close();
    this.#open = next;
    if (tag === undefined) this.#text += "/Artifact BMC\n";
    else this.#text += `/${tag.role} <</MCID ${this.#tags.push(tag) - 1}>> BDC\n`;
  }

  #close(): void {
    if (this.#open !== undefined) this.#text += "EMC\n";
    this.#open = undefined;
  }

  /** The tagged stretches of the page, in the order of their numbers. */
  get tagged(): Tagged {
    return this.#tags;
  }

  /**
   * Draws a line of text with its upper left corner at x, y.
   * @param stretch what is added between two characters
   */
  line(line: Line, x: number, y: number, stretch = 0): void {
    if (line.count === 0) return;
    if (this.#open === undefined) this.tag(undefined);
    const { leading, size } = line.style;
    const baseline = y + (leading - size) / 2 + BASELINE * size;
    let text = `BT 1 0 0 -1 ${units(x)} ${units(baseline)} Tm`;
    // rounded down: what is lost on each character of a long line would add up beyond the measure
    if (stretch !== 0) text += ` ${Math.floor(stretch * UNIT)} Tc`;
    let at = x;
    for (const run of line.runs) {
      if (run.isBoxes) this.#tickBoxes(run, at, baseline, stretch);
      text += this.#run(run);
      at += run.width + run.glyphs.length * stretch;
    }
    this.#text += stretch === 0 ? `${text} ET\n` : `${text} 0 Tc ET\n`;
  }

  #run(run: Run): string {
    const { size, heavy } = run.style;
    this.faces.add(run.face);
    const shown = ` /${this.#encoder.fontName(run.face)} ${units(size)} Tf`;
    const codes = `<${this.#encoder.codes(run)}> Tj`;
    if (run.isBoxes) return `${shown} 3 Tr ${codes} 0 Tr`;
    if (heavy === true && run.face !== "title") return `${shown} 2 Tr ${units(size * HEAVY_OUTLINE)} w ${codes} 0 Tr`;
    return `${shown} ${codes}`;
  }

  #tickBoxes({ glyphs, style: { size } }: Run, x: number, baseline: number, stretch: number): void {
    const side = units(BOX.side * size);
    for (let i = 0; i < glyphs.length; i++) {
      const left = x + i * (size + stretch) + BOX.left * size;
      this.#boxes += `${units(left)} ${units(baseline - (BOX.bottom + BOX.side) * size)} ${side} ${side} re\n`;
    }
  }

  /** Draws a line of text in outline only, turned about its centre, which comes to stand at x, y. */
  outline(line: Line, x: number, y: number, angle: number): void {
    const [first] = line.runs;
    if (first === undefined) return;
    this.tag(undefined);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [left, down] = [-line.width / 2, (BASELINE - 0.5) * line.style.size];
    const place = `${units(x + left * cos + down * sin)} ${units(y - left * sin + down * cos)}`;
    const matrix = `${cos.toFixed(4)} ${(-sin).toFixed(4)} ${(-sin).toFixed(4)} ${(-cos).toFixed(4)} ${place} Tm`;
    const font = `/${this.#encoder.fontName(first.face)} ${units(first.style.size)} Tf`;
    this.faces.add(first.face);
    this.#text += `BT ${matrix} 1 Tr ${units(0.4)} w ${font} <${this.#encoder.codes(first)}> Tj 0 Tr ET\n`;
  }

  /** Draws a straight rule. */
  rule(x1: number, y1: number, x2: number, y2: number, width: number): void {
    const [left, top, right, bottom] = [units(x1), units(y1), units(x2), units(y2)];
    if (top === bottom) addRule(this.#level, width, top, Math.min(left, right), Math.max(left, right));
    else if (left === right) addRule(this.#upright, width, left, Math.min(top, bottom), Math.max(top, bottom));
    else this.#slanted += `${units(width)} w ${left} ${top} m ${right} ${bottom} l S\n`;
  }

  /** Fills a rectangle with black. */
  fill(x: number, y: number, width: number, height: number): void {
    this.#fills += `${units(x)} ${units(y)} ${units(width)} ${units(height)} re\n`;
  }

  /** The operators of the page. */
  operators(): string {
    this.#close();
    const rules =
      pathsOf(this.#level, (at, from, to) => `${from} ${at} m ${to} ${at} l\n`) +
      pathsOf(this.#upright, (at, from, to) => `${at} ${from} m ${at} ${to} l\n`);
    const boxes = this.#boxes === "" ? "" : `${units(BOX_OUTLINE)} w ${this.#boxes}S\n`;
    const fills = this.#fills === "" ? "" : `${this.#fills}f\n`;
    const drawing = `/Artifact BMC\n${rules}${this.#slanted}${boxes}${fills}EMC\n`;
    return `${1 / UNIT} 0 0 ${1 / UNIT} 0 0 cm 0 g 0 G 0 J 0 j\n${drawing}${this.#text}`;
  }
}

/** Adds a rule to those that lie on the same straight line; one that begins where the last one ends goes on with it. */
function addRule(byWidth: Map<number, Rules>, width: number, at: number, from: number, to: number): void {
  let rules = byWidth.get(width);
  if (rules === undefined) {
    rules = new Map();
    byWidth.set(width, rules);
  }
  const row = rules.get(at);
  const last = row?.at(-1);
  if (row === undefined) rules.set(at, [[from, to]]);
  else if (last !== undefined && from >= last[0] && from <= last[1] + 1) last[1] = Math.max(last[1], to);
  else row.push([from, to]);
}

function pathsOf(byWidth: Map<number, Rules>, path: (at: number, from: number, to: number) => string): string {
  let text = "";
  for (const [width, rules] of byWidth) {
    text += `${units(width)} w\n`;
    for (const [at, row] of rules) for (const [from, to] of row) text += path(at, from, to);
    text += "S\n";
  }
  return text;
}

function units(length: number): number {
  return Math.round(length * UNIT);
}
