/** Reads ledgers again in the way a lock says, for verification. */
import type { Progress } from "../text/progress.ts";
import { buildFrame } from "./build.ts";
import { openEngine } from "./engine.ts";
import type { FrameLock } from "./lock-record.ts";

/** The lock that these ledgers give when read as `lock` says. */
export async function recomputeLock(
  paths: readonly string[],
  { options, sources }: FrameLock,
  progress: Progress,
): Promise<FrameLock> {
  const engine = await openEngine();
  try {
    const reading = {
      map: new Map(Object.entries(options.map)),
      constants: new Map(Object.entries(options.set)),
      sheet: options.sheet ?? undefined,
      encoding: options.encoding ?? undefined,
      names: new Map(sources.map(({ sha256, name }) => [sha256, name])),
    };
    return (await buildFrame(engine, paths, reading, options.excludeProblemRows, progress)).lock;
  } finally {
    engine.close();
  }
}
