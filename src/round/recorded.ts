/** Which units have a record, or had one, by the journal alone. Pure. */
import type { JournalEntry } from "./journal.ts";

/** A unit's record: the line that brought it in, and the one that took it back where it did not come in again. */
export interface OnRecord {
  readonly imported: JournalEntry;
  readonly dropped: JournalEntry | undefined;
}

/** Units that have or had a record by these lines. */
export function everRecorded(entries: readonly JournalEntry[]): ReadonlyMap<string, OnRecord> {
  const recorded = new Map<string, OnRecord>();
  for (const entry of entries) {
    const { event, about } = entry;
    for (const unit of Array.isArray(about.units) ? about.units.map(String) : []) {
      const before = recorded.get(unit);
      const stands = before !== undefined && before.dropped === undefined;
      if (event === "records.imported" && !stands) recorded.set(unit, { imported: entry, dropped: undefined });
      if (event === "records.dropped" && stands) recorded.set(unit, { ...before, dropped: entry });
    }
  }
  return recorded;
}

/** Units that have a record by these lines. */
export function recordedUnits(entries: readonly JournalEntry[]): ReadonlySet<string> {
  const recorded = [...everRecorded(entries)];
  return new Set(recorded.flatMap(([unit, { dropped }]) => (dropped === undefined ? [unit] : [])));
}

/** The record that a unit had when it left the sample, whether it stood or had been taken back. */
export interface Recorded {
  /** Day of the import, such as `2019-10-08`, and its line of the journal. */
  readonly day: string;
  readonly seq: number;
  /** Where it had been taken back: the day, the line and the reason of that. */
  readonly dropped?: { readonly day: string; readonly seq: number; readonly reason: string };
  /** Why the unit left all the same; empty where that was not told. */
  readonly why: string;
}

/**
 * The record that a unit has or had by the lines of its own draw.
 * @param why the unit leaves the sample all the same
 */
export function recordedBefore(
  entries: readonly JournalEntry[],
  ownDigest: string,
  unit: string,
  why: string,
): Recorded | undefined {
  const own = entries.filter(({ event, about }) => event !== "records.imported" || about.manifestDigest === ownDigest);
  const record = everRecorded(own).get(unit);
  if (record === undefined) return undefined;
  const { imported, dropped } = record;
  const found = { day: dayOf(imported), seq: imported.seq, why };
  if (dropped === undefined) return found;
  return { ...found, dropped: { day: dayOf(dropped), seq: dropped.seq, reason: String(dropped.about.reason ?? "") } };
}

/** The day of a line, such as `2019-10-08`. */
export function dayOf({ time }: JournalEntry): string {
  return time.slice(0, 10);
}
