/** The draw against numbers computed by others. */
import { readFileSync } from "node:fs";
import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { rank, ticketOf } from "../../src/draw/rank.ts";
import { seededUniform } from "../../src/draw/uniform.ts";
import { deriveSeed } from "../../src/seed/derive.ts";
import { digest } from "../../src/text/canonical.ts";
import { hasSharedData, sharedData, sharedDataNote } from "../support/shared-data.ts";

interface VectorCase {
  readonly roundId: string;
  readonly contributions: readonly { readonly by: string; readonly value: string }[];
  readonly seed: string;
  readonly stratum: string;
  readonly ids: readonly string[];
  readonly take: number;
  readonly ticket: readonly { readonly id: string; readonly ticket: string }[];
  readonly seedrandom: readonly string[];
}

describe.skipIf(!hasSharedData)(`draw-vectors.json${sharedDataNote}`, () => {
  const { cases } = hasSharedData
    ? (JSON.parse(readFileSync(sharedData("draw-vectors.json"), "utf8")) as { cases: VectorCase[] })
    : { cases: [] };
  test.each(cases)(
    "round $roundId: seed and both methods",
    ({ roundId, contributions, seed, stratum, ids, take, ticket, seedrandom }) => {
      expect(deriveSeed(roundId, contributions)).toBe(seed);
      expect(rank("ticket", ids, take, seed, stratum)).toEqual(ticket);
      expect(rank("seedrandom", ids, take, seed, stratum).map(({ id }) => id)).toEqual(seedrandom);
    },
  );
});

test("the seed of the specification's example", () => {
  const seed = deriveSeed("R1", [{ by: "seed", value: "20190905" }]);
  expect(seed).toBe("e25783eb8a3515d6c54d7c7a5255bf02483d0002d336a75b0c21ab63c41cff68");
  expect(ticketOf(seed, "A017")).toBe("104567b5e566c23b4cfc111e06b10f079cec1b1887a3cc9c39701ece27011cd2");
});

describe("npm seedrandom", () => {
  test("gives the numbers that its author published (README of 3.0.5, test/nodetest.js)", () => {
    const generator = seedrandom("hello.");
    expect(generator()).toBe(0.9282578795792454);
    expect(generator()).toBe(0.3752569768646784);
    expect(generator.quick()).toBe(0.7316977467853576);
    expect(generator.int32()).toBe(1966374204);
    const fresh = seedrandom("hello.");
    // README of 2.4.4: the two calls after the first number.
    fresh();
    expect(fresh.quick()).toBe(0.3752569768112153);
    expect(fresh.int32()).toBe(986220731);
    // README of 2.3, node.js.
    expect(seedrandom("predictable.")()).toBe(0.6646563869134212);
  });

  test("is ARC4 without its first 256 bytes, four bytes to a number, as written anew from the cipher's description", () => {
    for (const key of [digest(""), digest("抽签"), "hello."]) {
      const bytes = arc4(key);
      const words = Array.from({ length: 40 }, () => [0, 0, 0, 0].reduce((word) => word * 256 + bytes(), 0));
      const generator = seedrandom(key);
      expect(Array.from({ length: 40 }, () => generator.int32() >>> 0)).toEqual(words);
    }
  });

  test("keeps the low 8 bits of a character only, wherefore keys are digests", () => {
    expect(seedrandom("一")()).toBe(seedrandom("伀")());
    expect(() => seededUniform("一")).toThrow(RangeError);
  });
});

/** ARC4's key schedule and byte generator; the first 256 bytes are dropped, as seedrandom does (RFC 4345, section 3). */
function arc4(key: string): () => number {
  const state = Array.from({ length: 256 }, (_, i) => i);
  const swap = (i: number, j: number) => {
    [state[i], state[j]] = [state[j] ?? 0, state[i] ?? 0];
  };
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + (state[i] ?? 0) + key.charCodeAt(i % key.length)) & 255;
    swap(i, j);
  }
  let i = 0;
  j = 0;
  const next = () => {
    i = (i + 1) & 255;
    j = (j + (state[i] ?? 0)) & 255;
    swap(i, j);
    return state[((state[i] ?? 0) + (state[j] ?? 0)) & 255] ?? 0;
  };
  for (let k = 0; k < 256; k++) next();
  return next;
}
