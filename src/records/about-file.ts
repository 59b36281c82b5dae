/** What every record of a file bears or is measured by. */
import type { RecordHead } from "./check.ts";
import type { RoundExpected } from "./expected.ts";
import type { FilledFile } from "./filled.ts";

/** @param today no visit is later */
export function aboutFile({ file, sha256 }: FilledFile, expected: RoundExpected, today: string): RecordHead {
  const { manifest, manifestDigest, drawnOn } = expected;
  return { roundId: manifest.roundId, manifestDigest, file, sha256, today, drawnOn };
}
