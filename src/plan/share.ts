/** Shares as exact decimals: `5%`, `0.05` and `.05` are the same text `0.05`. Pure. */
import { canonicalCode } from "../text/canonical.ts";

/**
 * Parses a share greater than 0 and at most 1 into a plain decimal without superfluous zeros.
 * @returns such as `0.05` for `5%`, `0.050` or `5.0 %`; undefined for anything else
 */
export function parseShare(share: string): string | undefined {
  const match = /^(\d*)(?:\.(\d*))?\s*(%?)$/.exec(canonicalCode(share));
  if (match === null) return undefined;
  const [, whole = "", fraction = "", percent] = match;
  if (whole + fraction === "") return undefined;
  const digits = (percent === "%" ? whole.padStart(3, "0") : whole.padStart(1, "0")) + fraction;
  const point = digits.length - fraction.length - (percent === "%" ? 2 : 0);
  const decimal = `${digits.slice(0, point).replace(/^0+(?=\d)/, "")}.${digits.slice(point)}`
    .replace(/0+$/, "")
    .replace(/\.$/, "");
  return Number(decimal) > 0 && Number(decimal) <= 1 && /^(0\.\d+|1)$/.test(decimal) ? decimal : undefined;
}

/** ⌈share·N⌉ in whole-number arithmetic: in floating point ⌈0.07·100⌉ would be 8. */
export function ceilOfShare(share: string, N: number): number {
  const { numerator, denominator } = fraction(share);
  return Number((numerator * BigInt(N) + denominator - 1n) / denominator);
}

/** ⌊share·N⌋ in whole-number arithmetic. */
export function floorOfShare(share: string, N: number): number {
  const { numerator, denominator } = fraction(share);
  return Number((numerator * BigInt(N)) / denominator);
}

/** Writes an exact decimal share as a percentage: `0.05` → `5%`. */
export function percentOfShare(share: string): string {
  const [whole = "0", fraction = ""] = share.split(".");
  const padded = fraction.padEnd(2, "0");
  const number = `${whole}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  return `${number}${padded.length > 2 ? `.${padded.slice(2)}` : ""}%`;
}

function fraction(share: string): { numerator: bigint; denominator: bigint } {
  const [whole = "0", decimals = ""] = share.split(".");
  return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(decimals.length) };
}
