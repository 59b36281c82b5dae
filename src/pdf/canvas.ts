/** The drawing of one page: text, rules and boxes as PDF operators. The origin is the upper left corner, in points. */
import type { FaceName } from "./faces.ts";
import { numberOf, Pending } from "./pending.ts";
import { Rules } from "./rules.ts";
import { nameOf, type Stretch, type Tag } from "./tag.ts";
import type { Line, Run } from "./text.ts";
import type { Writer } from "./writer.ts";

/** Where the base line lies below the top of the em square of an ideograph. */
const BASELINE = 0.88;
const HEAVY_OUTLINE = 0.022;
/** Share of white in the grey of a watermark: seen on every print, and what stands on it is read easily. */
const LIGHT = 0.9;
const WRITING_WIDTH = 0.5;
/** Dots and gaps, in hundredths of a point, and their grey. */
const DOTTED = "[60 180] 0 d 0.4 G\n";
/** Operators count in hundredths of a point: whole numbers are short, and quickly written. */
const UNIT = 100;
/** Names of the faces on every page. */
export const FONT_NAMES: Readonly<Record<FaceName, string>> = {
  serif: "S",
  sans: "H",
  kai: "K",
  body: "F",
  title: "T",
};

/** Operators of text that stand under one tag; the first of a drawing stand under the tag that is in force before it. */
interface Piece {
  /** `before` what was in force; undefined for an ornament. */
  readonly tag: Tag | "before" | undefined;
  text: string;
}

type Paint = (canvas: Canvas, x: number, y: number) => void;

/** Drawings that are copied. */
const drawings = new WeakMap<Paint, Canvas>();

/** What a drawing consists of, apart from where it stands. */
export interface Parts {
  /** Characters drawn here, run by run; not those of drawings that were copied. */
  readonly runs: readonly Run[];
  /** Drawings that were copied to this one. */
  readonly drawings: readonly Parts[];
}

export class Canvas implements Parts {
  readonly #pieces: Piece[] = [{ tag: "before", text: "" }];
  #piece = this.#pieces[0] as Piece;
  readonly #rules = new Rules();
  readonly #writingLines = new Rules();
  #below = "";
  #slanted = "";
  #fills = "";
  #patterns = "";
  /** Where the first line begins. */
  #start: Place | undefined;
  /** Where the last line begins; each is placed from the one before it. */
  #pen: Place = [0, 0];
  /** Face and size in force; none at the beginning of a drawing. */
  #font = "";
  #isOrnament = false;
  readonly #runs: Run[] = [];
  readonly #drawings: Canvas[] = [];
  #margin: Canvas | undefined;
  /** What was drawn so far, as long as other pages may have just that. */
  readonly #pending = new Pending();

  /** What stands around the page's own content, such as its number; drawn below it. */
  get margin(): Canvas {
    this.#margin ??= new Canvas();
    return this.#margin;
  }

  get hasMargin(): boolean {
    return this.#margin !== undefined;
  }

  /**
   * The same for pages on which the same drawings are copied to the same places; undefined for a page that has something
   * of its own. It holds within the process only.
   */
  get key(): string | undefined {
    return this.#pending.key;
  }

