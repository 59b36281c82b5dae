/** Checks the frame: ledger against lock, parquet against lock, lock against journal. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { readManifest } from "../draw/read-manifest.ts";
import { frameDigestOf } from "../frame/digests.ts";
import type { FrameLock, LockedBlock } from "../frame/lock-record.ts";
import { type LockedFrame, openFrame, readLock } from "../frame/locked.ts";
import { recomputeLock } from "../frame/recompute.ts";
import { type KnownFrame, standsAsLocked } from "../frame/standing.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import type { Secret } from "../seed/sealed.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { firstDifference } from "./difference.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";

export interface VerifyOptions {
  /** Ledger files; where absent those that the journal names, looked for beside the round. */
  readonly ledgers: readonly string[] | undefined;
  /** Do without the ledger: trust the locked frame. */
  readonly withoutLedger: boolean;
  /** Proves a sealed draw before its seed is published. */
  readonly secret?: Secret | undefined;
}

/** @param known the frame's file, with the question whether it stands as locked */
export async function ledgerFindings(
  round: Round,
  entries: readonly JournalEntry[],
  options: VerifyOptions,
  known: KnownFrame | undefined,
  progress: Progress,
): Promise<Finding[]> {
  const title = words("原始名录 → 抽样框", "ledger → frame");
  const lock = readLock(round);
  if (lock === undefined) return [skipped("ledger", title, words("抽样框还没有锁定", "no frame is locked"))];
  if (lock.database !== undefined) {
    const { table } = lock.database;
    const detail = words(`名录在数据库的表 ${table} 里，没有文件`, `the ledger is the table ${table} of a database`);
    return [skipped("ledger", title, detail)];
  }
  if (options.withoutLedger) {
    return [skipped("ledger", title, words("按 --without-ledger 未核对原始名录", "left out by --without-ledger"))];
  }
  const ledgers = options.ledgers ?? ledgersOfJournal(round, entries);
  const absent = ledgers.filter((path) => !existsSync(path));
  if (ledgers.length === 0 || absent.length > 0) {
    return [
      failed(
        "ledger",
        title,
        words(
          `找不到原始名录 ${lock.sources.map(({ name }) => name).join("、")}；请用 --ledger 文件 指定，或用 --without-ledger 只核对其余部分`,
          `the ledger ${lock.sources.map(({ name }) => name).join(", ")} is not there; name it with --ledger FILE, or use --without-ledger`,
        ),
      ),
    ];
  }
  const recomputed = await recomputeLock(ledgers, lock, known, progress);
  const difference = firstDifference(recomputed as unknown as JsonValue, lock as unknown as JsonValue);
  if (difference === undefined) {
    return [
      passed(
        "ledger",
        title,
        words(
          `重新读入 ${lock.rowsRead} 行 = ${lock.units} 个对象 + ${lock.excluded.length} 行排除，与 lock.json 逐项一致`,
          `${lock.rowsRead} rows read = ${lock.units} units + ${lock.excluded.length} excluded, equal to lock.json`,
        ),
      ),
    ];
  }
  return [failed("ledger", title, ledgerDifference(recomputed, lock, difference))];
}

/** The ledgers that were locked: where the journal says they lay, else in the round, beside it, or in this folder. */
function ledgersOfJournal(round: Round, entries: readonly JournalEntry[]): string[] {
  const ledgers = entries.find(({ event }) => event === "frame.locked")?.about.ledgers;
  if (!Array.isArray(ledgers)) return [];
  return ledgers.map((ledger) => {
    const locked = resolve(round.folder, String(ledger));
    const places = [round.folder, dirname(round.folder), "."].map((folder) => resolve(folder, basename(locked)));
    return [locked, ...places].find((path) => existsSync(path)) ?? locked;
  });
}

/** Names the difference by file and block, where it can be, instead of by a place in a JSON file. */
function ledgerDifference(found: FrameLock, expected: FrameLock, difference: Words): Words {
  const changedFile = expected.sources.find(
    ({ name, sha256 }) => !found.sources.some((source) => source.name === name && source.sha256 === sha256),
  );
  const changedBlocks = expected.blocks
    .filter(({ key, digest: old }) => found.blocks.find((block) => block.key === key)?.digest !== old)
    .map(({ key }) => key);
  if (changedFile === undefined) return words(`lock.json ${difference.zh}`, `lock.json ${difference.en}`);
  const blocks = changedBlocks.slice(0, 3).join("、");
  return changedBlocks.length === 0
    ? words(
        `${changedFile.name} 与锁定时的文件不同，但抽样框内容没有变化`,
        `${changedFile.name} is not the file that was locked, though its units are the same`,
      )
    : words(
        `${changedFile.name} 与锁定时的文件不同：${blocks} 等 ${changedBlocks.length} 个块的内容有变`,
        `${changedFile.name} is not the file that was locked: ${changedBlocks.length} blocks differ (${blocks})`,
      );
}

