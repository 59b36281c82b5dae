/** What must hold for every draw. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawStratum } from "../../src/draw/draw.ts";
import { METHODS } from "../../src/draw/manifest.ts";
import { rank, ticketOf } from "../../src/draw/rank.ts";
import { rankBySize } from "../../src/draw/size.ts";
import { seededUniform } from "../../src/draw/uniform.ts";
import { allocate } from "../../src/plan/allocate.ts";
import type { Quota } from "../../src/plan/plan.ts";
import { digest } from "../../src/text/canonical.ts";
import { drawBlock } from "../support/draw.ts";

const seeds = fc.string().map((text) => digest(text));
const units = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 60 })
  .map((ids) => ids.map((id, index) => ({ id, name: `单位${id}`, county: String(440103 + (index % 3)) })));
const quotas = fc.record({
  class: fc.constant("industrial" as const),
  count: fc.integer({ min: 1, max: 40 }),
  reserve: fc.integer({ min: 0, max: 10 }),
}) as fc.Arbitrary<Quota>;

describe.each(METHODS)("method %s", (method) => {
  test("a draw does not depend on the order of the ledger", () => {
    fc.assert(
      fc.property(units, quotas, seeds, fc.infiniteStream(fc.nat()), (frame, quota, seed, keys) => {
        const shuffled = frame
          .map((unit) => ({ unit, key: Number(keys.next().value) }))
          .sort((a, b) => a.key - b.key)
          .map(({ unit }) => unit);
        const draw = (list: typeof frame) => drawBlock("440100/industrial", list, quota, method, seed);
        expect(draw(shuffled)).toEqual(draw(frame));
      }),
    );
  });

  test("no unit is drawn twice, and n + shortfall is what was asked for", () => {
    fc.assert(
      fc.property(units, quotas, seeds, (frame, quota, seed) => {
        const [stratum] = drawBlock("440100/industrial", frame, quota, method, seed);
        const ids = stratum?.units.map(({ id }) => id) ?? [];
        expect(new Set(ids).size).toBe(ids.length);
        expect((stratum?.n ?? 0) + (stratum?.shortfall ?? 0)).toBe(quota.count);
        expect(ids.length).toBe((stratum?.n ?? 0) + (stratum?.reserve ?? 0));
        expect(stratum?.units.map(({ rank: place }) => place)).toEqual(ids.map((_, index) => index + 1));
        for (const id of ids) expect(frame.some((unit) => unit.id === id)).toBe(true);
      }),
    );
  });

  test("drawing more units leaves the first ones as they are", () => {
    fc.assert(
      fc.property(units, seeds, fc.nat(60), fc.nat(60), (frame, seed, a, b) => {
        const ids = frame.map(({ id }) => id);
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        expect(rank(method, ids, many, seed, "s").slice(0, few)).toEqual(
          rank(method, ids, few, seed, "s").slice(0, few),
        );
      }),
    );
  });
});

test("a stratum drawn from its first tickets alone is the one drawn from all its units", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[0-9A-Z]{1,6}$/), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 0, max: 5 }),
      fc.string(),
      (ids, count, reserve, text) => {
        const seed = digest(text);
        const quota: Quota = { class: "industrial", count, reserve };
        const units = ids.map((id) => ({ id, name: id, county: "" }));
        const first = [...units].sort((a, b) => (ticketOf(seed, a.id) < ticketOf(seed, b.id) ? -1 : 1));
        const few = first.slice(0, count + reserve).reverse();
        const allocation = allocate(quota, ids.length);
        expect(drawStratum("440100/industrial", ids.length, few, allocation, { method: "ticket", seed })).toEqual(
          drawBlock("440100/industrial", units, quota, "ticket", seed)[0],
        );
      },
    ),
  );
  const one = { n: 1, reserve: 0, shortfall: 0 };
  expect(() => drawStratum("b", 9, [], one, { method: "ticket", seed: "s" })).toThrow(RangeError);
});

test("a changed unit can only change its own fate (ticket)", () => {
  fc.assert(
    fc.property(units, seeds, fc.nat(), (frame, seed, at) => {
      fc.pre(frame.length > 1);
      const gone = frame[at % frame.length]?.id;
      const order = (list: typeof frame) =>
        rank(
          "ticket",
          list.map(({ id }) => id),
          list.length,
          seed,
          "s",
        ).map(({ id }) => id);
      expect(order(frame.filter(({ id }) => id !== gone))).toEqual(order(frame).filter((id) => id !== gone));
    }),
  );
});

test("the sample of a part of the frame is the sample of the frame, restricted to it (ticket)", () => {
  fc.assert(
    fc.property(units, seeds, fc.nat(60), fc.infiniteStream(fc.boolean()), (frame, seed, take, isKept) => {
      const part = new Set(frame.filter(() => isKept.next().value === true).map(({ id }) => id));
      const ids = frame.map(({ id }) => id);
      const ranked = rank("ticket", ids, ids.length, seed, "440100/industrial");
      const restricted = ranked.filter(({ id }) => part.has(id));
      // By numbers: the first of the part are the first of the frame that lie in it, whatever the part's stratum is called.
      expect(rank("ticket", [...part], take, seed, "440300/industrial")).toEqual(restricted.slice(0, take));
      // By threshold: a unit is in the sample of both or of neither.
      const limit = ranked[take]?.ticket ?? "g";
      const below = (list: readonly { readonly ticket: string | null }[]) =>
        list.filter(({ ticket }) => (ticket ?? "") < limit);
      expect(below(rank("ticket", [...part], part.size, seed, "s"))).toEqual(below(restricted));
    }),
  );
});

test("a draw by size of a part of the frame ranks it as the frame does, where no unit is certain", () => {
  fc.assert(
    fc.property(
      units,
      seeds,
      fc.array(fc.bigInt({ min: 1n, max: 10n ** 12n }), { minLength: 60, maxLength: 60 }),
      (frame, seed, sizes) => {
        const sized = frame.map(({ id }, i) => ({ id, ticket: ticketOf(seed, id), size: sizes[i] ?? 1n }));
        const part = sized.filter((_, i) => i % 3 !== 0);
        const kept = new Set(part.map(({ id }) => id));
        expect(rankBySize(part, 0).ranked).toEqual(rankBySize(sized, 0).ranked.filter(({ id }) => kept.has(id)));
      },
    ),
  );
});

test("the generator is refused a key that is no digest", () => {
  expect(() => seededUniform("20190905")).toThrow(RangeError);
});

test("the generator's numbers lie in range for any k up to 2^32", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, k) => {
      const value = seededUniform(seed)(k);
      expect(Number.isInteger(value) && value >= 0 && value < k).toBe(true);
    }),
  );
});
