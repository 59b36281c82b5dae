/** Forms that are to be made again: of a sample that has changed since, without the teams, or by other templates. */
import { blockOfStratum } from "../draw/manifest.ts";
import { divisionName, findCity } from "../reference/divisions.ts";
import type { JournalEntry } from "../round/journal.ts";
import { isAboutSample } from "../round/outdated.ts";
import type { Round } from "../round/round.ts";
import { compareBytes } from "../text/canonical.ts";
import { type MadeForms, madeForms } from "./made-forms.ts";
import { classesDrawn, madeByOthers } from "./other-templates.ts";
import type { Division } from "./parts.ts";

/** Why forms are to be made again, the gravest first: a city is named for one alone. */
export const STALE_REASONS = ["sample", "assignment", "templates"] as const;
export type StaleReason = (typeof STALE_REASONS)[number];

/** Forms of a division that are to be made again for one reason. */
export interface StaleForms {
  readonly why: StaleReason;
  readonly division: Division;
  /** Whether they are divided once more below those that follow-ups added. */
  readonly isBeside: boolean;
  /** Names of the cities; none where parts hold sources of several. */
  readonly cities: readonly string[];
  /** Whether these are all cities drawn. */
  readonly isWhole: boolean;
}

/**
 * Forms that were right when they were made and are to be made again. A city's part of a division is as old as its oldest
 * folder, so that those of units no longer in the sample tell it too.
 * @param entries lines of the journal that stand
 */
export async function staleForms(round: Round, entries: readonly JournalEntry[]): Promise<StaleForms[]> {
  const made = madeForms(round, entries);
  if (made.length === 0) return [];
  const drawn = classesDrawn(round);
  const isByOthers = await madeByOthers(round, made, drawn);
  const changed = changesOf(entries);
  const assigned = entries.findLast(({ event }) => event === "assigned")?.seq ?? 0;
  const reasonOf = (forms: MadeForms): StaleReason | undefined => {
    const { seq, city } = forms;
    if (changed.some((change) => change.seq > seq && (city === undefined || change.cities.includes(city)))) {
      return "sample";
    }
    if (assigned > seq) return "assignment";
    return isByOthers(forms) ? "templates" : undefined;
  };
  const reasons = new Map<string, { readonly place: MadeForms; readonly found: Set<StaleReason> }>();
  for (const place of made) {
    const why = reasonOf(place);
    if (why === undefined) continue;
    const key = JSON.stringify([place.isBeside, place.division, place.city]);
    const { found } = reasons.get(key) ?? { found: new Set<StaleReason>() };
    reasons.set(key, { place, found: found.add(why) });
  }
  const stale = new Map<string, StaleForms>();
  for (const { place, found } of reasons.values()) {
    const why = STALE_REASONS.find((each) => found.has(each)) as StaleReason;
    const { division, isBeside, city } = place;
    const key = JSON.stringify([isBeside, division, why]);
    const cities = [...(stale.get(key)?.cities ?? []), ...(city === undefined ? [] : [city])].sort(byCode);
    const isWhole = cities.length === 0 || cities.length === drawn?.size;
    stale.set(key, { why, division, isBeside, cities, isWhole });
  }
  const order = ["city", "county", "team", "unit", "followUp"];
  const rank = ({ why, division, isBeside }: StaleForms) =>
    Number(isBeside) * 100 + order.indexOf(division) * 10 + STALE_REASONS.indexOf(why);
  return [...stale.values()].sort((a, b) => rank(a) - rank(b));
}

function byCode(a: string, b: string): number {
  return compareBytes(findCity(a) ?? "", findCity(b) ?? "");
}

/** Lines that changed which units are to be inspected, with the names of the cities concerned. */
function changesOf(entries: readonly JournalEntry[]): { readonly seq: number; readonly cities: readonly string[] }[] {
  return entries
    .filter(({ event }) => isAboutSample(event))
    .map(({ seq, about: { stratum, strata } }) => {
      const each = Array.isArray(strata) ? (strata as unknown as readonly { readonly stratum: string }[]) : [];
      const keys = typeof stratum === "string" ? [stratum] : each.map((one) => one.stratum);
      return { seq, cities: keys.map((key) => divisionName(blockOfStratum(key).city)) };
    });
}
