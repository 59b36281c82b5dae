/**
 * The records of a round made anew: the journal's imports, settlements and drops in their order, each from the originals that were
 * kept, by the readers that `records import` has. Nothing of `records.jsonl` is trusted.
 */
import { readManifest } from "../draw/read-manifest.ts";
import type { JournalEntry } from "../round/journal.ts";
import { isAboutSample } from "../round/outdated.ts";
import type { Round } from "../round/round.ts";
import { askThread, HAS_THREADS } from "../round/thread.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { type RoundExpected, readExpected } from "./expected.ts";
import { LeanList } from "./lean.ts";
import type { LeanRead } from "./read-lean.ts";
import { type AreaCheck, compareAreas, compareRecords, type SourceRecord } from "./record.ts";
import {
  Contradiction,
  KeptForms,
  originalsOf,
  type RecordsState,
  type Replaying,
  replayLine,
} from "./replay-lines.ts";
import { lastRecordsEntry } from "./store.ts";
import { storedDifference } from "./stored-difference.ts";

/** The records as they stood before a line of the journal. */
export interface RecordsAt {
  readonly read: LeanRead;
  readonly areas: readonly AreaCheck[];
  readonly areasDigest: string | undefined;
}

/** What came of it. Plain data: it goes from one thread to another. */
export interface Replayed {
  /** The first thing in which originals, journal and stored records do not agree; undefined where they do. */
  readonly wrong: Words | undefined;
  /** By the line: the records before it, for the lines asked for; none from the first contradiction on. */
  readonly at: ReadonlyMap<number, RecordsAt>;
  /** Kept files that the journal names, and the records that they give in the end. */
  readonly originals: number;
  readonly records: number;
}

export interface ReplayQuestion {
  readonly round: Round;
  readonly entries: readonly JournalEntry[];
  /** Lines before which the records are wanted. */
  readonly wanted: readonly number[];
}
export type ReplayAnswer = { readonly read: number; readonly of: number } | { readonly replayed: Replayed };

const READING = words("由原表重读核查记录", "reading the originals again");

/**
 * Replays the records of a round, in a thread of its own where there are threads.
 * @param entries the journal as it stands
 */
export async function replayRecords(question: ReplayQuestion, progress: Progress): Promise<Replayed> {
  const told = (read: number, of: number) => progress(READING, read, of);
  if (!HAS_THREADS) return replayHere(question, told);
  const module = new URL("./replay-worker.js", import.meta.url);
  const answer = await askThread<ReplayAnswer>(module, question, (message) => {
    const each = message as ReplayAnswer;
    if (!("read" in each)) return false;
    told(each.read, each.of);
    return true;
  });
  if ("replayed" in answer) return answer.replayed;
  throw new Error("no answer");
}

/** The same in this thread. */
export async function replayHere(
  { round, entries, wanted }: ReplayQuestion,
  told: (read: number, of: number) => void,
): Promise<Replayed> {
  const { replaying, files } = replayingOf(round, entries, told);
  const at = new Map<number, RecordsAt>();
  const lines = new Lines();
  let state: RecordsState = { records: [], areas: [] };
  let otherDigest: Words | undefined;
  const stopped = (wrong: Words): Replayed => ({ wrong, at, originals: files, records: 0 });
  try {
    for (const entry of entries) {
      if (wanted.includes(entry.seq)) at.set(entry.seq, lines.leanOf(state));
      const next = await replayLine(replaying, state, entry);
      if (next === undefined) continue;
      state = next;
      otherDigest ??= lines.otherDigest(state, entry);
    }
    const isTold = lastRecordsEntry(entries) !== undefined;
    const wrong = isTold ? storedDifference(round, readManifest(round), state, lines.digestsOf(state)) : undefined;
    return { wrong: wrong ?? otherDigest, at, originals: files, records: state.records.length };
  } catch (error) {
    if (error instanceof Contradiction) return stopped(error.words);
    if (error instanceof ChouqianError) return stopped(refusalInWords(error));
    throw error;
  }
}

/**
 * The records that journal and originals give in the end, whatever lies in `records.jsonl`.
 * @throws ChouqianError E-RECORDS-NOT-RESTORED where they contradict each other
 */
