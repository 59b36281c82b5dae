/** Bounds on the units in error of a stratified population: exact, and never too small. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hypergeometricTails, lowerCount, upperCount } from "../../src/statistics/hypergeometric.ts";
import { type FoundStratum, lowerTotal, upperTotal } from "../../src/statistics/stratified-count.ts";

/** The same bound from the definition: every split is looked at. */
function upperByDefinition([a, b]: readonly [FoundStratum, FoundStratum], alpha: number): number {
  const t = (a.k * a.N) / a.n + (b.k * b.N) / b.n + 1e-9;
  const mass = ({ N, n }: FoundStratum, K: number, k: number) =>
    hypergeometricTails(k, N, K, n).atMost - (k > 0 ? hypergeometricTails(k - 1, N, K, n).atMost : 0);
  let most = 0;
  for (let A = a.k; A <= a.N - a.n + a.k; A++) {
    for (let B = b.k; B <= b.N - b.n + b.k; B++) {
      if (A + B <= most) continue;
      let chance = 0;
      for (let i = 0; i <= a.n; i++) {
        for (let j = 0; j <= b.n; j++) {
          if ((i * a.N) / a.n + (j * b.N) / b.n <= t) chance += mass(a, A, i) * mass(b, B, j);
        }
      }
      if (chance > alpha) most = A + B;
    }
  }
  return most;
}

const found = (most: number) =>
  fc.record({ N: fc.integer({ min: 1, max: most }), drawn: fc.nat(), wrong: fc.nat() }).map(({ N, drawn, wrong }) => {
    const n = 1 + (drawn % N);
    return { N, n, k: wrong % (n + 1) };
  });

test("the example of the specification: 471 sources, where adding two bounds would say 777", () => {
  const strata = [
    { N: 3000, n: 50, k: 2 },
    { N: 1200, n: 10, k: 0 },
  ];
  expect(upperTotal(strata, 0.05)).toBe(471);
  expect(strata.reduce((sum, { N, n, k }) => sum + upperCount(N, n, k, 0.025), 0)).toBe(777);
});

test("two strata: equal to the definition, which looks at every split", () => {
  fc.assert(
    fc.property(found(14), found(14), fc.constantFrom(0.05, 0.025, 0.2), (a, b, alpha) => {
      expect(upperTotal([a, b], alpha)).toBe(upperByDefinition([a, b], alpha));
    }),
    { numRuns: 120 },
  );
});

test("one stratum: equal to the bound of one stratum", () => {
  fc.assert(
    fc.property(found(400), (each) => {
      expect(upperTotal([each], 0.05)).toBe(upperCount(each.N, each.n, each.k, 0.05));
      expect(lowerTotal([each], 0.05)).toBe(lowerCount(each.N, each.n, each.k, 0.05));
    }),
    { numRuns: 150 },
  );
});

test("less effort never gives a smaller upper or a larger lower bound, and what was found lies within", () => {
  fc.assert(
    fc.property(fc.array(found(300), { minLength: 1, maxLength: 4 }), (strata) => {
      const [upper, lower] = [upperTotal(strata, 0.05), lowerTotal(strata, 0.05)];
      expect(upperTotal(strata, 0.05, 10)).toBeGreaterThanOrEqual(upper);
      expect(lowerTotal(strata, 0.05, 10)).toBeLessThanOrEqual(lower);
      const known = strata.reduce((sum, { k }) => sum + k, 0);
      expect(lower).toBeGreaterThanOrEqual(known);
      expect(upper).toBeGreaterThanOrEqual(lower);
    }),
    { numRuns: 25 },
  );
});

test("a stratum of which nothing was drawn may hold nothing but errors", () => {
  expect(upperTotal([{ N: 7, n: 0, k: 0 }], 0.05)).toBe(7);
  expect(lowerTotal([{ N: 7, n: 0, k: 0 }], 0.05)).toBe(0);
  expect(upperTotal([], 0.05)).toBe(0);
});
