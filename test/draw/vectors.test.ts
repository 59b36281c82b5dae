/** The draw against numbers computed by others. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rank, ticketOf } from "../../src/draw/rank.ts";
import { deriveSeed } from "../../src/seed/derive.ts";
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
