/** Ratios and their bounds agree with R's package survey. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { estimateRatio, kornGraubard, kornGraubardLower, kornGraubardUpper } from "../../src/statistics/ratio.ts";
import { SurveyDesign } from "../../src/statistics/survey-design.ts";
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
    const design = new SurveyDesign(
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
