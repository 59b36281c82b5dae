/** Draws beyond a fixed number from each block: divided quotas, units taken for certain, sizes, stages. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawPopulation } from "../../src/draw/draw.ts";
import { isOfSample } from "../../src/draw/manifest.ts";
import { ticketOf } from "../../src/draw/rank.ts";
import { rankBySize } from "../../src/draw/size.ts";
import { drawAreas, drawCities } from "../../src/draw/stages.ts";
import type { FrameUnit } from "../../src/frame/locked.ts";
import { populationOf } from "../../src/plan/population.ts";
import { Quota } from "../../src/plan/quota.ts";
import { parseSize } from "../../src/plan/unit-size.ts";
import { digest } from "../../src/text/canonical.ts";
import { drawBlock, lockOf } from "../support/draw.ts";

const BLOCK = "440100/industrial";
const seed = digest("designs");
const units = (count: number, more: (index: number) => Record<string, string> = () => ({})) =>
  Array.from({ length: count }, (_, i) => ({
    id: `U${i}`,
    name: `单位${i}`,
    county: `44010${3 + (i % 3)}`,
    ...more(i),
  }));

test("a spread quota is drawn from each stratum, and its units carry their stratum's chance", () => {
  const frame = units(30, (i) => ({ 行业: i % 10 === 0 ? "2611" : "3011" }));
  const strata = drawBlock(
    BLOCK,
    frame,
    { count: 10, reserve: 1, spread: { column: "行业", rule: "proportional", digits: 2 } },
    "ticket",
    seed,
  );
  expect(strata.map(({ key, N, n, reserve }) => [key, N, n, reserve])).toEqual([
    [`${BLOCK}/26`, 3, 1, 1],
    [`${BLOCK}/30`, 27, 9, 1],
  ]);
  expect(strata[1]?.units[0]?.inclusionProbability).toBe(9 / 27);
});

test("units taken for certain stand apart and leave the random quota whole", () => {
  const frame = units(20, (i) => ({ 重点源: i < 3 ? "是" : "否" }));
  const quota = { count: 5, reserve: 2, takeAll: { where: { column: "重点源", values: ["是"] } } };
  const [random, certain] = drawBlock(BLOCK, frame, quota, "ticket", seed);
  expect(certain?.key).toBe(`${BLOCK}/+take-all`);
  expect(certain?.units.map(({ id, role, inclusionProbability }) => [id, role, inclusionProbability]).sort()).toEqual([
    ["U0", "certainty", 1],
    ["U1", "certainty", 1],
    ["U2", "certainty", 1],
  ]);
  expect([random?.N, random?.n, random?.reserve]).toEqual([17, 5, 2]);
  expect(random?.units.some(({ id }) => ["U0", "U1", "U2"].includes(id))).toBe(false);
});

test("a value that begins with the plan's own mark cannot pass for it", () => {
  const frame = units(4).map((unit) => ({ ...unit, county: "+take-all" }));
  const [stratum] = drawBlock(BLOCK, frame, { count: 1, reserve: 0, by: "county" }, "ticket", seed);
  expect(stratum?.key).toBe(`${BLOCK}/_take-all`);
});

test("several populations of a class are drawn apart", () => {
  const frame = units(12, (i) => ({ 变动: i % 2 === 0 ? "新增" : "删除" }));
  const only = (value: string) => ({ column: "变动", values: [value] });
  for (const population of ["新增", "删除"]) {
    const [stratum] = drawBlock(
      BLOCK,
      frame,
      { count: 3, reserve: 0, population, only: only(population) },
      "ticket",
      seed,
    );
    expect(stratum?.key).toBe(`${BLOCK}/+${population}`);
    expect(stratum?.N).toBe(6);
  }
});

describe("chances in proportion to size", () => {
  const sized = fc
    .uniqueArray(fc.stringMatching(/^[0-9A-Z]{1,6}$/), { minLength: 1, maxLength: 40 })
    .chain((ids) =>
      fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), size: fc.bigInt({ min: 1n, max: 10n ** 12n }) }))),
    );

  test("sum to the number drawn; the certain ones come first; no order of the ledger matters", () => {
    fc.assert(
      fc.property(sized, fc.nat(40), fc.string(), (all, wanted, text) => {
        const withTickets = all.map((unit) => ({ ...unit, ticket: ticketOf(digest(text), unit.id) }));
        const n = Math.min(wanted, all.length);
        const { ranked, certain, probability } = rankBySize(withTickets, n);
        expect(ranked.reduce((sum, unit) => sum + probability(unit), 0)).toBeCloseTo(n, 9);
        expect(ranked.map(probability).every((chance) => chance >= 0 && chance <= 1)).toBe(true);
        expect(ranked.slice(0, certain).every((unit) => probability(unit) === 1)).toBe(true);
        expect(certain).toBeLessThanOrEqual(n);
        expect(rankBySize([...withTickets].reverse(), n).ranked).toEqual(ranked);
      }),
    );
  });

  test("a unit with most of the total is certain, one without a size cannot be drawn", () => {
    const frame = units(8, (i) => ({ 排放量: i === 0 ? "1000" : i === 1 ? "" : "1.5" }));
    const [stratum] = drawBlock(BLOCK, frame, { count: 3, reserve: 1, size: { column: "排放量" } }, "ticket", seed);
    expect(stratum).toMatchObject({ N: 7, n: 3, reserve: 1, withoutSize: 1, sizeTotal: "1009" });
    expect(stratum?.units[0]).toMatchObject({ id: "U0", role: "certainty", size: "1000", inclusionProbability: 1 });
    expect(stratum?.units[1]).toMatchObject({ role: "primary", size: "1.5", inclusionProbability: 2 / 6 });
    const [least] = drawBlock(
      BLOCK,
      frame,
      { count: 3, reserve: 0, size: { column: "排放量", least: 2 } },
      "ticket",
      seed,
    );
    expect(least).toMatchObject({ N: 8, sizeTotal: "1014" });
    expect(least?.withoutSize).toBeUndefined();
  });

  test.each([
    ["12", 12_000_000n],
    ["0.0000019", 1n],
    ["+3.", 3_000_000n],
    ["0", undefined],
    ["", undefined],
    ["-1", undefined],
    ["1,200", undefined],
    ["12吨", undefined],
  ])("a size %s is %s millionths", (text, size) => expect(parseSize(text)).toBe(size));
});

describe("stages", () => {
  test("the chance of a unit is that of its area times its own", () => {
    const frame = units(30, (i) => ({ 小区: `P${i % 5}` })) as unknown as FrameUnit[];
    const quota = Quota.parse({ class: "工业源", count: 2 });
    const population = populationOf(BLOCK, quota, frame, lockOf("小区"), { column: "小区", count: 2 });
    const drawn = drawAreas(
      "440100",
      population.strata.map(({ key }) => key.slice(BLOCK.length + 1)),
      2,
      { method: "ticket", seed },
    );
    expect([drawn.N, drawn.n, drawn.shortfall, drawn.areas.length]).toEqual([5, 2, 0, 2]);
    const [stratum] = drawPopulation(population, quota, { method: "ticket", seed }, 1, drawn.n / drawn.N);
    expect(stratum?.units[0]?.inclusionProbability).toBeCloseTo((2 / 5) * (2 / 6), 12);
    expect(stratum?.units.filter(isOfSample)).toHaveLength(2);
  });

  test("every city has its place, and the same ones are drawn whatever their order", () => {
    const cities = ["440100", "440200", "440300", "440400"];
    const lot = { method: "ticket" as const, seed };
    const drawn = drawCities(cities, 2, lot);
    expect(drawn.cities.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    expect(drawn.cities.filter((each) => each.drawn)).toHaveLength(2);
    expect(drawCities([...cities].reverse(), 2, lot)).toEqual(drawn);
  });
});
