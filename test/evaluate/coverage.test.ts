/** The bounds keep their promise: a short run here, the long one in docs/statistics.md. */
import { expect, test } from "vitest";
import { assetText } from "../../src/text/assets.ts";
import { CORRELATIONS, coverage, RATES } from "../support/coverage.ts";
import { LOOK_ROWS, looks } from "../support/looks.ts";

test("over 300 rounds two-sided bounds hold in 94% but for chance, and few are met wrongly", () => {
  for (const rate of [0.005, 0.02]) {
    const { twoSided, met } = coverage(rate, 0.1, 300, 77);
    // Three standard errors of 300 rounds.
    expect(twoSided, String(rate)).toBeGreaterThan(0.94 - 0.041);
    if (rate >= 0.02) expect(met).toBeLessThan(0.055 + 0.04);
  }
});

test("over 300 followed-up rounds few are met wrongly with shared chances, and many with 5% at each look", () => {
  const [shared, foreseen, naive] = (["5%, 0.25%, 0.08%", "2.5%, 1.25%, 0.4%", "5%, 5%, 5%"] as const).map((scheme) =>
    looks(0.02, 0.1, scheme, 300, 78),
  );
  expect(shared?.met).toBeLessThan(0.055 + 0.04);
  expect(foreseen?.met).toBeLessThan(0.05 + 0.04);
  expect(naive?.met).toBeGreaterThan(shared?.met ?? 1);
  // The first look of an unforeseen follow-up is the one of 95%.
  expect(naive?.metAtFirst).toBe(shared?.metAtFirst);
}, 60_000);

/** Rows of a table of docs/statistics.md, their cells as they stand. */
function rowsOf(name: string): string[][] {
  const page = assetText("docs", "statistics.md");
  const [from, to] = [page.indexOf(`<!-- ${name}: from`), page.indexOf(`<!-- ${name}: to`)];
  const lines = page.slice(from, to).split("\n");
  return lines.filter((line) => /^\| \d/.test(line)).map((line) => line.split("|").map((cell) => cell.trim()));
}

test("the documented table has all rows, each holding what is promised", () => {
  const rows = rowsOf("coverage").map((cells) => cells.map(Number.parseFloat));
  const expected = RATES.flatMap((rate) => CORRELATIONS.map((correlation) => [rate * 100, correlation]));
  expect(rows.map(([, rate, correlation]) => [rate, correlation])).toEqual(expected);
  for (const [, rate = 0, , twoSided, , , met] of rows) {
    expect(twoSided).toBeGreaterThanOrEqual(94);
    if (rate >= 2) expect(met).toBeLessThanOrEqual(5.5);
  }
});

test("the documented table of looks has all rows, and shared chances of error hold", () => {
  const rows = rowsOf("looks");
  const expected = LOOK_ROWS.map(({ rate, correlation, scheme }) => [
    `${(rate * 100).toFixed(1)}%`,
    String(correlation),
    scheme,
  ]);
  expect(rows.map((cells) => cells.slice(1, 4))).toEqual(expected);
  for (const [, rate = "", , scheme, , met = ""] of rows) {
    if (Number.parseFloat(rate) < 2 || scheme === "5%, 5%, 5%") continue;
    expect(Number.parseFloat(met), `${rate} ${scheme}`).toBeLessThanOrEqual(5.5);
  }
});
