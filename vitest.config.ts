import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long, the longest first: begun last, they would leave one worker alone. */
const LONG = [
  "verify/attacks",
  "records/versions",
  "cli/same-bytes",
  "frame/ledgers",
  "cli/bad-input",
  "forms/province",
  "verify/python",
  "draw/statistics",
  "draw/database",
  "records/cells",
  "evaluate/evaluate",
  "forms/stale",
];

/** Long files first; the others by size, or by how long they took the last time. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return rank < 0 ? LONG.length : rank;
    };
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ["default"],
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
  },
});
