/** Where a round keeps its records, and how they are written: originals, the records, the areas, then the journal. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import type { Manifest } from "../draw/manifest.ts";
import { writeFileAtomically } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Actor, journalOf, type Round, recordEvent } from "../round/round.ts";
import { canonicalText, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { type RoundRecords, readRecords } from "./read-records.ts";
import { type AreaCheck, areasText, type RecordSource, recordsText, type SourceRecord } from "./record.ts";

/** Events that leave new records, each with the digests of what lies there then. */
const WRITING = ["records.imported", "records.settled", "records.dropped"] as const;

/** The last entry that tells the digests of the records. */
export function lastRecordsEntry(entries: readonly JournalEntry[]): JournalEntry | undefined {
  return entries.findLast(({ event }) => WRITING.some((each) => each === event));
}

/** Units that a line of the journal about records names: those taken, replaced, settled upon or taken back. */
export function unitsTouched({ about }: Pick<JournalEntry, "about">): string[] {
  const { unit, units, replaced } = about;
  return [
    ...(unit === undefined ? [] : [String(unit)]),
    ...(Array.isArray(units) ? units.map(String) : []),
    ...(Array.isArray(replaced) ? (replaced as readonly { readonly unit: string }[]).map((each) => each.unit) : []),
  ];
}

/** Where an imported file is kept: its digest, and the ending that it had. */
export function originalPath(round: Round, { file, sha256 }: Pick<RecordSource, "file" | "sha256">): string {
  const ending = extname(file).toLowerCase();
  const safe = /^\.[a-z]{3,4}$/.test(ending) ? ending : "";
  return join(dirname(round.paths.records), "originals", `${sha256}${safe}`);
}

/** Where records that were taken back are kept: the digest of their lines. */
export function droppedPath(round: Round, droppedDigest: string): string {
  return join(dirname(round.paths.records), "dropped", `${droppedDigest}.jsonl`);
}

/** Where lines are kept that later versions took the place of, as `droppedPath`. */
export function replacedPath(round: Round, replacedDigest: string): string {
  return join(dirname(round.paths.records), "replaced", `${replacedDigest}.jsonl`);
}

/** Keeps lines that count no longer; their path is told from the round's folder. */
export function keepLines(
  round: Round,
  text: string,
  pathOf: (round: Round, sha256: string) => string,
): { readonly digest: string; readonly path: string } {
  const path = pathOf(round, digest(text));
  writeFileAtomically(path, text);
  return { digest: digest(text), path: path.slice(round.folder.length + 1).replaceAll("\\", "/") };
}

export interface KeptLines {
  readonly seq: number;
  readonly kind: "dropped" | "replaced";
  readonly path: string;
  readonly sha256: string;
}

/** What `keepLines` kept, by the lines of the journal that tell of it. */
export function keptLines(round: Round, entries: readonly JournalEntry[]): KeptLines[] {
  return entries.flatMap(({ event, seq, about }): KeptLines[] => {
    const { droppedDigest, replacedDigest, replacedAreasDigest } = about;
    if (event === "records.dropped") {
      const sha256 = String(droppedDigest);
      return [{ seq, kind: "dropped", path: droppedPath(round, sha256), sha256 }];
    }
    if (event !== "records.imported") return [];
    return [replacedDigest, replacedAreasDigest].flatMap((sha256) =>
      typeof sha256 === "string" ? [{ seq, kind: "replaced", path: replacedPath(round, sha256), sha256 }] : [],
    );
  });
}

/** @throws ChouqianError E-REASON-MISSING */
export function reasonOf(reason: string | undefined, missing: Words): string {
  const why = canonicalText(reason ?? "");
  if (why !== "") return why;
  throw new ChouqianError("E-REASON-MISSING", {
    message: missing,
    advice: words("加上 --reason 理由，记入日志", "add --reason TEXT: it goes into the journal"),
  });
}

/**
 * The records as the journal left them.
 * @throws ChouqianError E-RECORDS-CHANGED where they are not, E-RECORDS-INVALID
 */
export function readStanding(round: Round, manifest: Manifest): RoundRecords {
  const last = lastRecordsEntry(journalOf(round).entries);
  for (const [path, key] of [
    [round.paths.records, "recordsDigest"],
    [round.paths.areas, "areasDigest"],
  ] as const) {
    const found = existsSync(path) ? digest(readFileSync(path)) : null;
    if (found === (last?.about[key] ?? null)) continue;
    const file = path.slice(round.folder.length + 1).replaceAll("\\", "/");
    throw recordsChanged(file, found === null, last !== undefined);
  }
  return readRecords(round, manifest);
}

/**
 * Refuses records that are not those that the journal tells of; where it tells of none they may come from anywhere.
 * @param read digests of the files as they were read
 * @throws ChouqianError E-RECORDS-CHANGED
 */
export function refuseChangedRecords(
  round: Round,
  read: { readonly recordsDigest: string | undefined; readonly areasDigest: string | undefined },
): void {
  const last = lastRecordsEntry(journalOf(round).entries);
  if (last === undefined) return;
  for (const [key, file] of [
    ["recordsDigest", "records/records.jsonl"],
    ["areasDigest", "records/areas.jsonl"],
  ] as const) {
    if ((last.about[key] ?? undefined) !== read[key]) throw recordsChanged(file, read[key] === undefined, true);
  }
}

/** @param isTold whether the journal tells of records, so that they can be made anew */
function recordsChanged(file: string, isGone: boolean, isTold: boolean): ChouqianError {
  return new ChouqianError("E-RECORDS-CHANGED", {
    message: isGone
      ? words("核查记录的文件在导入之后不见了", "the file of the records is gone after they were imported")
      : words("核查记录在导入之后被改动", "the records were changed after they were imported"),
    advice: isTold
      ? words(
          "由原表重新生成：chouqian -C 轮次文件夹 records restore；不要删改 records 文件夹",
          "make them anew from the originals: chouqian -C ROUND records restore; leave the folder records alone",
        )
      : words("日志没有导入过记录：把这个文件移走", "the journal tells of no records: take this file away"),
    at: { file },
    exitCode: 3,
  });
}

/** Writes records and areas, and tells the journal. */
export function writeRecords(
  round: Round,
  actor: Actor,
  event: (typeof WRITING)[number],
  records: readonly SourceRecord[],
  areas: readonly AreaCheck[],
  about: { readonly [key: string]: JsonValue },
): void {
  const texts = { records: recordsText(records), areas: areasText(areas) };
  if (records.length > 0) writeFileAtomically(round.paths.records, texts.records);
  else rmSync(round.paths.records, { force: true });
  if (areas.length > 0) writeFileAtomically(round.paths.areas, texts.areas);
  else rmSync(round.paths.areas, { force: true });
  recordEvent(round, actor, event, {
    ...about,
    recordsDigest: records.length > 0 ? digest(texts.records) : null,
    areasDigest: areas.length > 0 ? digest(texts.areas) : null,
  });
}