/**
 * The frame's file, if it lies in the round and its lock can be read. Whether it stands as locked is being found out from
 * here on, while other checks go on.
 */
export function askWhetherFrameStands(round: Round): KnownFrame | undefined {
  let lock: FrameLock | undefined;
  try {
    lock = readLock(round);
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
  }
  const { parquet } = round.paths;
  if (lock === undefined || lock.database !== undefined || !existsSync(parquet)) return undefined;
  const { columns, blocks } = lock;
  return { parquet, lock: { columns, blocks }, stands: standsAsLocked({ parquet, columns, blocks }) };
}

/** @param known the frame's file, with the question whether it stands as locked */
export async function frameFindings(
  round: Round,
  entries: readonly JournalEntry[],
  known: KnownFrame | undefined,
): Promise<Finding[]> {
  const lock = readLock(round);
  if (lock === undefined) return [unlocked(entries)];
  if (await known?.stands) return [frameFinding(round, lock, lock.blocks, entries)];
  const frame = await openFrame(round);
  try {
    const blocks = await frame.digests();
    const kept = await keptDifference(round, frame);
    return [kept === undefined ? frameFinding(round, lock, blocks, entries) : failed("frame", FRAME, kept)];
  } finally {
    frame.close();
  }
}

const FRAME = words("抽样框文件 → 摘要", "frame file → digest");

/** What there is to say where no lock lies in the round. */
export function unlocked(entries: readonly JournalEntry[]): Finding {
  return entries.some(({ event }) => event === "frame.locked")
    ? failed(
        "frame",
        FRAME,
        words("日志有锁定记录，但没有 frame/lock.json", "locked by the journal, but lock.json is gone"),
      )
    : skipped("frame", FRAME, words("抽样框还没有锁定", "no frame is locked"));
}

function frameFinding(
  round: Round,
  lock: FrameLock,
  blocks: readonly LockedBlock[],
  entries: readonly JournalEntry[],
): Finding {
  const difference =
    firstDifference(blocks as unknown as JsonValue, lock.blocks as unknown as JsonValue) ??
    different(frameDigestOf(blocks), lock.frameDigest, words("frameDigest", "frameDigest"));
  if (difference !== undefined) {
    return failed("frame", FRAME, words(`${frameName(lock)} 与 lock.json 不符：${difference.zh}`, difference.en));
  }
  const againstJournal = lockAgainstJournal(round, lock, entries);
  return againstJournal === undefined
    ? passed(
        "frame",
        FRAME,
        words(`${lock.units} 个对象，摘要 ${lock.frameDigest}`, `${lock.units} units, ${lock.frameDigest}`),
      )
    : failed("frame", FRAME, againstJournal);
}

/** Where the lock is not the one that the journal speaks of. */
export function lockAgainstJournal(round: Round, lock: FrameLock, entries: readonly JournalEntry[]): Words | undefined {
  const locked = entries.find(({ event }) => event === "frame.locked")?.about;
  return (
    different(lock.frameDigest, locked?.frameDigest, words("日志中的抽样框摘要", "the journal's frame digest")) ??
    different(
      digest(readFileSync(round.paths.lock)),
      locked?.lockDigest,
      words("日志中的 lock.json 摘要", "the journal's digest of lock.json"),
    )
  );
}

function frameName({ database }: FrameLock): string {
  return database === undefined ? "frame.parquet" : `数据库表 ${database.table}`;
}

/** Where the units lie in a database, whether the rows of drawn units that the round keeps are those of the database. */
async function keptDifference(round: Round, frame: LockedFrame): Promise<Words | undefined> {
  if (frame.lock.database === undefined || !existsSync(round.paths.manifest)) return undefined;
  const ids = readManifest(round).strata.flatMap(({ units }) => units.map(({ id }) => id));
  const kept = await openFrame({ ...round, database: undefined });
  try {
    const [own, theirs] = [await kept.unitsById(ids), await frame.unitsById(ids)].map(
      (units) => new Map(units.map((unit) => [unit.id, JSON.stringify(unit)])),
    );
    const changed = ids.find((id) => own?.get(id) === undefined || own.get(id) !== theirs?.get(id));
    if (changed === undefined) return undefined;
    return words(
      `frame.parquet 里 ${changed} 的内容与数据库不符`,
      `what frame.parquet holds of ${changed} is not what the database holds`,
    );
  } finally {
    kept.close();
  }
}
