/** The bounds keep their promise: a short run here, the long one in docs/statistics.md. */
import { expect, test } from "vitest";
import { assetText } from "../../src/text/assets.ts";
import { CORRELATIONS, coverage, RATES } from "../support/coverage.ts";

test("over 300 rounds two-sided bounds hold in 94% but for chance, and few are met wrongly", () => {
  for (const rate of [0.005, 0.02]) {
    const { twoSided, met } = coverage(rate, 0.1, 300, 77);
    // Three standard errors of 300 rounds.
    expect(twoSided, String(rate)).toBeGreaterThan(0.94 - 0.041);
    if (rate >= 0.02) expect(met).toBeLessThan(0.055 + 0.04);
  }
});

test("the documented table has all rows, each holding what is promised", () => {
  const page = assetText("docs", "statistics.md");
  const rows = page
    .slice(page.indexOf("<!-- coverage: from"))
    .split("\n")
    .filter((line) => /^\| \d/.test(line))
    .map((line) => line.split("|").map((cell) => Number.parseFloat(cell)));
  const expected = RATES.flatMap((rate) => CORRELATIONS.map((correlation) => [rate * 100, correlation]));
  expect(rows.map(([, rate, correlation]) => [rate, correlation])).toEqual(expected);
  for (const [, rate = 0, , twoSided, , , met] of rows) {
    expect(twoSided).toBeGreaterThanOrEqual(94);
    if (rate >= 2) expect(met).toBeLessThanOrEqual(5.5);
  }
});
