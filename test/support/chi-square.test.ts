/** The tests' own yardstick, against a printed table. */
import { expect, test } from "vitest";
import { chiSquareTail } from "./chi-square.ts";

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4, "Upper-tail critical values of chi-square distribution".
test.each([
  [1, [2.706, 3.841, 5.024, 6.635, 10.828]],
  [2, [4.605, 5.991, 7.378, 9.21, 13.816]],
  [9, [14.684, 16.919, 19.023, 21.666, 27.877]],
  [10, [15.987, 18.307, 20.483, 23.209, 29.588]],
  [30, [40.256, 43.773, 46.979, 50.892, 59.703]],
  [100, [118.498, 124.342, 129.561, 135.807, 149.449]],
])("the tail at the printed critical values, %d degrees of freedom", (degrees, values) => {
  for (const [i, alpha] of [0.1, 0.05, 0.025, 0.01, 0.001].entries()) {
    // A value is printed to half a thousandth, so its tail must lie between those of its neighbours.
    const value = values[i] ?? 0;
    expect(chiSquareTail(value - 0.0006, degrees)).toBeGreaterThan(alpha);
    expect(chiSquareTail(value + 0.0006, degrees)).toBeLessThan(alpha);
  }
});

test("with two degrees of freedom the tail is exp(−x/2), far out too", () => {
  for (const x of [0.1, 1, 3, 10, 100, 600]) expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 11);
});

test("with many degrees of freedom the tail agrees with Wilson and Hilferty's normal approximation", () => {
  // 3.0902 is the normal distribution's 99.9% point.
  for (const degrees of [1000, 3481, 20_000]) {
    const c = 2 / (9 * degrees);
    const x = degrees * (1 - c + 3.0902 * Math.sqrt(c)) ** 3;
    expect(chiSquareTail(x, degrees) / 0.001).toBeCloseTo(1, 2);
  }
});
