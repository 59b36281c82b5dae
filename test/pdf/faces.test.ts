import { expect, test } from "vitest";
import { glyphsOf } from "../../src/pdf/faces.ts";

function faceOf(character: string): string[] {
  return glyphsOf("serif", character.codePointAt(0) ?? 0).map(({ face }) => face);
}

test.each(["犇", "㙟", "䶮", "莞", "镕", "①", "★", "□", "m", "℃", "—"])(
  "the face asked for draws %s itself",
  (character) => {
    expect(faceOf(character)).toEqual(["serif"]);
  },
);

test.each([
  ["𰻝", "sans"],
  ["𠮷", "kai"],
])("%s, which the serif face lacks, is drawn in another", (character, face) => {
  expect(faceOf(character)).toEqual([face]);
});

test.each([
  [0x30000, "〔U+30000〕"],
  [0x2ffff, "〔U+2FFFF〕"],
  [0x1, "〔U+0001〕"],
  [0x200b, "〔U+200B〕"],
  [0xd800, "〔U+D800〕"],
  [0xe000, "〔U+E000〕"],
  [0x1f600, "〔U+1F600〕"],
])("U+%i, which no face has, is spelt out and reported", (codePoint, spelling) => {
  const glyphs = glyphsOf("serif", codePoint);
  expect(String.fromCodePoint(...glyphs.map((glyph) => glyph.codePoint))).toBe(spelling);
  expect(glyphs[0]?.missing).toBe(codePoint);
});

test("a character without ink is drawn only where it is a space", () => {
  expect(glyphsOf("serif", 0x3000)).toHaveLength(1);
  expect(glyphsOf("serif", 0x3164).length).toBeGreaterThan(1);
});
