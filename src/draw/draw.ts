/** The draw: a pure function of frame, plan and seed (draw-spec). */
import { allocate } from "../plan/allocate.ts";
import type { Quota } from "../plan/plan.ts";
import { divide } from "../plan/strata.ts";
import { compareBytes } from "../text/canonical.ts";
import type { DrawnStratum, Method } from "./manifest.ts";
import { rank } from "./rank.ts";

/** What the draw needs to know of a unit. */
export interface DrawableUnit {
  readonly id: string;
  readonly name: string;
  readonly county: string;
}

/**
 * Draws one block: its strata, each with sample and reserves. A block without units is one empty stratum.
 * @param block key `<city code>/<class>`
 * @param units the block's units in any order, exclusions of the plan taken off
 * @param seed 64 hex digits
 * @returns strata sorted by key in byte order
 */
export function drawBlock(
  block: string,
  units: readonly DrawableUnit[],
  quota: Quota,
  method: Method,
  seed: string,
): DrawnStratum[] {
  return [...divide(block, quota, units)]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([key, members]) => drawStratum(key, members.length, members, quota, method, seed));
}

/**
 * Draws one stratum.
 * @param N how many units the stratum holds
 * @param units all of them; under method `ticket` those first by ticket are enough, if they are as many as are drawn
 */
export function drawStratum(
  key: string,
  N: number,
  units: readonly DrawableUnit[],
  quota: Quota,
  method: Method,
  seed: string,
): DrawnStratum {
  const { n, reserve, shortfall } = allocate(quota, N);
  if (units.length < n + reserve) throw new RangeError(`${key}: ${units.length} units to draw ${n + reserve} from`);
  const names = new Map(units.map(({ id, name }) => [id, name]));
  const ranked = rank(method, [...names.keys()], n + reserve, seed, key);
  return {
    key,
    N,
    n,
    reserve,
    shortfall,
    units: ranked.map(({ id, ticket }, index) => ({
      id,
      name: names.get(id) ?? "",
      rank: index + 1,
      role: index < n ? "primary" : "reserve",
      ticket,
      inclusionProbability: n / N,
    })),
  };
}
