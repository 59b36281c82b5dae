/** What became of the sample of each city and class: drawn, checked, replaced, not done. Pure. */
import { blockOfStratum } from "../draw/manifest.ts";
import type { EvaluationInput } from "./evaluate.ts";
import type { BlockCounts } from "./evaluation.ts";
import { strataToInspect } from "./survey.ts";

/** In the order of city and class; a block that nothing was drawn of has no row. */
export function blockCounts({
  manifest,
  sample,
  tally,
}: Pick<EvaluationInput, "manifest" | "sample" | "tally">): BlockCounts[] {
  const blocks = new Map<string, { -readonly [key in keyof BlockCounts]: BlockCounts[key] }>();
  const blockOf = (stratum: string) => {
    const { city, sourceClass } = blockOfStratum(stratum);
    const key = `${city}/${sourceClass}`;
    const known = blocks.get(key);
    if (known !== undefined) return known;
    const none = { sample: 0, checked: 0, notFound: 0, refused: 0, closed: 0, outstanding: 0, replaced: 0 };
    const made = { city, sourceClass, ...none };
    blocks.set(key, made);
    return made;
  };
  for (const { key } of manifest.strata.filter(({ n }) => n > 0)) blockOf(key);
  for (const { stratum, from, units } of strataToInspect(sample)) {
    if (units.length === 0) continue;
    const block = blockOf(stratum.key);
    block.sample += units.length;
    for (let place = from; place < from + units.length; place++) block[tally.outcomes[place] ?? "outstanding"]++;
  }
  for (const { stratum } of sample.replacements) blockOf(stratum).replaced++;
  return [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, block]) => block);
}
