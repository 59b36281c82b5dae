/** Takes back what was imported by mistake: a source or a census area. It is kept, and counts no longer. */
import { readManifest } from "../draw/read-manifest.ts";
import { type Actor, type Round, withRoundLock } from "../round/round.ts";
import { canonicalCode, canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { areaKey } from "./area-counts.ts";
import { findArea } from "./find-area.ts";
import { type AreaCheck, areasText, recordsText, type SourceRecord } from "./record.ts";
import { droppedPath, keepLines, readStanding, reasonOf, writeRecords } from "./store.ts";

export interface DropAsked {
  readonly reason: string | undefined;
  /** Only the second team's record, and what was settled between the two; the first stays. */
  readonly second: boolean;
}

export interface Dropped<Line> {
  /** Id of the unit or the census area. */
  readonly id: string;
  readonly records: readonly Line[];
  /** Where they are kept, from the round's folder. */
  readonly kept: string;
}

/**
 * Takes the records of a source back.
 * @throws ChouqianError E-REASON-MISSING, E-RECORDS-NO-RECORD, E-RECORDS-CHANGED, E-RECORDS-INVALID
 */
export function dropSource(
  round: Round,
  actor: Actor,
  asked: string,
  { reason, second }: DropAsked,
): Promise<Dropped<SourceRecord>> {
  return withRoundLock(round.folder, async () => {
    const why = reasonOf(reason, NO_REASON);
    const unit = canonicalCode(asked);
    const { records, areas } = readStanding(round, readManifest(round));
    const { dropped, left, stays } = withoutSource(records, unit, second);
    if (dropped.length === 0) throw noRecord(unit, stays > 0, findArea(areas, asked)?.area);
    const kept = keepLines(round, recordsText(dropped), droppedPath);
    writeRecords(round, actor, "records.dropped", left, areas, {
      unit,
      reason: why,
      visits: dropped.map(({ visit }) => visit ?? null),
      // Sources of which no record is left.
      units: stays > 0 ? [] : [unit],
      droppedDigest: kept.digest,
    });
    return { id: unit, records: dropped, kept: kept.path };
  });
}

/**
 * Takes the check of a census area back, by whatever team.
 * @param asked as `findArea` takes it
 * @throws ChouqianError as `dropSource`, and E-RECORDS-AREA-UNCLEAR
 */
export function dropArea(
  round: Round,
  actor: Actor,
  asked: string,
  reason: string | undefined,
): Promise<Dropped<AreaCheck>> {
  return withRoundLock(round.folder, async () => {
    const why = reasonOf(reason, NO_REASON);
    const { records, areas } = readStanding(round, readManifest(round));
    const found = findArea(areas, asked);
    if (found === undefined) throw noArea(canonicalText(asked));
    const { city, county, area } = found;
    const { dropped, left } = withoutArea(areas, { city, county, area });
    const kept = keepLines(round, areasText(dropped), droppedPath);
    writeRecords(round, actor, "records.dropped", records, left, {
      ...{ area, city, county },
      reason: why,
      units: [],
      droppedDigest: kept.digest,
    });
    return { id: area, records: dropped, kept: kept.path };
  });
}

/** Records without those of a source, or without its second ones. Pure. */
export function withoutSource(
  records: readonly SourceRecord[],
  unit: string,
  second: boolean,
): {
  readonly dropped: readonly SourceRecord[];
  readonly left: readonly SourceRecord[];
  /** Of the source's own records those that are left. */
  readonly stays: number;
} {
  const own = records.filter((each) => each.unit === unit);
  const others = records.filter((each) => each.unit !== unit);
  const first = own.find(({ visit }) => visit === undefined || visit === "first");
  if (!second || first === undefined) return { dropped: own, left: others, stays: 0 };
  return { dropped: own.filter((each) => each !== first), left: [...others, withoutVisit(first)], stays: 1 };
}

/** Checks without that of a census area. Pure. */
export function withoutArea(
  areas: readonly AreaCheck[],
  asked: Pick<AreaCheck, "city" | "county" | "area">,
): { readonly dropped: readonly AreaCheck[]; readonly left: readonly AreaCheck[] } {
  const isOwn = (each: AreaCheck) => areaKey(each) === areaKey(asked);
  return { dropped: areas.filter(isOwn), left: areas.filter((each) => !isOwn(each)) };
}

/** A record that is the only one again. */
function withoutVisit({ visit: _, ...record }: SourceRecord): SourceRecord {
  return record;
}

const NO_REASON = words("没有写撤回的理由", "no reason was given");

/** @param area the census area that is called so */
function noRecord(unit: string, isOnce: boolean, area: string | undefined): ChouqianError {
  if (area !== undefined) {
    return new ChouqianError("E-RECORDS-NO-RECORD", {
      message: words(`${unit} 不是单位代码，是普查小区 ${area}`, `${unit} is no unit but the census area ${area}`),
      advice: words("撤回小区的核查：加 --area", "to take an area's check back add --area"),
      at: { value: unit },
    });
  }
  return new ChouqianError("E-RECORDS-NO-RECORD", {
    message: isOnce
      ? words(`${unit} 没有第二次记录`, `${unit} was not entered twice`)
      : words(`${unit} 没有记录`, `${unit} has no record`),
    advice: words(
      "核对单位代码；已收的见 records status，两次的见 records compare",
      "check the id; see records status, and records compare for those entered twice",
    ),
    at: { value: unit },
  });
}

function noArea(area: string): ChouqianError {
  return new ChouqianError("E-RECORDS-NO-RECORD", {
    message: words(`普查小区 ${area} 没有记录`, `the census area ${area} has no record`),
    advice: words(
      "核对小区的代码或名称；已收的见 records/areas.jsonl",
      "check its code or name: see records/areas.jsonl",
    ),
    at: { value: area },
  });
}
