/** What an evaluation does not know: changes of sample and records that the journal tells of after it. Pure. */
import { type Words, words } from "../text/words.ts";
import type { JournalEntry } from "./journal.ts";

/** What was changed since an evaluation was made. */
export interface ChangedSince {
  readonly sample: boolean;
  readonly records: boolean;
}

/** Whether an event changes which units are to be inspected. */
export function isAboutSample(event: JournalEntry["event"]): boolean {
  return event === "replaced" || event === "replacement.undone" || event === "followup.drawn";
}

/**
 * @param entries those that stand, the evaluation's own among them
 * @param evaluated the line of the evaluation; the records that it names are compared with those of the last line about records
 */
export function changedSince(entries: readonly JournalEntry[], evaluated: JournalEntry): ChangedSince {
  const after = entries.filter(({ seq }) => seq > evaluated.seq);
  const records = after.findLast(({ about }) => about.recordsDigest !== undefined);
  const isOther = (key: string) =>
    records !== undefined && (records.about[key] ?? null) !== (evaluated.about[key] ?? null);
  return {
    sample: after.some(({ event }) => isAboutSample(event)),
    records: isOther("recordsDigest") || isOther("areasDigest"),
  };
}

/** That an evaluation is outdated, and by what; undefined where it is not. */
export function outdatedInWords({ sample, records }: ChangedSince): Words | undefined {
  if (!sample && !records) return undefined;
  const [zh, en] = sample
    ? records
      ? ["样本和记录", "sample and records"]
      : ["样本", "the sample"]
    : ["记录", "records"];
  return words(
    `评定已过时，${zh}其后有变动，请重新 evaluate`,
    `the evaluation is outdated: ${en} changed after it, evaluate again`,
  );
}
