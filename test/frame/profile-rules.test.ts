import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compareShare,
  countLimits,
  dispersionOf,
  lowerTail,
  tailOf,
  upperTail,
} from "../../src/frame/profile-rules.ts";

// computed with fractions.Fraction and math.comb of Python
test.each([
  [3, 5, 1 / 4, 0.103515625],
  [1, 1, 1 / 50, 0.02],
  [12, 60, 1 / 20, 3.597700845479156e-5],
  [30, 200, 3 / 40, 0.00022638538664267234],
  [150, 2000, 1 / 20, 9.607772856693257e-7],
  [700, 3000, 1 / 5, 4.124406945615125e-6],
])("P(X ≥ %i) of Binomial(%i, %f) is exact", (k, n, p, expected) => {
  expect(relativeError(upperTail(k, n, p), expected)).toBeLessThan(1e-11);
});

test.each([
  [0, 5, 1 / 4, 0.2373046875],
  [1, 400, 1 / 40, 0.00045003489814639827],
  [60, 2000, 1 / 20, 7.020513130123101e-6],
  [520, 3000, 1 / 5, 0.00011295645709513561],
])("P(X ≤ %i) of Binomial(%i, %f) is exact", (k, n, p, expected) => {
  expect(relativeError(lowerTail(k, n, p), expected)).toBeLessThan(1e-11);
});

function relativeError(found: number, expected: number): number {
  return Math.abs(found / expected - 1);
}

test.each([
  [1, 1 / 20, 1e-4, 0, 1],
  [10, 1 / 20, 1e-4, 0, 4],
  [97, 1 / 20, 1e-4, 0, 14],
  [500, 1 / 20, 1e-4, 9, 45],
  [2000, 3 / 40, 1e-3, 115, 188],
  [300, 1 / 2, 1 / 40, 133, 167],
])("limits of Binomial(%i, %f) at a tail of %f", (n, p, tail, lower, upper) => {
  expect(countLimits(n, p, tail)).toEqual({ lower, upper });
});

test("the tails on both sides of a gap sum to one, and limits hold what is expected", () => {
  const shares = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), shares, (n, any, p) => {
      const k = any % (n + 1);
      expect(lowerTail(k - 1, n, p) + upperTail(k, n, p)).toBeCloseTo(1, 9);
      const { lower, upper } = countLimits(n, p, 0.001);
      expect(lower).toBeLessThanOrEqual(Math.ceil(n * p));
      expect(upper).toBeGreaterThanOrEqual(Math.floor(n * p));
    }),
    { numRuns: 200 },
  );
});

test("a mark is set exactly where the tail is at most the one allowed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.nat(),
      fc.double({ min: 0.01, max: 0.3, noNaN: true }),
      (of, any, expected) => {
        const count = any % (of + 1);
        const tail = tailOf(250);
        const { mark } = compareShare(count, of, { expected, tail, dispersion: 1 });
        expect(mark === "偏高").toBe(upperTail(count, of, expected) <= tail);
        expect(mark === "偏低").toBe(lowerTail(count, of, expected) <= tail);
      },
    ),
    { numRuns: 300 },
  );
});

test("counties that all differ widely widen the limits, one outlier among many does not", () => {
  const alike = Array.from({ length: 40 }, (_, i) => ({ count: 50 + (i % 5) - 2, of: 1000 }));
  expect(dispersionOf(alike, 0.05)).toBe(1);
  expect(dispersionOf([...alike, { count: 400, of: 1000 }], 0.05)).toBe(1);
  const scattered = alike.map((county, i) => ({ ...county, count: 10 + 2 * i }));
  const dispersion = dispersionOf(scattered, 0.05);
  expect(dispersion).toBeGreaterThan(5);
  const yardstick = { expected: 0.05, tail: tailOf(80) };
  expect(compareShare(85, 1000, { ...yardstick, dispersion: 1 }).mark).toBe("偏高");
  expect(compareShare(85, 1000, { ...yardstick, dispersion }).mark).toBeNull();
});

test("where no county differs, marks are set in fewer than one frame of twenty, tiny counties included", () => {
  const sizes = [1, 2, 3, 5, 8, 20, 60, 200, 900, 4000];
  const tail = tailOf(sizes.length);
  for (const expected of [0.0005, 0.02, 0.3]) {
    const chances = sizes.map((of) => {
      const { lower, upper } = countLimits(of, expected, tail);
      return lowerTail(lower - 1, of, expected) + upperTail(upper + 1, of, expected);
    });
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeLessThanOrEqual(0.05);
  }
});

test("a county without units, a share of nothing and a share of all have limits without NaN", () => {
  const yardstick = { tail: tailOf(4), dispersion: 1 };
  expect(compareShare(0, 0, { ...yardstick, expected: 0.1 })).toMatchObject({ share: null, limits: null, mark: null });
  expect(compareShare(0, 9, { ...yardstick, expected: 0 })).toMatchObject({
    limits: { lower: 0, upper: 0 },
    mark: null,
  });
  expect(compareShare(9, 9, { ...yardstick, expected: 1 })).toMatchObject({
    limits: { lower: 1, upper: 1 },
    mark: null,
  });
});
