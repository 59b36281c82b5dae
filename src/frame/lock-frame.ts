/** The edge of the frame step: checks or locks ledgers and writes what a round keeps of them. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { fileDigest, replaceFolder, withTemporaryFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock, writeJson } from "../round/round.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { type BuiltFrame, buildFrame } from "./build.ts";
import { openEngine } from "./engine.ts";
import { namedLedgers } from "./ledger-paths.ts";
import type { FrameLock } from "./lock-record.ts";
import { problemWorkbook } from "./problem-list.ts";
import type { ReadingOptions } from "./tables.ts";
import { MOST_EXCLUDED } from "./take-table.ts";

/** Reads and checks ledgers without a round. Writes nothing that stays. */
export async function checkLedgers(
  ledgers: readonly string[],
  options: ReadingOptions,
  progress: Progress,
): Promise<BuiltFrame> {
  return withTemporaryFolder(async (folder) => {
    const engine = await openEngine(folder);
    try {
      return await buildFrame(engine, namedLedgers(ledgers), options, { folder, excludeProblemRows: false }, progress);
    } finally {
      engine.close();
    }
  });
}

/** Writes all problems as a workbook that an office can work through and send back. */
export async function writeProblemList(path: string, built: BuiltFrame): Promise<void> {
  writeFileAtomically(path, await problemListBytes(built));
}

function problemListBytes({ lock, problems, problemCounts, likeNames }: BuiltFrame): Promise<Uint8Array> {
  const files = lock.sources.map(({ name, tables }) => ({
    name,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
  }));
  return problemWorkbook(problems, { files, units: lock.units, counts: problemCounts, likeNames });
}

/**
 * Locks the round's frame: `frame/frame.parquet`, `frame/lock.json`, `frame/问题清单.xlsx`.
 * @throws ChouqianError E-FRAME-LOCKED where there is a locked frame; E-FRAME-PROBLEM-ROWS where rows cannot be
 *   identified or placed and `excludeProblemRows` is not set
 */
export async function lockFrame(
  round: Round,
  actor: Actor,
  ledgers: readonly string[],
  options: ReadingOptions,
  excludeProblemRows: boolean,
  progress: Progress,
): Promise<BuiltFrame> {
  const paths = namedLedgers(ledgers);
  return withRoundLock(round.folder, async () => {
    refuseSecondLock(round);
    const built = await replaceFolder(round.paths.frame, async (staging) => {
      const engine = await openEngine(staging);
      try {
        const frame = await buildFrame(engine, paths, options, { folder: staging, excludeProblemRows }, progress);
        refuseProblemRows(frame, excludeProblemRows);
        writeJson(join(staging, "lock.json"), frame.lock as unknown as JsonValue);
        writeFileAtomically(join(staging, "问题清单.xlsx"), await problemListBytes(frame));
        return frame;
      } finally {
        engine.close();
      }
    });
    const { lock } = built;
    recordEvent(round, actor, "frame.locked", {
      frameDigest: lock.frameDigest,
      lockDigest: lockDigest(lock),
      fileDigest: await fileDigest(round.paths.parquet),
      units: lock.units,
      excluded: built.excludedRows,
      sources: lock.sources.map(({ name, sha256 }) => ({ name, sha256 })),
      ledgers: paths.map(({ path }) => relative(round.folder, path).replaceAll("\\", "/")),
    });
    return built;
  });
}

/** Digest of the bytes of `lock.json`. */
export function lockDigest(lock: FrameLock): string {
  return digest(canonicalJson(lock as unknown as JsonValue));
}

function refuseSecondLock(round: Round): void {
  const locked = journalOf(round).entries.some(({ event }) => event === "frame.locked");
  if (!locked) return;
  throw new ChouqianError("E-FRAME-LOCKED", {
    message: existsSync(round.paths.lock)
      ? words("抽样框已经锁定，不能再次锁定", "the frame is locked already")
      : words("日志记录抽样框已锁定，但 frame 文件夹不见了", "the journal says the frame is locked, but it is gone"),
    advice: words(
      "锁定后的抽样框不可更改；名录确有更正时新建轮次（chouqian new），或用 frame unlock --reason 理由（其后各步作废，理由永远记录在案并印在见证单上）",
      "a locked frame does not change; for a corrected ledger make a new round, or use frame unlock --reason TEXT, which voids all later steps and stays on record",
    ),
  });
}

function refuseProblemRows({ lock, problems, excludedRows }: BuiltFrame, excludeProblemRows: boolean): void {
  if (lock.units === 0) {
    throw new ChouqianError("E-FRAME-NO-UNITS", {
      message: words("名录里没有一行可以进入抽样框", "no row of the ledger can enter the frame"),
      advice: words("按上面的问题逐项改正名录", "mend the problems above"),
      problems,
    });
  }
  if (excludedRows > MOST_EXCLUDED) {
    throw new ChouqianError("E-FRAME-TOO-MANY-PROBLEM-ROWS", {
      message: words(
        `${excludedRows} 行无法识别或归类，超过 ${MOST_EXCLUDED} 行的上限，这样的名录不能锁定`,
        `${excludedRows} rows cannot be identified or placed, more than the ${MOST_EXCLUDED} that a lock can record`,
      ),
      advice: words(
        "多半是列认错了（用 --map 指定）或整列缺失；先用 frame check 查看汇总",
        "most likely a column was mistaken (see --map) or is missing; look at the summary of frame check",
      ),
      problems,
    });
  }
  if (excludeProblemRows || excludedRows === 0) return;
  throw new ChouqianError("E-FRAME-PROBLEM-ROWS", {
    message: words(
      `${excludedRows} 行无法识别或无法归入地市、类别，抽样框没有锁定`,
      `${excludedRows} rows cannot be identified or placed; the frame was not locked`,
    ),
    advice: words(
      "改正这些行后重试；或加 --exclude-problem-rows 把它们排除在外（逐行记录在案）",
      "mend them, or leave them out with --exclude-problem-rows (each is recorded)",
    ),
    problems,
  });
}
