/** The drawing of one page: text, rules and boxes as PDF operators. The origin is the upper left corner, in points. */
import type { FaceName } from "./faces.ts";
import { Rules } from "./rules.ts";
import type { Line, Run } from "./text.ts";
import type { Writer } from "./writer.ts";

/** What a stretch of text is, to a screen reader: `H1` the title of a paper, `H2` a heading, `P` all other text. */
export type Role = "H1" | "H2" | "P";

/** Text that belongs together: what is drawn under one tag is read as one. */
export interface Tag {
  readonly role: Role;
  /** Where the text is that of a table's cell. */
  readonly cell?: CellTag;
}

/** A cell of a table, as a screen reader tells it. */
export interface CellTag {
  /** The row; the same object for all its cells. */
  readonly row: TableRow;
  /** `TH` for a heading, `TD` for any other. */
  readonly element: "TH" | "TD";
  /** What the cell is the heading of, and how many columns and rows it covers, as the structure tree has it. */
  readonly attributes: string;
}

/** The attributes of a cell (ISO 32000-1, 14.8.5.7). */
export function cellAttributes(heads: "Row" | "Column" | undefined, columns: number, rows: number): string {
  const scope = heads === undefined ? "" : `/Scope/${heads}`;
  const covered = `${columns > 1 ? `/ColSpan ${columns}` : ""}${rows > 1 ? `/RowSpan ${rows}` : ""}`;
  return scope === "" && covered === "" ? "" : `/A<</O/Table${scope}${covered}>>`;
}

/** A row of a table; the same table for all its rows. */
export interface TableRow {
  readonly table: object;
}

/** One tagged stretch of a page. */
export interface Stretch {
  readonly tag: Tag;
  /** Its number within the page; none for a cell without text. */
  readonly number: number | undefined;
}

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

export class Canvas {
  readonly #pieces: Piece[] = [{ tag: "before", text: "" }];
  #piece = this.#pieces[0] as Piece;
  readonly #rules = new Rules();
  readonly #writingLines = new Rules();
  #below = "";
  #slanted = "";
  #fills = "";
  /** Where the first line begins. */
  #start: Place | undefined;
  /** Where the last line begins; each is placed from the one before it. */
  #pen: Place = [0, 0];
  /** Face and size in force; none at the beginning of a drawing. */
  #font = "";
  #isOrnament = false;
  readonly #runs: Run[] = [];
  readonly #drawings: Canvas[] = [];

  /** Draws text under a tag from here on; without one, as an ornament of the page that is not read aloud. */
  tag(tag: Tag | undefined): void {
    const next = this.#isOrnament ? undefined : tag;
    if (next === this.#piece.tag) return;
    this.#piece = { tag: next, text: "" };
    this.#pieces.push(this.#piece);
  }

  /** Draws what was read before, such as heading rows on a further page: as an ornament, whatever it is tagged. */
  ornament(draw: () => void): void {
    this.#isOrnament = true;
    this.tag(undefined);
    draw();
    this.#isOrnament = false;
  }

  /** Characters drawn here, run by run; not those of drawings that were copied. */
  get runs(): readonly Run[] {
    return this.#runs;
  }

  /** Drawings that were copied to this one. */
  get drawings(): readonly Canvas[] {
    return this.#drawings;
  }

  /**
   * Draws a line of text with its upper left corner at x, y.
   * @param stretch what is added between two characters
   */
  line(line: Line, x: number, y: number, stretch = 0): void {
    if (line.count === 0) return;
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
    const codes = `<${run.codes}> Tj`;
    if (heavy === true && run.face !== "title") {
      return `${font}2 Tr ${units(size * HEAVY_OUTLINE)} w ${codes} 0 Tr\n`;
    }
    return `${font}${codes}\n`;
  }

  /** Draws a line of text in light grey below all else, turned about its centre, which comes to stand at x, y. */
  watermark(line: Line, x: number, y: number, angle: number): void {
    const [run] = line.runs;
    if (run === undefined) return;
    this.#runs.push(run);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [left, down] = [-line.width / 2, (BASELINE - 0.5) * line.style.size];
    const place = `${units(x + left * cos + down * sin)} ${units(y - left * sin + down * cos)}`;
    const matrix = `${cos.toFixed(4)} ${(-sin).toFixed(4)} ${(-sin).toFixed(4)} ${(-cos).toFixed(4)} ${place} Tm\n`;
    this.#below += `BT\n${LIGHT} g\n${fontOperator(run)}${matrix}<${run.codes}> Tj\n0 g\nET\n`;
  }

  /** Draws a straight rule. */
  rule(x1: number, y1: number, x2: number, y2: number, width: number): void {
    const [left, top, right, bottom] = [units(x1), units(y1), units(x2), units(y2)];
    if (!this.#rules.add(left, top, right, bottom, units(width))) {
      this.#slanted += `${units(width)} w ${left} ${top} m ${right} ${bottom} l S\n`;
    }
  }

  /** Draws a line to write on by hand: dotted, so that it is no rule. */
  writingLine(left: number, right: number, y: number): void {
    this.#writingLines.add(units(left), units(y), units(right), units(y), units(WRITING_WIDTH));
  }

  /** Fills a rectangle with black. */
  fill(x: number, y: number, width: number, height: number): void {
    this.#fills += `${units(x)} ${units(y)} ${units(width)} ${units(height)} re\n`;
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
    this.#copy(drawing, x, y);
  }

  #copy(drawing: Canvas, x: number, y: number): void {
    const [left, top] = [units(x), units(y)];
    this.#rules.copy(drawing.#rules, left, top);
    this.#writingLines.copy(drawing.#writingLines, left, top);
    this.#drawings.push(drawing);
    const start = drawing.#start;
    let move = start === undefined ? "" : this.#move(left + start[0], top + start[1]);
    for (const { tag, text } of drawing.#pieces) {
      if (tag !== "before") this.tag(tag);
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
    for (const piece of this.#pieces) piece.text = Buffer.from(piece.text, "latin1").toString("latin1");
  }

  /**
   * Writes the operators of the page.
   * @returns its tagged stretches in reading order, cells without text among them
   */
  finish(out: Writer): Stretch[] {
    out.write(`${1 / UNIT} 0 0 ${1 / UNIT} 0 0 cm 0 g 0 G 0 J 0 j\n/Artifact BMC\n`);
    out.write(this.#below);
    out.write(this.#rules.operators());
    out.write(this.#slanted);
    const writingLines = this.#writingLines.operators();
    if (writingLines !== "") out.write(`${DOTTED}${writingLines}[] 0 d 0 G\n`);
    if (this.#fills !== "") out.write(`${this.#fills}f\n`);
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

/** The structure element that a stretch of text belongs to. */
export function nameOf({ role, cell }: Tag): string {
  if (cell === undefined || role !== "P") return role;
  return cell.element;
}

function units(length: number): number {
  return Math.round(length * UNIT);
}
