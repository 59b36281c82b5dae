/**
 * Records that are not those that came in first (改录): a later version took their place, or they were taken back and
 * came in anew. So nobody improves a form in silence. Pure.
 */
import type { JournalEntry } from "../round/journal.ts";
import type { Visit } from "./record.ts";

export interface Revision {
  /** Id of the unit; of a census area its code. */
  readonly id: string;
  readonly kind: "source" | "area";
  /** Whether a later version took its place, or it came in anew after it was taken back. */
  readonly how: "replaced" | "dropped";
  readonly visit: Visit | null;
  readonly reason: string;
  /** Cells that differ, where a later version took its place. */
  readonly cells: number | null;
  /** Line of the journal. */
  readonly seq: number;
}

/**
 * All revisions that the journal tells of, in its order.
 * @param entries those that stand
 */
export function revisionsIn(entries: readonly JournalEntry[]): Revision[] {
  const revisions: Revision[] = [];
  /** Why a unit's records were taken back; its next ones are others. */
  const dropped = new Map<string, string>();
  for (const { event, seq, about } of entries) {
    const reason = String(about.reason ?? "");
    if (event === "records.dropped") {
      if (about.unit !== undefined) dropped.set(String(about.unit), reason);
      if (about.area !== undefined) dropped.set(areaKey(String(about.area)), reason);
    }
    if (event !== "records.imported") continue;
    const anew = (id: string, kind: Revision["kind"]) => {
      const key = kind === "area" ? areaKey(id) : id;
      const why = dropped.get(key);
      if (why === undefined) return;
      dropped.delete(key);
      revisions.push({ id, kind, how: "dropped", visit: null, reason: why, cells: null, seq });
    };
    for (const unit of listOf<string>(about.units)) anew(unit, "source");
    for (const area of listOf<string>(about.areas)) anew(area, "area");
    for (const { unit, visit, cells } of listOf<Replaced>(about.replaced)) {
      revisions.push({ id: unit, kind: "source", how: "replaced", visit, reason, cells, seq });
    }
    for (const { area } of listOf<{ readonly area: string }>(about.replacedAreas)) {
      revisions.push({ id: area, kind: "area", how: "replaced", visit: null, reason, cells: null, seq });
    }
  }
  return revisions;
}

interface Replaced {
  readonly unit: string;
  readonly visit: Visit | null;
  readonly cells: number;
}

function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [];
}

/** No unit's id holds a blank. */
function areaKey(area: string): string {
  return `area ${area}`;
}
