/**
 * The part of a TrueType font that a document needs (OpenType 1.9: glyf, loca, hmtx). Outlines are copied as they are;
 * fontkit's own subset decodes each, which takes longer than printing the pages.
 */
import { constants, type ZlibOptions } from "node:zlib";
import type { Font } from "fontkit";
import { type Deflated, deflatePart, joinParts, storedPart } from "./deflate.ts";

/** Tables that are taken over as they are; hinting is kept. */
const COPIED = ["cvt ", "fpgm", "prep"];

/** Bits of a composite outline's components. */
const WORDS = 0x0001;
const MORE = 0x0020;
const SCALES: readonly (readonly [bit: number, bytes: number])[] = [
  [0x0008, 2],
  [0x0040, 4],
  [0x0080, 8],
];

interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  table(tag: string): { readonly offset: number; readonly length: number } | undefined;
}

/** Whether a font has TrueType outlines. */
export function isTrueType({ directory }: Font): boolean {
  return "glyf" in directory.tables && "loca" in directory.tables;
}

/** Glyphs that many documents need: their outlines are gathered and compressed once. */
export interface SubsetBase {
  /** Glyphs of the font in the order of their new numbers; the first is .notdef. */
  readonly glyphs: readonly number[];
  readonly numbers: ReadonlyMap<number, number>;
  readonly outlines: Outlines;
  readonly deflated: Deflated;
}

/** A font file. */
export interface Subset {
  /** The file, compressed. */
  readonly deflated: Uint8Array;
  /** Length of the file itself. */
  readonly length: number;
  /** The new numbers of glyphs that the base does not hold. */
  readonly numbers: ReadonlyMap<number, number>;
}

/** Outlines one behind the other, each at a multiple of four, and where each begins. */
interface Outlines {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  /** The table's checksum so far. */
  readonly sum: number;
}

/** Outlines hardly repeat at all: looking for repetitions in what one document alone has is not worth its time. */
const FOR_MANY: ZlibOptions = { level: 1, chunkSize: 1 << 18 };
const FOR_ONE: ZlibOptions = { level: 1, strategy: constants.Z_HUFFMAN_ONLY, chunkSize: 1 << 18 };

/** Whether anything is drawn for a glyph; its outline begins with the box around it (OpenType 1.9, glyf). */
export function hasOutline(font: Font, glyph: number): boolean {
  const outline = outlineReader(sourceOf(font))(glyph);
  if (outline.length < 10) return false;
  const view = new DataView(outline.buffer, outline.byteOffset);
  return view.getInt16(6) > view.getInt16(2) && view.getInt16(8) > view.getInt16(4);
}

/** Gathers the glyphs of a font that many documents need, and the parts of those that are made of others. */
export function subsetBase(font: Font, wanted: Iterable<number>): SubsetBase {
  const numbering = new Numbering([0]);
  for (const glyph of wanted) numbering.of(glyph);
  const outlines = gather(font, numbering, 0);
  const { glyphs, numbers } = numbering;
  return { glyphs, numbers, outlines, deflated: deflatePart(outlines.bytes, FOR_MANY) };
}

/** The part of a font that a document needs: a base, and behind it the glyphs that no other document may have. */
export function subsetTrueType(font: Font, base: SubsetBase, wanted: Iterable<number>): Subset {
  const numbering = new Numbering(base.glyphs, base.numbers);
  for (const glyph of wanted) numbering.of(glyph);
  const own = gather(font, numbering, base.glyphs.length);
  const { glyphs, numbers } = numbering;
  const source = sourceOf(font);
  const shift = base.outlines.bytes.length;
  const end = shift + own.bytes.length;
  const tables = new Map<string, Uint8Array>([
    ...COPIED.flatMap((tag): [string, Uint8Array][] => (source.table(tag) ? [[tag, copied(source, tag)]] : [])),
    ["head", head(source)],
    ["hhea", withCount(copied(source, "hhea"), 34, glyphs.length)],
    ["hmtx", metrics(source, glyphs)],
    ["loca", locations([...base.outlines.starts, ...own.starts.map((start) => shift + start), end])],
    ["maxp", withCount(copied(source, "maxp"), 4, glyphs.length)],
  ]);
  const { directory, behind } = around(tables, { length: end, sum: (base.outlines.sum + own.sum) >>> 0 });
  const last = Buffer.concat([own.bytes, behind]);
  const deflated = joinParts([
    storedPart(directory),
    base.deflated,
    isShort(last) ? storedPart(last) : deflatePart(last, FOR_ONE),
  ]);
  return { deflated, length: directory.length + end + behind.length, numbers };
}

/** Some hundred outlines, of which compressing would save a fifth. */
function isShort({ length }: Uint8Array): boolean {
  return length < 1 << 15;
}

/** New numbers of glyphs, behind those of a base. */
class Numbering {
  readonly glyphs: number[];
  readonly numbers = new Map<number, number>();
  readonly #base: ReadonlyMap<number, number>;

  constructor(glyphs: readonly number[], base: ReadonlyMap<number, number> = new Map()) {
    this.glyphs = [...glyphs];
    this.#base = base;
    if (base.size === 0) for (const [number, glyph] of glyphs.entries()) this.numbers.set(glyph, number);
  }

  /** The number of a glyph, a new one where it has none. */
  of(glyph: number): number {
    let number = this.#base.get(glyph) ?? this.numbers.get(glyph);
    if (number === undefined) {
      number = this.glyphs.push(glyph) - 1;
      this.numbers.set(glyph, number);
    }
    return number;
  }
}

