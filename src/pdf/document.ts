/** One PDF document: fonts, pages, bookmarks and information, written by pdfkit. The same pages give the same bytes. */
import { constants, deflateSync, type ZlibOptions } from "node:zlib";
import type PDFKit from "pdfkit";
import { lazily } from "../text/lazily.ts";
import { Canvas, type Encoder } from "./canvas.ts";
import { type FaceName, fontOf, type Glyph } from "./faces.ts";
import { PAGE, type PageSize } from "./page.ts";
import { type Reference, Structure } from "./structure.ts";
import { isTrueType, isTrueTypeFile, subsetTrueType } from "./subset.ts";
import type { Run } from "./text.ts";

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
  /** A4 upright unless told. */
  readonly page?: PageSize;
}

/** pdfkit's font of one document: a parsed font and the subset of it that the document needs. */
interface EmbeddedFont {
  readonly id: string;
  readonly scale: number;
  /** Glyph numbers in the order of their codes. */
  readonly subset: { readonly glyphs: number[]; encode(): Uint8Array };
  readonly unicode: number[][];
  readonly widths: number[];
  ref(): unknown;
}

/** The parts of pdfkit that its types leave out and that writing our own operators needs. */
interface Internals {
  readonly _font: EmbeddedFont;
  readonly _root: { readonly data: Record<string, unknown> };
  readonly page: {
    readonly fonts: Record<string, unknown>;
    readonly dictionary: Reference & { readonly data: Record<string, unknown> };
    readonly content: Stream;
  };
  _offset: number;
  _write(data: string | Uint8Array): void;
  font(source: unknown): unknown;
  ref(data?: unknown): Reference;
}

/** An object with bytes: a page's operators, a font. */
interface Stream extends Reference {
  buffer: Uint8Array[];
  compress: boolean;
  finalize(): void;
}

/** Instead of the clock, so that the same document has the same bytes at any time. */
const FIXED_DATE = new Date(Date.UTC(2019, 0, 1));
const PRODUCER = "chouqian";
/** Names of the faces on every page. */
const FONT_NAMES: Readonly<Record<FaceName, string>> = { serif: "S", sans: "H", kai: "K", body: "F", title: "T" };
/** From upper left, as canvases count, to lower left, as PDF does. */
const upsideDown = ({ height }: PageSize) => `1 0 0 -1 0 ${height} cm\n`;
/** Operators repeat so much that little is gained by looking for longer repetitions, and much time is lost. */
const OPERATORS: ZlibOptions = { level: 1 };
/** Outlines hardly repeat at all: a third of the time for a sixth more bytes. */
const OUTLINES: ZlibOptions = { level: 1, strategy: constants.Z_HUFFMAN_ONLY, chunkSize: 1 << 18 };

export class PdfDocument implements Encoder {
  readonly #pdf: PDFKit.PDFDocument;
  readonly #internals: Internals;
  readonly #bytes: () => Uint8Array;
  readonly #structure: Structure;
  readonly #fonts = new Map<FaceName, EmbeddedFont>();
  readonly #codes: Record<FaceName, Map<number, string>> = {
    serif: new Map(),
    sans: new Map(),
    kai: new Map(),
    body: new Map(),
    title: new Map(),
  };
  /** Texts of the form itself come again for every source. */
  readonly #encoded = new WeakMap<Run, string>();
  readonly #upsideDown: string;
  readonly #missing = new Set<number>();
  readonly #bookmarks = new Map<string, PDFKit.PDFOutline>();
  #pages = 0;

  constructor(about: PdfAbout) {
    const { page = PAGE } = about;
    this.#upsideDown = upsideDown(page);
    this.#pdf = new (pdfkit())({
      autoFirstPage: false,
      font: "",
      size: [page.width, page.height],
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
    this.#bytes = gather(this.#pdf, this.#internals);
    compressQuickly(this.#internals);
    this.#structure = new Structure((data) => this.#internals.ref(data));
  }

  fontName(face: FaceName): string {
    return FONT_NAMES[face];
  }

  codes(run: Run): string {
    let codes = this.#encoded.get(run);
    if (codes === undefined) {
      codes = "";
      for (const glyph of run.glyphs) codes += this.#code(glyph);
      this.#encoded.set(run, codes);
    }
    return codes;
  }

  /**
   * Every character has a code of its own, even where two share a glyph (⼀ and 一): so the text that is copied from
   * the page is the text that was given.
   */
  #code(glyph: Glyph): string {
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
      const parsed = fontOf(face);
      this.#internals.font(parsed);
      font = this.#internals._font;
      const { subset } = font;
      if (isTrueType(parsed)) subset.encode = () => subsetTrueType(parsed, subset.glyphs);
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
   * @param bookmark headings from the outermost to the page's own, such as city, county and unit; none for a page
   *   that goes on with the paper of the page before it
   */
  add(canvas: Canvas, bookmark: readonly string[] = []): void {
    this.#pdf.addPage();
    this.#pages++;
    for (const face of canvas.faces) {
      const font = this.#font(face);
      this.#internals.page.fonts[FONT_NAMES[face]] = font.ref();
    }
    const { dictionary, content } = this.#internals.page;
    content.buffer = [Buffer.from(this.#upsideDown + canvas.operators(), "latin1")];
    if (bookmark.length > 0) this.#structure.begin(bookmark.at(-1) ?? "");
    dictionary.data.StructParents = this.#structure.add(canvas.tagged, dictionary);
    dictionary.data.Tabs = "S";
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
    this.#internals._root.data.MarkInfo = this.#structure.markInfo();
    this.#internals._root.data.StructTreeRoot = this.#structure.end();
    this.#pdf.end();
    return { bytes: this.#bytes(), missing: [...this.#missing].sort((a, b) => a - b), pages: this.#pages };
  }
}

/** So much text is written at once. */
const MOST_PENDING = 1 << 16;

/** Takes the pieces of the file as they are written, without the stream, which costs as much as drawing them. */
function gather(pdf: PDFKit.PDFDocument, internals: Internals): () => Uint8Array {
  const chunks = [(pdf as unknown as { read(): Uint8Array }).read()];
  let pending = "";
  const flush = (): void => {
    if (pending !== "") chunks.push(Buffer.from(pending, "latin1"));
    pending = "";
  };
  internals._write = (data) => {
    internals._offset += typeof data === "string" ? data.length + 1 : data.length;
    if (typeof data === "string") {
      pending += `${data}\n`;
      if (pending.length > MOST_PENDING) flush();
    } else {
      flush();
      chunks.push(data);
    }
  };
  return () => {
    flush();
    return Buffer.concat(chunks);
  };
}

/** Streams are compressed here: pdfkit looks for repetitions so long that fonts take more time than pages. */
function compressQuickly(internals: Internals): void {
  const newObject = internals.ref;
  internals.ref = function ref(data) {
    const object = newObject.call(internals, data);
    if (data !== undefined) return object;
    const stream = object as Stream;
    const { finalize } = stream;
    stream.compress = false;
    stream.finalize = () => {
      if (stream.buffer.length > 0) {
        const [only = new Uint8Array(), ...others] = stream.buffer;
        const bytes = others.length === 0 ? only : Buffer.concat(stream.buffer);
        stream.buffer = [deflateSync(bytes, isTrueTypeFile(bytes) ? OUTLINES : OPERATORS)];
        stream.data.Filter = "FlateDecode";
      }
      finalize.call(stream);
    };
    return stream;
  };
}
