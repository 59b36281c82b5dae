/**
 * The draw looks random: over 20,000 seeds fixed beforehand the frequencies of every unit, every pair, every rank and
 * every two strata pass chi-square (test/support/randomness.ts has the reference distributions).
 *
 * The level was fixed before the first run: each of the some forty tests at 10⁻⁵, so that a fair draw fails one of them
 * with a chance of less than one in two thousand. The seeds are fixed, so a run passes always or never. That the tests
 * would notice an unfair draw is shown by two that are common and wrong, and must fail by far: below 10⁻¹⁵.
 */
import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { METHODS, type Method } from "../../src/draw/manifest.ts";
import { rank, ticketOf } from "../../src/draw/rank.ts";
import { rankBySize, type SizedUnit } from "../../src/draw/size.ts";
import { drawAreas, drawCities } from "../../src/draw/stages.ts";
import { deriveSeed } from "../../src/seed/derive.ts";
import { digest } from "../../src/text/canonical.ts";
import { dependenceTail, pairEigenvalues, type Rankings, verdictsOn } from "../support/randomness.ts";

const LEVEL = 1e-5;
const BY_FAR = 1e-15;
const RUNS = 20_000;
const FRAMES = [
  { N: 10, n: 3 },
  { N: 48, n: 6 },
] as const;

/** Contributions as a round's parties make them, one set for each run. */
const contributions = (run: number) => [
  { by: "省普查办", value: `第 ${run} 次` },
  { by: "市普查办", value: "水清岸绿" },
];
const seedOf = (drawId: string) => Array.from({ length: RUNS }, (_, run) => deriveSeed(drawId, contributions(run)));
const SEEDS = { units: seedOf("统计检验"), cities: seedOf("统计检验/cities"), areas: seedOf("统计检验/areas") };

const idsOf = (N: number, prefix: string) =>
  Array.from({ length: N }, (_, i) => `${prefix}${String(i).padStart(3, "0")}`);

/** Rankings of ids over all seeds, as numbers of the ids. */
function rankingsOf(ids: readonly string[], order: (run: number) => readonly string[]): Rankings {
  const numbers = new Map(ids.map((id, i) => [id, i]));
  return Array.from({ length: RUNS }, (_, run) => order(run).map((id) => numbers.get(id) ?? -1));
}

function rankedUnits(method: Method, ids: readonly string[], stratum: string): Rankings {
  return rankingsOf(ids, (run) => rank(method, ids, ids.length, SEEDS.units[run] ?? "", stratum).map(({ id }) => id));
}

function expectFair(rankings: Rankings, N: number, n: number): void {
  for (const [what, tail] of Object.entries(verdictsOn(rankings, N, n))) expect(tail, what).toBeGreaterThan(LEVEL);
}

describe.each(METHODS)("method %s over 20,000 seeds", (method) => {
  test.each(FRAMES)("units, pairs and ranks: $n of $N", ({ N, n }) => {
    expectFair(rankedUnits(method, idsOf(N, "91440101MA5"), "440100/industrial"), N, n);
  });

  test("strata of one draw are independent of each other", () => {
    const one = { N: 10, n: 3, rankings: rankedUnits(method, idsOf(10, "A"), "440100/industrial") };
    const other = { N: 8, n: 2, rankings: rankedUnits(method, idsOf(8, "B"), "440300/industrial") };
    expect(dependenceTail(one, other)).toBeGreaterThan(LEVEL);
  });

  const codes = Array.from({ length: 21 }, (_, i) => String(440100 + 100 * i));
  const cities = () =>
    rankingsOf(codes, (run) =>
      drawCities(codes, 5, { method, seed: SEEDS.cities[run] ?? "" }).cities.map(({ city }) => city),
    );
  const parts = Array.from({ length: 11 }, (_, i) => `4401${String(i + 3).padStart(2, "0")}`);
  const areas = (city: string) =>
    rankingsOf(parts, (run) =>
      drawAreas(city, parts, parts.length, { method, seed: SEEDS.areas[run] ?? "" }).areas.map(({ area }) => area),
    );

  test("cities by lot: 5 of 21", () => expectFair(cities(), 21, 5));

  test("areas by lot: 4 of 11", () => expectFair(areas("440100"), 11, 4));

  test("the stages of a draw and the areas of its cities are independent of each other", () => {
    const drawn = { N: 21, n: 5, rankings: cities() };
    const first = { N: 11, n: 4, rankings: areas("440100") };
    const second = { N: 11, n: 4, rankings: areas("440300") };
    const units = { N: 10, n: 3, rankings: rankedUnits(method, idsOf(10, "A"), "440100/industrial") };
    for (const [one, other] of [
      [drawn, first],
      [drawn, units],
      [first, second],
      [first, units],
    ] as const) {
      expect(dependenceTail(one, other)).toBeGreaterThan(LEVEL);
    }
  });
});

