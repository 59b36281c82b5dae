/** Values of the seed that voided draws have used up. Pure. */
import type { JournalEntry } from "../round/journal.ts";

/** Values that were made public in a part of the journal that an unlock, an unsealing or a redraw has voided. */
export function earlierValues(journal: {
  readonly entries: readonly JournalEntry[];
  readonly all: readonly JournalEntry[];
}): ReadonlySet<string> {
  const stands = new Set(journal.entries);
  return new Set(
    journal.all
      .filter((entry) => !stands.has(entry) && (entry.event === "seed.added" || entry.event === "seed.opened"))
      .map(({ about }) => String(about.value)),
  );
}

/** Whether at least one contribution of a seed is new: one of a value never used before, or one that is still sealed. */
export function hasFresh(
  record: {
    readonly contributions: readonly { readonly value: string }[];
    readonly commitments: readonly { readonly sealed?: true | undefined }[];
  },
  earlier: ReadonlySet<string>,
): boolean {
  return (
    record.commitments.some(({ sealed }) => sealed === true) ||
    record.contributions.some(({ value }) => !earlier.has(value))
  );
}
