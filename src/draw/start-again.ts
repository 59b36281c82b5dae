/**
 * Unlocking a frame, unsealing a plan, forcing a redraw: allowed with a reason alone, on record for ever, and nothing that
 * stood before is lost (docs/draw.md).
 */
import { keepSealedPlan } from "../plan/seal.ts";
import { stageOf, voidings } from "../round/epochs.ts";
import { type KeptFiles, keepInHistory } from "../round/history.ts";
import { VOIDS, type VoidEvent } from "../round/journal.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { type DrawGiven, type DrawResult, drawLocked } from "./draw-round.ts";

/** What was voided, and where it lies now. */
export interface Voided extends KeptFiles {
  /** Folder below the round's. */
  readonly folder: string;
  /** Events of the journal that no longer stand. */
  readonly events: readonly string[];
}

const NOTHING: Readonly<Record<VoidEvent, readonly [code: string, Words]>> = {
  "frame.unlocked": ["E-FRAME-NOT-LOCKED", words("抽样框没有锁定，无须解锁", "the frame is not locked")],
  "plan.unsealed": [
    "E-PLAN-NOT-SEALED",
    words("方案没有封存，直接改 plan.yaml 即可", "the plan is not sealed: edit plan.yaml"),
  ],
  "draw.voided": ["E-DRAW-NOTHING", words("还没有种子，也没有抽签，无须重抽", "there is no seed and no draw yet")],
};

/**
 * Voids what stands from a stage on, for a reason.
 * @throws ChouqianError E-REASON-MISSING, E-FRAME-NOT-LOCKED, E-PLAN-NOT-SEALED, E-DRAW-NOTHING, E-PLAN-LOST
 */
export function startAgain(round: Round, actor: Actor, event: VoidEvent, reason: string): Promise<Voided> {
  return withRoundLock(round.folder, () => startAgainLocked(round, actor, event, reason));
}

/**
 * Voids a draw and, where its new seed is given, draws again at once.
 * @throws ChouqianError as `startAgain` and `drawRound`
 */
export function drawAgain(
  round: Round,
  actor: Actor,
  reason: string,
  given: DrawGiven,
  progress: Progress,
): Promise<{ voided: Voided; drawn: DrawResult | undefined }> {
  return withRoundLock(round.folder, async () => {
    refuseUsedSeed(round, given.seedText);
    const voided = await startAgainLocked(round, actor, "draw.voided", reason);
    const drawn = given.seedText === undefined ? undefined : await drawLocked(round, actor, given, progress);
    return { voided, drawn };
  });
}

async function startAgainLocked(round: Round, actor: Actor, event: VoidEvent, reason: string): Promise<Voided> {
  const why = canonicalText(reason);
  if (why === "") {
    throw new ChouqianError("E-REASON-MISSING", {
      message: words("须写明理由", "a reason is needed"),
      advice: words(
        '例如 --reason "名录漏报 12 家，市普查办来函更正"；理由永远留在日志里，并印在见证单上',
        'such as --reason "12 units were missing"; it stays in the journal and is printed on the certificate',
      ),
    });
  }
  const { entries, all } = journalOf(round);
  const gone = entries.filter((entry) => (stageOf(entry.event) ?? 0) >= VOIDS[event]);
  if (gone.length === 0 || (event !== "draw.voided" && stageOf(gone[0]?.event ?? "drawn") !== VOIDS[event])) {
    const [code, message] = NOTHING[event];
    throw new ChouqianError(code, {
      message,
      advice: words("运行 chouqian status 看做到哪一步", "see chouqian status"),
    });
  }
  await keepSealedPlan(round);
  const number = voidings(all).length + 1;
  const kept = keepInHistory(round.folder, event, number, ({ count, filesDigest }) =>
    recordEvent(round, actor, event, { reason: why, history: `history/${number}`, files: count, filesDigest }),
  );
  return { ...kept, folder: `history/${number}`, events: gone.map((entry) => entry.event) };
}

/** Refused before anything is voided: every value on record is used up by the redraw. */
function refuseUsedSeed(round: Round, seedText: string | undefined): void {
  if (seedText === undefined) return;
  const value = canonicalText(seedText);
  const isUsed = journalOf(round).all.some(({ event, about }) => event.startsWith("seed.") && about.value === value);
  if (!isUsed) return;
  throw new ChouqianError("E-SEED-STALE", {
    message: words("重抽要用新的种子，这一个已经用过", "a redraw needs a new seed; this one was used"),
    advice: words(
      "重新掷骰子，或取尚未公布的彩票、指数结果",
      "roll the dice again, or take a result that is not out yet",
    ),
  });
}
