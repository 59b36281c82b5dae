/** Published draws of others come out as they were published. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assetPath, assetText } from "../../src/text/assets.ts";
import { replayColorado, replayRfc3797 } from "../../src/verify/replay.ts";
import { REPLAY_KINDS, replay } from "../../src/verify/replay-file.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { hasSharedData, sharedData, sharedDataNote } from "../support/shared-data.ts";

const sample = (kind: string) => assetText("samples", "replay", `${kind}.json`);

test.each(REPLAY_KINDS)("%s agrees with what was published", (kind) => {
  const { published, steps, differs } = replay(kind, sample(kind), `${kind}.json`);
  expect(steps.map(({ chosen }) => chosen)).toEqual(published);
  expect(differs).toBeUndefined();
  expect(published.length).toBeGreaterThan(5);
});

test("the digests of RFC 3797's own example are shown", () => {
  // Section 6 of the RFC prints these for the first two selections.
  const steps = replayRfc3797("9319./2.5.8.10.12./9.18.26.34.41.45./", 25, 2);
  expect(steps.map(({ hash }) => hash)).toEqual([
    "990dd0a5692a029a98b5e01aa28f3459",
    "3691e55cb63fcc37914430b2f70b5ec6",
  ]);
});

test("nothing is chosen twice, and everything once where all is taken", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 60 }), fc.integer({ min: -9, max: 9 }), (seed, size, least) => {
      const sorted = (chosen: readonly { readonly chosen: string }[]) =>
        chosen.map((step) => Number(step.chosen)).sort((a, b) => a - b);
      const all = (from: number) => Array.from({ length: size }, (_, index) => from + index);
      expect(sorted(replayRfc3797(seed, size, size + 5))).toEqual(all(1));
      expect(sorted(replayColorado(seed, [least, least + size - 1], size + 5))).toEqual(all(least));
    }),
    { numRuns: 60 },
  );
});

test("a published result that does not follow from its input is named, with exit code 3", async () => {
  const folder = scratchFolder("replay");
  const path = join(folder, "colorado.json");
  writeFileSync(path, sample("colorado").replace("264", "265"));
  const { status, stdout } = await chouqian(["replay", "colorado", path]);
  expect(stdout).toContain("第 3 个结果不符：公布 265，重算 264");
  expect(status).toBe(3);
  const good = await chouqian(["replay", "arlo", assetPath("samples", "replay", "arlo.json")]);
  expect([good.status, good.stdout.includes("✓ 6 个结果全部一致")]).toEqual([0, true]);
  writeFileSync(path, "{}");
  expect((await chouqian(["replay", "colorado", path])).status).toBe(2);
});

describe.skipIf(!hasSharedData)(`reference vectors${sharedDataNote}`, () => {
  test("are those of the samples", () => {
    const vectors = JSON.parse(readFileSync(sharedData("replay-vectors.json"), "utf8"));
    expect(JSON.parse(sample("rfc3797"))).toEqual(vectors.rfc3797);
    expect(JSON.parse(sample("colorado"))).toEqual(vectors.colorado);
    expect(JSON.parse(sample("arlo"))).toEqual(vectors.consistentSampler);
  });
});
