/** Fonts within a document: Type 0 fonts whose codes are those of the faces (ISO 32000-1, 9.7), and how they read as text. */
import { constants, deflateSync, type ZlibOptions } from "node:zlib";
import type { Font } from "fontkit";
import type { Alphabet } from "./alphabet.ts";
import { adlerWith, type Deflated, deflatePart, joinParts, storedPart } from "./deflate.ts";
import { type FaceName, fontOf, type Glyph, hex } from "./faces.ts";
import { listOf, type PdfFile } from "./file.ts";
import { isTrueType, type Subset, type SubsetBase, subsetBase, subsetTrueType } from "./subset.ts";

const CODES = 0x10000;
/** Where the table of codes is divided: most characters that a document alone has are ideographs. */
const MAP_PARTS = [0, 0x4e00, 0xa000, CODES] as const;
/** Almost all of the table is zero. */
const FOR_MAP: ZlibOptions = { level: 1, strategy: constants.Z_RLE };
/** Entries of one list in a character map. */
const MOST_LISTED = 100;
/** Width of an ideograph: what is not said otherwise. */
const FULL_WIDTH = 1000;

/** What a document knows of the part of a font that it holds. */
interface Embedded {
  /** Entry of the descriptor that leads to the font's file. */
  readonly file: string;
  readonly name: string;
  /** Subtype and how character numbers become glyphs. */
  readonly descendant: string;
  /** How codes become character numbers. */
  readonly encoding: string;
  readonly widths: string;
  /** How codes read as text, compressed. */
  readonly unicode: Uint8Array;
}

/**
 * Embeds a face.
 * @param own glyphs that the alphabet does not hold
 * @returns number of the font's object
 */
export function embedFont(file: PdfFile, face: FaceName, alphabet: Alphabet, own: readonly Glyph[]): number {
  const font = fontOf(face);
  const {
    file: program,
    name,
    ...embedded
  } = isTrueType(font)
    ? embedTrueType(file, font, trueTypeOf(font, face, alphabet, own))
    : embedPostScript(file, font, [...alphabet.glyphsOf(face), ...own]);
  const descriptor = file.add(`<</Type/FontDescriptor/FontName/${name}${descriptionOf(font)}/${program}>>`);
  const system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>";
  const descendant = file.add(
    `<</Type/Font${embedded.descendant}/BaseFont/${name}${system}/FontDescriptor ${descriptor} 0 R/DW ${FULL_WIDTH}/W[${embedded.widths}]>>`,
  );
  const unicode = file.deflated(embedded.unicode);
  return file.add(
    `<</Type/Font/Subtype/Type0/BaseFont/${name}/Encoding${embedded.encoding}/DescendantFonts${listOf([descendant])}/ToUnicode ${unicode} 0 R>>`,
  );
}

/** A character's number within its font, and its width. */
type Advance = readonly [number: number, advance: number];

/** The part of a TrueType font that documents have in common. */
interface Common {
  readonly base: SubsetBase;
  /** Glyph numbers by code, two bytes each, part by part. */
  readonly map: readonly MapPart[];
  readonly narrow: readonly Advance[];
  /** The beginning of how codes read as text. */
  readonly unicode: Deflated;
  /** What a document has that needs nothing else. */
  whole: TrueType | undefined;
}

/** A part of the table that leads from codes to glyphs. */
interface MapPart {
  readonly first: number;
  readonly bytes: Uint8Array;
  readonly deflated: Deflated;
}

interface TrueType {
  readonly subset: Subset;
  /** Compressed. */
  readonly map: Uint8Array;
  readonly widths: string;
  /** Compressed. */
  readonly unicode: Uint8Array;
}

const commons = new WeakMap<Alphabet, Map<FaceName, Common>>();

function commonOf(font: Font, face: FaceName, alphabet: Alphabet): Common {
  const known = commons.get(alphabet) ?? new Map<FaceName, Common>();
  commons.set(alphabet, known);
  let common = known.get(face);
  if (common === undefined) {
    const glyphs = alphabet.glyphsOf(face);
    const base = subsetBase(
      font,
      glyphs.map(({ id }) => id),
    );
    common = {
      base,
      map: mapParts(glyphs, base.numbers),
      narrow: narrowOf(glyphs),
      unicode: deflatePart(latin(UNICODE_HEAD + unicodeLists(glyphs))),
      whole: undefined,
    };
    known.set(face, common);
  }
  return common;
}

function trueTypeOf(font: Font, face: FaceName, alphabet: Alphabet, own: readonly Glyph[]): TrueType {
  const common = commonOf(font, face, alphabet);
  if (own.length === 0 && common.whole !== undefined) return common.whole;
  const { base } = common;
  const subset = subsetTrueType(
    font,
    base,
    own.map(({ id }) => id),
  );
  const made = {
    subset,
    map: joinParts(common.map.map((part) => withOwn(part, own, [base.numbers, subset.numbers]).deflated)),
    widths: widthsOf([...common.narrow, ...narrowOf(own)]),
    unicode: joinParts([common.unicode, storedPart(latin(unicodeLists(own) + MAP_END))]),
  };
  if (own.length === 0) common.whole = made;
  return made;
}

function mapParts(glyphs: readonly Glyph[], numbers: ReadonlyMap<number, number>): MapPart[] {
  return MAP_PARTS.slice(0, -1).map((first, i) => {
    const bytes = new Uint8Array(2 * ((MAP_PARTS[i + 1] ?? CODES) - first));
    const part = { first, bytes, deflated: deflatePart(bytes, FOR_MAP) };
    return withOwn(part, glyphs, [numbers]);
  });
}

