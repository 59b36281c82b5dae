/** What reports and screen say of missing records, of refusals and of follow-ups. */
import { expect, test } from "vitest";
import type { Evaluation, Verdict } from "../../src/evaluate/evaluation.ts";
import { followedUp, missingParts, otherwise } from "../../src/evaluate/in-words.ts";

const verdict: Verdict = {
  city: "440300",
  name: "深圳市",
  sample: 67,
  recorded: 66,
  visited: null,
  isPreliminary: false,
  outstanding: 1,
  verdict: "undecided",
  reason: null,
  followUps: 0,
  earlier: [],
  alpha: 0.05,
  bounds: { lower: 0.0008, upper: 0.355 },
  official: "notMet",
  withoutNonResponse: "notMet",
  furtherSources: 98,
};

test("a verdict that one source not found softens says what it would be without it", () => {
  expect(otherwise(verdict)?.zh).toBe("不计未找到、拒绝的单位则不达标");
  expect(otherwise({ ...verdict, withoutNonResponse: "undecided" })).toBeUndefined();
  expect(otherwise({ ...verdict, withoutNonResponse: null })).toBeUndefined();
  expect(otherwise({ ...verdict, verdict: "notMet", withoutNonResponse: "undecided" })?.zh).toBe(
    "不计未找到、拒绝的单位尚不能定",
  );
});

test("a city of which nothing came back is one line, a stratum elsewhere is named by its class", () => {
  const evaluation = {
    verdicts: [verdict, { ...verdict, city: "445300", name: "云浮市", sample: 67, recorded: 0 }],
    missingStrata: [
      { key: "440300/mobile", N: 25, n: 1 },
      { key: "445300/agricultural", N: 83, n: 10 },
      { key: "445300/industrial", N: 119, n: 50 },
    ],
  } as unknown as Evaluation;
  const told = missingParts(evaluation).map(({ name, N, n, isCity }) => [name.zh, N, n, isCity]);
  expect(told).toEqual([
    ["深圳市移动源", 25, 1, false],
    ["云浮市", 202, 67, true],
  ]);
  expect(missingParts(evaluation, "445300")).toHaveLength(1);
  expect(missingParts(evaluation, "440500")).toEqual([]);
});

test("a city that was followed up twice says each verdict, how sure it was, and how many joined", () => {
  expect(followedUp(verdict)).toBeUndefined();
  const earlier = [
    { verdict: "undecided", alpha: 0.05, further: 40 },
    { verdict: "undecided", alpha: 0.0025, further: 12 },
  ] as const;
  expect(followedUp({ ...verdict, verdict: "met", alpha: 0.0008, followUps: 2, earlier })?.zh).toBe(
    "深圳市首次评定为尚不能定（把握 95%），补充抽查 40 家，补充 1 次后评定为尚不能定（把握 99.75%），再补充抽查 12 家，合并评定为达标（把握 99.92%）",
  );
});
