/**
 * Checks what came back: the records made anew from the originals, line by line of the journal, and nothing lies with them that
 * no line tells of.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Replayed } from "../records/replay.ts";
import { originalsOf } from "../records/replay-lines.ts";
import { droppedPath, lastRecordsEntry, originalPath } from "../records/store.ts";
import { fileDigest } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";
import { type Finding, failed, passed } from "./finding.ts";

const TITLE = words("核查记录 ↔ 原表、日志", "records ↔ originals, journal");

/**
 * Nothing where the round neither has records nor speaks of any.
 * @param replayed what came of making the records anew
 */
export async function recordsFindings(
  round: Round,
  entries: readonly JournalEntry[],
  replayed: () => Promise<Replayed>,
): Promise<Finding[]> {
  const { records: path, areas: areasPath } = round.paths;
  const fail = (wrong: Words) => [failed("records", TITLE, wrong)];
  if (lastRecordsEntry(entries) === undefined && (existsSync(path) || existsSync(areasPath))) {
    return fail(words("有核查记录，但日志没有导入", "the journal knows of no import"));
  }
  const stray = strayIn(round, entries);
  if (lastRecordsEntry(entries) === undefined) return stray === undefined ? [] : fail(stray);
  const { wrong, originals, records } = await replayed();
  if (wrong !== undefined) return fail(wrong);
  const dropped = entries.filter(({ event }) => event === "records.dropped");
  for (const { seq, about } of dropped) {
    const kept = droppedPath(round, String(about.droppedDigest));
    const found = existsSync(kept) ? await fileDigest(kept) : undefined;
    if (found === about.droppedDigest) continue;
    const zh = found === undefined ? "不见了" : "被改动";
    return fail(
      words(`日志第 ${seq} 行撤回的记录${zh}`, `the records dropped in line ${seq} are gone or were changed`),
    );
  }
  if (stray !== undefined) return fail(stray);
  const [keptZh, keptEn] =
    dropped.length > 0 ? [`，撤回的 ${dropped.length} 次留存完好`, `, ${dropped.length} dropped are kept`] : ["", ""];
  return [
    passed(
      "records",
      TITLE,
      words(
        `由 ${originals} 份原表重读，${records} 份记录逐字节一致${keptZh}`,
        `${records} records read anew from ${originals} originals, equal to the byte${keptEn}`,
      ),
    ),
  ];
}

/** A file among the originals or the dropped records that no line of the journal tells of. */
function strayIn(round: Round, entries: readonly JournalEntry[]): Words | undefined {
  const told = [
    ...entries.flatMap(originalsOf).map((source) => originalPath(round, source)),
    ...entries.flatMap(({ event, about }) =>
      event === "records.dropped" ? [droppedPath(round, String(about.droppedDigest))] : [],
    ),
  ];
  for (const folder of ["originals", "dropped"]) {
    const path = join(dirname(round.paths.records), folder);
    const known = new Set(told.filter((each) => dirname(each) === path).map((each) => basename(each)));
    const stray = existsSync(path) ? readdirSync(path).find((name) => !known.has(name)) : undefined;
    if (stray === undefined) continue;
    return words(
      `records/${folder}/${stray} 不是日志所记的：导入中断留下的，再导入一次；否则移出`,
      `the journal does not tell of records/${folder}/${stray}: import again what was interrupted, else take it away`,
    );
  }
  return undefined;
}
