/**
 * What a reader should look at twice: records revised after they first came in (改录), with indicators said not to apply
 * though the form template does not say so (不适用), of a source said to be closed (已关停) with nothing checked, though the
 * ledger says that it runs, taken back, settled, or of a unit that left the sample. They are told and change no figure. Pure.
 */
import { blockOfStratum } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import type { RecordHistory } from "../records/history.ts";
import type { Revision } from "../records/revisions.ts";
import type {
  DroppedRecord,
  ReplacedRecord,
  Scrutiny,
  ScrutinyPart,
  ScrutinySource,
  SettledSource,
} from "./scrutinised.ts";
import { strataToInspect } from "./survey.ts";
import type { Tally } from "./tally.ts";

/** @param history all that the journal tells of; what is of units outside the draw is left out */
export function scrutinyOf(sample: CurrentSample, tally: Tally, history: RecordHistory): Scrutiny {
  const { revisions } = history;
  const sources = revisedOrWaived(sample, tally, revisions);
  const cityOf = new Map<string, string>();
  for (const { key, units } of sample.strata) {
    const { city } = blockOfStratum(key);
    for (const { id } of units) cityOf.set(id, city);
  }
  for (const { stratum, unit } of sample.undone) cityOf.set(unit, blockOfStratum(stratum).city);
  return {
    cities: partsOf(sources, ({ city }) => city),
    teams: partsOf(sources, ({ team }) => team),
    sources,
    replaced: [...replacedOf(sample), ...undoneOf(sample)],
    dropped: history.takenBack.flatMap(({ unit, ...about }): DroppedRecord[] => {
      const city = cityOf.get(unit);
      return city === undefined ? [] : [{ unit, city, ...about }];
    }),
    settled: settledOf(sample, tally, history),
    revisedAreas: new Set(revisions.flatMap(({ id, kind }) => (kind === "area" ? [id] : []))).size,
    droppedAreas: history.droppedAreas,
  };
}

function revisedOrWaived(sample: CurrentSample, tally: Tally, revisions: readonly Revision[]): ScrutinySource[] {
  const reasons = new Map<string, string[]>();
  for (const { id, kind, reason } of revisions) {
    if (kind === "source") reasons.set(id, [...(reasons.get(id) ?? []), reason]);
  }
  return strataToInspect(sample).flatMap(({ city, from, units }) =>
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
}

function replacedOf({ replacements }: CurrentSample): ReplacedRecord[] {
  return replacements.flatMap(({ unit, by, stratum, reason, recorded }): ReplacedRecord[] => {
    if (recorded === undefined) return [];
    const { day: imported, dropped, why } = recorded;
    const { city } = blockOfStratum(stratum);
    return [{ unit, city, by: by?.id ?? null, imported, dropped: dropped?.day ?? null, reason, why }];
  });
}

/** Replacements that left with their record as what they stood in for came back, and did not come in again; each once. */
function undoneOf({ strata, undone }: CurrentSample): ReplacedRecord[] {
  const inSample = new Set(
    strata.flatMap(({ units }) => units.flatMap(({ id, isInSample }) => (isInSample ? [id] : []))),
  );
  const last = new Map(undone.map((each) => [each.unit, each]));
  return [...last.values()].flatMap(({ unit, returned, stratum, recorded }): ReplacedRecord[] => {
    if (inSample.has(unit)) return [];
    const { day: imported, dropped, why } = recorded;
    const { city } = blockOfStratum(stratum);
    return [{ unit, city, by: returned, imported, dropped: dropped?.day ?? null, reason: null, why }];
  });
}

function settledOf(sample: CurrentSample, { settled }: Tally, history: RecordHistory): SettledSource[] {
  return strataToInspect(sample).flatMap(({ city, from, units }) =>
    units.flatMap(({ id }, i): SettledSource[] => {
      const figures = settled.get(from + i);
      const by = history.settled.get(id);
      return figures === undefined || by === undefined ? [] : [{ unit: id, city, by, ...figures }];
    }),
  );
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
