/**
 * Checks what came back: the records made anew from the originals, line by line of the journal, and nothing lies with them that
 * no line tells of.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Replayed } from "../records/replay.ts";
import { originalsOf } from "../records/replay-lines.ts";
import { keptLines, lastRecordsEntry, originalPath } from "../records/store.ts";
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
  const kept = keptLines(round, entries);
  for (const { seq, kind, path: keptPath, sha256 } of kept) {
    const found = existsSync(keptPath) ? await fileDigest(keptPath) : undefined;
    if (found === sha256) continue;
    const [zh, en] = kind === "dropped" ? ["撤回", "dropped"] : ["改录前", "replaced"];
    const how = found === undefined ? "不见了" : "被改动";
    return fail(
      words(`日志第 ${seq} 行${zh}的记录${how}`, `the records ${en} in line ${seq} are gone or were changed`),
    );
  }
  if (stray !== undefined) return fail(stray);
  const count = (of: "dropped" | "replaced") => kept.filter(({ kind }) => kind === of).length;
  const told = (
    [
      ["dropped", "撤回"],
      ["replaced", "改录"],
    ] as const
  ).filter(([kind]) => count(kind) > 0);
  const keptZh = told.map(([kind, zh]) => `，${zh}的 ${count(kind)} 次留存完好`).join("");
  const keptEn = told.map(([kind]) => `, ${count(kind)} ${kind} are kept`).join("");
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

/** A file among the originals, the dropped or the replaced records that no line of the journal tells of. */
function strayIn(round: Round, entries: readonly JournalEntry[]): Words | undefined {
  const told = [
    ...entries.flatMap(originalsOf).map((source) => originalPath(round, source)),
    ...keptLines(round, entries).map((each) => each.path),
  ];
  for (const folder of ["originals", "dropped", "replaced"]) {
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
