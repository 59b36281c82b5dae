/** One PDF document: fonts, pages, bookmarks and information. The same pages give the same bytes. */

import { digest } from "../text/canonical.ts";
import { Alphabet } from "./alphabet.ts";
import { Outline } from "./bookmarks.ts";
import { Canvas, FONT_NAMES, type Parts } from "./canvas.ts";
import { joinParts, storedPart } from "./deflate.ts";
import { embedFont } from "./embed.ts";
import { type FaceName, type Glyph, storeOfGlyphs } from "./faces.ts";
import { compressed, listOf, PdfFile, textString } from "./file.ts";
import { PAGE, type PageSize } from "./page.ts";
import { Structure } from "./structure.ts";
import type { Stretch } from "./tag.ts";
import { Writer } from "./writer.ts";

/** A finished document. */
export interface PdfResult {
  readonly bytes: Uint8Array;
  /** Code points that no font has, ascending; each is printed as 〔U+XXXX〕. */
  readonly missing: readonly number[];
  readonly pages: number;
}

/** What a viewer shows about the document. */
export interface PdfAbout {
  readonly title: string;
  readonly author?: string;
  /** A4 upright unless told. */
  readonly page?: PageSize;
  /** Characters that the document has in common with others: their outlines are compressed once for all. */
  readonly alphabet?: Alphabet;
}

/** Instead of the clock, so that the same document has the same bytes at any time. */
const FIXED_DATE = "(D:20190101000000Z)";
const PRODUCER = "(chouqian)";
const ID_DIGITS = 32;
/** One page after the other is written here. */
const operators = new Writer();

/** A page without its margin, as files have it. */
interface Body extends Parts {
  /** Its operators, compressed. */
  readonly content: Uint8Array;
  readonly stretches: readonly Stretch[];
}

/** Pages written before that others may have as well, by what is on them: lists of a form go on as in any other. */
const bodies = storeOfGlyphs(() => new Map<string, Body>());
const MOST_BODIES = 2_000;

function bodyOf(canvas: Canvas, height: number): Body {
  if (canvas.key === undefined) return write(canvas, height);
  const key = `${height} ${canvas.key}`;
  let body = bodies().get(key);
  if (body === undefined) {
    body = write(canvas, height);
    if (bodies().size >= MOST_BODIES) bodies().clear();
    bodies().set(key, body);
  }
  return body;
}

function write(canvas: Canvas, height: number): Body {
  operators.write(fromUpperLeft(height));
  const stretches = canvas.finish(operators);
  const { runs, drawings } = canvas;
  return { content: compressed(operators.take()), stretches, runs, drawings };
}

/** From upper left, as canvases count, to lower left, as PDF does. */
function fromUpperLeft(height: number): string {
  return `1 0 0 -1 0 ${height} cm\n`;
}

export class PdfDocument {
  readonly #about: PdfAbout;
  readonly #page: PageSize;
  readonly #file = new PdfFile();
  readonly #structure = new Structure(this.#file);
  readonly #outline = new Outline(this.#file);
  readonly #pagesRoot = this.#file.reserve();
  readonly #resources = this.#file.reserve();
  readonly #pages: number[] = [];
  readonly #alphabet: Alphabet;
  /** Characters that the alphabet does not hold, in the order in which they came. */
  readonly #own = new Map<FaceName, Map<string, Glyph>>();
  /** Drawings that come again and of which the characters are known. */
  readonly #used = new Set<Parts>();
  readonly #missing = new Set<number>();

  constructor(about: PdfAbout) {
    this.#about = about;
    this.#page = about.page ?? PAGE;
    this.#alphabet = about.alphabet ?? new Alphabet();
  }

  /** An empty page to draw on; it becomes part of the document by `add`. */
  canvas(): Canvas {
    return new Canvas();
  }

