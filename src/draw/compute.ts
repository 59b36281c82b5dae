/** Computes a round's manifest from its locked frame, its plan and its seed. Writes nothing; `verify` uses it too. */
import type { LockedFrame } from "../frame/locked.ts";
import { exclusionColumns, exclusionTest, plannedBlocks } from "../plan/against-frame.ts";
import { planDigest, type SealedPlan } from "../plan/plan.ts";
import { deriveSeed } from "../seed/derive.ts";
import { compareBytes } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { drawBlock } from "./draw.ts";
import { type Contribution, type DrawnStratum, type Manifest, SPEC_VERSION } from "./manifest.ts";

/** The manifest of a draw: the same values give the same manifest anywhere. */
export async function computeManifest(
  roundId: string,
  frame: LockedFrame,
  sealed: SealedPlan,
  contributions: readonly Contribution[],
  progress: Progress,
): Promise<Manifest> {
  const seed = deriveSeed(roundId, contributions);
  const { plan } = sealed;
  const blocks = plannedBlocks(sealed, frame);
  const columns = exclusionColumns(plan, frame);
  const isExcluded = exclusionTest(plan, frame);
  const strata: DrawnStratum[] = [];
  for (const [index, { key, city, quota }] of blocks.entries()) {
    const units = await frame.units(city, quota.class, columns);
    const drawable = units.filter((unit) => !isExcluded(unit));
    strata.push(...drawBlock(key, drawable, quota, plan.method, seed));
    progress(words("抽签", "drawing"), index + 1, blocks.length);
  }
  return {
    spec: SPEC_VERSION,
    roundId,
    frameDigest: frame.lock.frameDigest,
    planDigest: planDigest(sealed),
    contributions: contributions.map(({ by, value, commitment, nonce }) => ({ by, value, commitment, nonce })),
    seed,
    method: plan.method,
    strata: strata.sort((a, b) => compareBytes(a.key, b.key)),
  };
}
