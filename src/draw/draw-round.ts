/** The edge of the draw step: draws a round's sample and writes manifest, sample list and certificate. */
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { keepUnits } from "../frame/lock-database.ts";
import { isFrameChanged, type LockedFrame, openFrame } from "../frame/locked.ts";
import { planText, type SealedPlan } from "../plan/plan.ts";
import { ensureSealed } from "../plan/seal.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { addContributionLocked, refuseForeignRecord } from "../seed/contribute.ts";
import { earlierValues, hasFresh } from "../seed/fresh.ts";
import { type SeedRecord, settleSeed } from "../seed/record.ts";
import { isSealed, openedWith, type Secret } from "../seed/sealed.ts";
import { canonicalText, digest as digestOf } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { certificateOf } from "./certify.ts";
import { computeManifest } from "./compute.ts";
import { refuseTooLong } from "./list-size.ts";
import { type Manifest, manifestDigest, manifestText, NO_PARTY } from "./manifest.ts";
import { sampleListInput } from "./papers.ts";
import { sampleListWorkbook } from "./sample-list.ts";

/** What a draw is given besides the round: a seed at once, or the secret of a sealed contribution. */
export interface DrawGiven {
  readonly seedText?: string | undefined;
  readonly secret?: Secret | undefined;
}

export interface DrawResult {
  readonly manifest: Manifest;
  /** The seed is not to be shown yet. */
  readonly isSealed: boolean;
  /** Inspectors are to be assigned by lot. */
  readonly hasRoster: boolean;
  readonly manifestDigest: string;
  /** Characters that no font could print, as code points. */
  readonly missingCharacters: readonly number[];
}

/**
 * Draws the round's sample by its locked frame, sealed plan and seed.
 * @param seedText a seed given at once, as the one contribution of a party called `seed`
 * @param secret opens the sealed contribution for this draw without publishing it
 * @throws ChouqianError E-DRAW-DONE, E-SEED-MISSING, E-SEED-UNREVEALED, E-SEED-EXISTS, E-SEED-SECRET-NEEDED,
 *   E-SEED-SEALED-ALONE, E-SEED-STALE, E-FRAME-CHANGED, E-DRAW-TOO-LONG, and what sealing the plan refuses
 */
export function drawRound(
  round: Round,
  actor: Actor,
  seedText: string | undefined,
  progress: Progress,
  secret?: Secret,
): Promise<DrawResult> {
  return withRoundLock(round.folder, () => drawLocked(round, actor, { seedText, secret }, progress));
}

/** As `drawRound`, for a caller that holds the round's lock. */
export async function drawLocked(
  round: Round,
  actor: Actor,
  given: DrawGiven,
  progress: Progress,
): Promise<DrawResult> {
  refuseSecondDraw(round);
  const frame = await openFrame(round);
  try {
    await refuseChangedFrame(round, frame);
    const seed = await readySeed(round, actor, given);
    const { sealed, digest } = await ensureSealed(round, actor);
    refuseForeignRecord(seed, round, frame.lock.frameDigest, digest);
    const { contributions } = given.secret === undefined ? seed : openedWith(seed, given.secret);
    const manifest = await computeManifest(
      round.config.id,
      frame,
      sealed,
      contributions,
      progress,
      undefined,
      seed.drawId,
    );
    const drawn = manifest.strata.reduce((sum, { units }) => sum + units.length, 0);
    refuseTooLong(drawn, getHeapStatistics().heap_size_limit);
    const { missing, certificateDigest } = await writeDraw(round, frame, sealed, manifest, isSealed(seed), progress);
    recordEvent(round, actor, "drawn", {
      // nothing in the journal may lead to a sealed seed
      ...(isSealed(seed) ? { sealed: true } : { seed: manifest.seed }),
      ...(seed.drawId === round.config.id ? {} : { drawId: seed.drawId }),
      frameDigest: manifest.frameDigest,
      planDigest: manifest.planDigest,
      manifestDigest: manifestDigest(manifest),
      certificateDigest,
    });
    return {
      manifest,
      isSealed: isSealed(seed),
      hasRoster: sealed.plan.assign !== undefined,
      manifestDigest: manifestDigest(manifest),
      missingCharacters: missing,
    };
  } finally {
    frame.close();
  }
}

async function writeDraw(
  round: Round,
  frame: LockedFrame,
  sealed: SealedPlan,
  manifest: Manifest,
  isSealedDraw: boolean,
  progress: Progress,
): Promise<{ missing: readonly number[]; certificateDigest: string }> {
  const units = await frame.unitsById(manifest.strata.flatMap((stratum) => stratum.units.map(({ id }) => id)));
  if (frame.lock.database !== undefined) await keepUnits(round, frame.lock, units);
  progress(words("写抽样名单和见证单", "writing sample list and certificate"), 0);
  return replaceFolder(round.paths.draw, async (staging) => {
    const list = await sampleListWorkbook(sampleListInput(round.config, frame.lock, manifest, units, isSealedDraw));
    const certificate = await certificateOf(round, frame.lock, sealed, manifest, []);
    writeFileAtomically(join(staging, "抽样名单.xlsx"), list);
    writeFileAtomically(join(staging, "抽签见证单.pdf"), certificate.bytes);
    writeFileAtomically(join(staging, "plan.json"), planText(sealed));
    writeFileAtomically(join(staging, "manifest.json"), manifestText(manifest));
    return { missing: certificate.missing, certificateDigest: digestOf(certificate.bytes) };
  });
}

