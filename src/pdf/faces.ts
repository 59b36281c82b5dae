/** The three faces of every document, parsed once for the process, and which of them can draw a character. */
import { existsSync, readFileSync } from "node:fs";
import type * as Fontkit from "fontkit";
import type { Font } from "fontkit";
import { assetPath } from "../text/assets.ts";
import { ChouqianError } from "../text/errors.ts";
import { lazily } from "../text/lazily.ts";
import { words } from "../text/words.ts";
import { type BreakRule, breakRule } from "./kinsoku.ts";

const fontkit = lazily<typeof Fontkit>("fontkit");

/** 宋 for text, 黑 for headings, 楷 for hints. */
export type FaceName = "serif" | "sans" | "kai";

const FILES: Readonly<Record<FaceName, string>> = {
  serif: "NotoSerifSC-Regular.ttf",
  sans: "NotoSansSC-Medium.ttf",
  kai: "LXGWWenKai.ttf",
};

/** Where a character is looked for, in turn, when a text asks for a face. */
const FALLBACKS: Readonly<Record<FaceName, readonly FaceName[]>> = {
  serif: ["serif", "sans", "kai"],
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
  /** The character that no font has, on the first glyph of the 〔U+XXXX〕 that stands for it. */
  readonly missing?: number;
}

const fonts = new Map<FaceName, Font>();

/** The parsed font of a face. */
export function fontOf(face: FaceName): Font {
  let font = fonts.get(face);
  if (font === undefined) {
    const path = assetPath("fonts", FILES[face]);
    if (!existsSync(path)) throw missingFonts(path);
    font = fontkit().create(readFileSync(path));
    fonts.set(face, font);
  }
  return font;
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
    const font = fontOf(face);
    if (!font.hasGlyphForCodePoint(codePoint)) continue;
    const glyph = font.glyphForCodePoint(codePoint);
    const hasOutline = glyph.cbox.width > 0 && glyph.cbox.height > 0 && Number.isFinite(glyph.cbox.width);
    if (!hasOutline && !BLANK.test(character)) continue;
    const advance = glyph.advanceWidth / font.unitsPerEm;
    return { codePoint, face, id: glyph.id, advance, rule: breakRule(codePoint) };
  }
  return undefined;
}

function spellOut(face: FaceName, codePoint: number): readonly Glyph[] {
  const name = `〔U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}〕`;
  return [...name].flatMap((character, i) => {
    const [glyph] = glyphsOf(face, character.codePointAt(0) ?? 0);
    if (glyph === undefined) return [];
    return [i === 0 ? { ...glyph, missing: codePoint } : glyph];
  });
}
