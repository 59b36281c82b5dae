/** Takes the records of a source back, such as one that was imported by mistake. They are kept, and count no longer. */
import { readManifest } from "../draw/read-manifest.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, withRoundLock } from "../round/round.ts";
import { canonicalCode, canonicalText, digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { recordsText, type SourceRecord } from "./record.ts";
import { droppedPath, readStanding, writeRecords } from "./store.ts";

export interface DropAsked {
  readonly reason: string | undefined;
  /** Only the second team's record, and what was settled between the two; the first stays. */
  readonly second: boolean;
}

export interface Dropped {
  readonly unit: string;
  readonly records: readonly SourceRecord[];
  /** Where they are kept, from the round's folder. */
  readonly kept: string;
}

/**
 * Takes the records of a source back.
 * @throws ChouqianError E-REASON-MISSING, E-RECORDS-NO-RECORD, E-RECORDS-CHANGED, E-RECORDS-INVALID
 */
export function dropSource(round: Round, actor: Actor, asked: string, { reason, second }: DropAsked): Promise<Dropped> {
  return withRoundLock(round.folder, async () => {
    const why = canonicalText(reason ?? "");
    if (why === "") throw reasonMissing();
    const unit = canonicalCode(asked);
    const { records, areas } = readStanding(round, readManifest(round));
    const own = records.filter((each) => each.unit === unit);
    const first = own.find(({ visit }) => visit === undefined || visit === "first");
    const stays = second && first !== undefined ? [withoutVisit(first)] : [];
    const dropped = second ? own.filter((each) => each !== first) : own;
    if (dropped.length === 0) throw noRecord(unit, own.length > 0);
    const text = recordsText(dropped);
    const path = droppedPath(round, digest(text));
    writeFileAtomically(path, text);
    const others = records.filter((each) => each.unit !== unit);
    writeRecords(round, actor, "records.dropped", [...others, ...stays], areas, {
      unit,
      reason: why,
      visits: dropped.map(({ visit }) => visit ?? null),
      // Sources of which no record is left.
      units: stays.length > 0 ? [] : [unit],
      droppedDigest: digest(text),
    });
    return { unit, records: dropped, kept: path.slice(round.folder.length + 1).replaceAll("\\", "/") };
  });
}

/** A record that is the only one again. */
function withoutVisit({ visit: _, ...record }: SourceRecord): SourceRecord {
  return record;
}

function reasonMissing(): ChouqianError {
  return new ChouqianError("E-REASON-MISSING", {
    message: words("没有写撤回的理由", "no reason was given"),
    advice: words("加上 --reason 理由，记入日志", "add --reason TEXT: it goes into the journal"),
  });
}

function noRecord(unit: string, isOnce: boolean): ChouqianError {
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