  /** Draws text under a tag from here on; without one, as an ornament of the page that is not read aloud. */
  tag(tag: Tag | undefined): void {
    const next = this.#isOrnament ? undefined : tag;
    if (this.#pending.key === undefined) this.#setTag(next);
    else this.#pending.add(`t${next === undefined ? 0 : numberOf(next)}`, () => this.#setTag(next));
  }

  #setTag(tag: Tag | undefined): void {
    if (tag === this.#piece.tag) return;
    this.#piece = { tag, text: "" };
    this.#pieces.push(this.#piece);
  }

  /** Draws what was read before, such as heading rows on a further page: as an ornament, whatever it is tagged. */
  ornament(draw: () => void): void {
    this.#isOrnament = true;
    this.tag(undefined);
    draw();
    this.#isOrnament = false;
  }

  get runs(): readonly Run[] {
    this.#pending.draw();
    return this.#runs;
  }

  get drawings(): readonly Canvas[] {
    this.#pending.draw();
    return this.#drawings;
  }

  /**
   * Draws a line of text with its upper left corner at x, y.
   * @param stretch what is added between two characters
   */
  line(line: Line, x: number, y: number, stretch = 0): void {
    if (line.count === 0) return;
    this.#pending.draw();
    const { leading, size } = line.style;
    const baseline = y + (leading - size) / 2 + BASELINE * size;
    let text = this.#move(units(x), units(baseline));
    // rounded down: what is lost on each character of a long line would add up beyond the measure
    if (stretch !== 0) text += `${Math.floor(stretch * UNIT)} Tc\n`;
    for (const run of line.runs) text += this.#run(run);
    this.#piece.text += stretch === 0 ? text : `${text}0 Tc\n`;
  }

  #move(x: number, y: number): string {
    const [fromX, fromY] = this.#pen;
    this.#pen = [x, y];
    if (this.#start !== undefined) return `${x - fromX} ${fromY - y} Td\n`;
    this.#start = this.#pen;
    return "";
  }

  #setFont(run: Run): string {
    this.#runs.push(run);
    const font = fontOperator(run);
    if (font === this.#font) return "";
    this.#font = font;
    return font;
  }

  #run(run: Run): string {
    const { size, heavy } = run.style;
    const font = this.#setFont(run);
    const codes = `(${run.codes})Tj`;
    if (heavy === true && run.face !== "title") {
      return `${font}2 Tr ${units(size * HEAVY_OUTLINE)} w ${codes} 0 Tr\n`;
    }
    return `${font}${codes}\n`;
  }

  /** Draws a line of text in light grey below all else, turned about its centre, which comes to stand at x, y. */
  watermark(line: Line, x: number, y: number, angle: number): void {
    const [run] = line.runs;
    if (run === undefined) return;
    this.#pending.draw();
    this.#runs.push(run);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [left, down] = [-line.width / 2, (BASELINE - 0.5) * line.style.size];
    const place = `${units(x + left * cos + down * sin)} ${units(y - left * sin + down * cos)}`;
    const matrix = `${cos.toFixed(4)} ${(-sin).toFixed(4)} ${(-sin).toFixed(4)} ${(-cos).toFixed(4)} ${place} Tm\n`;
    this.#below += `BT\n${LIGHT} g\n${fontOperator(run)}${matrix}(${run.codes})Tj\n0 g\nET\n`;
  }

