/** Unlocks, unsealings and redraws in words, as the certificate prints them: reasons and digests, no times. Pure. */
import { type Voiding, voidings } from "../round/epochs.ts";
import type { JournalEntry, VoidEvent } from "../round/journal.ts";

const NAMES: Readonly<Record<VoidEvent, string>> = {
  "frame.unlocked": "解锁抽样框，其后的方案封存、种子和抽签作废",
  "plan.unsealed": "启封方案，其后的种子和抽签作废",
  "draw.voided": "重抽，此前的种子和抽签作废",
};
/** What is told of an entry that was voided: its digest. */
const DIGESTS: Readonly<Record<string, readonly [name: string, key: string]>> = {
  "frame.locked": ["抽样框摘要", "frameDigest"],
  "plan.sealed": ["方案摘要", "planDigest"],
  drawn: ["样本清单摘要", "manifestDigest"],
};

/** A paragraph for each; none where nothing was ever voided. */
export function historyLines(entries: readonly JournalEntry[]): string[] {
  return voidings(entries).map(inWords);
}

function inWords({ number, event, reason, filesDigest, voided }: Voiding): string {
  const gone = voided.flatMap(({ event: name, about }) => {
    const [label, key] = DIGESTS[name] ?? [];
    return label === undefined || key === undefined ? [] : [`${label} ${String(about[key])}`];
  });
  const before = gone.length === 0 ? "" : `作废的${gone.join("，")}。`;
  return `${number}．${NAMES[event]}。理由：${reason.replace(/[。.]+$/, "")}。${before}原文件存于 history/${number}，文件清单摘要 ${filesDigest}。`;
}
