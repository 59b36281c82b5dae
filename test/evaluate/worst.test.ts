/** The worst indicators: how many further sources each wants, and where. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CurrentStratum } from "../../src/draw/replacement.ts";
import type { Estimate, Evaluation, Shrunk } from "../../src/evaluate/evaluation.ts";
import { followUpOf } from "../../src/evaluate/follow-up.ts";
import { followWorst, type Met, type Reach } from "../../src/evaluate/worst.ts";

const stratum = (key: string, N: number, n: number, reserve = 2): CurrentStratum =>
  ({ key, N, n, reserve, reached: n, units: [] }) as unknown as CurrentStratum;

interface Known {
  readonly code: string;
  readonly n: number;
  readonly N: number;
  readonly rate: number;
  readonly relativeError: number;
}

/** An evaluation that knows of indicators alone, in the order of their ranking. */
function evaluationOf(indicators: readonly Known[]): Evaluation {
  return {
    levels: [0.05, 0.0025, 0.0008],
    verdicts: ["440100", "440500"].map((city) => ({ city, verdict: "met", followUps: 0 })),
    indicators: indicators.map(
      ({ code, n, rate }) => ({ key: code, name: code, n, m: n, e: Math.ceil(n * rate), shrunk: rate }) as Shrunk,
    ),
    estimates: indicators.map(
      ({ code, n, N, rate, relativeError }) =>
        ({ kind: "indicator", key: code, n, N, rate, variance: (rate * relativeError) ** 2 }) as Estimate,
    ),
  } as unknown as Evaluation;
}

const reachOf = (of: Readonly<Record<string, Readonly<Record<string, Met>>>>): Reach =>
  new Map(Object.entries(of).map(([code, strata]) => [code, new Map(Object.entries(strata))]));

const STRATA = [stratum("440100/industrial", 1000, 50), stratum("440100/agricultural", 60, 10)];
const REACH = reachOf({
  A: { "440100/industrial": { recorded: 50, withIt: 25 } },
  B: { "440100/industrial": { recorded: 50, withIt: 50 }, "440100/agricultural": { recorded: 10, withIt: 10 } },
});

test("an indicator wants as many as bring its standard error to a quarter of its rate", () => {
  // By hand: a = V·n/(1 − n/N) = 0.0004 · 100/0.9; n′ = 1/(0.01²/a + 1/1000) = 307.7.
  const evaluation = evaluationOf([{ code: "A", n: 100, N: 1000, rate: 0.04, relativeError: 0.5 }]);
  const { indicators, shares } = followWorst(evaluation, STRATA, REACH, 1, undefined);
  expect(indicators).toMatchObject([{ code: "A", wanted: 208, relativeError: 0.5 }]);
  // Every second source of the stratum has it.
  expect(shares).toMatchObject([{ stratum: "440100/industrial", further: 416, reserves: 2 }]);
  expect(indicators[0]?.expected).toBe(208);
});

test("the number wanted is the smallest that reaches a quarter, and never more than there are", () => {
  const known = fc.record({
    n: fc.integer({ min: 2, max: 200 }),
    beyond: fc.integer({ min: 1, max: 2000 }),
    rate: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
    relativeError: fc.double({ min: 0.01, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(known, ({ n, beyond, rate, relativeError }) => {
      const N = n + beyond;
      const evaluation = evaluationOf([{ code: "A", n, N, rate, relativeError }]);
      const wanted = followWorst(evaluation, STRATA, REACH, 1, undefined).indicators[0]?.wanted ?? -1;
      const errorAt = (size: number) => relativeError * Math.sqrt((n / size) * ((1 - size / N) / (1 - n / N)));
      expect(errorAt(n + wanted)).toBeLessThanOrEqual(0.25 + 1e-6);
      if (wanted > 0) expect(errorAt(n + wanted - 1)).toBeGreaterThan(0.25 - 1e-6);
      else expect(relativeError).toBeLessThanOrEqual(0.25 + 1e-6);
    }),
    { numRuns: 300, seed: 5 },
  );
});

test("of several a stratum gets what the most demanding wants, in proportion to where each was met with", () => {
  const evaluation = evaluationOf([
    { code: "A", n: 25, N: 500, rate: 0.1, relativeError: 0.3 },
    { code: "B", n: 60, N: 1060, rate: 0.05, relativeError: 0.3 },
    { code: "C", n: 9, N: 90, rate: 0, relativeError: 0 },
  ]);
  const { indicators, shares } = followWorst(evaluation, STRATA, REACH, 3, 12);
  // C was never found wrong.
  expect(indicators.map(({ code, wanted, expected }) => [code, wanted, expected])).toEqual([
    ["A", 12, 12],
    ["B", 12, 12],
  ]);
  // A wants 24 industrial sources, B 10 and 2.
  expect(shares.map(({ stratum: key, further }) => [key, further])).toEqual([
    ["440100/industrial", 24],
    ["440100/agricultural", 2],
  ]);
  const sample = { strata: STRATA, replacements: [], followUps: [], undone: [] };
  const asked = { city: undefined, sourceClass: "agricultural", number: 12, worst: 2 } as const;
  expect(followUpOf(evaluation, sample, REACH, asked).cities).toMatchObject([
    {
      city: "440100",
      verdict: "met",
      alpha: 0.0025,
      wanted: 2,
      further: 2,
      shares: [{ stratum: "440100/agricultural", further: 2 }],
    },
  ]);
  // A city has two follow-ups at most.
  const over = { ...evaluation, verdicts: evaluation.verdicts.map((each) => ({ ...each, followUps: 2 })) };
  expect(followUpOf(over, sample, REACH, asked)).toMatchObject({ cities: [], ended: ["440100"] });
  const elsewhere = followUpOf(evaluation, sample, REACH, { ...asked, city: "440500" });
  expect(elsewhere.cities).toEqual([]);
});
