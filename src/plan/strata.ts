/** Into which stratum a unit falls (draw-spec, "Unit, block, stratum"). Pure. */
import type { Quota } from "./quota.ts";

/** Marks the parts of a key that a plan makes itself; a value of the ledger cannot begin with it there. */
const PLAN_MARK = "+";
/** Last part of the key of a stratum of units that are taken for certain. */
export const TAKE_ALL = `${PLAN_MARK}take-all`;

/** Key of a quota's population: the block, or `<block>/+<population>` where a class has several. */
export function populationKey(block: string, { population }: Quota): string {
  return population === undefined ? block : `${block}/${PLAN_MARK}${population.replaceAll("/", "_")}`;
}

/** The column, by its name in the frame, and the part of its value that divides a quota's units into strata. */
export interface Divider {
  readonly column: string;
  /** Only the first so many characters count. */
  readonly digits?: number | undefined;
}

/**
 * Key of the stratum of a unit: the population, or divided `<population>/<value>`. A slash inside the value is replaced,
 * so that the parts of a key stay apart.
 */
export function stratumKey(population: string, divider: Divider | undefined, value: string): string {
  return divider === undefined ? population : `${population}/${partOf(divider, value)}`;
}

/** A value of a dividing column as a part of a key. */
export function partOf({ digits }: Divider, value: string): string {
  const part = digits === undefined ? value : [...value].slice(0, digits).join("");
  return part.replaceAll("/", "_").replace(/^\+/, "_");
}

/** Units of one population by stratum. A population without units is one empty stratum. */
export function divide<Unit extends { readonly [column: string]: string }>(
  population: string,
  divider: Divider | undefined,
  units: readonly Unit[],
): Map<string, Unit[]> {
  const strata = new Map<string, Unit[]>();
  for (const unit of units) {
    const key = stratumKey(population, divider, divider === undefined ? "" : (unit[divider.column] ?? ""));
    const members = strata.get(key);
    if (members === undefined) strata.set(key, [unit]);
    else members.push(unit);
  }
  if (strata.size === 0) strata.set(population, []);
  return strata;
}
