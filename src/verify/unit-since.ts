/** What became of a unit after the draw, in words: replaced, came in for another, added by a follow-up. */
import { existsSync } from "node:fs";
import { readCurrentSample } from "../draw/fates.ts";
import type { CurrentSample, Fate } from "../draw/replacement.ts";
import { REASONS } from "../reference/replacement-reasons.ts";
import type { Round } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";

/** A unit's part in the sample as it stands now; undefined where nothing was drawn or the unit was never reached. */
export interface UnitNow {
  readonly fate: Fate;
  /** Whether it is to be inspected. */
  readonly isInSample: boolean;
  readonly lines: readonly Words[];
}

/** @throws what `readCurrentSample` refuses */
export function unitNow(round: Round, id: string): UnitNow | undefined {
  return existsSync(round.paths.manifest) ? nowIn(readCurrentSample(round).sample, id) : undefined;
}

/** The same of a sample. Pure. */
export function nowIn({ strata, followUps }: CurrentSample, id: string): UnitNow | undefined {
  const unit = strata.flatMap(({ units }) => units).find((each) => each.id === id);
  if (unit === undefined) return undefined;
  const lines: Words[] = [];
  const added = followUps.find(({ units }) => units.some((each) => each.id === id));
  if (added !== undefined) {
    lines.push(
      words(
        `其后由补充抽查抽中（日志第 ${added.seq} 行）`,
        `drawn later by a follow-up (line ${added.seq} of the journal)`,
      ),
    );
  }
  if (unit.replaces !== undefined) {
    lines.push(words(`其后递补，替换 ${unit.replaces}`, `came in later for ${unit.replaces}`));
  }
  if (unit.replaced !== undefined) {
    const { reason, by, seq } = unit.replaced;
    const { zh, en } = REASONS[reason].name;
    const successor =
      by === undefined
        ? words("该层已无单位可递补", "its stratum holds no further unit")
        : words(`由 ${by.id} 递补`, `${by.id} came in for it`);
    lines.push(
      words(
        `其后因“${zh}”被替换，${successor.zh}（日志第 ${seq} 行）`,
        `replaced later, for "${en}": ${successor.en} (line ${seq} of the journal)`,
      ),
    );
  }
  if (lines.length > 0) {
    lines.push(
      unit.isInSample ? words("现在须核查", "to be inspected now") : words("现在不须核查", "not to be inspected now"),
    );
  }
  return { fate: unit.fate, isInSample: unit.isInSample, lines };
}
