/** Strata as people read them: their order and their names. Pure. */

import { TAKE_ALL } from "../plan/strata.ts";
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName, isDivision } from "../reference/divisions.ts";
import { blockOfStratum, type DrawnStratum } from "./manifest.ts";

/** Strata in the order in which people read them: by city code, then by the order of the classes. */
export function strataForPeople(strata: readonly DrawnStratum[]): DrawnStratum[] {
  const place = ({ key }: DrawnStratum) => {
    const { city, sourceClass } = blockOfStratum(key);
    return `${city}${SOURCE_CLASSES.indexOf(sourceClass)}`;
  };
  return [...strata].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

/** A stratum's name for people: the county, or 全市, or a word for units without a county. */
export function stratumName(key: string): string {
  const { part } = blockOfStratum(key);
  return part === undefined ? "全市" : part.split("/").map(partName).join(" ");
}

/** A part of a key: one that the plan makes, a division, or a value of the ledger. */
function partName(part: string): string {
  if (part === TAKE_ALL) return "必查";
  if (part.startsWith("+")) return part.slice(1);
  return part === "" ? "未填" : divisionName(part);
}

/** A stratum in words: `汕头市工业源`, `汕头市龙湖区工业源`, `汕头市（未填县区）工业源`. */
export function stratumInWords(key: string): string {
  const { city, sourceClass, part } = blockOfStratum(key);
  const within = part === undefined ? "" : isDivision(part) ? stratumName(key) : `（${stratumName(key)}）`;
  return `${divisionName(city)}${within}${CLASS_NAMES[sourceClass].zh}`;
}