export async function remakeRecords(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
): Promise<RecordsState> {
  const { replaying } = replayingOf(round, entries, (read, of) => progress(READING, read, of));
  let state: RecordsState = { records: [], areas: [] };
  try {
    for (const entry of entries) state = (await replayLine(replaying, state, entry)) ?? state;
  } catch (error) {
    if (error instanceof Contradiction) throw notRestored(error.words);
    throw error;
  }
  return state;
}

/** That originals and journal do not give the records that the journal names. */
export function notRestored(message: Words): ChouqianError {
  return new ChouqianError("E-RECORDS-NOT-RESTORED", {
    message,
    advice: words(
      "原表或日志也被改动：从备份恢复 records 文件夹和日志，再 verify",
      "originals or journal were changed too: restore the folder records and the journal from a backup, then verify",
    ),
    exitCode: 3,
  });
}

function replayingOf(
  round: Round,
  entries: readonly JournalEntry[],
  told: (read: number, of: number) => void,
): { readonly replaying: Replaying; readonly files: number } {
  const files = new Set(entries.flatMap(originalsOf).map(({ file, sha256 }) => `${sha256}\n${file}`)).size;
  let expected: Expecting | undefined;
  const replaying: Replaying = {
    round,
    kept: new KeptForms(round, (read) => told(read, files)),
    expectedBefore: async ({ seq }) => {
      const before = entries.filter((entry) => entry.seq < seq);
      const key = whatIsExpected(before);
      if (expected?.key !== key) expected = { key, is: await readExpected(round, before) };
      return expected.is;
    },
  };
  return { replaying, files };
}

interface Expecting {
  readonly key: string;
  readonly is: RoundExpected;
}

/** What the lines say that decides which forms are expected: equal where nothing of it changed. */
function whatIsExpected(entries: readonly JournalEntry[]): string {
  const deciding = entries.filter(({ event }) => isAboutSample(event) || event === "assigned").map(({ seq }) => seq);
  const templates = entries.flatMap(({ event, about }) => (event === "forms.written" ? [about.templates ?? null] : []));
  return canonicalJson([deciding, [...new Set(templates.map((each) => canonicalJson(each)))]]);
}

function refusalInWords({ words: { zh, en }, problems: [first] }: ChouqianError): Words {
  return first === undefined ? words(zh, en) : words(`${zh}：${first.message.zh}`, `${en}: ${first.message.en}`);
}

/** Records and areas as lines of their files; each is written once, however often it stands in a state. */
class Lines {
  readonly #texts = new WeakMap<object, string>();

  #textOf(lines: readonly (SourceRecord | AreaCheck)[]): string {
    return lines
      .map((each) => {
        const text = this.#texts.get(each) ?? `${canonicalJson(each as unknown as JsonValue)}\n`;
        this.#texts.set(each, text);
        return text;
      })
      .join("");
  }

  /** As the journal has them: null where there is no file. */
  digestsOf({ records, areas }: RecordsState): {
    readonly recordsDigest: string | null;
    readonly areasDigest: string | null;
  } {
    return {
      recordsDigest: records.length === 0 ? null : digest(this.#textOf([...records].sort(compareRecords))),
      areasDigest: areas.length === 0 ? null : digest(this.#textOf([...areas].sort(compareAreas))),
    };
  }

  otherDigest(state: RecordsState, { seq, about }: JournalEntry): Words | undefined {
    const found = this.digestsOf(state);
    for (const key of ["recordsDigest", "areasDigest"] as const) {
      if ((about[key] ?? null) === found[key]) continue;
      return words(
        `日志第 ${seq} 行之后的记录，由原表重读的摘要应为 ${found[key] ?? "（无）"}，日志写的是 ${about[key] ?? "（无）"}`,
        `line ${seq}: the originals give ${key} ${found[key] ?? "(none)"}, told is ${about[key] ?? "(none)"}`,
      );
    }
    return undefined;
  }

  leanOf(state: RecordsState): RecordsAt {
    const { recordsDigest, areasDigest } = this.digestsOf(state);
    const list = new LeanList();
    for (const record of [...state.records].sort(compareRecords)) list.pushRecord(record);
    return {
      read: { records: list.finish(), recordsDigest: recordsDigest ?? undefined },
      areas: [...state.areas].sort(compareAreas),
      areasDigest: areasDigest ?? undefined,
    };
  }
}
