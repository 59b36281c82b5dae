/** The edge of the draw step: draws a round's sample and writes manifest, sample list and certificate. */
import { join } from "node:path";
import { areSameBlocks } from "../frame/digests.ts";
import { keepUnits } from "../frame/lock-database.ts";
import { type LockedFrame, openFrame } from "../frame/locked.ts";
import { planText, type SealedPlan } from "../plan/plan.ts";
import { ensureSealed } from "../plan/seal.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { addContributionLocked, refuseForeignRecord } from "../seed/contribute.ts";
import { readSeed, type SeedRecord } from "../seed/record.ts";
import { canonicalText, digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { certificateOf } from "./certify.ts";
import { computeManifest } from "./compute.ts";
import { type Manifest, manifestDigest, manifestText } from "./manifest.ts";
import { sampleListInput } from "./papers.ts";
import { sampleListWorkbook } from "./sample-list.ts";

export interface DrawResult {
  readonly manifest: Manifest;
  readonly manifestDigest: string;
  /** Characters that no font could print, as code points. */
  readonly missingCharacters: readonly number[];
}

/**
 * Draws the round's sample by its locked frame, sealed plan and seed.
 * @param seedText a seed given at once, as the one contribution of a party called `seed`
 * @throws ChouqianError E-DRAW-DONE, E-SEED-MISSING, E-SEED-UNREVEALED, E-SEED-EXISTS, E-FRAME-CHANGED, and what
 *   sealing the plan refuses
 */
export function drawRound(
  round: Round,
  actor: Actor,
  seedText: string | undefined,
  progress: Progress,
): Promise<DrawResult> {
  return withRoundLock(round.folder, async () => {
    refuseSecondDraw(round);
    const frame = await openFrame(round);
    try {
      await refuseChangedFrame(round, frame);
      const seed = await readySeed(round, actor, seedText);
      const { sealed, digest } = await ensureSealed(round, actor);
      refuseForeignRecord(seed, round, frame.lock.frameDigest, digest);
      const manifest = await computeManifest(round.config.id, frame, sealed, seed.contributions, progress);
      const { missing, certificateDigest } = await writeDraw(round, frame, sealed, manifest, progress);
      recordEvent(round, actor, "drawn", {
        seed: manifest.seed,
        frameDigest: manifest.frameDigest,
        planDigest: manifest.planDigest,
        manifestDigest: manifestDigest(manifest),
        certificateDigest,
      });
      return { manifest, manifestDigest: manifestDigest(manifest), missingCharacters: missing };
    } finally {
      frame.close();
    }
  });
}

async function writeDraw(
  round: Round,
  frame: LockedFrame,
  sealed: SealedPlan,
  manifest: Manifest,
  progress: Progress,
): Promise<{ missing: readonly number[]; certificateDigest: string }> {
  const units = await frame.unitsById(manifest.strata.flatMap((stratum) => stratum.units.map(({ id }) => id)));
  if (frame.lock.database !== undefined) await keepUnits(round, frame.lock, units);
  progress(words("写抽样名单和见证单", "writing sample list and certificate"), 0);
  return replaceFolder(round.paths.draw, async (staging) => {
    const list = await sampleListWorkbook(sampleListInput(round.config, frame.lock, manifest, units));
    const certificate = await certificateOf(round, frame.lock, sealed, manifest, []);
    writeFileAtomically(join(staging, "抽样名单.xlsx"), list);
    writeFileAtomically(join(staging, "抽签见证单.pdf"), certificate.bytes);
    writeFileAtomically(join(staging, "plan.json"), planText(sealed));
    writeFileAtomically(join(staging, "manifest.json"), manifestText(manifest));
    return { missing: certificate.missing, certificateDigest: digest(certificate.bytes) };
  });
}

function refuseSecondDraw(round: Round): void {
  if (!journalOf(round).entries.some(({ event }) => event === "drawn")) return;
  throw new ChouqianError("E-DRAW-DONE", {
    message: words("这个轮次已经抽过签，不能再抽", "this round has been drawn already"),
    advice: words(
      "结果在 draw 文件夹里；重抽会失去公信力，确需另抽请新建轮次",
      "the result is in draw/; make a new round for another draw",
    ),
  });
}

async function refuseChangedFrame(round: Round, frame: LockedFrame): Promise<void> {
  const locked = journalOf(round).entries.find(({ event }) => event === "frame.locked");
  const isChanged =
    !areSameBlocks(await frame.digests(), frame.lock.blocks) || frame.lock.frameDigest !== locked?.about.frameDigest;
  if (!isChanged) return;
  throw new ChouqianError("E-FRAME-CHANGED", {
    message: words("抽样框在锁定之后被改动", "the frame was changed after it was locked"),
    advice: words(
      "恢复 frame 文件夹的原内容；运行 chouqian verify 可看出哪里不符",
      "restore frame/; chouqian verify names the difference",
    ),
    at: { file: "frame" },
    exitCode: 3,
  });
}

function isSameSeed({ commitments, contributions: [only, ...others] }: SeedRecord, seedText: string): boolean {
  const isAlone = commitments.length === 0 && others.length === 0;
  return isAlone && only?.by === "seed" && only.value === canonicalText(seedText);
}

/** The seed record, complete: a contribution at least, and no commitment left undisclosed. */
async function readySeed(round: Round, actor: Actor, seedText: string | undefined): Promise<SeedRecord> {
  const record = readSeed(round);
  if (seedText !== undefined) {
    if (record === undefined || (record.contributions.length === 0 && record.commitments.length === 0)) {
      return addContributionLocked(round, actor, { by: "seed", value: seedText });
    }
    // An interrupted `draw --seed` has recorded its seed; the same command may be given again.
    if (isSameSeed(record, seedText)) return record;
    throw new ChouqianError("E-SEED-EXISTS", {
      message: words("已有种子记录，不能再用 --seed 另给种子", "a seed record exists; --seed cannot replace it"),
      advice: words("直接运行 draw（不加 --seed），或用 seed show 查看", "run draw without --seed, or see seed show"),
      at: { file: "seed.json" },
    });
  }
  if (record === undefined || record.contributions.length === 0) {
    throw new ChouqianError("E-SEED-MISSING", {
      message: words("还没有随机种子", "there is no seed yet"),
      advice: words(
        '先由各方提供：chouqian seed add --by 省普查办 "掷骰子的结果"；或一次给定：chouqian draw --seed 文字',
        'add contributions: chouqian seed add --by OFFICE "dice"; or give it at once: chouqian draw --seed TEXT',
      ),
    });
  }
  if (record.commitments.length > 0) {
    const parties = record.commitments.map(({ by }) => by);
    throw new ChouqianError("E-SEED-UNREVEALED", {
      message: words(
        `还有 ${parties.length} 方没有公开承诺的值：${parties.join("、")}`,
        `${parties.length} commitments are not disclosed: ${parties.join(", ")}`,
      ),
      advice: words("请他们用 seed reveal 公开", "have them disclosed with seed reveal"),
      at: { file: "seed.json" },
    });
  }
  return record;
}
