/** Checks the journal: its chain, the order of its events, and that what happens once happened once. */
import { existsSync } from "node:fs";
import { type JournalEntry, readJournal } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";
import { type Finding, failed, passed } from "./finding.ts";

export interface WholeJournal {
  readonly entries: readonly JournalEntry[];
  readonly fault: { readonly line: number; readonly kind: string } | undefined;
}

export function readWholeJournal(round: Round): WholeJournal {
  return existsSync(round.paths.journal)
    ? readJournal(readTextFile(round.paths.journal, true))
    : { entries: [], fault: { line: 1, kind: "missing" } };
}

const JOURNAL = words("日志的链条和次序", "the journal's chain and order");
const FAULT_WORDS: Readonly<Record<string, Words>> = {
  "not-json": words("不是一行 JSON", "is no line of JSON"),
  "not-canonical": words("书写形式被改动", "is not in canonical form"),
  changed: words("内容被改动，与本行摘要不符", "was changed: it does not match its own digest"),
  sequence: words("序号不连续，有行被删除或插入", "breaks the numbering: a line was removed or inserted"),
  chain: words("与上一行的摘要不衔接，上一行被替换", "does not follow the line before it"),
  end: words("不完整", "is incomplete"),
  missing: words("不存在：没有 journal.jsonl", "does not exist: there is no journal.jsonl"),
};
/** Each event may only come after those before it in this list. */
const ORDER = [
  "round.created",
  "frame.locked",
  "plan.sealed",
  "seed.committed",
  "seed.added",
  "drawn",
  "forms.written",
];
/** What follows the draw in any order: new forms are made after each replacement. */
const AFTER_DRAW: readonly string[] = ["assigned", "replaced", "replacement.undone"];

/** What may be done at any time after what it is about. */
const ANY_TIME = ["stamp.added", "signed"];

export function journalFinding({ entries, fault }: WholeJournal): Finding {
  if (fault !== undefined) {
    const what = FAULT_WORDS[fault.kind] ?? words("有误", "is faulty");
    return failed("journal", JOURNAL, words(`第 ${fault.line} 行${what.zh}`, `line ${fault.line} ${what.en}`));
  }
  let latest = 0;
  for (const { event, seq } of entries) {
    if (ANY_TIME.includes(event)) continue;
    const place = ORDER.indexOf(AFTER_DRAW.includes(event) ? "forms.written" : event);
    if (place < latest) {
      return failed(
        "journal",
        JOURNAL,
        words(`第 ${seq} 行（${event}）次序不对`, `line ${seq} (${event}) is out of order`),
      );
    }
    latest = place;
  }
  for (const once of ["round.created", "frame.locked", "plan.sealed", "drawn", "assigned"]) {
    const lines = entries.filter(({ event }) => event === once);
    if (lines.length > 1) {
      return failed(
        "journal",
        JOURNAL,
        words(`${once} 出现 ${lines.length} 次`, `${once} stands ${lines.length} times`),
      );
    }
  }
  return passed(
    "journal",
    JOURNAL,
    words(`${entries.length} 行，首尾相连，次序正确`, `${entries.length} lines, chained and in order`),
  );
}
