/** Whether a frame's file still holds the units of its lock, found out beside other work. */
import { withTemporaryFolder } from "../round/files.ts";
import { askThread, HAS_THREADS } from "../round/thread.ts";
import { standAsDigested } from "./digests.ts";
import { ONE_THREAD, openEngine } from "./engine.ts";
import type { FrameLock } from "./lock-record.ts";
import { openParquet } from "./unit-table.ts";

/** What the question needs: the file, and what the lock says of it. */
export interface StandingQuestion {
  readonly parquet: string;
  readonly columns: FrameLock["columns"];
  readonly blocks: FrameLock["blocks"];
}

/** The file of a frame that was locked before; `stands` tells in time whether it holds the lock's units in order. */
export interface KnownFrame {
  readonly parquet: string;
  readonly stands: Promise<boolean>;
  readonly lock: Pick<FrameLock, "columns" | "blocks">;
}

/** From so many units on the question is worth a thread of its own. */
const WORTH_A_THREAD = 50_000;

/**
 * Whether the file's units stand in canonical order and have the digests of the lock. A file that cannot be read does not
 * stand; whoever opens it says why.
 * @param worthAThread number of units from which on it is found out in another thread
 */
export async function standsAsLocked(question: StandingQuestion, worthAThread = WORTH_A_THREAD): Promise<boolean> {
  const units = question.blocks.reduce((sum, { count }) => sum + count, 0);
  return withTemporaryFolder(async (folder) => {
    if (units < worthAThread || !HAS_THREADS) return standsHere(question, folder);
    // A thread that fails has not shown that the file stands.
    return askThread<boolean>(new URL("./standing-worker.js", import.meta.url), { question, folder });
  }).catch(() => false);
}

/** The same in this thread. */
export async function standsHere({ parquet, columns, blocks }: StandingQuestion, folder: string): Promise<boolean> {
  const engine = await openEngine();
  try {
    await engine.run(ONE_THREAD);
    await openParquet(engine, parquet);
    return await standAsDigested(engine, columns, blocks, folder);
  } catch {
    return false;
  } finally {
    engine.close();
  }
}
