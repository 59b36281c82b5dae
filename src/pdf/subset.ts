/**
 * The part of a TrueType font that a document needs (OpenType 1.9: glyf, loca, hmtx). Outlines are copied as they are;
 * fontkit's own subset decodes each, which takes longer than printing the pages.
 */
import type { Font } from "fontkit";

/** Tables of the subset besides its outlines, in the order in which they must stand; hinting is kept. */
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

/** Whether bytes are a font file as it is made here. */
export function isTrueTypeFile(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 1 && bytes[2] === 0 && bytes[3] === 0;
}

/**
 * A font file that holds the glyphs given, numbered in their order; parts of composite glyphs follow after them.
 * @param glyphs numbers in the font; the first is .notdef
 */
export function subsetTrueType(font: Font, glyphs: readonly number[]): Uint8Array {
  const source = sourceOf(font);
  const numbers = [...glyphs];
  const outlines: Uint8Array[] = [];
  const outlineOf = outlineReader(source);
  for (let i = 0; i < numbers.length; i++) outlines.push(withParts(outlineOf(numbers[i] ?? 0), numbers));
  const { glyf, loca } = joined(outlines);
  const tables = new Map<string, Uint8Array>([
    ...COPIED.flatMap((tag): [string, Uint8Array][] => (source.table(tag) ? [[tag, copied(source, tag)]] : [])),
    ["glyf", glyf],
    ["head", head(source)],
    ["hhea", withCount(copied(source, "hhea"), 34, numbers.length)],
    ["hmtx", metrics(source, numbers)],
    ["loca", loca],
    ["maxp", withCount(copied(source, "maxp"), 4, numbers.length)],
  ]);
  return fileOf(tables);
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
function withParts(outline: Uint8Array, numbers: number[]): Uint8Array {
  if (outline.length < 10 || ((outline[0] ?? 0) & 0x80) === 0) return outline; // the count of contours is negative
  const own = outline.slice();
  const view = new DataView(own.buffer);
  for (let at = 10, flags = MORE; (flags & MORE) !== 0; ) {
    flags = view.getUint16(at);
    const part = view.getUint16(at + 2);
    let number = numbers.indexOf(part);
    if (number < 0) number = numbers.push(part) - 1;
    view.setUint16(at + 2, number);
    at += 4 + ((flags & WORDS) !== 0 ? 4 : 2);
    for (const [bit, bytes] of SCALES) if ((flags & bit) !== 0) at += bytes;
  }
  return own;
}

/** Outlines one behind the other, each at a multiple of four, and where each begins. */
function joined(outlines: readonly Uint8Array[]): { glyf: Uint8Array; loca: Uint8Array } {
  const total = outlines.reduce((sum, { length }) => sum + padded(length), 0);
  const glyf = new Uint8Array(total);
  const loca = new Uint8Array(4 * (outlines.length + 1));
  const view = new DataView(loca.buffer);
  let at = 0;
  outlines.forEach((outline, i) => {
    view.setUint32(4 * i, at);
    glyf.set(outline, at);
    at += padded(outline.length);
  });
  view.setUint32(4 * outlines.length, at);
  return { glyf, loca };
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

/** The tables as a font file. */
function fileOf(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const start = 12 + 16 * sorted.length;
  const file = new Uint8Array(sorted.reduce((sum, [, { length }]) => sum + padded(length), start));
  const view = new DataView(file.buffer);
  const power = Math.floor(Math.log2(sorted.length));
  view.setUint32(0, 0x00010000);
  view.setUint16(4, sorted.length);
  view.setUint16(6, 16 * 2 ** power);
  view.setUint16(8, power);
  view.setUint16(10, 16 * (sorted.length - 2 ** power));
  let at = start;
  sorted.forEach(([tag, table], i) => {
    const entry = 12 + 16 * i;
    for (let c = 0; c < 4; c++) view.setUint8(entry + c, tag.charCodeAt(c));
    file.set(table, at);
    view.setUint32(entry + 4, checksum(view, at, padded(table.length)));
    view.setUint32(entry + 8, at);
    view.setUint32(entry + 12, table.length);
    at += padded(table.length);
  });
  return file;
}

function checksum(view: DataView, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) | 0;
  return sum >>> 0;
}
