/** Agreement of two judges: published numbers, numbers of R, and laws. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agreementOf, changesBetween, pairsIn, resultTable } from "../../src/records/agreement.ts";
import type { CheckedIndicator, Result, SourceRecord } from "../../src/records/record.ts";

/** Published tables of counts with κ as it was printed. */
const PUBLISHED = [
  // Cohen 1968, Weighted kappa, table 1 (200 cases): unweighted κ = .492
  {
    counts: [
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ],
    rate: 0.7,
    kappa: 0.492,
    digits: 3,
  },
  // Fleiss, Cohen and Everitt 1969, Large sample standard errors of kappa, table 1: κ = .429
  {
    counts: [
      [53, 5, 2],
      [11, 14, 5],
      [1, 6, 3],
    ],
    rate: 0.7,
    kappa: 0.429,
    digits: 3,
  },
  // R, psych::cohen.kappa, first example (ratings of nine subjects): unweighted kappa 0.00
  { counts: nine([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 1, 6, 1, 5, 5, 6, 7]), rate: 1 / 9, kappa: 0, digits: 2 },
] as const;

/** From R 4.2.2: e1071::classAgreement(as.table(m))$kappa, 15 digits. */
const FROM_R = [
  {
    counts: [
      [27, 9],
      [8, 40],
    ],
    kappa: 0.585365853658537,
  },
  {
    counts: [
      [28, 6],
      [6, 34],
    ],
    kappa: 0.673529411764706,
  },
  {
    counts: [
      [30, 14, 6],
      [8, 29, 7],
      [11, 10, 32],
    ],
    kappa: 0.429995845450769,
  },
  {
    counts: [
      [37, 5, 12],
      [10, 40, 10],
      [11, 8, 35],
    ],
    kappa: 0.500477859190825,
  },
  {
    counts: [
      [37, 8, 5],
      [9, 38, 7],
      [12, 5, 33],
    ],
    kappa: 0.551985833544144,
  },
  {
    counts: [
      [32, 11, 8],
      [7, 35, 12],
      [9, 12, 36],
    ],
    kappa: 0.452953296703297,
  },
  {
    counts: [
      [32, 11, 7, 10],
      [11, 35, 6, 13],
      [8, 11, 33, 11],
      [8, 6, 5, 32],
    ],
    kappa: 0.403990024937656,
  },
  {
    counts: [
      [31, 10, 8, 5],
      [6, 35, 6, 8],
      [9, 11, 28, 10],
      [13, 8, 11, 38],
    ],
    kappa: 0.409174006980223,
  },
] as const;

function nine(first: readonly number[], second: readonly number[]): number[][] {
  return first.map((_, i) => first.map((__, j) => first.filter((a, k) => a === i + 1 && second[k] === j + 1).length));
}

describe("Cohen's kappa", () => {
  test.each(PUBLISHED)("as published: $kappa", ({ counts, rate, kappa, digits }) => {
    const found = agreementOf(counts);
    expect(found.rate).toBeCloseTo(rate, 12);
    expect(found.kappa?.toFixed(digits)).toBe(kappa.toFixed(digits));
  });

  test.each(FROM_R)("as R computes it: $kappa", ({ counts, kappa }) => {
    expect(Math.abs((agreementOf(counts).kappa ?? Number.NaN) - kappa)).toBeLessThan(1e-12);
  });

  test("is undefined where chance alone explains all, or nothing was judged twice", () => {
    expect(
      agreementOf([
        [5, 0],
        [0, 0],
      ]),
    ).toEqual({ judged: 5, same: 5, rate: 1, kappa: undefined });
    expect(
      agreementOf([
        [0, 0],
        [0, 0],
      ]),
    ).toEqual({ judged: 0, same: 0, rate: undefined, kappa: undefined });
  });

  const table = fc.array(fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });
  test("is at most 1, is the same for judges changed over, and 1 where they agree on more than one thing", () => {
    fc.assert(
      fc.property(table, (counts) => {
        const { kappa, judged, same } = agreementOf(counts);
        const turned = counts.map((_, i) => counts.map((row) => row[i] ?? 0));
        expect(agreementOf(turned).kappa ?? 9).toBeCloseTo(kappa ?? 9, 12);
        if (kappa === undefined) return;
        expect(kappa).toBeLessThanOrEqual(1);
        expect(Math.abs(kappa - 1) < 1e-12).toBe(judged === same);
      }),
    );
  });
});

const indicator = (code: string, result: Result, found = "1"): CheckedIndicator => {
  return { code, name: code, form: "G101-1", key: true, reported: "1", found, result };
};
const record = (visit: SourceRecord["visit"], team: string, ...indicators: CheckedIndicator[]): SourceRecord => ({
  spec: "records/1",
  roundId: "R1",
  manifestDigest: "a".repeat(64),
  unit: "U1",
  team,
  visit,
  outcome: "checked",
  indicators,
  source: { file: `${team}.xlsx`, sha256: "b".repeat(64) },
});

test("what one judge did not look at is no judgement", () => {
  const first = record("first", "甲", indicator("A", "right"), indicator("B", "wrong"), indicator("C", "unchecked"));
  const second = record("second", "乙", indicator("A", "right"), indicator("B", "unchecked"), indicator("C", "wrong"));
  expect(agreementOf(resultTable([[first, second]]))).toMatchObject({ judged: 1, same: 1 });
});

test("a pair differs where results or outcome do, not where notes do", () => {
  const first = record("first", "甲", indicator("A", "right"));
  const noted = record("second", "乙", { ...indicator("A", "right"), note: "见照片" });
  const wrong = record("second", "乙", indicator("A", "wrong", "2"));
  expect(pairsIn([first, noted]).map(({ differs }) => differs)).toEqual([false]);
  expect(pairsIn([first, wrong]).map(({ differs }) => differs)).toEqual([true]);
  expect(changesBetween(first, wrong).map(({ column, before, after }) => [column, before, after])).toEqual([
    ["核查组", "甲", "乙"],
    ["核查值", "1", "2"],
    ["结果", "无误", "差错"],
  ]);
});
