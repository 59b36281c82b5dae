/** Sizes of units, for draws in proportion to size, as whole millionths. Pure. */

/** Decimals that count. */
const SCALE = 6;
/** Sizes from here on are refused: beyond 2⁵³ millionths a double is not exact. */
export const SIZE_LIMIT = 9_000_000_000;

/**
 * Reads a size: a plain decimal number above 0. Digits beyond the sixth decimal are cut off.
 * @returns millionths, or undefined for what is no size
 */
export function parseSize(text: string): bigint | undefined {
  const [, whole, fraction = ""] = /^\+?(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const millionths = BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, "0"));
  return millionths > 0n ? millionths : undefined;
}