describe("unfair draws are noticed", () => {
  const ids = idsOf(48, "U");

  test("sorting by a comparison that answers at random", () => {
    const rankings = rankingsOf(ids, (run) => {
      const rng = seedrandom(SEEDS.units[run] ?? "");
      return [...ids].sort(() => rng() - 0.5);
    });
    const { units, pairs, ranks } = verdictsOn(rankings, 48, 6);
    expect(Math.max(units, pairs, ranks)).toBeLessThan(BY_FAR);
  });

  test("a hash of 8 bits modulo the number of units, a unit that came before passed over", () => {
    const rankings = rankingsOf(ids, (run) => {
      const drawn = new Set<string>();
      for (let i = 0; drawn.size < ids.length; i++) {
        const bytes = Buffer.from(digest(`${SEEDS.units[run]},${i}`), "hex");
        for (const byte of bytes) drawn.add(ids[byte % ids.length] ?? "");
      }
      return [...drawn];
    });
    const { units, pairs, ranks } = verdictsOn(rankings, 48, 6);
    expect(Math.max(units, pairs, ranks)).toBeLessThan(BY_FAR);
  });

  test("one stratum drawn by the places that another's lot fell on", () => {
    const one = { N: 10, n: 3, rankings: rankedUnits("ticket", idsOf(10, "A"), "440100/industrial") };
    expect(dependenceTail(one, one)).toBeLessThan(BY_FAR);
  });

  test("a fair draw of whole pairs, each unit as likely as another, fails by its pairs", () => {
    const twins = rankedUnits("ticket", idsOf(5, "A"), "440100/industrial");
    const rankings = twins.map((ranking) => ranking.flatMap((pair) => [2 * pair, 2 * pair + 1]));
    const { units, pairs } = verdictsOn(rankings, 10, 4);
    expect(units).toBeGreaterThan(LEVEL);
    expect(pairs).toBeLessThan(BY_FAR);
  });
});

test("the covariance of pairs is what counting every sample gives", () => {
  const [N, n] = [7, 3];
  const samples = Array.from({ length: 2 ** N }, (_, bits) =>
    idsOf(N, "").flatMap((_, i) => ((bits >> i) & 1 ? [i] : [])),
  );
  const all = samples.filter(({ length }) => length === n);
  const pairs = Array.from({ length: N * N }, (_, k) => [Math.floor(k / N), k % N] as const).filter(([i, j]) => i < j);
  const mean = (n * (n - 1)) / (N * (N - 1));
  /** Variance of Σ wᵢⱼ·(pair ij drawn) over all samples, by the square of w. */
  const varianceOf = (weight: (i: number, j: number) => number) => {
    const of = (sample: readonly number[]) =>
      pairs.reduce(
        (sum, [i, j]) => sum + weight(i, j) * ((sample.includes(i) && sample.includes(j) ? 1 : 0) - mean),
        0,
      );
    const variance = all.reduce((sum, sample) => sum + of(sample) ** 2, 0) / all.length;
    return variance / pairs.reduce((sum, [i, j]) => sum + weight(i, j) ** 2, 0);
  };
  const { margins, rest } = pairEigenvalues(N, n);
  const sign = (unit: number) => (unit === 0 ? 1 : unit === 1 ? -1 : 0);
  expect(varianceOf((i, j) => sign(i) + sign(j))).toBeCloseTo(margins, 12);
  // Pairs 01 and 23 against 03 and 12: each unit's sum is 0.
  const square = new Map([
    ["0,1", 1],
    ["2,3", 1],
    ["0,3", -1],
    ["1,2", -1],
  ]);
  expect(varianceOf((i, j) => square.get(`${i},${j}`) ?? 0)).toBeCloseTo(rest, 12);
});

