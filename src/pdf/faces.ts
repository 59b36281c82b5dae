/** The faces of every document, parsed once for the process, and which of them can draw a character. */
import { existsSync, readFileSync } from "node:fs";
import type { Font, Glyph as FontGlyph } from "fontkit";
import { assetPath } from "../text/assets.ts";
import { ChouqianError } from "../text/errors.ts";
import { spelledOut } from "../text/visible.ts";
import { words } from "../text/words.ts";
import { type BreakRule, breakRule } from "./kinsoku.ts";
import { readFont } from "./read-font.ts";
import { hasOutline, isTrueType } from "./subset.ts";

/** 宋 for text, 黑 for headings, 楷 for hints; they are shipped. */
type ShippedFace = "serif" | "sans" | "kai";
/** `body` and `title` are fonts that an office names for text and for titles; without them 宋 stands in. */
export type OfficeFace = "body" | "title";
export type FaceName = ShippedFace | OfficeFace;

const FILES: Readonly<Record<ShippedFace, string>> = {
  serif: "NotoSerifSC-Regular.ttf",
  sans: "NotoSansSC-Medium.ttf",
  kai: "LXGWWenKai.ttf",
};

/** Where a character is looked for, in turn, when a text asks for a face. */
const FALLBACKS: Readonly<Record<FaceName, readonly FaceName[]>> = {
  serif: ["body", "serif", "sans", "kai"],
  body: ["body", "serif", "sans", "kai"],
  title: ["title", "serif", "sans", "kai"],
  sans: ["sans", "serif", "kai"],
  kai: ["kai", "serif", "sans"],
};

/** One character as it will be drawn. */
export interface Glyph {
  readonly codePoint: number;
  readonly face: FaceName;
  /** Number of the glyph in its font. */
  readonly id: number;
  /** Width for a type size of 1. */
  readonly advance: number;
  readonly rule: BreakRule;
  /** Its code, the same in every document: four hex digits. */
  readonly code: string;
  /** The two bytes of the code as a page has them, within brackets. */
  readonly octets: string;
  /** The character that no font has, on the first glyph of the 〔U+XXXX〕 that stands for it. */
  readonly missing?: number;
}

const fonts = new Map<FaceName, Font>();

/** What reads the office's fonts, once they are needed. */
let readOfficeFonts: (() => Readonly<Record<OfficeFace, Font | undefined>>) | undefined;

/** The parsed font of a face; undefined where the office names none for it. */
function fontIfAny(face: FaceName): Font | undefined {
  if (face === "body" || face === "title") return officeFont(face);
  let font = fonts.get(face);
  if (font === undefined) {
    const path = assetPath("fonts", FILES[face]);
    if (!existsSync(path)) throw missingFonts(path);
    font = readFont(readFileSync(path));
    fonts.set(face, font);
  }
  return font;
}

function officeFont(face: OfficeFace): Font | undefined {
  if (readOfficeFonts !== undefined) {
    const own = readOfficeFonts();
    for (const each of ["body", "title"] as const) {
      const font = own[each];
      if (font !== undefined) fonts.set(each, font);
    }
    readOfficeFonts = undefined;
  }
  return fonts.get(face);
}

/** The parsed font of a face that draws a glyph. */
export function fontOf(face: FaceName): Font {
  const font = fontIfAny(face);
  if (font === undefined) throw new RangeError(`no font stands for ${face}`);
  return font;
}

/** Puts the office's own fonts in place, read when first needed; what was set before must be set anew. */
export function putOfficeFonts(read: () => Readonly<Record<OfficeFace, Font | undefined>>): void {
  fonts.delete("body");
  fonts.delete("title");
  readOfficeFonts = read;
  for (const known of Object.values(glyphs)) known.clear();
  for (const forget of stores) forget();
}

const stores: (() => void)[] = [];

/** A store of what was made from glyphs: it is made anew when faces come to stand for other fonts. */
export function storeOfGlyphs<Store>(make: () => Store): () => Store {
  let store = make();
  stores.push(() => {
    store = make();
  });
  return () => store;
}

function missingFonts(path: string): ChouqianError {
  return new ChouqianError("E-PDF-FONTS-MISSING", {
    message: words(`找不到字体文件 ${path}`, `the font file ${path} is missing`),
    at: { file: path },
    advice: words(
      "重新安装本程序；在源码目录中运行 node scripts/fonts.mjs 生成字体",
      "install the program again; in a checkout run: node scripts/fonts.mjs",
    ),
  });
}

