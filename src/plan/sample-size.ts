/** How many units a sample needs, and how likely samples are to accept: planning by exact distributions. Pure. */
import { hypergeometricTails, sampleSize } from "../statistics/hypergeometric.ts";
import { floorOfShare } from "./share.ts";

/** What an inspection is to show. */
export interface Demand {
  /** Share of units in error that may be tolerated, an exact decimal such as `0.02`. */
  readonly limit: string;
  /** Chance that a population beyond the limit is not accepted, such as 0.95. */
  readonly confidence: number;
  /** How many units in error the sample may hold and still be accepted. */
  readonly allowed: number;
}

/**
 * Smallest sample that meets a demand on a population of N units.
 * @returns undefined where not even the whole population would do
 */
export function neededSample(N: number, { limit, confidence, allowed }: Demand): number | undefined {
  return sampleSize(N, floorOfShare(limit, N), allowed, confidence);
}

/** A point of an operating characteristic (Dodge & Romig 1929): the true number of units in error, its share, the chance to accept. */
export interface Acceptance {
  readonly count: number;
  readonly rate: number;
  readonly chance: number;
}

/**
 * Operating characteristic of a sample of n of N that is accepted with at most `allowed` units in error.
 * @param rates shares of units in error, exact decimals; each is taken as ⌊rate·N⌋ units
 */
export function operatingCharacteristic(
  N: number,
  n: number,
  allowed: number,
  rates: readonly string[],
): readonly Acceptance[] {
  return rates.map((share) => {
    const count = floorOfShare(share, N);
    return { count, rate: count / N, chance: hypergeometricTails(allowed, N, count, n).atMost };
  });
}

/** Rates from 0 to five times the limit in forty steps (at most 100%), as exact decimals. */
export function ratesAround(limit: string): string[] {
  const digits = (limit.split(".")[1] ?? "").length;
  const units = BigInt(limit.replace(".", ""));
  const scale = 10n ** BigInt(digits) * 8n;
  const rates = Array.from({ length: 41 }, (_, step) => units * BigInt(step)).filter((rate) => rate <= scale);
  return rates.map((rate) => exactDecimal(rate * 125n, digits + 3));
}

function exactDecimal(value: bigint, decimals: number): string {
  const text = String(value).padStart(decimals + 1, "0");
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`.replace(/\.?0+$/, "");
}
