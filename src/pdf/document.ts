/** One PDF document: fonts, pages, bookmarks and information, written by pdfkit. The same pages give the same bytes. */
import type PDFKit from "pdfkit";
import { lazily } from "../text/lazily.ts";
import { Canvas, type Encoder } from "./canvas.ts";
import { type FaceName, fontOf, type Glyph } from "./faces.ts";
import { PAGE } from "./page.ts";

const pdfkit = lazily<typeof PDFKit>("pdfkit");

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
  readonly subject?: string;
}

/** pdfkit's font of one document: a parsed font and the subset of it that the document needs. */
interface EmbeddedFont {
  readonly id: string;
  readonly scale: number;
  /** Glyph numbers in the order of their codes. */
  readonly subset: { readonly glyphs: number[] };
  readonly unicode: number[][];
  readonly widths: number[];
  ref(): unknown;
}

/** The parts of pdfkit that its types leave out and that writing our own operators needs. */
interface Internals {
  readonly _font: EmbeddedFont;
  readonly page: { readonly fonts: Record<string, unknown> };
  font(source: unknown): unknown;
  addContent(operators: string): unknown;
}

/** Instead of the clock, so that the same document has the same bytes at any time. */
const FIXED_DATE = new Date(Date.UTC(2019, 0, 1));
const PRODUCER = "chouqian";

export class PdfDocument implements Encoder {
  readonly #pdf: PDFKit.PDFDocument;
  readonly #internals: Internals;
  readonly #finished: Promise<Uint8Array>;
  readonly #fonts = new Map<FaceName, EmbeddedFont>();
  readonly #codes: Record<FaceName, Map<number, string>> = { serif: new Map(), sans: new Map(), kai: new Map() };
  readonly #missing = new Set<number>();
  readonly #bookmarks = new Map<string, PDFKit.PDFOutline>();
  #pages = 0;

  constructor(about: PdfAbout) {
    this.#pdf = new (pdfkit())({
      autoFirstPage: false,
      font: "",
      size: [PAGE.width, PAGE.height],
      margin: 0,
      pdfVersion: "1.7",
      lang: "zh-CN",
      displayTitle: true,
      compress: true,
      info: {
        Title: about.title,
        ...(about.author ? { Author: about.author } : {}),
        ...(about.subject ? { Subject: about.subject } : {}),
        Producer: PRODUCER,
        Creator: PRODUCER,
        CreationDate: FIXED_DATE,
        ModDate: FIXED_DATE,
      },
    });
    this.#internals = this.#pdf as unknown as Internals;
    this.#finished = collect(this.#pdf);
  }

  fontName(face: FaceName): string {
    return this.#font(face).id;
  }

  /**
   * Every character has a code of its own, even where two share a glyph (⼀ and 一): so the text that is copied from
   * the page is the text that was given.
   */
  code(glyph: Glyph): string {
    if (glyph.missing !== undefined) this.#missing.add(glyph.missing);
    let code = this.#codes[glyph.face].get(glyph.codePoint);
    if (code === undefined) {
      const font = this.#font(glyph.face);
      const number = font.subset.glyphs.push(glyph.id) - 1;
      font.widths[number] = glyph.advance * 1000;
      font.unicode[number] = [glyph.codePoint];
      code = number.toString(16).padStart(4, "0");
      this.#codes[glyph.face].set(glyph.codePoint, code);
    }
    return code;
  }

  #font(face: FaceName): EmbeddedFont {
    let font = this.#fonts.get(face);
    if (font === undefined) {
      this.#internals.font(fontOf(face));
      font = this.#internals._font;
      this.#fonts.set(face, font);
    }
    return font;
  }

  /** An empty page to draw on; it becomes part of the document by `add`. */
  canvas(): Canvas {
    return new Canvas(this);
  }

  /**
   * Adds a page.
   * @param bookmark headings from the outermost to the page's own, such as county and unit; none for a page without
   */
  add(canvas: Canvas, bookmark: readonly string[] = []): void {
    this.#pdf.addPage();
    this.#pages++;
    for (const face of canvas.faces) {
      const font = this.#font(face);
      this.#internals.page.fonts[font.id] = font.ref();
    }
    this.#internals.addContent(canvas.operators());
    this.#mark(bookmark);
  }

  #mark(path: readonly string[]): void {
    let parent = this.#pdf.outline;
    path.forEach((title, depth) => {
      const key = JSON.stringify(path.slice(0, depth + 1));
      const isOwn = depth === path.length - 1;
      let item = isOwn ? undefined : this.#bookmarks.get(key);
      if (item === undefined) {
        item = parent.addItem(title, { expanded: depth === 0 });
        this.#bookmarks.set(key, item);
      }
      parent = item;
    });
  }

  /** Ends the document. */
  async finish(): Promise<PdfResult> {
    this.#pdf.end();
    const bytes = await this.#finished;
    return { bytes, missing: [...this.#missing].sort((a, b) => a - b), pages: this.#pages };
  }
}

function collect(pdf: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    pdf.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on("end", () => resolve(new Uint8Array(Buffer.concat(chunks))));
    pdf.on("error", reject);
  });
}
