/** Writes records that were changed or deleted by hand anew, from the originals and the journal, as `verify` makes them. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { writeFileAtomically } from "../round/files.ts";
import { journalOf, type Round, withRoundLock } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { areasText, recordsText } from "./record.ts";
import { notRestored, remakeRecords } from "./replay.ts";
import { lastRecordsEntry } from "./store.ts";

export interface Restored {
  readonly records: number;
  readonly areas: number;
  /** Files that were not as the journal has them, from the round's folder. */
  readonly files: readonly string[];
}

/**
 * Restores `records.jsonl` and `areas.jsonl`. It writes what the journal's digests name and nothing else, and so needs no line of
 * the journal.
 * @throws ChouqianError E-RECORDS-NOT-RESTORED
 */
export function restoreRecords(round: Round, progress: Progress): Promise<Restored> {
  return withRoundLock(round.folder, async () => {
    const { entries } = journalOf(round);
    const last = lastRecordsEntry(entries);
    if (last === undefined) throw notRestored(words("日志没有导入过核查记录", "the journal tells of no records"));
    const { records, areas } = await remakeRecords(round, entries, progress);
    const files = [
      {
        ...{ path: round.paths.records, file: "records/records.jsonl" },
        ...{ text: recordsText(records), due: last.about.recordsDigest ?? null },
      },
      {
        ...{ path: round.paths.areas, file: "records/areas.jsonl" },
        ...{ text: areasText(areas), due: last.about.areasDigest ?? null },
      },
    ];
    for (const { file, text, due } of files) {
      if ((text === "" ? null : digest(text)) === due) continue;
      throw notRestored(
        words(`由原表重读的 ${file} 不是日志所记的`, `the originals do not give the ${file} that the journal names`),
      );
    }
    const wrong = files.filter(({ path, due }) => (existsSync(path) ? digest(readFileSync(path)) : null) !== due);
    for (const { path, text } of wrong) {
      if (text === "") rmSync(path, { force: true });
      else writeFileAtomically(path, text);
    }
    return { records: records.length, areas: areas.length, files: wrong.map(({ file }) => file) };
  });
}
