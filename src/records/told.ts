/** What the journal's line on an import tells of it: what was added, and what later versions took the place of. Pure. */
import { digest, type JsonValue } from "../text/canonical.ts";
import type { mergeAreas } from "./area.ts";
import type { Merged } from "./merge.ts";
import { areasText, recordsText } from "./record.ts";

/** Lines that count no longer; empty where there are none. A judgement that fell with a record is among them. */
export interface Before {
  readonly records: string;
  readonly areas: string;
}

export function linesBefore({ replaced, unsettled }: Merged, areas: ReturnType<typeof mergeAreas>): Before {
  return {
    records: recordsText([...replaced.map(({ before }) => before), ...unsettled]),
    areas: areasText(areas.replaced.map(({ before }) => before)),
  };
}

/** @param reason why later versions take the place of what is there; undefined where they do not */
export function toldOf(merged: Merged, areas: ReturnType<typeof mergeAreas>, reason: string | undefined) {
  const before = linesBefore(merged, areas);
  const isReplacing = reason !== undefined && before.records.length + before.areas.length > 0;
  const replacedAreas = areas.replaced.map((each) => ({
    area: each.before.area,
    before: digest(areasText([each.before])),
  }));
  const told: { [key: string]: JsonValue } = {
    units: merged.added.map(({ unit }) => unit).sort(),
    areas: [...new Set(areas.added.map(({ area }) => area))].sort(),
    replaced: merged.replaced.map((each) => ({
      unit: each.after.unit,
      visit: each.after.visit ?? null,
      cells: each.changes.length,
      before: digest(recordsText([each.before])),
    })),
    ...(isReplacing ? { reason } : {}),
    ...(isReplacing && before.records !== "" ? { replacedDigest: digest(before.records) } : {}),
    ...(isReplacing && before.areas !== "" ? { replacedAreas, replacedAreasDigest: digest(before.areas) } : {}),
  };
  return told;
}
