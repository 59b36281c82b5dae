/** What makes two checks of a census area checks of one area, and which counts of it cannot be. Pure. */
import { findCounty } from "../reference/divisions.ts";
import { foldWidth } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import type { AreaCheck } from "./record.ts";

export const AREA_COUNTS = ["listed", "found", "omitted", "duplicates"] as const;
export type AreaCount = (typeof AREA_COUNTS)[number];
export const COUNT_NAMES: Readonly<Record<AreaCount, string>> = {
  listed: "名录登记数",
  found: "走访发现合计",
  omitted: "未入名录数",
  duplicates: "名录重复的记录数",
};

/** The code that an area's name begins with; undefined where it has a name alone. */
export function areaCode(area: string): string | undefined {
  return /^\d{9,}/.exec(foldWidth(area).replace(/\s/g, ""))?.[0];
}

/** Equal where two checks are of one area: its code, else its name within the county. Team and counts are not part of it. */
export function areaKey({ city, county, area }: Pick<AreaCheck, "city" | "county" | "area">): string {
  const code = areaCode(area);
  if (code !== undefined) return code;
  const name = foldWidth(area).replace(/\s/g, "").toUpperCase();
  return `${city}/${findCounty(city, county) ?? county}/${name}`;
}

/**
 * Counts that no visit can give. Of the sources found those that are not omitted stand in the frame, where each of them
 * stands once but for the duplicates; a duplicate is one beyond the first.
 */
export function impossibleIn(
  counts: Pick<AreaCheck, AreaCount>,
): { readonly part: AreaCount; readonly message: Words }[] {
  const { listed, found, omitted, duplicates } = counts;
  const faults: { readonly part: AreaCount; readonly message: Words }[] = [];
  if (omitted > found) {
    const [zh, en] = [`${COUNT_NAMES.omitted}多于${COUNT_NAMES.found}`, "more are omitted than were found"];
    faults.push({ part: "omitted", message: words(zh, en) });
  }
  if (duplicates > 0 && duplicates >= listed) {
    const zh = `${COUNT_NAMES.duplicates}应少于${COUNT_NAMES.listed}`;
    faults.push({ part: "duplicates", message: words(zh, "not fewer are duplicates than are listed") });
  }
  const [known, once] = [found - omitted, listed - duplicates];
  if (faults.length > 0 || known <= once) return faults;
  const zh = `走访发现的有 ${known} 家在名录里，名录里不重复的只有 ${once} 家`;
  return [{ part: "found", message: words(zh, `${known} of those found are listed; the frame has ${once} of them`) }];
}