/** The outlines from a number on; glyphs that these are made of are added behind. */
function gather(font: Font, numbering: Numbering, from: number): Outlines {
  const outlineOf = outlineReader(sourceOf(font));
  const { glyphs } = numbering;
  const outlines: Uint8Array[] = [];
  for (let i = from; i < glyphs.length; i++) outlines.push(withParts(outlineOf(glyphs[i] ?? 0), numbering));
  const bytes = new Uint8Array(outlines.reduce((sum, { length }) => sum + padded(length), 0));
  let at = 0;
  const starts = outlines.map((outline) => {
    const start = at;
    bytes.set(outline, start);
    at += padded(outline.length);
    return start;
  });
  return { bytes, starts, sum: checksum(new DataView(bytes.buffer), 0, bytes.length) };
}

function sourceOf({ directory, stream: { buffer } }: Font): Source {
  return {
    bytes: buffer,
    view: new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength),
    table: (tag) => directory.tables[tag],
  };
}

function placeOf(source: Source, tag: string): { readonly offset: number; readonly length: number } {
  const place = source.table(tag);
  if (place === undefined) throw new RangeError(`the font has no table ${tag}`);
  return place;
}

function copied(source: Source, tag: string): Uint8Array {
  const { offset, length } = placeOf(source, tag);
  return source.bytes.slice(offset, offset + length);
}

function outlineReader(source: Source): (glyph: number) => Uint8Array {
  const { view } = source;
  const loca = placeOf(source, "loca").offset;
  const isLong = view.getInt16(placeOf(source, "head").offset + 50) === 1;
  const at = (i: number) => (isLong ? view.getUint32(loca + 4 * i) : 2 * view.getUint16(loca + 2 * i));
  const glyf = placeOf(source, "glyf").offset;
  return (glyph) => source.bytes.subarray(glyf + at(glyph), glyf + at(glyph + 1));
}

/** An outline; where it is made of other glyphs, these are added to the subset and named by their new numbers. */
function withParts(outline: Uint8Array, numbering: Numbering): Uint8Array {
  if (outline.length < 10 || ((outline[0] ?? 0) & 0x80) === 0) return outline; // the count of contours is negative
  const own = outline.slice();
  const view = new DataView(own.buffer);
  for (let at = 10, flags = MORE; (flags & MORE) !== 0; ) {
    flags = view.getUint16(at);
    view.setUint16(at + 2, numbering.of(view.getUint16(at + 2)));
    at += 4 + ((flags & WORDS) !== 0 ? 4 : 2);
    for (const [bit, bytes] of SCALES) if ((flags & bit) !== 0) at += bytes;
  }
  return own;
}

function locations(starts: readonly number[]): Uint8Array {
  const loca = new Uint8Array(4 * starts.length);
  const view = new DataView(loca.buffer);
  starts.forEach((start, i) => {
    view.setUint32(4 * i, start);
  });
  return loca;
}

/** The font's head, with long offsets and without the sum over the file. */
function head(source: Source): Uint8Array {
  const table = copied(source, "head");
  const view = new DataView(table.buffer);
  view.setUint32(8, 0);
  view.setInt16(50, 1);
  return table;
}

function withCount(table: Uint8Array, at: number, count: number): Uint8Array {
  new DataView(table.buffer).setUint16(at, count);
  return table;
}

/** Width and left bearing of each glyph; the last widths of a font hold for all glyphs behind them. */
function metrics(source: Source, numbers: readonly number[]): Uint8Array {
  const { view } = source;
  const full = view.getUint16(placeOf(source, "hhea").offset + 34);
  const { offset } = placeOf(source, "hmtx");
  const table = new Uint8Array(4 * numbers.length);
  const out = new DataView(table.buffer);
  numbers.forEach((number, i) => {
    out.setUint16(4 * i, view.getUint16(offset + 4 * Math.min(number, full - 1)));
    const bearing = number < full ? offset + 4 * number + 2 : offset + 4 * full + 2 * (number - full);
    out.setInt16(4 * i + 2, view.getInt16(bearing));
  });
  return table;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

/** The font file before its outlines and behind them. */
function around(
  tables: ReadonlyMap<string, Uint8Array>,
  glyf: { readonly length: number; readonly sum: number },
): { readonly directory: Uint8Array; readonly behind: Uint8Array } {
  const tags = [...tables.keys(), "glyf"].sort();
  const directory = new Uint8Array(12 + 16 * tags.length);
  const behind = new Uint8Array([...tables.values()].reduce((sum, { length }) => sum + padded(length), 0));
  const view = new DataView(directory.buffer);
  const content = new DataView(behind.buffer);
  const power = Math.floor(Math.log2(tags.length));
  view.setUint32(0, 0x00010000);
  view.setUint16(4, tags.length);
  view.setUint16(6, 16 * 2 ** power);
  view.setUint16(8, power);
  view.setUint16(10, 16 * (tags.length - 2 ** power));
  const start = directory.length + glyf.length;
  let at = 0;
  tags.forEach((tag, i) => {
    const entry = 12 + 16 * i;
    const table = tables.get(tag);
    for (let c = 0; c < 4; c++) view.setUint8(entry + c, tag.charCodeAt(c));
    if (table !== undefined) behind.set(table, at);
    view.setUint32(entry + 4, table === undefined ? glyf.sum : checksum(content, at, padded(table.length)));
    view.setUint32(entry + 8, table === undefined ? directory.length : start + at);
    view.setUint32(entry + 12, table === undefined ? glyf.length : table.length);
    if (table !== undefined) at += padded(table.length);
  });
  return { directory, behind };
}

function checksum(view: DataView, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) | 0;
  return sum >>> 0;
}
