/** Opening a round folder, its lock, and the edge where journal and files are read and written. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { canonicalJson, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { parseYaml } from "../text/yaml-file.ts";
import { RoundConfig } from "./config.ts";
import { standing } from "./epochs.ts";
import {
  clearLeftovers,
  isAlive,
  isFolder,
  keepFinished,
  markUnfinished,
  refusingDiskErrors,
  writeFileAtomically,
} from "./files.ts";
import { settleHistory } from "./history.ts";
import { appendEntry, type JournalEntry, type JournalEvent, readJournal } from "./journal.ts";

/** Who does something, and when: handed in by the edge, so that nothing below reads a clock. */
export interface Actor {
  readonly name: string;
  readonly now: () => Date;
}

/** An opened round. */
export interface Round {
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly config: RoundConfig;
  readonly paths: RoundPaths;
  /** Address of the database where the frame's units lie, for rounds that keep them there. Given anew at each call, never written. */
  readonly database?: string | undefined;
}

/** Where the parts of a round lie (architecture, "The round folder is the database"). */
export interface RoundPaths {
  readonly config: string;
  readonly plan: string;
  /** The plan as it was sealed, canonical: its digest is the plan's. */
  readonly planAsSealed: string;
  /** How the ledgers' columns and values are read; an office may have none. */
  readonly mapping: string;
  readonly frame: string;
  readonly parquet: string;
  readonly lock: string;
  readonly problems: string;
  readonly seed: string;
  readonly draw: string;
  readonly manifest: string;
  /** What was sealed, with its lists, as the draw wrote it. */
  readonly sealedPlan: string;
  readonly sampleList: string;
  readonly certificate: string;
  /** The certificate printed again with the seed, once a sealed one is opened. */
  readonly openedCertificate: string;
  readonly rehearsal: string;
  /** What stood before an unlock, an unsealing or a redraw. */
  readonly history: string;
  /** Which team inspects which source: `assignment.json` and the sheets. */
  readonly assign: string;
  readonly assignment: string;
  readonly forms: string;
  /** Templates of the office's own, which go before those shipped; a round may have none. */
  readonly templates: string;
  /** Time stamps: requests and the authorities' answers. */
  readonly stamps: string;
  /** Electronic signatures. */
  readonly signatures: string;
  /** What replacements add: the list of the sample as it stands, evidence, workbooks that were in use before. */
  readonly replace: string;
  readonly currentList: string;
  /** Checked sources and checked census areas, one a line. */
  readonly records: string;
  readonly areas: string;
  /** What the records say: figures, reports. */
  readonly results: string;
  readonly evaluation: string;
  readonly journal: string;
}

export function roundPaths(folder: string): RoundPaths {
  const at = (...parts: string[]) => join(folder, ...parts);
  return {
    config: at("round.yaml"),
    plan: at("plan.yaml"),
    planAsSealed: at("plan.sealed.json"),
    mapping: at("mapping.yaml"),
    frame: at("frame"),
    parquet: at("frame", "frame.parquet"),
    lock: at("frame", "lock.json"),
    problems: at("frame", "问题清单.xlsx"),
    seed: at("seed.json"),
    draw: at("draw"),
    manifest: at("draw", "manifest.json"),
    sealedPlan: at("draw", "plan.json"),
    sampleList: at("draw", "抽样名单.xlsx"),
    certificate: at("draw", "抽签见证单.pdf"),
    openedCertificate: at("draw", "抽签见证单-种子公开.pdf"),
    rehearsal: at("rehearsal"),
    history: at("history"),
    assign: at("assign"),
    assignment: at("assign", "assignment.json"),
    forms: at("forms"),
    templates: at("templates"),
    stamps: at("stamps"),
    signatures: at("signatures"),
    replace: at("replace"),
    currentList: at("replace", "样本现状.xlsx"),
    records: at("records", "records.jsonl"),
    areas: at("records", "areas.jsonl"),
    results: at("results"),
    evaluation: at("results", "evaluation.json"),
    journal: at("journal.jsonl"),
  };
}

/**
 * Opens a round folder.
 * @throws ChouqianError E-ROUND-NOT-FOUND, E-ROUND-CONFIG (with the lines of `round.yaml` that are wrong)
 */
export function openRound(folder: string, database?: string): Round {
  const absolute = resolve(folder);
  const paths = roundPaths(absolute);
  if (!existsSync(paths.config)) {
    throw new ChouqianError("E-ROUND-NOT-FOUND", {
      message: words(
        `文件夹“${basename(absolute)}”不是核查轮次：没有 round.yaml`,
        `the folder "${basename(absolute)}" is no round: it has no round.yaml`,
      ),
      advice: words(
        "用 -C 指定轮次文件夹；还没有的话先建一个：chouqian new 文件夹 --template provincial",
        "name the round's folder with -C, or make one: chouqian new DIR --template provincial",
      ),
    });
  }
  const config = parseYaml(RoundConfig, readTextFile(paths.config), "round.yaml", "E-ROUND-CONFIG");
  return { folder: absolute, config, paths, database };
}

