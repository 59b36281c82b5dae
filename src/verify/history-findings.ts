/** Checks what was kept of earlier epochs: the files of each against the journal, to the byte. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Voiding, voidings } from "../round/epochs.ts";
import { FILE_LIST, fileList } from "../round/history.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import { different, type Finding, failed, passed } from "./finding.ts";

/** Which digest of an entry is that of which file. */
const DIGESTS: Readonly<Record<string, readonly [key: string, file: string]>> = {
  "frame.locked": ["lockDigest", "frame/lock.json"],
  "plan.sealed": ["planDigest", "plan.sealed.json"],
  drawn: ["manifestDigest", "draw/manifest.json"],
};

/** One finding on all of them; none where nothing was ever voided. */
export function historyFindings(round: Round, all: readonly JournalEntry[]): Finding[] {
  const voided = voidings(all);
  if (voided.length === 0) return [];
  const title = words("作废前的原件 ↔ 日志", "what stood before ↔ journal");
  for (const voiding of voided) {
    const difference = differenceOf(join(round.paths.history, String(voiding.number)), voiding);
    if (difference === undefined) continue;
    const place = `history/${voiding.number}`;
    return [failed("history", title, words(`${place} ${difference.zh}`, `${place} ${difference.en}`))];
  }
  return [
    passed(
      "history",
      title,
      words(`${voided.length} 次的原件逐个一致`, `the files of all ${voided.length} are unchanged`),
    ),
  ];
}

function differenceOf(folder: string, { filesDigest, voided }: Voiding): Words | undefined {
  const list = join(folder, FILE_LIST);
  if (!existsSync(list)) return words(`不见了，或缺 ${FILE_LIST}`, `or its ${FILE_LIST} is gone`);
  const told = readTextFile(list);
  const changedList = different(
    digest(told),
    filesDigest,
    words("日志中的文件清单摘要", "the journal's digest of the list"),
  );
  if (changedList !== undefined) return words(`的 ${FILE_LIST} ${changedList.zh}`, `${FILE_LIST} ${changedList.en}`);
  const [found, expected] = [linesOf(fileList(folder)), linesOf(told)];
  for (const line of [...expected, ...found]) {
    if (found.includes(line) && expected.includes(line)) continue;
    const name = line.slice(66);
    return words(`中的 ${name} 被改动、增加或删除`, `: ${name} was changed, added or removed`);
  }
  for (const { event, about } of voided) {
    const [key, file] = DIGESTS[event] ?? [];
    if (key === undefined || file === undefined) continue;
    const path = join(folder, file);
    const own = existsSync(path) ? digest(readFileSync(path)) : undefined;
    const difference = different(own, about[key], words(`日志中 ${event} 的摘要`, `the journal's digest of ${event}`));
    if (difference !== undefined) return words(`中的 ${file} ${difference.zh}`, `: ${file} ${difference.en}`);
  }
  return undefined;
}

function linesOf(list: string): string[] {
  return list.split("\n").filter((line) => line !== "");
}
