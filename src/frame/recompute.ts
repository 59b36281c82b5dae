/** Reads ledgers again in the way a lock says, for verification. */
import { withTemporaryFolder } from "../round/files.ts";
import type { Progress } from "../text/progress.ts";
import { buildFrame } from "./build.ts";
import { openEngine } from "./engine.ts";
import { namedLedgers } from "./ledger-paths.ts";
import type { FrameLock } from "./lock-record.ts";
import { type LockedFrame, lockedFrame } from "./locked.ts";
import type { KnownFrame } from "./standing.ts";
import type { ReadingOptions } from "./tables.ts";
import { valueMapsOf } from "./value-maps.ts";

/**
 * The lock that these ledgers, files or folders, give when read as `lock` says.
 * @param known the frame's file, if there is one; where it stands as locked, none is written anew
 */
export async function recomputeLock(
  paths: readonly string[],
  lock: FrameLock,
  known: KnownFrame | undefined,
  progress: Progress,
): Promise<FrameLock> {
  return withTemporaryFolder(async (folder) => {
    const engine = await openEngine(folder);
    try {
      const { excludeProblemRows } = lock.options;
      const building = { folder, excludeProblemRows, known };
      return (await buildFrame(engine, namedLedgers(paths), readingOf(lock), building, progress)).lock;
    } finally {
      engine.close();
    }
  });
}

/**
 * Works with a frame that holds the units of these ledgers only, such as one city's, in the columns of `lock`.
 * @param work gets the frame, whose lock is `lock` with the numbers of units that the frame holds, and the lock that the
 *   ledgers give by themselves
 */
export async function withPartOfFrame<T>(
  paths: readonly string[],
  lock: FrameLock,
  progress: Progress,
  work: (frame: LockedFrame, own: FrameLock) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const engine = await openEngine(folder);
    try {
      const building = { folder, excludeProblemRows: lock.options.excludeProblemRows, columns: lock.columns };
      const { lock: own } = await buildFrame(engine, namedLedgers(paths), readingOf(lock), building, progress);
      const held = (key: string) => own.blocks.find((block) => block.key === key)?.count ?? 0;
      const blocks = lock.blocks.map((block) => ({ ...block, count: held(block.key) }));
      return await work(lockedFrame(engine, { ...lock, blocks }), own);
    } finally {
      engine.close();
    }
  });
}

/** How a lock's ledgers are read. */
function readingOf({ options, sources }: FrameLock): ReadingOptions {
  return {
    map: new Map(Object.entries(options.map)),
    constants: new Map(Object.entries(options.set)),
    values: valueMapsOf(options.values).maps,
    sheet: options.sheet ?? undefined,
    encoding: options.encoding ?? undefined,
    names: new Map(sources.map(({ sha256, name }) => [sha256, name])),
  };
}
