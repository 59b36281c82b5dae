/** Reads ledgers again in the way a lock says, for verification. */
import { withTemporaryFolder } from "../round/files.ts";
import type { Progress } from "../text/progress.ts";
import { buildFrame } from "./build.ts";
import { openEngine } from "./engine.ts";
import { namedLedgers } from "./ledger-paths.ts";
import type { FrameLock } from "./lock-record.ts";
import { valueMapsOf } from "./value-maps.ts";

/** The lock that these ledgers, files or folders, give when read as `lock` says. */
export async function recomputeLock(
  paths: readonly string[],
  { options, sources }: FrameLock,
  progress: Progress,
): Promise<FrameLock> {
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
      const building = { folder, excludeProblemRows: options.excludeProblemRows };
      return (await buildFrame(engine, namedLedgers(paths), reading, building, progress)).lock;
    } finally {
      engine.close();
    }
  });
}
