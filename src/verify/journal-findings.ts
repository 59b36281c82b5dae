/**
 * Checks the journal: its chain, the order of its events, and that what happens once happened once. An unlock, an unsealing
 * or a redraw begins a new epoch; order is judged within each.
 */
import { existsSync } from "node:fs";
import { stageOf, standing, type Voiding, voidedFrom, voidings } from "../round/epochs.ts";
import { ANY_TIME, type JournalEntry, type JournalEvent, readJournal, type VoidEvent } from "../round/journal.ts";
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
const ONCE: readonly JournalEvent[] = ["round.created", "frame.locked", "plan.sealed", "drawn", "assigned"];

export function journalFinding({ entries, fault }: WholeJournal): Finding {
  if (fault !== undefined) {
    const what = FAULT_WORDS[fault.kind] ?? words("有误", "is faulty");
    return failed("journal", JOURNAL, words(`第 ${fault.line} 行${what.zh}`, `line ${fault.line} ${what.en}`));
  }
  for (const [index, entry] of entries.entries()) {
    const difference = misplaced(entry, standing(entries.slice(0, index)));
    if (difference !== undefined) return failed("journal", JOURNAL, difference);
  }
  const lines = words(`${entries.length} 行，首尾相连，次序正确`, `${entries.length} lines, chained and in order`);
  const told = voidingsInWords(voidings(entries));
  return passed("journal", JOURNAL, words(`${lines.zh}；${told.zh}`, `${lines.en}; ${told.en}`));
}

/** What is wrong with an entry after those that stand before it: order and number are judged within each epoch. */
function misplaced({ event, seq, about }: JournalEntry, before: readonly JournalEntry[]): Words | undefined {
  const from = voidedFrom(event);
  const stages = before.map((entry) => stageOf(entry.event) ?? 0);
  if (from !== undefined) {
    if (typeof about.reason !== "string" || about.reason.trim() === "") {
      return words(`第 ${seq} 行（${event}）没有理由`, `line ${seq} (${event}) gives no reason`);
    }
    return stages.some((stage) => stage >= from)
      ? undefined
      : words(`第 ${seq} 行（${event}）没有可作废的内容`, `line ${seq} (${event}) voids nothing`);
  }
  const stage = stageOf(event);
  if (stage === undefined)
    return words(`第 ${seq} 行的 ${event} 不是已知的步骤`, `line ${seq}: unknown event ${event}`);
  if (stage === ANY_TIME) return undefined;
  if (ONCE.includes(event) && before.some((entry) => entry.event === event)) {
    return words(`第 ${seq} 行：${event} 重复出现`, `line ${seq}: ${event} stands twice`);
  }
  const isEarly = NEEDS.some(([of, needed]) => of === event && !before.some((entry) => entry.event === needed));
  if (isEarly || stages.some((earlier) => earlier > stage)) {
    return words(`第 ${seq} 行（${event}）次序不对`, `line ${seq} (${event}) is out of order`);
  }
  return undefined;
}

/** What must stand before an event. */
const NEEDS: readonly (readonly [event: JournalEvent, needed: JournalEvent])[] = [
  ["plan.sealed", "frame.locked"],
  ["seed.committed", "plan.sealed"],
  ["seed.added", "plan.sealed"],
  ["drawn", "plan.sealed"],
  ["seed.opened", "drawn"],
  ["assigned", "drawn"],
  ["forms.written", "drawn"],
  ["signed", "drawn"],
  ["replaced", "drawn"],
  ["replacement.undone", "drawn"],
  ["followup.drawn", "drawn"],
  ["records.imported", "drawn"],
  ["records.returned", "drawn"],
  ["records.settled", "records.imported"],
  ["records.dropped", "records.imported"],
];

const VOIDING_NAMES: Readonly<Record<VoidEvent, Words>> = {
  "frame.unlocked": words("解锁抽样框", "frame unlocked"),
  "plan.unsealed": words("启封方案", "plan unsealed"),
  "draw.voided": words("重抽", "redrawn"),
};

/** How many unlocks, unsealings and redraws there were, and why. */
export function voidingsInWords(all: readonly Voiding[]): Words {
  if (all.length === 0) return words("没有解锁、改方案或重抽", "no unlock, no change of plan, no redraw");
  const kinds = (Object.keys(VOIDING_NAMES) as VoidEvent[]).flatMap((event) => {
    const own = all.filter((voiding) => voiding.event === event);
    const { zh, en } = VOIDING_NAMES[event];
    const reasons = own.map(({ reason }) => `“${reason}”`);
    return own.length === 0
      ? []
      : [words(`${zh} ${own.length} 次（${reasons.join("、")}）`, `${en} ${own.length}× (${reasons.join(", ")})`)];
  });
  return words(kinds.map(({ zh }) => zh).join("，"), kinds.map(({ en }) => en).join(", "));
}
