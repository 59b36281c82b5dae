/**
 * Follow-up draws as the journal tells of them: further units of a stratum, the next of its ranking, that join the sample.
 * Nobody chooses them: after the first stage and its replacements the ranking goes on, as a longer draw would have it. Pure.
 */
import type { JournalEntry } from "../round/journal.ts";
import type { JsonValue } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import { blockOfStratum, type DrawnStratum, type DrawnUnit } from "./manifest.ts";

/** What one follow-up draw adds to one stratum. */
export interface FollowUp {
  readonly stratum: string;
  /** In the order of rank. */
  readonly units: readonly DrawnUnit[];
  readonly time: string;
  /** Line of the journal. */
  readonly seq: number;
}

/** What the journal's `about.strata` holds of a stratum. */
export interface FollowUpRecord {
  readonly stratum: string;
  /** Ids of all that join, in the order of rank. */
  readonly units: readonly string[];
  /** Of these, those that come after the reserves of the manifest: the manifest does not know them. */
  readonly extended: readonly DrawnUnit[];
}

/** Follow-ups of a city: each is another look, and the chance of error is shared out over so many. */
export const MOST_FOLLOW_UPS = 2;

/** Lines of the journal by which a city was followed up. */
export function followUpsOf(city: string, followUps: readonly FollowUp[]): number[] {
  const own = followUps.filter(({ stratum, units }) => units.length > 0 && blockOfStratum(stratum).city === city);
  return [...new Set(own.map(({ seq }) => seq))];
}

/** Units that follow-up draws added to a stratum. */
export function furtherIn(key: string, followUps: readonly FollowUp[]): DrawnUnit[] {
  return followUps.filter(({ stratum }) => stratum === key).flatMap(({ units }) => units);
}

/** Whether a stratum can be drawn on: each unit with the same chance, and not all of them taken for certain. */
export function canFollow({ sizeTotal, units }: Pick<DrawnStratum, "sizeTotal" | "units">): boolean {
  return sizeTotal === undefined && units.every(({ role }) => role !== "certainty");
}

/**
 * Reads one `followup.drawn`.
 * @param before the follow-ups before it
 * @param usedIn units of a stratum's ranking in use beyond its sample before this draw
 * @returns what broke the rules as `what`
 */
export function readFollowUp(
  { about, time, seq }: JournalEntry,
  strata: ReadonlyMap<string, DrawnStratum>,
  before: readonly FollowUp[],
  usedIn: (key: string) => number,
): { readonly followUps: readonly FollowUp[] } | { readonly what: Words } {
  const followUps: FollowUp[] = [];
  for (const { stratum: key, units: ids, extended } of recordsIn(about.strata)) {
    const stratum = strata.get(key);
    if (stratum === undefined || !canFollow(stratum) || followUps.some((each) => each.stratum === key)) {
      return { what: words(`层 ${key} 不能补充抽查`, `no follow-up can be drawn in stratum ${key}`) };
    }
    const { city } = blockOfStratum(key);
    if (followUpsOf(city, before).length === MOST_FOLLOW_UPS) {
      return {
        what: words(`${city} 已补充抽查 ${MOST_FOLLOW_UPS} 次`, `${city} has had ${MOST_FOLLOW_UPS} follow-ups`),
      };
    }
    const first = stratum.n + usedIn(key) + 1;
    const beyond = new Map(extended.map((unit) => [unit.rank, unit]));
    const units = ids.flatMap((_, i) => stratum.units[first - 1 + i] ?? beyond.get(first + i) ?? []);
    const wrong = ids.findIndex((id, i) => units[i]?.id !== id);
    if (wrong >= 0 || first - 1 + ids.length > stratum.N) {
      const rank = first + Math.max(0, wrong);
      return {
        what: words(
          `补充抽查 ${key} 第 ${rank} 位应为 ${units[wrong]?.id ?? "（无）"}，记录的是 ${ids[wrong] ?? "（无）"}`,
          `rank ${rank} of ${key} is ${units[wrong]?.id ?? "(none)"}, the follow-up has ${ids[wrong] ?? "(none)"}`,
        ),
      };
    }
    followUps.push({ stratum: key, units, time, seq });
  }
  return { followUps };
}

function recordsIn(value: JsonValue | undefined): readonly FollowUpRecord[] {
  return Array.isArray(value) ? (value as unknown as readonly FollowUpRecord[]) : [];
}
