/** Checks what came back against the journal: the records to the byte, each original by its digest. */
import { existsSync } from "node:fs";
import { parseManifest } from "../draw/manifest.ts";
import type { ReadRecords } from "../records/read-lean.ts";
import { readAreas } from "../records/read-records.ts";
import { keptLines, lastRecordsEntry, originalPath } from "../records/store.ts";
import { fileDigest } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { words } from "../text/words.ts";
import { different, type Finding, failed, passed } from "./finding.ts";

const TITLE = words("核查记录 ↔ 日志、原表", "records ↔ journal, originals");

/**
 * Nothing where the round neither has records nor speaks of any.
 * @param read reads the records; the evaluation shares it
 */
export async function recordsFindings(
  round: Round,
  entries: readonly JournalEntry[],
  read: ReadRecords,
): Promise<Finding[]> {
  const last = lastRecordsEntry(entries);
  const { records: path, areas: areasPath } = round.paths;
  const fail = (zh: string, en: string) => [failed("records", TITLE, words(zh, en))];
  if (last === undefined) {
    return existsSync(path) || existsSync(areasPath)
      ? fail("有核查记录，但日志没有导入", "the journal knows of no import")
      : [];
  }
  const text = readTextFile(round.paths.manifest);
  const manifestDigest = digest(text);
  const { roundId } = parseManifest(text, manifestDigest);
  const { records, recordsDigest } = await read({ roundId, manifestDigest });
  const { areas, areasDigest } = readAreas(round);
  const byJournal = words("日志中的摘要", "the journal's digest");
  for (const [file, found, key] of [
    ["records.jsonl", recordsDigest, "recordsDigest"],
    ["areas.jsonl", areasDigest, "areasDigest"],
  ] as const) {
    const difference = different(found ?? null, last.about[key], byJournal);
    if (difference !== undefined) return fail(`${file} ${difference.zh}`, `${file} ${difference.en}`);
  }
  const sources = new Map(
    [...filesOf(entries), ...records.files, ...areas.map(({ source }) => source)].map((file) => [file.sha256, file]),
  );
  for (const source of sources.values()) {
    const original = originalPath(round, source);
    const found = existsSync(original) ? await fileDigest(original) : undefined;
    if (found !== source.sha256) {
      const zh = found === undefined ? "不见了" : "被改动";
      return fail(`原表 ${source.file} ${zh}`, `the original ${source.file} is gone or was changed`);
    }
  }
  const kept = keptLines(round, entries);
  for (const { seq, kind, path: keptPath, sha256 } of kept) {
    const found = existsSync(keptPath) ? await fileDigest(keptPath) : undefined;
    if (found !== sha256) {
      const [zh, en] = kind === "dropped" ? ["撤回", "dropped"] : ["改录前", "replaced"];
      const how = found === undefined ? "不见了" : "被改动";
      return fail(`日志第 ${seq} 行${zh}的记录${how}`, `the records ${en} in line ${seq} are gone or were changed`);
    }
  }
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
        `${records.units.length} 份记录与日志逐字节一致，${sources.size} 份原表完好${keptZh}`,
        `${records.units.length} records equal to the byte, ${sources.size} originals unchanged${keptEn}`,
      ),
    ),
  ];
}

/** All files that were ever imported, those whose records were replaced since among them. */
function filesOf(entries: readonly JournalEntry[]): { readonly file: string; readonly sha256: string }[] {
  const imported = entries.filter(({ event }) => event === "records.imported");
  return imported.flatMap(({ about }) => {
    const files = Array.isArray(about.files) ? about.files : [];
    return files.map((each) => {
      const { file, sha256 } = each as { readonly file?: unknown; readonly sha256?: unknown };
      return { file: String(file), sha256: String(sha256) };
    });
  });
}
