/** Key indicators of each source as they count. Pure. */
import { isNonResponse } from "../records/record.ts";
import type { SourceClass } from "../reference/classes.ts";
import type { Figures } from "./domains.ts";
import type { Survey } from "./survey.ts";
import type { Tally } from "./tally.ts";

/**
 * A source not found or refusing has as many key indicators as the checked sources of its class have on average, or else
 * as its record lists, at least one.
 */
export function figuresOf(
  { places, stratumOf, strata }: Survey,
  tally: Pick<Tally, "outcomes" | "e" | "m" | "applicableKeys">,
): Figures {
  const classOf = (index: number) => strata[stratumOf[index] as number]?.sourceClass as SourceClass;
  const sums = new Map<SourceClass, { m: number; n: number }>();
  const [e, m] = [new Float64Array(places.length), new Float64Array(places.length)];
  const silent = new Uint8Array(places.length);
  const closed = new Uint8Array(places.length);
  for (const [index, place] of places.entries()) {
    const outcome = tally.outcomes[place];
    if (outcome !== undefined && isNonResponse(outcome)) silent[index] = 1;
    if (outcome === "closed") closed[index] = 1;
    e[index] = tally.e[place] as number;
    m[index] = tally.m[place] as number;
    if (m[index] === 0) continue;
    const sum = sums.get(classOf(index)) ?? { m: 0, n: 0 };
    if (sum.n === 0) sums.set(classOf(index), sum);
    sum.m += m[index] as number;
    sum.n++;
  }
  for (const [index, place] of places.entries()) {
    if (silent[index] === 0) continue;
    const sum = sums.get(classOf(index));
    const applicable = sum === undefined ? (tally.applicableKeys[place] as number) : Math.round(sum.m / sum.n);
    m[index] = Math.max(1, applicable);
    e[index] = m[index] as number;
  }
  return { e, m, isNonResponse: silent, isClosed: closed };
}
