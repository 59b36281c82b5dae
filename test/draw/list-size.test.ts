/** Samples too long for their list. */
import { expect, test } from "vitest";
import { refuseTooLong } from "../../src/draw/list-size.ts";
import { ChouqianError } from "../../src/text/errors.ts";

const GIGABYTE = 2 ** 30;

function refusal(units: number, heap: number): ChouqianError | undefined {
  try {
    refuseTooLong(units, heap);
    return undefined;
  } catch (error) {
    if (error instanceof ChouqianError) return error;
    throw error;
  }
}

test("every source of a province is refused where memory does not suffice, and drawn where the advice is followed", () => {
  const refused = refusal(600_000, 4 * GIGABYTE);
  expect(refused?.code).toBe("E-DRAW-TOO-LONG");
  const megabytes = Number(/--max-old-space-size=(\d+)/.exec(refused?.advice?.zh ?? "")?.[1]);
  expect(refusal(600_000, megabytes * 2 ** 20)).toBeUndefined();
});

test("a round's sample goes through, and more than a sheet holds never does", () => {
  expect(refusal(100_000, 4 * GIGABYTE)).toBeUndefined();
  expect(refusal(1_048_576, 1024 * GIGABYTE)?.code).toBe("E-DRAW-TOO-LONG");
});
