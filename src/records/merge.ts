/** New records among those that are there: nothing is overwritten in silence. Pure. */
import { type Change, changesBetween } from "./agreement.ts";
import { type Dependent, dependenceOf } from "./independent.ts";
import type { SourceRecord } from "./record.ts";

export interface MergeOptions {
  /** Whether a later version takes the place of the one that is there. */
  readonly replace: boolean;
  /** Whether the records are another team's, of sources that were entered once already. */
  readonly second: boolean;
}

export interface Merged {
  readonly records: readonly SourceRecord[];
  readonly added: readonly SourceRecord[];
  readonly replaced: readonly Versions[];
  /** Equal to what is there. */
  readonly unchanged: readonly SourceRecord[];
  /** Left out: another version is there, and `replace` was not asked for. */
  readonly conflicts: readonly Versions[];
  /** Left out: there is no first record to set them beside. */
  readonly withoutFirst: readonly SourceRecord[];
  /** Left out: by the team or the people whose record of the other visit is there. */
  readonly dependent: readonly Dependent[];
  /** Records that were settled upon between two, one of which is now another: to be settled again. */
  readonly unsettled: readonly SourceRecord[];
}

/** Two versions of one record. */
export interface Versions {
  readonly before: SourceRecord;
  readonly after: SourceRecord;
  readonly changes: readonly Change[];
}

/** @param incoming at most one record of each unit */
export function mergeRecords(
  existing: readonly SourceRecord[],
  incoming: readonly SourceRecord[],
  { replace, second }: MergeOptions,
): Merged {
  const byUnit = new Map<string, SourceRecord[]>();
  for (const record of existing) byUnit.set(record.unit, [...(byUnit.get(record.unit) ?? []), record]);
  const added: SourceRecord[] = [];
  const replaced: Versions[] = [];
  const unchanged: SourceRecord[] = [];
  const conflicts: Versions[] = [];
  const withoutFirst: SourceRecord[] = [];
  const dependent: Dependent[] = [];
  const unsettled: SourceRecord[] = [];
  for (const record of incoming) {
    const own = byUnit.get(record.unit) ?? [];
    const first = own.find(({ visit }) => visit === undefined || visit === "first");
    if (second && first === undefined) {
      withoutFirst.push(record);
      continue;
    }
    const later = own.find(({ visit }) => visit === "second");
    const [before, other] = second ? [later, first] : [first, later];
    const visit = second ? "second" : before?.visit;
    const after: SourceRecord = visit === undefined ? record : { ...record, visit };
    const versions = before && { before, after, changes: changesBetween(before, after) };
    const isTaken = versions === undefined || (replace && versions.changes.length > 0);
    const dependence = isTaken && other !== undefined ? dependenceOf(after, [other]) : undefined;
    if (dependence !== undefined) {
      dependent.push(dependence);
      continue;
    }
    if (versions === undefined) {
      const others = own.map((each) => (each === first ? { ...each, visit: "first" as const } : each));
      byUnit.set(record.unit, [...others, after]);
      added.push(after);
      continue;
    }
    if (versions.changes.length === 0) {
      unchanged.push(versions.before);
    } else if (replace) {
      replaced.push(versions);
      unsettled.push(...own.filter((each) => each.visit === "settled"));
      byUnit.set(
        record.unit,
        own.filter((each) => each.visit !== "settled").map((each) => (each === before ? after : each)),
      );
    } else {
      conflicts.push(versions);
    }
  }
  const records = [...byUnit.values()].flat();
  return { records, added, replaced, unchanged, conflicts, withoutFirst, dependent, unsettled };
}
