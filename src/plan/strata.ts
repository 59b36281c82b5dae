/** Into which stratum a unit falls (draw-spec, "Unit, block, stratum"). Pure. */
import type { Quota } from "./plan.ts";

/**
 * Key of the stratum of a unit: the block, or where the quota draws by county `<block>/<county>`. A slash inside the
 * county is replaced, so that the parts of a key stay apart.
 */
export function stratumKey(block: string, { by }: Quota, county: string): string {
  return by === undefined ? block : `${block}/${county.replaceAll("/", "_")}`;
}

/** Units of one block by stratum. A block without units is one empty stratum. */
export function divide<Unit extends { readonly county: string }>(
  block: string,
  quota: Quota,
  units: readonly Unit[],
): Map<string, Unit[]> {
  const strata = new Map<string, Unit[]>();
  for (const unit of units) {
    const key = stratumKey(block, quota, unit.county);
    const members = strata.get(key);
    if (members === undefined) strata.set(key, [unit]);
    else members.push(unit);
  }
  if (strata.size === 0) strata.set(block, []);
  return strata;
}
