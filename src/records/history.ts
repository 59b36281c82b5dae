/** What the journal tells of records that are not those that came in first, were taken back or were settled. Pure. */
import type { JournalEntry } from "../round/journal.ts";
import { dayOf, type OnRecord, takeLine, unitsNamed } from "../round/recorded.ts";
import { areaKey } from "./area-counts.ts";
import type { AreaCheck } from "./record.ts";
import { type Revision, revisionsIn } from "./revisions.ts";

/** A record that was taken back and did not come in again. */
export interface TakenBack {
  readonly unit: string;
  /** Whether it is a second entry. */
  readonly isSecond: boolean;
  /** Days of the import and of the taking back, such as `2019-10-08`. */
  readonly imported: string;
  readonly dropped: string;
  readonly reason: string;
}

/** Which record settles a source that was entered twice. */
export type SettledBy = "first" | "second" | "third";

export interface RecordHistory {
  readonly revisions: readonly Revision[];
  /** In byte order of the units, the first entry before the second. */
  readonly takenBack: readonly TakenBack[];
  /** Census areas whose check was taken back and did not come in again. */
  readonly droppedAreas: number;
  /** By unit, what settled it last. */
  readonly settled: ReadonlyMap<string, SettledBy>;
}

/**
 * @param entries those that stand
 * @param areas the checks of census areas that stand
 */
export function historyIn(entries: readonly JournalEntry[], areas: readonly AreaCheck[]): RecordHistory {
  const settlements = entries.filter(({ event }) => event === "records.settled");
  const standing = new Set(areas.map(areaKey));
  const dropped = entries.flatMap(({ event, about: { area, city, county } }) =>
    event === "records.dropped" && area !== undefined
      ? [areaKey({ area: String(area), city: String(city), county: String(county) })]
      : [],
  );
  return {
    revisions: revisionsIn(entries),
    takenBack: takenBackIn(entries),
    droppedAreas: new Set(dropped.filter((key) => !standing.has(key))).size,
    settled: new Map(settlements.map(({ about }) => [String(about.unit), String(about.use) as SettledBy])),
  };
}

function takenBackIn(entries: readonly JournalEntry[]): TakenBack[] {
  const [firsts, seconds] = [new Map<string, OnRecord>(), new Map<string, OnRecord>()];
  for (const entry of entries) {
    const { event, about } = entry;
    if (event === "records.imported") {
      const asked = about.asked as { readonly second?: boolean } | undefined;
      takeLine(asked?.second === true ? seconds : firsts, entry);
    }
    if (event !== "records.dropped" || about.unit === undefined) continue;
    const unit = String(about.unit);
    // Where the line names no unit that has no record left, the first entry stayed.
    for (const entered of unitsNamed(entry).includes(unit) ? [firsts, seconds] : [seconds]) {
      takeLine(entered, entry, [unit]);
    }
  }
  const listed = [firsts, seconds].flatMap((entered, i) =>
    [...entered].flatMap(([unit, { imported, dropped }]): TakenBack[] => {
      if (dropped === undefined) return [];
      const reason = String(dropped.about.reason ?? "");
      return [{ unit, isSecond: i === 1, imported: dayOf(imported), dropped: dayOf(dropped), reason }];
    }),
  );
  return listed.sort((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : Number(a.isSecond) - Number(b.isSecond)));
}
