/** Fonts that documents have in common: put together from parts, whole as fonts, and no document tells what was printed before it. */
import { inflateSync } from "node:zlib";
import { create } from "fontkit";
import { afterEach, expect, test, vi } from "vitest";
import type { FormSource } from "../../src/forms/source.ts";
import { deflatePart, joinParts, storedPart } from "../../src/pdf/deflate.ts";
import { fontOf } from "../../src/pdf/faces.ts";
import { subsetBase, subsetTrueType } from "../../src/pdf/subset.ts";
import { round, source, template } from "./form-fixture.ts";

afterEach(() => {
  vi.resetModules();
});

test("a stream put together from parts is the whole, with its checksum", () => {
  const texts = ["", "普查", "质量核查".repeat(40_000), "\u0000".repeat(9)].map((text) => Buffer.from(text));
  for (const last of texts) {
    const parts = [storedPart(Buffer.from("头")), ...texts.map((text) => deflatePart(text, { level: 1 }))];
    const whole = Buffer.concat([Buffer.from("头"), ...texts, last]);
    expect(inflateSync(joinParts([...parts, storedPart(last)])).equals(whole)).toBe(true); // a wrong checksum is refused
  }
});

/** What fontkit tells of an outline. */
interface Outlined {
  getGlyph(number: number): { readonly advanceWidth: number; readonly path: { toSVG(): string } };
}

test.each(["serif", "kai"] as const)("a base and what is added to it are a font with the outlines of %s", (face) => {
  const font = fontOf(face);
  const numbersOf = (text: string) => [...text].map((each) => font.glyphForCodePoint(each.codePointAt(0) ?? 0).id);
  const base = subsetBase(font, numbersOf("核查é记录表"));
  const { deflated, length, numbers } = subsetTrueType(font, base, numbersOf("表东莞市ü龘"));
  const file = inflateSync(deflated);
  expect(file.length).toBe(length);
  const [made, whole] = [create(file), font] as unknown as readonly Outlined[];
  for (const glyph of numbersOf("核查é记录表东莞市ü龘")) {
    const number = base.numbers.get(glyph) ?? numbers.get(glyph) ?? 0;
    expect(number).toBeGreaterThan(0);
    expect(made?.getGlyph(number).path.toSVG()).toBe(whole?.getGlyph(glyph).path.toSVG());
    expect(made?.getGlyph(number).advanceWidth).toBe(whole?.getGlyph(glyph).advanceWidth);
  }
});

/** Prints sources one by one in a process that printed nothing before; the bytes of the last. */
async function printed(...sources: readonly FormSource[]): Promise<Buffer> {
  vi.resetModules();
  const { renderForms } = await import("../../src/forms/form-pdf.ts");
  const { checklistKind } = await import("../../src/forms/checklist-pdf.ts");
  const { recordKind } = await import("../../src/forms/record-pdf.ts");
  const { tailor } = await import("../../src/forms/tailor.ts");
  const form = ({ values }: FormSource) => tailor(template, values);
  let bytes: Uint8Array = new Uint8Array();
  for (const each of sources) {
    ({ bytes } = await renderForms([checklistKind(form), recordKind(form)], round, [each]));
  }
  return Buffer.from(bytes);
}

test("a file depends on its own source alone, whatever was printed before", async () => {
  const own = source();
  const others = [
    { ...source(), id: "91440000AA", name: "龘靐齉电镀厂𠮷", values: new Map([["wastewater", "0"]]) },
    { ...source(), id: "91440000BB", name: "甲", values: new Map<string, string>() },
  ];
  const alone = await printed(own);
  expect((await printed(...others, own)).equals(alone)).toBe(true);
  expect((await printed(own, ...others.toReversed(), own)).equals(alone)).toBe(true);
});
