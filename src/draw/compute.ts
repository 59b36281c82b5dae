/** Computes a round's manifest from its locked frame, its plan and its seed. Writes nothing; `verify` uses it too. */
import type { LockedFrame } from "../frame/locked.ts";
import { exclusionColumns, exclusionTest, plannedBlocks } from "../plan/against-frame.ts";
import { type Plan, planDigest, type Quota, type SealedPlan } from "../plan/plan.ts";
import { deriveSeed } from "../seed/derive.ts";
import { compareBytes } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { drawBlock, drawStratum } from "./draw.ts";
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
  const most = mostOfABlock(plan);
  const first = most === undefined ? undefined : await frame.firstByTicket(seed, most);
  for (const [index, { key, city, quota }] of blocks.entries()) {
    if (first !== undefined && isOfWholeBlock(quota)) {
      const { N, units } = first.get(key) ?? { N: 0, units: [] };
      strata.push(drawStratum(key, N, units, quota, plan.method, seed));
      continue;
    }
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

/** Whether a quota draws a fixed number from each block as a whole. */
function isOfWholeBlock({ by, count }: Quota): boolean {
  return by === undefined && count !== undefined;
}

/**
 * The most units that a plan draws from a block, reserves among them, where the tickets alone say which; undefined
 * where the units have to be looked at one by one.
 */
function mostOfABlock({ method, exclude, quotas }: Plan): number | undefined {
  const whole = quotas.filter(isOfWholeBlock);
  if (method !== "ticket" || exclude.length > 0 || whole.length === 0) return undefined;
  return Math.max(...whole.map(({ count = 0, reserve }) => count + reserve));
}
