import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floorOfShare } from "../../src/plan/share.ts";
import {
  detectableCount,
  detectableOf,
  hypergeometricAtMost,
  hypergeometricTails,
  lowerCount,
  sampleSize,
  sampleSizeOfInfinite,
  upperCount,
} from "../../src/statistics/hypergeometric.ts";
import { hasSharedData, sharedData, sharedDataNote } from "../support/shared-data.ts";

/** n over k, exactly. */
function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 0; i < k; i++) result = (result * BigInt(n - i)) / BigInt(i + 1);
  return k < 0 || k > n ? 0n : result;
}

/** P(X ≤ k) as an exact fraction, made a double at the very end. */
function exactAtMost(k: number, N: number, K: number, n: number): number {
  let ways = 0n;
  for (let x = 0; x <= k; x++) ways += choose(K, x) * choose(N - K, n - x);
  return Number((ways * 10n ** 25n) / choose(N, n)) / 1e25;
}

test("tails agree with exact fractions", () => {
  const cases = fc
    .integer({ min: 1, max: 160 })
    .chain((N) => fc.record({ N: fc.constant(N), K: fc.nat(N), n: fc.nat(N), k: fc.nat(N) }));
  fc.assert(
    fc.property(cases, ({ N, K, n, k }) => {
      const { atMost, atLeast } = hypergeometricTails(k, N, K, n);
      expect(Math.abs(atMost - exactAtMost(k, N, K, n))).toBeLessThan(1e-13);
      expect(Math.abs(atLeast - (1 - (k === 0 ? 0 : exactAtMost(k - 1, N, K, n))))).toBeLessThan(1e-13);
    }),
    { numRuns: 400 },
  );
});

test("all lower tails at once are those one by one, to the last bit unless they are next to nothing", () => {
  const cases = fc
    .oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 9000 }))
    .chain((N) => fc.record({ N: fc.constant(N), K: fc.nat(N), n: fc.nat(N), last: fc.nat(Math.min(N, 400)) }));
  fc.assert(
    fc.property(cases, ({ N, K, n, last }) => {
      const table = hypergeometricAtMost(last, N, K, n);
      expect(table).toHaveLength(last + 1);
      for (const [k, found] of table.entries()) {
        const { atMost } = hypergeometricTails(k, N, K, n);
        if (atMost > 1e-29) expect([k, found]).toEqual([k, atMost]);
        else expect(found).toBeLessThanOrEqual(1e-29);
        expect(found > 0).toBe(atMost > 0);
      }
    }),
    { numRuns: 300 },
  );
  expect(() => hypergeometricAtMost(3, 10, 11, 5)).toThrow(RangeError);
});

test("the operating characteristic of 50 of 3,000 is that of the design's example", () => {
  const accept = (allowed: number, share: string) =>
    hypergeometricTails(allowed, 3000, floorOfShare(share, 3000), 50).atMost.toFixed(4);
  expect(["0.005", "0.01", "0.02", "0.05"].map((share) => accept(0, share))).toEqual([
    "0.7767",
    "0.6025",
    "0.3611",
    "0.0753",
  ]);
  expect(["0.005", "0.01", "0.02", "0.05"].map((share) => accept(1, share))).toEqual([
    "0.9751",
    "0.9119",
    "0.7358",
    "0.2769",
  ]);
});

test("the published anchors: 149 without bounds, 143 of 3,000", () => {
  expect(sampleSizeOfInfinite(0.02, 0, 0.95)).toBe(149);
  expect(sampleSize(3000, 60, 0, 0.95)).toBe(143);
});

test("a sample size is the smallest that does", () => {
  const cases = fc
    .integer({ min: 2, max: 400 })
    .chain((N) => fc.record({ N: fc.constant(N), tolerable: fc.nat(N - 1), allowed: fc.nat(3) }));
  fc.assert(
    fc.property(cases, ({ N, tolerable, allowed }) => {
      const n = sampleSize(N, tolerable, allowed, 0.95);
      if (n === undefined) {
        expect(tolerable + 1).toBeLessThanOrEqual(allowed);
        return;
      }
      const risk = (size: number) => hypergeometricTails(allowed, N, tolerable + 1, size).atMost;
      expect(risk(n)).toBeLessThanOrEqual(0.05 + 1e-12);
      expect(risk(n - 1)).toBeGreaterThan(0.05);
    }),
  );
});

test("what a sample would detect is one more than what it may miss", () => {
  expect(detectableCount(3000, 50, 0.05)).toBe(174);
  expect(detectableCount(10, 10, 0.05)).toBe(1);
  expect(detectableCount(10, 0, 0.05)).toBeUndefined();
});

test("the worst distribution of errors over strata is found", () => {
  const strata = fc.array(
    fc.integer({ min: 1, max: 12 }).chain((N) => fc.record({ N: fc.constant(N), n: fc.nat(N) })),
    { minLength: 1, maxLength: 3 },
  );
  const worst = (all: readonly { N: number; n: number }[], errors: number): number => {
    const [first, ...rest] = all;
    if (first === undefined) return errors === 0 ? 1 : 0;
    const chances = Array.from(
      { length: Math.min(errors, first.N) + 1 },
      (_, own) => hypergeometricTails(0, first.N, own, first.n).atMost * worst(rest, errors - own),
    );
    return Math.max(...chances);
  };
  fc.assert(
    fc.property(strata, (all) => {
      const total = all.reduce((sum, { N }) => sum + N, 0);
      const found = detectableOf(all, 0.05);
      const brute = Array.from({ length: total }, (_, i) => i + 1).find((errors) => worst(all, errors) <= 0.05 + 1e-12);
      expect(found).toBe(brute);
    }),
    { numRuns: 300 },
  );
});

describe.skipIf(!hasSharedData)(`reference numbers of R${sharedDataNote}`, () => {
  interface Reference {
    readonly planning: readonly {
      readonly populationSize: number | null;
      readonly tolerableRate: number;
      readonly allowedErrors: number;
      readonly confidence: number;
      readonly sampleSize: number | null;
    }[];
    readonly hypergeometric: readonly {
      readonly populationSize: number;
      readonly sampleSize: number;
      readonly defective: number;
      readonly upper95Count: number;
      readonly twoSided95Count: readonly [number, number];
    }[];
  }
  const reference = () => JSON.parse(readFileSync(sharedData("evaluation-reference.json"), "utf8")) as Reference;

  test("sample sizes", () => {
    const cases = reference().planning;
    expect(cases.length).toBeGreaterThan(20);
    for (const { populationSize: N, tolerableRate, allowedErrors, confidence, sampleSize: expected } of cases) {
      const found =
        N === null
          ? sampleSizeOfInfinite(tolerableRate, allowedErrors, confidence)
          : sampleSize(N, floorOfShare(String(tolerableRate), N), allowedErrors, confidence);
      expect([N, tolerableRate, allowedErrors, found ?? null]).toEqual([N, tolerableRate, allowedErrors, expected]);
    }
  });

  test("bounds on the number of units in error", () => {
    for (const { populationSize: N, sampleSize: n, defective: k, ...expected } of reference().hypergeometric) {
      expect(upperCount(N, n, k, 0.05)).toBe(expected.upper95Count);
      expect([lowerCount(N, n, k, 0.025), upperCount(N, n, k, 0.025)]).toEqual(expected.twoSided95Count);
    }
  });
});