/** The part with the numbers of further glyphs; the part itself where none of them lies in it. */
function withOwn(part: MapPart, glyphs: readonly Glyph[], numbers: readonly ReadonlyMap<number, number>[]): MapPart {
  const { first } = part;
  const { length } = part.bytes;
  let bytes: Uint8Array | undefined;
  let { adler } = part.deflated;
  for (const { code, id } of glyphs) {
    const at = 2 * (Number.parseInt(code, 16) - first);
    if (at < 0 || at >= length) continue;
    bytes ??= part.bytes.slice();
    const number = numbers.find((each) => each.has(id))?.get(id) ?? 0;
    bytes[at] = number >> 8;
    bytes[at + 1] = number & 0xff;
    adler = adlerWith(adlerWith(adler, length, at, number >> 8), length, at + 1, number & 0xff);
  }
  return bytes === undefined ? part : { first, bytes, deflated: deflatePart(bytes, FOR_MAP, adler) };
}

function embedTrueType(file: PdfFile, font: Font, { subset, map, widths, unicode }: TrueType): Embedded {
  const { deflated, length } = subset;
  return {
    file: `FontFile2 ${file.deflated(deflated, `/Length1 ${length}`)} 0 R`,
    name: subsetName(font, deflated),
    descendant: `/Subtype/CIDFontType2/CIDToGIDMap ${file.deflated(map)} 0 R`,
    encoding: "/Identity-H",
    widths,
    unicode,
  };
}

/** Fonts with PostScript outlines number their glyphs themselves: here the codes lead to these numbers. */
function embedPostScript(file: PdfFile, font: Font, glyphs: readonly Glyph[]): Embedded {
  const subset = font.createSubset();
  const numbered = glyphs.map((glyph) => ({ ...glyph, number: subset.includeGlyph(glyph.id) }));
  const program = deflateSync(subset.encode(), { level: 1 });
  const entries = numbered.map(({ code, number }) => `<${code}> ${number}`);
  const encoding = latin(mapHead("CIDEncoding", 1) + mapLists("cidchar", entries) + MAP_END);
  const dictionary =
    "/Type/CMap/CMapName/CIDEncoding/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>";
  return {
    file: `FontFile3 ${file.deflated(program, "/Subtype/CIDFontType0C")} 0 R`,
    name: subsetName(font, program),
    descendant: "/Subtype/CIDFontType0",
    encoding: ` ${file.stream(encoding, dictionary)} 0 R`,
    widths: widthsOf(numbered.map(({ number, advance }) => [number, advance])),
    unicode: deflateSync(latin(UNICODE_HEAD + unicodeLists(glyphs) + MAP_END)),
  };
}

/** The font's name behind six letters, which differ for different parts of a font. */
function subsetName(font: Font, program: Uint8Array): string {
  let sum = Buffer.from(program.buffer, program.byteOffset, program.byteLength).readUInt32BE(program.length - 4);
  let tag = "";
  for (let i = 0; i < 6; i++) {
    tag += String.fromCharCode(65 + (sum % 26));
    sum = Math.floor(sum / 26);
  }
  return `${tag}+${font.postscriptName.replace(/[^\w-]/g, "_")}`;
}

const UNICODE_HEAD = mapHead("Adobe-Identity-UCS", 2);

/** Bit of a descriptor: characters beyond the Latin ones. */
const SYMBOLIC = 4;

function descriptionOf(font: Font): string {
  const scale = 1000 / font.unitsPerEm;
  const { minX, minY, maxX, maxY } = font.bbox;
  const box = [minX, minY, maxX, maxY].map((each) => Math.round(each * scale)).join(" ");
  const height = (value: number) => Math.round(value * scale);
  const capHeight = height(font.capHeight || font.ascent);
  return `/Flags ${SYMBOLIC}/FontBBox[${box}]/ItalicAngle ${font.italicAngle}/Ascent ${height(font.ascent)}/Descent ${height(font.descent)}/CapHeight ${capHeight}/StemV 0`;
}

/** Glyphs that are not as wide as an ideograph. */
function narrowOf(glyphs: readonly Glyph[]): Advance[] {
  return glyphs.flatMap(({ code, advance }): Advance[] =>
    advance === 1 ? [] : [[Number.parseInt(code, 16), advance]],
  );
}

/** Widths in the order of the characters' numbers, those of neighbours in one list. */
function widthsOf(narrow: readonly Advance[]): string {
  let text = "";
  let next = -1;
  for (const [number, advance] of [...narrow].sort(([a], [b]) => a - b)) {
    text += `${number === next ? " " : `${text === "" ? "" : "]"}${number}[`}${Math.round(advance * 1e6) / 1e3}`;
    next = number + 1;
  }
  return text === "" ? "" : `${text}]`;
}

/** A character map (ISO 32000-1, 9.7.5) as far as its lists of entries. */
function mapHead(name: string, type: number): string {
  const ordering = type === 2 ? "UCS" : "Identity";
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (${ordering}) /Supplement 0>> def
/CMapName /${name} def
/CMapType ${type} def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
`;
}

const MAP_END = `endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;

function mapLists(kind: string, entries: readonly string[]): string {
  let text = "";
  for (let i = 0; i < entries.length; i += MOST_LISTED) {
    const part = entries.slice(i, i + MOST_LISTED);
    text += `${part.length} begin${kind}\n${part.join("\n")}\nend${kind}\n`;
  }
  return text;
}

/** How codes read as text. */
function unicodeLists(glyphs: readonly Glyph[]): string {
  const entries = glyphs.map(({ code, codePoint }) => {
    const text = String.fromCodePoint(codePoint);
    return `<${code}> <${hex(text.charCodeAt(0))}${text.length === 1 ? "" : hex(text.charCodeAt(1))}>`;
  });
  return mapLists("bfchar", entries);
}

function latin(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}
