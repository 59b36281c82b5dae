/** Which units have a record, by the journal alone. Pure. */
import type { JournalEntry } from "./journal.ts";

/** Units that have a record by these lines, each with the line that brought it in. */
export function recordedUnits(entries: readonly JournalEntry[]): ReadonlyMap<string, JournalEntry> {
  const recorded = new Map<string, JournalEntry>();
  for (const entry of entries) {
    const { event, about } = entry;
    const units = Array.isArray(about.units) ? about.units.map(String) : [];
    if (event === "records.imported") for (const unit of units) if (!recorded.has(unit)) recorded.set(unit, entry);
    if (event === "records.dropped") for (const unit of units) recorded.delete(unit);
  }
  return recorded;
}
