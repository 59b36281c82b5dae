/** Unbiased whole numbers from npm seedrandom (ARC4), for the method `seedrandom` and every other seeded choice. */
import seedrandom from "seedrandom";

const RANGE = 2 ** 32;

/**
 * A generator of whole numbers, uniform on 0 … k−1 for each call with k, 1 ≤ k ≤ 2³², by rejection (draw-spec).
 * @param key 64 hex digits. seedrandom keeps only the low 8 bits of each UTF-16 unit, so text must be hashed first.
 * @throws RangeError for a key that is no digest or a k out of range
 */
export function seededUniform(key: string): (k: number) => number {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new RangeError("the key of a seeded generator must be a SHA-256 digest");
  const generator = seedrandom(key);
  return (k) => {
    if (!Number.isInteger(k) || k < 1 || k > RANGE) throw new RangeError(`cannot choose from ${k} things`);
    const limit = RANGE - (RANGE % k);
    for (;;) {
      const word = generator.int32() >>> 0;
      if (word < limit) return word % k;
    }
  };
}