  /** Draws a straight rule. */
  rule(x1: number, y1: number, x2: number, y2: number, width: number): void {
    const [left, top, right, bottom] = [units(x1), units(y1), units(x2), units(y2)];
    const add = (): void => this.#addRule(left, top, right, bottom, units(width));
    if (this.#pending.key === undefined) add();
    else this.#pending.add(`r${left},${top},${right},${bottom},${width}`, add);
  }

  #addRule(left: number, top: number, right: number, bottom: number, width: number): void {
    if (this.#rules.add(left, top, right, bottom, width)) return;
    this.#slanted += `${width} w ${left} ${top} m ${right} ${bottom} l S\n`;
  }

  /** Draws a line to write on by hand: dotted, so that it is no rule. */
  writingLine(left: number, right: number, y: number): void {
    this.#pending.draw();
    this.#writingLines.add(units(left), units(y), units(right), units(y), units(WRITING_WIDTH));
  }

  /** Fills a rectangle with black. */
  fill(x: number, y: number, width: number, height: number): void {
    this.#pending.draw();
    this.#fills += `${units(x)} ${units(y)} ${units(width)} ${units(height)} re\n`;
  }

  /**
   * Fills rectangles with black.
   * @param rectangles operators `re` that count in multiples of `size` from x, y
   */
  fillAll(rectangles: string, x: number, y: number, size: number): void {
    this.#pending.draw();
    const scale = (size * UNIT).toFixed(3);
    this.#patterns += `q ${scale} 0 0 ${scale} ${units(x)} ${units(y)} cm\n${rectangles}f Q\n`;
  }

  /**
   * Draws what many pages have with its origin at x, y: it is painted once, and copied from then on.
   * @param paint draws nothing but text, level and upright rules and lines to write on
   */
  once(paint: Paint, x: number, y: number): void {
    let drawing = drawings.get(paint);
    if (drawing === undefined) {
      drawing = new Canvas();
      paint(drawing, 0, 0);
      drawing.#settle();
      drawings.set(paint, drawing);
    }
    const [left, top, isOrnament, copied] = [units(x), units(y), this.#isOrnament, drawing];
    if (this.#pending.key === undefined) this.#copy(copied, left, top, isOrnament);
    else {
      const key = `${isOrnament ? "o" : "d"}${numberOf(drawing)},${left},${top}`;
      this.#pending.add(key, () => this.#copy(copied, left, top, isOrnament));
    }
  }

  #copy(drawing: Canvas, left: number, top: number, isOrnament: boolean): void {
    this.#rules.copy(drawing.#rules, left, top);
    this.#writingLines.copy(drawing.#writingLines, left, top);
    this.#drawings.push(drawing);
    const start = drawing.#start;
    let move = start === undefined ? "" : this.#move(left + start[0], top + start[1]);
    for (const { tag, text } of drawing.#pieces) {
      if (tag !== "before") this.#setTag(isOrnament ? undefined : tag);
      if (text === "") continue;
      this.#piece.text += move + text;
      move = "";
    }
    if (start === undefined) return;
    this.#pen = [left + drawing.#pen[0], top + drawing.#pen[1]];
    this.#font = drawing.#font;
  }

  /** Makes one string of each of the pieces: they are copied often. */
  #settle(): void {
    this.#pending.draw();
    for (const piece of this.#pieces) piece.text = Buffer.from(piece.text, "latin1").toString("latin1");
  }

  /**
   * Writes the operators of the page.
   * @returns its tagged stretches in reading order, cells without text among them
   */
  finish(out: Writer): Stretch[] {
    this.#pending.draw();
    out.write(`${1 / UNIT} 0 0 ${1 / UNIT} 0 0 cm 0 g 0 G 0 J 0 j\n/Artifact BMC\n`);
    out.write(this.#below);
    out.write(this.#rules.operators());
    out.write(this.#slanted);
    const writingLines = this.#writingLines.operators();
    if (writingLines !== "") out.write(`${DOTTED}${writingLines}[] 0 d 0 G\n`);
    if (this.#fills !== "") out.write(`${this.#fills}f\n`);
    out.write(this.#patterns);
    out.write(`EMC\nBT\n${upright(...(this.#start ?? [0, 0]))}`);
    const stretches: Stretch[] = [];
    let count = 0;
    let isOpen = false;
    for (const { tag, text } of this.#pieces) {
      const isRead = tag !== undefined && tag !== "before";
      if (text !== "") {
        const end = isOpen ? "EMC\n" : "";
        out.write(isRead ? `${end}/${nameOf(tag)} <</MCID ${count}>> BDC\n` : `${end}/Artifact BMC\n`);
        out.write(text);
        isOpen = true;
      }
      if (isRead && (text !== "" || tag.cell !== undefined)) {
        stretches.push({ tag, number: text === "" ? undefined : count++ });
      }
    }
    out.write(isOpen ? "EMC\nET\n" : "ET\n");
    return stretches;
  }
}

function fontOperator({ face, style: { size } }: Run): string {
  return `/${FONT_NAMES[face]} ${units(size)} Tf\n`;
}

/** In units, from the upper left. */
type Place = readonly [x: number, y: number];

/** Letters stand upright where lengths are counted downwards. */
function upright(x: number, y: number): string {
  return `1 0 0 -1 ${x} ${y} Tm\n`;
}

function units(length: number): number {
  return Math.round(length * UNIT);
}
