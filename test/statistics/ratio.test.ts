/** Ratios and their bounds agree with R's package survey. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { estimateRatio, kornGraubard, kornGraubardLower, kornGraubardUpper } from "../../src/statistics/ratio.ts";
import { SurveyDesign } from "../../src/statistics/survey-design.ts";
import { randomFrom } from "../support/filled-round.ts";
import { hasSharedData, sharedData, sharedDataNote } from "../support/shared-data.ts";

interface Case {
  readonly name: string;
  readonly strata: readonly { readonly stratum: string; readonly populationSize: number }[];
  readonly units: readonly {
    readonly id: string;
    readonly stratum: string;
    readonly checked: number;
    readonly errors: number;
  }[];
  readonly expected: {
    readonly rawRatio: number;
    readonly ratio: number;
    readonly variance: number;
    readonly degreesOfFreedom: number;
    readonly twoSided95: readonly [number, number];
    readonly upper95: number;
  };
}

const cases = (): Case[] =>
  hasSharedData
    ? (JSON.parse(readFileSync(sharedData("evaluation-reference.json"), "utf8")) as { ratioCases: Case[] }).ratioCases
    : [];

function closeTo(found: number | undefined, expected: number) {
  expect(Math.abs((found ?? Number.NaN) - expected) / Math.abs(expected)).toBeLessThan(1e-9);
}

describe.skipIf(!hasSharedData)(`reference numbers${sharedDataNote}`, () => {
  test.each(cases().map((each) => [each.name, each] as const))("%s", (_, { strata, units, expected }) => {
    const drawn = new Map<string, number>();
    for (const { stratum } of units) drawn.set(stratum, (drawn.get(stratum) ?? 0) + 1);
    const design = SurveyDesign.of(
      units.map(({ id, stratum }) => ({
        stages: [
          {
            stratum,
            cluster: id,
            N: strata.find((each) => each.stratum === stratum)?.populationSize ?? 0,
            n: drawn.get(stratum) ?? 0,
          },
        ],
      })),
    );
    const estimate = estimateRatio(design, {
      members: [...units.keys()],
      e: units.map(({ errors }) => errors),
      m: units.map(({ checked }) => checked),
    });
    if (estimate === undefined) throw new Error("nothing was estimated");
    closeTo(estimate.sampleRatio, expected.rawRatio);
    closeTo(estimate.ratio, expected.ratio);
    closeTo(estimate.variance, expected.variance);
    expect(estimate.degreesOfFreedom).toBe(expected.degreesOfFreedom);
    const bounds = kornGraubard(estimate, 0.05);
    closeTo(bounds?.lower, expected.twoSided95[0]);
    closeTo(bounds?.upper, expected.twoSided95[1]);
    closeTo(kornGraubardUpper(estimate, 0.05), expected.upper95);
    expect(kornGraubardLower(estimate, 0.05)).toBeGreaterThan(bounds?.lower ?? 1);
  });
});

const random = randomFrom(3);
const units = Array.from({ length: 300 }, (_, i) => ({ stratum: String(i % 7), e: random() < 0.2 ? 1 : 0, m: 4 }));
const domain = {
  members: [...units.keys()].filter((i) => i % 4 > 0),
  e: units.map(({ e }) => e),
  m: units.map(({ m }) => m),
};

function designOf(cluster: (i: number) => string | undefined, isWithinAreas: boolean): SurveyDesign {
  return SurveyDesign.of(
    units.map(({ stratum }, i) => {
      const last = { stratum, cluster: cluster(i), N: 90, n: 43 };
      const area = { stratum: "", cluster: `a${i % 5}`, N: 12, n: 5 };
      return { stages: isWithinAreas ? [area, last] : [last] };
    }),
  );
}

describe.each([false, true])("within areas: %s", (isWithinAreas) => {
  test("a unit by itself is a cluster of one", () => {
    const named = estimateRatio(designOf(String, isWithinAreas), domain);
    expect(named?.variance).toBeGreaterThan(0);
    const unnamed = designOf(() => undefined, isWithinAreas);
    expect(estimateRatio(unnamed, domain)).toEqual(named);
  });

  test("with its units in another order a design says the same to the last digit, whichever units are left out", () => {
    const design = designOf(() => undefined, isWithinAreas);
    // 7 and 300 have no common factor.
    const shuffled = units.map((_, i) => (7 * i) % units.length);
    const isOwn = new Set(domain.members);
    for (const order of [shuffled, shuffled.filter((i) => isOwn.has(i) || i % 8 === 0)]) {
      const members = order.filter((i) => isOwn.has(i));
      const positions = order.flatMap((i, position) => (isOwn.has(i) ? [position] : []));
      const [e, m] = [order.map((i) => domain.e[i] as number), order.map((i) => domain.m[i] as number)];
      const found = estimateRatio(design.inOrder(Int32Array.from(order)), { members: positions, e, m });
      expect(found).toEqual(estimateRatio(design, { ...domain, members }));
    }
  });
});
