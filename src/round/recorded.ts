/** Which units have a record, or had one, by the journal alone. Pure. */
import type { JournalEntry } from "./journal.ts";

/** A unit's record: the line that brought it in, and the one that took it back where it did not come in again. */
export interface OnRecord {
  readonly imported: JournalEntry;
  readonly dropped: JournalEntry | undefined;
}

/** The units that a line on records names. */
export function unitsNamed({ about: { units } }: JournalEntry): string[] {
  return Array.isArray(units) ? units.map(String) : [];
}

/** What a line tells of the records of these units, added to what the lines before it told. */
export function takeLine(
  recorded: Map<string, OnRecord>,
  entry: JournalEntry,
  units: readonly string[] = unitsNamed(entry),
): void {
  for (const unit of units) {
    const before = recorded.get(unit);
    const stands = before !== undefined && before.dropped === undefined;
    if (entry.event === "records.imported" && !stands) recorded.set(unit, { imported: entry, dropped: undefined });
    if (entry.event === "records.dropped" && stands) recorded.set(unit, { ...before, dropped: entry });
  }
}

/** Units that have a record by these lines. */
export function recordedUnits(entries: readonly JournalEntry[]): ReadonlySet<string> {
  const recorded = new Map<string, OnRecord>();
  for (const entry of entries) takeLine(recorded, entry);
  return new Set([...recorded].flatMap(([unit, { dropped }]) => (dropped === undefined ? [unit] : [])));
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

/** The records of one draw as its journal tells them, read once and only as far as it is asked for. */
export class RecordsSoFar {
  readonly #entries: readonly JournalEntry[];
  readonly #ownDigest: string;
  readonly #recorded = new Map<string, OnRecord>();
  #taken = 0;

  /** @param ownDigest of the manifest whose records count */
  constructor(entries: readonly JournalEntry[], ownDigest: string) {
    this.#entries = entries;
    this.#ownDigest = ownDigest;
  }

  /**
   * The record that a unit has or had before a line.
   * @param end place of the line among the entries; no less than at the call before
   * @param why the unit leaves the sample all the same
   */
  before(end: number, unit: string, why: string): Recorded | undefined {
    while (this.#taken < end) {
      const entry = this.#entries[this.#taken++] as JournalEntry;
      const { event, about } = entry;
      if (event !== "records.imported" || about.manifestDigest === this.#ownDigest) takeLine(this.#recorded, entry);
    }
    const record = this.#recorded.get(unit);
    if (record === undefined) return undefined;
    const { imported, dropped } = record;
    const found = { day: dayOf(imported), seq: imported.seq, why };
    if (dropped === undefined) return found;
    return { ...found, dropped: { day: dayOf(dropped), seq: dropped.seq, reason: String(dropped.about.reason ?? "") } };
  }
}

/** The record that a unit has or had by all lines of its own draw. */
export function recordedBefore(
  entries: readonly JournalEntry[],
  ownDigest: string,
  unit: string,
  why: string,
): Recorded | undefined {
  return new RecordsSoFar(entries, ownDigest).before(entries.length, unit, why);
}

/** The day of a line, such as `2019-10-08`. */
export function dayOf({ time }: JournalEntry): string {
  return time.slice(0, 10);
}