describe("chances in proportion to size", () => {
  const frame = Array.from({ length: 20 }, (_, i) => ({ id: `S${i}`, size: BigInt(1 + (i % 5)) * 1_000_000n }));
  const n = 6;
  const draw = (seed: string) =>
    rankBySize(
      frame.map((unit): SizedUnit => ({ ...unit, ticket: ticketOf(seed, unit.id) })),
      n,
    );

  // Ohlsson (1998) shows that the estimators are unbiased in the limit of large samples; how far the chances of a small
  // one are from λ can be computed, and is some 1/n: least for units of middle size, most for the smallest.
  test.each([
    [6, 20, 0.05],
    [20, 200, 0.005],
    [30, 100, 0.01],
  ])("%d of %d: the exact inclusion probabilities come within a share of %d of λ, and sum to n", (sample, N, share) => {
    const sizes = Array.from({ length: N }, (_, i) => 1 + (i % 5));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const stated = sizes.map((size) => (sample * size) / total);
    const exact = exactInclusion(stated, sample);
    expect(exact.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(sample, 6);
    for (const [i, chance] of exact.entries()) expect(Math.abs(chance / (stated[i] ?? 0) - 1)).toBeLessThan(share);
  });

  test("over 20,000 seeds every unit is drawn as often as its exact probability says", () => {
    const { ranked, probability } = draw(SEEDS.units[0] ?? "");
    const stated = new Map(ranked.map((unit) => [unit.id, probability(unit)]));
    const exact = exactInclusion(
      frame.map(({ id }) => stated.get(id) ?? 0),
      n,
    );
    const counts = new Map(frame.map(({ id }) => [id, 0]));
    for (const seed of SEEDS.units) {
      for (const { id } of draw(seed).ranked.slice(0, n)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const [i, chance] of exact.entries()) {
      const z = ((counts.get(`S${i}`) ?? 0) - RUNS * chance) / Math.sqrt(RUNS * chance * (1 - chance));
      // Two-sided, 20 units together at LEVEL: each at 5·10⁻⁷, the normal distribution's 5.03.
      expect(Math.abs(z)).toBeLessThan(5.03);
    }
  });
});

/**
 * Exact inclusion probabilities of sequential Poisson sampling. Unit i is drawn if fewer than n of the others have
 * U/λ below its own, which is uniform on 0 … 1/λᵢ: πᵢ = λᵢ ∫ P(fewer than n of the others below x) dx, a Poisson-binomial
 * probability, by Simpson's rule.
 */
function exactInclusion(chances: readonly number[], n: number): number[] {
  const steps = 400;
  return chances.map((own, i) => {
    const others = chances.filter((_, j) => j !== i);
    const h = 1 / own / steps;
    const values = Array.from({ length: steps + 1 }, (_, k) =>
      fewerThan(
        n,
        others.map((chance) => Math.min(1, chance * k * h)),
      ),
    );
    const simpson = values.reduce(
      (sum, value, k) => sum + value * (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2),
      0,
    );
    return own * simpson * (h / 3);
  });
}

/** P(fewer than n of independent events happen). */
function fewerThan(n: number, probabilities: readonly number[]): number {
  let distribution = [1];
  for (const p of probabilities) {
    distribution = [...distribution, 0].map((q, k) => q * (1 - p) + (distribution[k - 1] ?? 0) * p).slice(0, n);
  }
  return distribution.reduce((sum, q) => sum + q, 0);
}
