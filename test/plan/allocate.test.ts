import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocateBlock, allocateEqually, allocateProportionally } from "../../src/plan/allocate.ts";
import { Quota } from "../../src/plan/quota.ts";

const sizes = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.nat(60), { minKeys: 1, maxKeys: 12 })
  .map((record) => new Map(Object.entries(record)));
const total = (numbers: Iterable<number>) => [...numbers].reduce((sum, each) => sum + each, 0);
const reversed = <T>(map: ReadonlyMap<string, T>) => new Map([...map].reverse());

describe.each([
  ["proportionally", (n: number, of: ReadonlyMap<string, number>) => allocateProportionally(n, of)],
  ["equally", allocateEqually],
])("a quota divided %s", (_, divide) => {
  test("sums to the quota, exceeds no stratum, and does not depend on the order of the strata", () => {
    fc.assert(
      fc.property(sizes, fc.nat(400), (of, wanted) => {
        const n = Math.min(wanted, total(of.values()));
        const given = divide(n, of);
        expect(total(given.values())).toBe(n);
        for (const [key, N] of of) expect(given.get(key)).toBeLessThanOrEqual(N);
        expect(new Map([...divide(n, reversed(of))].sort())).toEqual(new Map([...given].sort()));
      }),
    );
  });

  test("more than there is cannot be divided", () => {
    expect(() => divide(4, new Map([["a", 3]]))).toThrow(RangeError);
  });
});

test("largest remainders: the textbook example of Hamilton's rule", () => {
  // Balinski & Young, Fair Representation (1982), the census of 1790: 105 seats.
  const states = { VA: 630560, MA: 475327, PA: 432879, NC: 353523, NY: 331589, MD: 278514, CT: 236841, SC: 206236 };
  const others = { NJ: 179570, NH: 141822, VT: 85533, GA: 70835, KY: 68705, RI: 68446, DE: 55540 };
  const given = allocateProportionally(105, new Map(Object.entries({ ...states, ...others })));
  expect(Object.fromEntries(given)).toEqual({
    ...{ VA: 18, MA: 14, PA: 13, NC: 10, NY: 10, MD: 8, CT: 7, SC: 6 },
    ...{ NJ: 5, NH: 4, VT: 2, GA: 2, KY: 2, RI: 2, DE: 2 },
  });
});

test("shares differ from exact proportion by less than one", () => {
  fc.assert(
    fc.property(sizes, fc.nat(400), (of, wanted) => {
      const N = total(of.values());
      const n = Math.min(wanted, N);
      for (const [key, share] of allocateProportionally(n, of)) {
        expect(Math.abs(share - (n * (of.get(key) ?? 0)) / Math.max(1, N))).toBeLessThan(1);
      }
    }),
  );
});

test("ties go to the larger stratum, then to the smaller key", () => {
  expect(
    allocateProportionally(
      1,
      new Map([
        ["b", 2],
        ["a", 2],
      ]),
    ),
  ).toEqual(
    new Map([
      ["b", 0],
      ["a", 1],
    ]),
  );
  expect(allocateEqually(3, new Map(Object.entries({ a: 1, b: 5, c: 5 })))).toEqual(
    new Map(Object.entries({ b: 1, c: 1, a: 1 })),
  );
  expect(allocateEqually(4, new Map(Object.entries({ a: 1, b: 5, c: 9 })))).toEqual(
    new Map(Object.entries({ c: 2, b: 1, a: 1 })),
  );
});

test("minima come first, the rest by size", () => {
  const quota = Quota.parse({
    class: "工业源",
    count: 10,
    spread: { column: "county", rule: "min", min: 2 },
  });
  const allocations = allocateBlock(quota, "b", new Map(Object.entries({ x: 90, y: 8, z: 1 })));
  expect([...allocations].map(([key, { n }]) => [key, n])).toEqual([
    ["x", 7],
    ["y", 2],
    ["z", 1],
  ]);
});

test("what a divided block lacks stands under its own key", () => {
  const quota = Quota.parse({
    class: "工业源",
    count: 10,
    spread: { column: "county", rule: "equal" },
    reserve: "50%",
  });
  const allocations = allocateBlock(quota, "b", new Map(Object.entries({ "b/x": 3, "b/y": 4 })));
  expect(allocations.get("b")).toEqual({ n: 0, reserve: 0, shortfall: 3 });
  expect(allocations.get("b/x")).toEqual({ n: 3, reserve: 0, shortfall: 0 });
  const few = allocateBlock({ ...quota, count: 4 }, "b", new Map(Object.entries({ "b/x": 3, "b/y": 4 })));
  expect(few.get("b/y")).toEqual({ n: 2, reserve: 1, shortfall: 0 });
});

test("a rate keeps within its minimum and maximum", () => {
  const quota = Quota.parse({ class: "工业源", rate: "10%", min: 2, max: 5, by: "county" });
  const allocations = allocateBlock(quota, "b", new Map(Object.entries({ a: 1, b: 7, c: 31, d: 900 })));
  expect([...allocations.values()].map(({ n, shortfall }) => [n, shortfall])).toEqual([
    [1, 1],
    [2, 0],
    [4, 0],
    [5, 0],
  ]);
});