/**
 * Reads a UTF-8 text file of a round.
 * @param isEvidence keeps a byte order mark, so that the text stands for the bytes; what people edit may begin with one
 * @throws ChouqianError E-FILE-READ
 */
export function readTextFile(path: string, isEvidence = false): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: isEvidence }).decode(readFileSync(path));
  } catch (error) {
    const isText = error instanceof Error && "code" in error && error.code !== "ERR_ENCODING_INVALID_ENCODED_DATA";
    throw new ChouqianError("E-FILE-READ", {
      message: isText
        ? words(`读不到文件 ${basename(path)}`, `cannot read ${basename(path)}`)
        : words(`${basename(path)} 不是 UTF-8 文本`, `${basename(path)} is no UTF-8 text`),
      advice: isText
        ? words("请检查文件是否存在、是否有读取权限", "check that the file exists and may be read")
        : words("请用记事本另存为，编码选 UTF-8", "save it again as UTF-8"),
      at: { file: basename(path) },
    });
  }
}

/** A round's journal as steps read it. */
export interface RoundJournal {
  /** The entries that stand: what an unlock, an unsealing or a redraw has voided is left out. */
  readonly entries: readonly JournalEntry[];
  /** Every entry there ever was. */
  readonly all: readonly JournalEntry[];
  readonly text: string;
}

/**
 * The journal's entries. A round without a journal has none.
 * @throws ChouqianError E-JOURNAL-BROKEN
 */
export function journalOf(round: Round): RoundJournal {
  if (!existsSync(round.paths.journal)) return { entries: [], all: [], text: "" };
  const text = readTextFile(round.paths.journal, true);
  const { entries, fault } = readJournal(text);
  if (fault !== undefined) {
    throw new ChouqianError("E-JOURNAL-BROKEN", {
      message: words(
        `日志 journal.jsonl 第 ${fault.line} 行被改动或残缺`,
        `line ${fault.line} of journal.jsonl was changed or is incomplete`,
      ),
      advice: words(
        "日志是证据，不得修改；请恢复原文件，或运行 chouqian verify 查看哪里不符",
        "the journal is evidence: restore the file, or see chouqian verify",
      ),
      at: { file: "journal.jsonl", row: fault.line },
      exitCode: 3,
    });
  }
  return { entries: standing(entries), all: entries, text };
}

/** Adds one entry to the journal. */
export function recordEvent(
  round: Round,
  actor: Actor,
  event: JournalEvent,
  about: { readonly [key: string]: JsonValue },
): void {
  const { text } = journalOf(round);
  const entry = { time: actor.now().toISOString(), actor: actor.name, event, about };
  const longer = appendEntry(text, entry);
  writeFileAtomically(round.paths.journal, longer);
  committed.push({ event, line: longer.trimEnd().split("\n").length });
}

const committed: { readonly event: JournalEvent; readonly line: number }[] = [];

/** What this run of the program has put on record, with the lines of the journal. */
export function committedEvents(): readonly { readonly event: JournalEvent; readonly line: number }[] {
  return committed;
}

/** Writes a JSON product: canonical JSON and nothing else, so that its digest can be taken from the file. */
export function writeJson(path: string, value: JsonValue): void {
  writeFileAtomically(path, canonicalJson(value));
}

/**
 * Runs a step while holding the round's lock, so that two writers keep apart.
 * @throws ChouqianError E-ROUND-BUSY
 */
export async function withRoundLock<T>(folder: string, step: () => Promise<T>): Promise<T> {
  const path = join(folder, ".lock");
  takeLock(folder, path);
  markUnfinished(path);
  try {
    const { forms, stamps, signatures, results } = roundPaths(folder);
    for (const part of [folder, forms, stamps, signatures, results, ...foldersIn(results)]) clearLeftovers(part);
    settleHistory(folder);
    return await step();
  } finally {
    rmSync(path, { force: true });
    keepFinished(path);
  }
}

function foldersIn(path: string): string[] {
  if (!isFolder(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}

function takeLock(folder: string, path: string): void {
  if (existsSync(path) && !isAlive(Number(readFileSync(path, "utf8")))) rmSync(path, { force: true });
  refusingDiskErrors(folder, () => {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      throw new ChouqianError("E-ROUND-BUSY", {
        message: words("另一个 chouqian 正在处理这个轮次", "another chouqian is at work on this round"),
        advice: words("等它结束后再试", "wait until it has finished"),
      });
    }
  });
}

/**
 * Makes the folder of a new round.
 * @throws ChouqianError E-ROUND-EXISTS where the folder holds anything already
 */
export function makeRoundFolder(folder: string): string {
  const absolute = resolve(folder);
  if (existsSync(absolute) && !(statSync(absolute).isDirectory() && readdirSync(absolute).length === 0)) {
    throw new ChouqianError("E-ROUND-EXISTS", {
      message: words(`“${basename(absolute)}”已存在且不是空文件夹`, `"${basename(absolute)}" exists and is not empty`),
      advice: words("换一个文件夹名；已有的轮次不会被覆盖", "choose another name; a round is never overwritten"),
    });
  }
  refusingDiskErrors(absolute, () => mkdirSync(absolute, { recursive: true }));
  return absolute;
}
