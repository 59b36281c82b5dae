import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ENOUGH_BITS, estimateSeed, estimateValue } from "../../src/seed/entropy.ts";

describe("the estimate of a seed", () => {
  test.each([
    ["a day in digits", "20190930", "date"],
    ["a day in words", "2019年9月30日", "date"],
    ["one Chinese word", "水清岸绿", "word"],
    ["one Latin word", "Guangdong", "word"],
    ["a repeated digit", "1 1 1 1 1 1 1 1", "repeated"],
    ["a repeated part", "314 314 314", "repeated"],
    ["a run", "1 2 3 4 5 6", "run"],
    ["a run downwards", "98765", "run"],
    ["three rolls", "3 6 1", "short"],
  ])("%s is called guessable", (_, value, weakness) => {
    const estimate = estimateValue(value);
    expect(estimate.weakness).toBe(weakness);
    expect(estimate.bits).toBeLessThan(20);
  });

  test("fair dice and drawn digits count log2 of their sides, an index loses its two leading digits", () => {
    expect(estimateValue("3 6 1 4 2 5 6 6 1 3", "dice").bits).toBeCloseTo(10 * Math.log2(6));
    expect(estimateValue("0 4 7 1 8", "lottery").bits).toBeCloseTo(5 * Math.log2(10));
    expect(estimateValue("2905.19", "index").bits).toBeCloseTo(4 * Math.log2(10));
  });

  test("25 rolls of a die are enough, 24 are not", () => {
    const rolls = [..."3614256613254136254136251"];
    expect(estimateSeed([{ value: rolls.join(" "), kind: "dice" }]).isWeak).toBe(false);
    expect(estimateSeed([{ value: rolls.slice(1).join(" "), kind: "dice" }]).isWeak).toBe(true);
    expect(ENOUGH_BITS).toBe(64);
  });

  test("no estimate exceeds what the value's length can hold, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (value) => {
        const { bits } = estimateValue(value);
        expect(bits).toBeGreaterThanOrEqual(0);
        expect(bits).toBeLessThanOrEqual(Math.max(16, 21 * [...value].length));
      }),
    );
  });

  test("a value of another round or another party adds nothing", () => {
    const value = "3 6 1 4 2 5 6 6 1 3";
    const { parts, bits } = estimateSeed([{ value }, { value: "0 4 7 1 8" }, { value }], new Set(["0 4 7 1 8"]));
    expect(parts.map(({ weakness }) => weakness)).toEqual([undefined, "used", "used"]);
    expect(bits).toBeCloseTo(10 * Math.log2(6));
  });

  test("a commitment lifts the warning, for nobody can choose after having seen the others", () => {
    expect(estimateSeed([{ value: "20190930" }]).isWeak).toBe(true);
    expect(estimateSeed([{ value: "20190930" }], new Set(), 1).isWeak).toBe(false);
    expect(estimateSeed([{ value: "20190930", commitment: "0".repeat(64) }]).isWeak).toBe(false);
  });
});