  /**
   * Adds a page.
   * @param bookmark headings from the outermost to the page's own, such as city, county and unit; none for a page
   *   that goes on with the paper of the page before it
   */
  add(canvas: Canvas, bookmark: readonly string[] = []): void {
    const { width, height } = this.#page;
    const number = this.#file.reserve();
    this.#pages.push(number);
    if (bookmark.length > 0) this.#structure.begin(bookmark.at(-1) ?? "");
    const margin = canvas.hasMargin ? [this.#margin(canvas.margin)] : [];
    const mayComeAgain = canvas.key !== undefined;
    const body = bodyOf(canvas, height);
    if (mayComeAgain) this.#useOnce(body);
    else this.#use(body);
    const key = this.#structure.add(body.stretches, number);
    const content = listOf([...margin, this.#file.deflated(body.content)]);
    this.#file.put(
      number,
      `<</Type/Page/Parent ${this.#pagesRoot} 0 R/MediaBox[0 0 ${width} ${height}]/Contents${content}/Resources ${this.#resources} 0 R/StructParents ${key}/Tabs/S>>`,
    );
    this.#outline.mark(bookmark, number, height);
  }

  /** Writes what stands around a page; it is so short, and so much its own, that compressing it would not pay. */
  #margin(canvas: Canvas): number {
    this.#use(canvas);
    operators.write(`q\n${fromUpperLeft(this.#page.height)}`);
    canvas.finish(operators);
    operators.write("Q\n");
    return this.#file.deflated(joinParts([storedPart(operators.take())]));
  }

  /** Takes in the characters of a drawing. */
  #use(drawing: Parts): void {
    for (const run of drawing.runs) {
      if (!run.hasMissing && this.#alphabet.holds(run)) continue;
      for (const glyph of run.glyphs) {
        if (!this.#alphabet.has(glyph)) this.#addOwn(glyph);
        if (glyph.missing !== undefined) this.#missing.add(glyph.missing);
      }
    }
    for (const part of drawing.drawings) this.#useOnce(part);
  }

  /** The same for what comes again and again. */
  #useOnce(part: Parts): void {
    if (this.#used.has(part) || this.#alphabet.covers(part)) return;
    this.#used.add(part);
    this.#use(part);
  }

  #addOwn(glyph: Glyph): void {
    const known = this.#own.get(glyph.face);
    if (known === undefined) this.#own.set(glyph.face, new Map([[glyph.code, glyph]]));
    else known.set(glyph.code, glyph);
  }

  /** Ends the document. */
  async finish(): Promise<PdfResult> {
    const file = this.#file;
    const faces = [...new Set([...this.#alphabet.faces, ...this.#own.keys()])];
    const fonts = faces.map((face) => {
      const font = embedFont(file, face, this.#alphabet, [...(this.#own.get(face)?.values() ?? [])]);
      return `/${FONT_NAMES[face]} ${font} 0 R`;
    });
    file.put(this.#resources, `<</Font<<${fonts.join("")}>>>>`);
    file.put(this.#pagesRoot, `<</Type/Pages/Count ${this.#pages.length}/Kids${listOf(this.#pages)}>>`);
    const { title, author } = this.#about;
    const outline = this.#outline.end();
    const root = file.add(
      `<</Type/Catalog/Pages ${this.#pagesRoot} 0 R/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>/MarkInfo<</Marked true>>/StructTreeRoot ${this.#structure.end()} 0 R${outline}>>`,
    );
    const by = author ? `/Author${textString(author)}` : "";
    const info = file.add(
      `<</Title${textString(title)}${by}/Producer${PRODUCER}/Creator${PRODUCER}/CreationDate${FIXED_DATE}/ModDate${FIXED_DATE}>>`,
    );
    const id = digest(JSON.stringify([title, author ?? "", this.#outline.titles])).slice(0, ID_DIGITS);
    const missing = [...this.#missing].sort((a, b) => a - b);
    return { bytes: file.end({ root, info, id }), missing, pages: this.#pages.length };
  }
}
