/** Reads a font file: TrueType, OpenType, or the first font of a collection. */
import type * as Fontkit from "fontkit";
import type { Font } from "fontkit";
import { lazily } from "../text/lazily.ts";

const fontkit = lazily<typeof Fontkit>("fontkit");

/** First four bytes of TrueType, Apple's TrueType, OpenType with PostScript outlines, and a collection. */
const SIGNATURES = ["00010000", "74727565", "4f54544f", "74746366"];

/** @throws RangeError where the bytes are no such font, or one without Chinese character mapping or outlines */
export function readFont(bytes: Uint8Array): Font {
  const signature = Buffer.from(bytes.subarray(0, 4)).toString("hex");
  if (!SIGNATURES.includes(signature)) throw new RangeError("not a TTF, OTF or TTC file");
  const opened = fontkit().create(bytes);
  const font = "fonts" in opened ? opened.fonts[0] : opened;
  if (font === undefined) throw new RangeError("an empty collection");
  if (!(font.unitsPerEm > 0) || font.numGlyphs === 0) throw new RangeError("no glyphs");
  // A damaged table shows only when it is read.
  font.glyphForCodePoint(font.characterSet[0] ?? 0).cbox;
  return font;
}
