/** The chances of error of the looks at a city, against the worst that anybody can do who chooses the sizes of the stages. */
import { expect, test } from "vitest";
import { MOST_FOLLOW_UPS } from "../../src/draw/follow-up.ts";
import { FORESEEN, levelAfter, UNFORESEEN } from "../../src/evaluate/levels.ts";
import { normal, normalQuantile, worstChance } from "../support/worst-looks.ts";

test("together they stay at 5%, and at 5.5% where nobody foresaw a follow-up, whatever sizes are chosen", () => {
  expect(worstChance(FORESEEN)).toBeLessThan(0.05);
  expect(worstChance(UNFORESEEN)).toBeLessThan(0.055);
  // The first look of an unforeseen follow-up has had its 5%.
  expect(UNFORESEEN[0]).toBe(0.05);
});

test("95% at each look is far too little", () => {
  // Proschan & Hunsberger 1995: α + exp(−c²/2)/4 where the second look alone counts.
  const c = normalQuantile(0.95);
  expect(0.05 + Math.exp(-(c ** 2) / 2) / 4).toBeCloseTo(0.1146, 4);
  expect(worstChance([0.05, 0.05])).toBeCloseTo(0.1146, 3);
  expect(worstChance([0.05, 0.05, 0.05])).toBeCloseTo(0.183, 3);
  // Pocock 1977 chose 3.04% for two looks at stages of the same size, which is not enough for sizes chosen afterwards.
  expect(worstChance([0.0304, 0.0304])).toBeGreaterThan(0.07);
});

test("two looks agree with the integral of the conditional errors", () => {
  const [first, second] = [normalQuantile(0.975), normalQuantile(0.9875)];
  const step = 0.0005;
  let sum = 0.025 + 0.0125 / 2;
  for (let z = step / 2; z < first; z += step) {
    const density = Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
    sum += density * (1 - normal(Math.sqrt(second ** 2 - z ** 2))) * step;
  }
  expect(worstChance([0.025, 0.0125])).toBeCloseTo(sum, 3);
});

test("there is a level for each look and none beyond", () => {
  expect([FORESEEN.length, UNFORESEEN.length]).toEqual([MOST_FOLLOW_UPS + 1, MOST_FOLLOW_UPS + 1]);
  expect(levelAfter(1, true)).toBe(0.0125);
  expect(() => levelAfter(3, false)).toThrow(RangeError);
});
