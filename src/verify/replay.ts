/** Redoes published draws of others, so that a sceptic sees our arithmetic agree with history. Pure. */
import { createHash } from "node:crypto";
import { digest } from "../text/canonical.ts";

/** One step of a draw, as it is shown to a reader. */
export interface ReplayStep {
  /** What was hashed, as text. */
  readonly from: string;
  /** Its digest in hexadecimal. */
  readonly hash: string;
  /** What the digest chose. */
  readonly chosen: string;
}

/**
 * RFC 3797 (Eastlake 2004), section 4: MD5 of index, key and index again, each index as two bytes with the high one
 * first, modulo the number that are left; the chosen one is crossed out.
 * @param key the canonical key string of the random sources, such as `9319./2.5.8.10.12./`
 * @param pool number of members of the pool, at most 65,535
 * @param take how many are selected
 */
export function replayRfc3797(key: string, pool: number, take: number): ReplayStep[] {
  const left = Array.from({ length: pool }, (_, index) => index + 1);
  return Array.from({ length: Math.min(take, pool) }, (_, index) => {
    const mark = Buffer.from([index >> 8, index & 0xff]);
    const hash = createHash("md5").update(mark).update(key, "latin1").update(mark).digest("hex");
    const place = Number(BigInt(`0x${hash}`) % BigInt(left.length));
    const [chosen = 0] = left.splice(place, 1);
    return { from: `${mark.toString("hex")} ${key} ${mark.toString("hex")}`, hash, chosen: String(chosen) };
  });
}

/**
 * Colorado's risk-limiting audits (Secretary of State of Colorado, after Stark's audit tools and Rivest's sampler): for
 * i = 1, 2, … the number SHA-256(`seed,i`) mod N, plus the least; a number that came before is passed over.
 * @param range least and greatest number, both drawn from
 */
export function replayColorado(seed: string, range: readonly [number, number], take: number): ReplayStep[] {
  const [least, greatest] = range;
  const size = greatest - least + 1;
  const steps: ReplayStep[] = [];
  const seen = new Set<number>();
  for (let i = 1; steps.length < Math.min(take, size); i++) {
    const from = `${seed},${i}`;
    const hash = digest(from);
    const chosen = least + Number(BigInt(`0x${hash}`) % BigInt(size));
    if (seen.has(chosen)) continue;
    seen.add(chosen);
    steps.push({ from, hash, chosen: String(chosen) });
  }
  return steps;
}

/**
 * Rivest's consistent sampler (consistent_sampler, 2018), without replacement, as Arlo uses it: an id's ticket is 0.
 * followed by the decimal digits of SHA-256(hex digest of the seed ‖ id), the last digit first; the smallest come first.
 * @returns ids with their tickets in the order drawn
 */
export function replayConsistentSampler(seed: string, ids: readonly string[]): ReplayStep[] {
  const seedHash = digest(seed);
  return ids
    .map((id) => {
      const from = `${seedHash}${id}`;
      const hash = digest(from);
      const digits = String(BigInt(`0x${hash}`)).padStart(64, "0");
      return { id, from, hash, ticket: `0.${[...digits].reverse().join("")}` };
    })
    .sort((a, b) => (a.ticket < b.ticket ? -1 : 1))
    .map(({ id, from, hash, ticket }) => ({ from, hash, chosen: `${id} ${ticket}` }));
}
