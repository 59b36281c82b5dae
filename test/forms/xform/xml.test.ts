import fc from "fast-check";
import { JSDOM } from "jsdom";
import { expect, test } from "vitest";
import { decimal, literal } from "../../../src/forms/xform/survey.ts";
import { element, text, xmlDocument } from "../../../src/forms/xform/xml.ts";

const { window } = new JSDOM("");
const parse = (xml: string) => new window.DOMParser().parseFromString(xml, "application/xml").documentElement;

test("what is written is read back, in texts and in attributes", () => {
  const content = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom(..."<>&\"'\r\n\t ]抽𠮷") }),
  );
  fc.assert(
    fc.property(content, content, (inside, attribute) => {
      const read = parse(xmlDocument(element("a", { b: attribute, c: undefined }, [element("d", {}, [text(inside)])])));
      expect(read.querySelector("d")?.textContent ?? "").toBe(inside);
      expect(read.getAttribute("b")).toBe(attribute);
      expect(read.hasAttribute("c")).toBe(false);
    }),
  );
});

test("what XML cannot carry is written out", () => {
  expect(element("a", {}, [text("甲\u0000\uD800乙")]).xml).toBe("<a>甲〔U+0000〕〔U+D800〕乙</a>");
});

test("a text in an expression is the text, whatever quotes it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."'\"ab,()") }), (content) => {
      const { document } = window;
      expect(document.evaluate(`string(${literal(content)})`, document, null, 2, null).stringValue).toBe(content);
    }),
  );
});

test("a number in an expression has no exponent and keeps its value", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e25, max: 1e25, noNaN: true }), (value) => {
      expect(decimal(value)).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(decimal(value))).toBeCloseTo(value, 9);
    }),
  );
});
