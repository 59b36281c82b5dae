import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalCode,
  canonicalJson,
  canonicalText,
  compareBytes,
  isPlain,
  type JsonValue,
} from "../../src/text/canonical.ts";

const anyText = fc.string({ unit: "binary" });

describe("canonical text", () => {
  test.each([
    ["  a\tb\r\nc ", "a b c"],
    ["e\u0301", "é"],
    ["\u3000广州\uFEFF", "广州"],
    ["\n\n", ""],
  ])("%j becomes %j", (text, expected) => expect(canonicalText(text)).toBe(expected));

  test("a text that is called plain is canonical by the long way too, and holds nothing invisible", () => {
    const mixed = fc.string({
      unit: fc.constantFrom("a", "Z", "9", "~", "!", "龥", "一", "莞", " ", "\u200B", "\u0301", "（"),
    });
    fc.assert(
      fc.property(fc.oneof(mixed, anyText), (text) => {
        fc.pre(isPlain(text));
        expect(
          text
            .normalize("NFC")
            .replace(/[\t\r\n]+/g, " ")
            .trim(),
        ).toBe(text);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029\uFFFD]/u);
      }),
    );
    expect([isPlain("甲厂1号"), isPlain("甲 厂"), isPlain("甲\u200B厂"), isPlain("")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test("making it twice changes nothing", () => {
    for (const canonical of [canonicalText, canonicalCode]) {
      fc.assert(
        fc.property(anyText, (text) => {
          expect(canonical(canonical(text))).toBe(canonical(text));
        }),
      );
    }
  });

  test("a code is folded to half-width capitals, a name is not", () => {
    expect(canonicalCode("９１４４０５００ｘ１７５４９３４ｘＢ")).toBe("91440500X1754934XB");
    expect(canonicalText("（ＡＢ）厂")).toBe("（ＡＢ）厂");
  });
});

test("byte order is the order of the UTF-8 bytes, also above U+FFFF", () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8")));
    }),
  );
  expect(compareBytes("𠮷", "｡")).toBeGreaterThan(0);
  expect("𠮷" < "｡").toBe(true);
});

describe("canonical JSON (RFC 8785)", () => {
  test("sorts members and writes numbers and strings as ECMAScript does", () => {
    // From the RFC's section 3.2.2 and 3.2.3, shortened.
    const value = {
      "€": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"€":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test("says the same as JSON, whatever the order of members", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value as JsonValue))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("refuses what JSON cannot say", () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError);
    expect(() => canonicalJson("\uD800")).toThrow(RangeError);
  });
});
