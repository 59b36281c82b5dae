/** Reads ledgers again in the way a lock says, for verification. */
import { withTemporaryFolder } from "../round/files.ts";
import type { Progress } from "../text/progress.ts";
import { buildFrame } from "./build.ts";
import { openEngine } from "./engine.ts";
import type { FrameLock } from "./lock-record.ts";
import { valueMapsOf } from "./value-maps.ts";

/**
 * The lock that these ledgers give when read as `lock` says.
 * @param parquet file that is known to hold the units of `lock` in order (`LockedFrame.standsAsLocked`), which spares
 *   writing it anew
 */
export async function recomputeLock(
  paths: readonly string[],
  lock: FrameLock,
  parquet: string | undefined,
  progress: Progress,
): Promise<FrameLock> {
  const { options, sources } = lock;
  return withTemporaryFolder(async (folder) => {
    const engine = await openEngine(folder);
    try {
      const reading = {
        map: new Map(Object.entries(options.map)),
        constants: new Map(Object.entries(options.set)),
        values: valueMapsOf(options.values).maps,
        sheet: options.sheet ?? undefined,
        encoding: options.encoding ?? undefined,
        names: new Map(sources.map(({ sha256, name }) => [sha256, name])),
      };
      const known = parquet === undefined ? undefined : { parquet, lock };
      const building = { folder, excludeProblemRows: options.excludeProblemRows, known };
      return (await buildFrame(engine, paths, reading, building, progress)).lock;
    } finally {
      engine.close();
    }
  });
}
