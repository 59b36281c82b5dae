/**
 * Records that a reader should look at twice: revised after they first came in (改录), with indicators said not to apply
 * though the form template does not say so (不适用), of a source said to be closed (已关停) with nothing checked, though the
 * ledger says that it runs, or of one that was replaced though it had a record. They are told and change no figure. Pure.
 */
import { blockOfStratum } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import type { Revision } from "../records/revisions.ts";
import type { ReplacedRecord, Scrutiny, ScrutinyPart, ScrutinySource } from "./evaluation.ts";
import { strataToInspect } from "./survey.ts";
import type { Tally } from "./tally.ts";

/** @param revisions all that the journal tells of; those of units that are not in the sample are left out */
export function scrutinyOf(sample: CurrentSample, tally: Tally, revisions: readonly Revision[]): Scrutiny {
  const reasons = new Map<string, string[]>();
  for (const { id, kind, reason } of revisions) {
    if (kind === "source") reasons.set(id, [...(reasons.get(id) ?? []), reason]);
  }
  const sources = strataToInspect(sample).flatMap(({ city, from, units }) =>
    units.flatMap(({ id }, i): ScrutinySource[] => {
      const place = from + i;
      const why = reasons.get(id) ?? [];
      const waived = tally.waived[place] as number;
      const isClosedAgainstLedger = tally.isClosedAgainstLedger[place] === 1;
      const isTold = why.length > 0 || waived > 0 || isClosedAgainstLedger;
      if (tally.outcomes[place] === undefined || !isTold) return [];
      const team = tally.names.teams[tally.teams[place] as number] ?? "";
      return [{ unit: id, city, team, revisions: why.length, reasons: why, waived, isClosedAgainstLedger }];
    }),
  );
  return {
    cities: partsOf(sources, ({ city }) => city),
    teams: partsOf(sources, ({ team }) => team),
    sources,
    replaced: sample.replacements.flatMap(({ unit, by, stratum, reason, recorded }): ReplacedRecord[] => {
      if (recorded === undefined) return [];
      const { city } = blockOfStratum(stratum);
      return [{ unit, city, by: by?.id ?? null, imported: recorded.day, reason, why: recorded.why }];
    }),
    revisedAreas: new Set(revisions.flatMap(({ id, kind }) => (kind === "area" ? [id] : []))).size,
  };
}

/** In byte order of the keys. */
function partsOf(sources: readonly ScrutinySource[], keyOf: (source: ScrutinySource) => string): ScrutinyPart[] {
  const keys = [...new Set(sources.map(keyOf))].sort();
  return keys.map((key) =>
    partOf(
      key,
      sources.filter((source) => keyOf(source) === key),
    ),
  );
}

function partOf(key: string, sources: readonly ScrutinySource[]): ScrutinyPart {
  return {
    key,
    revised: sources.filter(({ revisions }) => revisions > 0).length,
    waivedSources: sources.filter(({ waived }) => waived > 0).length,
    waivedIndicators: sources.reduce((sum, { waived }) => sum + waived, 0),
    closedAgainstLedger: sources.filter(({ isClosedAgainstLedger }) => isClosedAgainstLedger).length,
  };
}

/** All of them together. */
export function wholeOf({ sources }: Scrutiny): ScrutinyPart {
  return partOf("", sources);
}
