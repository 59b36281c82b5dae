/** Reads what came back as the evaluation needs it: a province's gigabyte in a thread of its own, beside other work. */
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Round } from "../round/round.ts";
import { askThread, HAS_THREADS } from "../round/thread.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { LeanList, type LeanRecords } from "./lean.ts";
import { readLines } from "./read-lines.ts";
import { CUT, Faults, orderCheck, readLine, refuseForeign } from "./read-records.ts";
import { SourceRecord } from "./record.ts";
import { RecordScanner } from "./scan.ts";

/** The round and the draw that every record must name. */
export interface OwnDraw {
  readonly roundId: string;
  readonly manifestDigest: string;
}

/** The records of a round. */
export interface LeanRead {
  readonly records: LeanRecords;
  /** SHA-256 of their file; undefined where there is none. */
  readonly recordsDigest: string | undefined;
}

export type ReadRecords = (draw: OwnDraw) => Promise<LeanRead>;

/** What the thread is asked, and what it answers: how many records it has, then the records; nothing where it meets a fault. */
export interface LeanQuestion {
  readonly path: string;
  readonly draw: OwnDraw;
}
export type LeanAnswer = number | LeanRead | undefined;

/** From so many bytes on the file is worth a thread of its own. */
const WORTH_A_THREAD = 32_000_000;
/** Records after which a reader tells how far it is. */
const TOLD_EACH = 5000;
const READING = words("读取核查记录", "reading records");

/**
 * All records of a round, in the file's order; none where nothing was imported yet.
 * @param worthAThread size of the file from which on it is read in another thread
 * @throws ChouqianError E-RECORDS-INVALID with the lines that are wrong
 */
export async function readLean(
  round: Round,
  draw: OwnDraw,
  progress: Progress,
  worthAThread = WORTH_A_THREAD,
): Promise<LeanRead> {
  const path = round.paths.records;
  if (!existsSync(path)) return { records: new LeanList().finish(), recordsDigest: undefined };
  const told = (count: number) => progress(READING, count);
  if (statSync(path).size < worthAThread || !HAS_THREADS) return readLeanHere(path, draw, told);
  // What the thread cannot take is read once more here, where it is said what is wrong.
  return (await readBeside({ path, draw }, told)) ?? readLeanHere(path, draw, told);
}

/** Reads the records of a round once for all who ask for those of the same draw. */
export function leanReader(round: Round, progress: Progress): ReadRecords {
  const reads = new Map<string, Promise<LeanRead>>();
  return (draw) => {
    const name = `${draw.manifestDigest} ${draw.roundId}`;
    const read = reads.get(name) ?? readLean(round, draw, progress);
    reads.set(name, read);
    return read;
  };
}

/** The same in this thread, of a file that is there. */
export function readLeanHere(path: string, draw: OwnDraw, told: (count: number) => void): LeanRead {
  const faults = new Faults(basename(path));
  const list = new LeanList();
  const scanner = new RecordScanner(list, draw.roundId, draw.manifestDigest);
  const inOrder = orderCheck(faults);
  let read = 0;
  const { digest, isEnded } = readLines(path, (bytes, start, end, row) => {
    if (!scanner.scan(bytes, start, end)) {
      const record = readLine(bytes.toString("utf8", start, end), SourceRecord, faults, row);
      if (record === undefined) return;
      refuseForeign(record, draw, row, faults);
      list.pushRecord(record);
    }
    inOrder(list.last(), row);
    const twice = list.repeatedInLast();
    if (twice !== undefined) faults.add(row, "indicators", words(`${twice} 重复`, `${twice} stands twice`));
    read = row;
    if (row % TOLD_EACH === 0) told(row);
  });
  told(read);
  if (!isEnded) faults.add(undefined, undefined, CUT);
  faults.refuse();
  return { records: list.finish(), recordsDigest: digest };
}

function readBeside(question: LeanQuestion, told: (count: number) => void): Promise<LeanRead | undefined> {
  const isCount = (message: unknown) => {
    if (typeof message === "number") told(message);
    return typeof message === "number";
  };
  const module = new URL("./lean-worker.js", import.meta.url);
  return askThread<LeanRead | undefined>(module, question, isCount).catch(() => undefined);
}