const glyphs: Readonly<Record<FaceName, Map<number, readonly Glyph[]>>> = {
  serif: new Map(),
  sans: new Map(),
  kai: new Map(),
  body: new Map(),
  title: new Map(),
};

/**
 * How a character is drawn where `face` is wanted: by that face, by another that has it, or spelt out as 〔U+XXXX〕.
 * @returns one glyph, or those of the spelt-out code point
 */
export function glyphsOf(face: FaceName, codePoint: number): readonly Glyph[] {
  let found = glyphs[face].get(codePoint);
  if (found === undefined) {
    const glyph = findGlyph(face, codePoint);
    found = glyph === undefined ? spellOut(face, codePoint) : [glyph];
    glyphs[face].set(codePoint, found);
  }
  return found;
}

/** Controls, surrogates, private and unassigned code points, and all that is by nature invisible. */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}]/u;
const BLANK = /\p{Zs}/u;

function findGlyph(wanted: FaceName, codePoint: number): Glyph | undefined {
  const character = String.fromCodePoint(codePoint);
  if (UNSEEN.test(character)) return undefined;
  for (const face of FALLBACKS[wanted]) {
    const font = fontIfAny(face);
    if (!font?.hasGlyphForCodePoint(codePoint)) continue;
    const code = codeOf(font, codePoint);
    if (code === undefined) continue;
    const glyph = font.glyphForCodePoint(codePoint);
    if (!isDrawn(font, glyph) && !BLANK.test(character)) continue;
    const advance = glyph.advanceWidth / font.unitsPerEm;
    return {
      codePoint,
      face,
      id: glyph.id,
      advance,
      rule: breakRule(codePoint),
      code: hex(code),
      octets: octetsOf(code),
    };
  }
  return undefined;
}

function isDrawn(font: Font, glyph: FontGlyph): boolean {
  if (isTrueType(font)) return hasOutline(font, glyph.id);
  const { cbox } = glyph;
  return cbox.width > 0 && cbox.height > 0 && Number.isFinite(cbox.width);
}

const LAST_OF_BASIC_PLANE = 0xffff;
/** Codes of characters beyond the basic plane: surrogates and private characters, which are never drawn, leave theirs free. */
const FREE_CODES = { first: 0xd800, last: 0xf8ff };

/**
 * The code of a character in a font: two bytes are enough for its own number or, beyond the basic plane, for its place
 * among such characters of the font. So every character has a code of its own, even where two share a glyph (⼀ and 一),
 * and the text that is copied from a page is the text that was given.
 * @returns undefined where more characters lie beyond the basic plane than there are codes
 */
function codeOf(font: Font, codePoint: number): number | undefined {
  if (codePoint <= LAST_OF_BASIC_PLANE) return codePoint;
  const code = FREE_CODES.first + (beyond(font).get(codePoint) ?? Number.POSITIVE_INFINITY);
  return code <= FREE_CODES.last ? code : undefined;
}

const beyondOf = new WeakMap<Font, ReadonlyMap<number, number>>();

function beyond(font: Font): ReadonlyMap<number, number> {
  let places = beyondOf.get(font);
  if (places === undefined) {
    const characters = font.characterSet.filter((each) => each > LAST_OF_BASIC_PLANE).sort((a, b) => a - b);
    places = new Map(characters.map((character, i) => [character, i]));
    beyondOf.set(font, places);
  }
  return places;
}

/** Two bytes of a text in brackets; what would end it or be read as a line end is escaped (ISO 32000-1, 7.3.4.2). */
function octetsOf(code: number): string {
  return String.fromCharCode(code >> 8, code & 0xff)
    .replace(/[()\\]/g, "\\$&")
    .replaceAll("\r", "\\r");
}

/** Four hex digits. */
export function hex(code: number): string {
  return code.toString(16).padStart(4, "0");
}

function spellOut(face: FaceName, codePoint: number): readonly Glyph[] {
  const name = spelledOut(String.fromCodePoint(codePoint));
  return [...name].flatMap((character, i) => {
    const [glyph] = glyphsOf(face, character.codePointAt(0) ?? 0);
    if (glyph === undefined) return [];
    return [i === 0 ? { ...glyph, missing: codePoint } : glyph];
  });
}
