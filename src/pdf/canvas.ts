/** The drawing of one page: text, rules and boxes as PDF operators. The origin is the upper left corner, in points. */
import type { FaceName, Glyph } from "./faces.ts";
import { isTickBox, type Line, type SetGlyph } from "./text.ts";

/** What a document gives its pages: a name for each face and a code for each glyph. */
export interface Encoder {
  fontName(face: FaceName): string;
  /** Four hex digits. */
  code(glyph: Glyph): string;
}

/** Where the base line lies below the top of the em square of an ideograph. */
const BASELINE = 0.88;
/** Side of a tick box and its place within the em square, for a type size of 1. */
const BOX = { side: 0.76, left: 0.12, bottom: 0 };
const HEAVY_OUTLINE = 0.022;

export class Canvas {
  readonly faces = new Set<FaceName>();
  readonly #encoder: Encoder;
  readonly #text: string[] = [];
  readonly #paths = new Map<number, string[]>();
  readonly #fills: string[] = [];

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  /**
   * Draws a line of text with its upper left corner at x, y.
   * @param stretch what is added between two characters
   */
  line(line: Line, x: number, y: number, stretch = 0): void {
    if (line.glyphs.length === 0) return;
    const { leading, size } = line.style;
    const baseline = y + (leading - size) / 2 + BASELINE * size;
    this.#text.push(`BT 1 0 0 -1 ${fixed(x)} ${fixed(baseline)} Tm`);
    if (stretch !== 0) this.#text.push(`${stretch.toFixed(3)} Tc`);
    let at = x;
    for (let i = 0; i < line.glyphs.length; ) {
      const run = this.#run(line.glyphs, i, stretch);
      if (run.isBoxes) this.#boxes(run.count, at, baseline, run.size, stretch);
      at += run.width;
      i += run.count;
    }
    this.#text.push(stretch === 0 ? "ET" : "0 Tc ET");
  }

  /** Writes the characters from `start` that share face and style. */
  #run(glyphs: readonly SetGlyph[], start: number, stretch: number) {
    const first = glyphs[start];
    if (first === undefined) throw new RangeError("a run of text starts behind its line");
    const isBoxes = isTickBox(first);
    let codes = "";
    let width = 0;
    let count = 0;
    for (let i = start; i < glyphs.length; i++) {
      const next = glyphs[i];
      if (next === undefined || next.style !== first.style || next.glyph.face !== first.glyph.face) break;
      if (isTickBox(next) !== isBoxes) break;
      codes += this.#encoder.code(next.glyph);
      width += next.width + stretch;
      count++;
    }
    const { size, heavy } = first.style;
    this.faces.add(first.glyph.face);
    const font = `/${this.#encoder.fontName(first.glyph.face)} ${size} Tf`;
    const [before, after] = isBoxes
      ? ["3 Tr ", " 0 Tr"]
      : heavy === true
        ? [`2 Tr ${fixed(size * HEAVY_OUTLINE)} w `, " 0 Tr"]
        : ["", ""];
    this.#text.push(`${font} ${before}<${codes}> Tj${after}`);
    return { isBoxes, width, count, size };
  }

  #boxes(count: number, x: number, baseline: number, size: number, stretch: number): void {
    const side = BOX.side * size;
    for (let i = 0; i < count; i++) {
      const left = x + i * (size + stretch) + BOX.left * size;
      this.#path(0.5, `${fixed(left)} ${fixed(baseline - BOX.bottom * size - side)} ${fixed(side)} ${fixed(side)} re`);
    }
  }

  /** Draws a line of text in outline only, turned about its centre, which comes to stand at x, y. */
  outline(line: Line, x: number, y: number, angle: number): void {
    const [first] = line.glyphs;
    if (first === undefined) return;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const { size } = line.style;
    const [left, down] = [-line.width / 2, (BASELINE - 0.5) * size];
    const place = `${fixed(x + left * cos + down * sin)} ${fixed(y - left * sin + down * cos)}`;
    this.#text.push(`BT ${cos.toFixed(4)} ${(-sin).toFixed(4)} ${(-sin).toFixed(4)} ${(-cos).toFixed(4)} ${place} Tm`);
    this.#text.push(`1 Tr 0.4 w`);
    this.#run(line.glyphs, 0, 0);
    this.#text.push("0 Tr ET");
  }

  /** Draws a straight rule. */
  rule(x1: number, y1: number, x2: number, y2: number, width: number): void {
    this.#path(width, `${fixed(x1)} ${fixed(y1)} m ${fixed(x2)} ${fixed(y2)} l`);
  }

  #path(width: number, path: string): void {
    const paths = this.#paths.get(width);
    if (paths === undefined) this.#paths.set(width, [path]);
    else paths.push(path);
  }

  /** Fills a rectangle with black. */
  fill(x: number, y: number, width: number, height: number): void {
    this.#fills.push(`${fixed(x)} ${fixed(y)} ${fixed(width)} ${fixed(height)} re`);
  }

  /** The operators of the page. */
  operators(): string {
    const rules = [...this.#paths].map(([width, paths]) => `${width} w ${paths.join("\n")} S`);
    const fills = this.#fills.length > 0 ? [`${this.#fills.join("\n")} f`] : [];
    return ["0 g 0 G 0 J 0 j", ...rules, ...fills, ...this.#text].join("\n");
  }
}

function fixed(length: number): string {
  return String(Math.round(length * 100) / 100);
}