function refuseSecondDraw(round: Round): void {
  if (!journalOf(round).entries.some(({ event }) => event === "drawn")) return;
  throw new ChouqianError("E-DRAW-DONE", {
    message: words("这个轮次已经抽过签，不能再抽", "this round has been drawn already"),
    advice: words(
      "结果在 draw 文件夹里；重抽会失去公信力，另抽请新建轮次；非重抽不可时用 draw --again --reason 理由，理由永远记录在案并印在见证单上",
      "the result is in draw/; make a new round for another draw, or use draw --again --reason TEXT, which stays on record for ever and is printed on the certificate",
    ),
  });
}

/**
 * Refuses a frame that is not as it was locked.
 * @throws ChouqianError E-FRAME-CHANGED
 */
export async function refuseChangedFrame(round: Round, frame: LockedFrame): Promise<void> {
  const locked = journalOf(round).entries.find(({ event }) => event === "frame.locked");
  if (!(await isFrameChanged(round, frame, locked?.about))) return;
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
  return isAlone && only?.by === NO_PARTY && only.value === canonicalText(seedText);
}

/**
 * The seed record, complete: a contribution at least, no commitment left undisclosed but a sealed one whose secret is
 * given, and after a redraw something new among them.
 */
async function readySeed(round: Round, actor: Actor, { seedText, secret }: DrawGiven): Promise<SeedRecord> {
  const record = settleSeed(round);
  if (seedText !== undefined) {
    if (record === undefined || (record.contributions.length === 0 && record.commitments.length === 0)) {
      return addContributionLocked(round, actor, { by: NO_PARTY, value: seedText });
    }
    // An interrupted `draw --seed` has recorded its seed; the same command may be given again.
    if (isSameSeed(record, seedText)) return record;
    throw new ChouqianError("E-SEED-EXISTS", {
      message: words("已有种子记录，不能再用 --seed 另给种子", "a seed record exists; --seed cannot replace it"),
      advice: words("直接运行 draw（不加 --seed），或用 seed show 查看", "run draw without --seed, or see seed show"),
      at: { file: "seed.json" },
    });
  }
  if (record === undefined || (record.contributions.length === 0 && record.commitments.length === 0)) {
    throw new ChouqianError("E-SEED-MISSING", {
      message: words("还没有随机种子", "there is no seed yet"),
      advice: words(
        '先由各方提供：chouqian seed add --by 省普查办 "掷骰子的结果"；或一次给定：chouqian draw --seed 文字',
        'add contributions: chouqian seed add --by OFFICE "dice"; or give it at once: chouqian draw --seed TEXT',
      ),
    });
  }
  refuseUnrevealed(record);
  refuseUnsafeSealing(record, secret);
  if (!hasFresh(record, earlierValues(journalOf(round)))) {
    throw seedRefusal(
      "E-SEED-STALE",
      words("种子全是作废的抽签中用过的内容", "all of the seed was used before, in what was voided"),
      words("至少再加一项新的：seed add", "add something new: seed add"),
    );
  }
  return record;
}

function refuseUnrevealed({ commitments, contributions }: SeedRecord): void {
  const parties = commitments.filter(({ sealed }) => sealed !== true).map(({ by }) => by);
  if (parties.length > 0) {
    throw seedRefusal(
      "E-SEED-UNREVEALED",
      words(
        `还有 ${parties.length} 方没有公开承诺的值：${parties.join("、")}`,
        `${parties.length} commitments are not disclosed: ${parties.join(", ")}`,
      ),
      words("请他们用 seed reveal 公开", "have them disclosed with seed reveal"),
    );
  }
  if (contributions.length === 0) {
    throw seedRefusal(
      "E-SEED-SEALED-ALONE",
      words(
        "只有封存的一项，它由一方独自决定",
        "the sealed contribution stands alone: one party would decide the draw",
      ),
      words(
        "封存之后，至少由另一方用 seed add 提供一项公开的内容",
        "have another party add something public: seed add",
      ),
    );
  }
}

function refuseUnsafeSealing(record: SeedRecord, secret: Secret | undefined): void {
  if (isSealed(record) && secret === undefined) {
    throw seedRefusal(
      "E-SEED-SECRET-NEEDED",
      words("有一项封存的种子内容，抽签要用它的文件", "a contribution is sealed; the draw needs its file"),
      words("chouqian draw --secret 封存时生成的文件", "chouqian draw --secret FILE"),
    );
  }
  if (!isSealed(record) && secret !== undefined) {
    throw seedRefusal(
      "E-SEED-NOT-SEALED",
      words("没有封存的种子内容，用不上 --secret", "nothing is sealed; --secret has no use"),
      words("直接运行 draw；封存用 seed commit --sealed", "run draw; seal with seed commit --sealed"),
    );
  }
}

function seedRefusal(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice, at: { file: "seed.json" } });
}
