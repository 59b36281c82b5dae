/** The edge of the replacement step: who comes next, the journal, then the papers. */
import { longerRanking } from "../draw/compute.ts";
import { readCurrentSample } from "../draw/fates.ts";
import { blockOfStratum, type DrawnUnit, drawIdOfManifest, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { type CurrentSample, type Replacement, successorIn, usedIn } from "../draw/replacement.ts";
import { openFrame } from "../frame/locked.ts";
import type { SealedPlan } from "../plan/plan.ts";
import { ensureSealed } from "../plan/seal.ts";
import { type Recorded, recordedBefore } from "../round/recorded.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { canonicalCode, canonicalText, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { keepEvidence, readEvidence } from "./evidence.ts";
import { type Papers, writePapers } from "./papers.ts";
import {
  followedUp,
  nothingToUndo,
  notLast,
  parseReason,
  reasonMissing,
  refuseRecorded,
  refuseUnit,
} from "./refusals.ts";

export interface Replaced {
  readonly replacement: Replacement;
  readonly sample: CurrentSample;
  readonly papers: Papers;
}

/**
 * Replaces a unit of the sample by the next of its stratum. Nobody chooses which: the first reserve that is not used, then
 * the ranking goes on as a longer draw would have it.
 * @throws ChouqianError E-REPLACE-REASON, E-REPLACE-NOT-A-REASON, E-REPLACE-UNIT, E-REPLACE-CERTAIN,
 *   E-REPLACE-RECORDED, E-REPLACE-NOT-RECORDED, E-REPLACE-EVIDENCE, and what reading manifest, plan and frame refuses
 */
export function replaceUnit(
  round: Round,
  actor: Actor,
  asked: {
    readonly unit: string;
    readonly reason: string | undefined;
    readonly evidence: readonly string[];
    /** Why the unit is replaced though it has a record or had one; needed there, and only there. */
    readonly despiteRecord?: string | undefined;
  },
  progress: Progress,
): Promise<Replaced> {
  return withRoundLock(round.folder, async () => {
    const { manifest, sample } = readCurrentSample(round);
    const id = canonicalCode(asked.unit);
    const { sealed } = await ensureSealed(round, actor);
    const reason = parseReason(asked.reason, sealed.plan.replaceFor);
    const unit = refuseUnit(sample, id);
    const own = manifestDigest(manifest);
    const despiteRecord = canonicalText(asked.despiteRecord ?? "");
    refuseRecorded(id, recordedBefore(journalOf(round).entries, own, id, despiteRecord), asked.despiteRecord);
    const evidence = readEvidence(asked.evidence);
    const drawn = manifest.strata.find(({ key }) => key === unit.stratum);
    if (drawn === undefined) throw new Error(`no stratum ${unit.stratum}`);
    const used = usedIn(unit.stratum, sample.replacements, sample.followUps);
    const successor = successorIn(drawn, used);
    const next = successor.kind === "reserve" ? successor.unit : undefined;
    const extended =
      successor.kind === "extension"
        ? await extendedTo(round, sealed, manifest, unit.stratum, successor.rank - drawn.n)
        : undefined;
    keepEvidence(round, evidence);
    recordEvent(round, actor, "replaced", {
      manifestDigest: own,
      stratum: unit.stratum,
      unit: id,
      reason,
      evidence: evidence.evidence as unknown as JsonValue,
      replacement: (next ?? extended)?.id ?? null,
      rank: (next ?? extended)?.rank ?? null,
      ...(extended === undefined ? {} : { extended: extended as unknown as JsonValue }),
      ...(despiteRecord === "" ? {} : { despiteRecord }),
    });
    const after = readCurrentSample(round).sample;
    const replacement = after.replacements.at(-1);
    if (replacement === undefined) throw new Error("the replacement is not in the journal");
    return { replacement, sample: after, papers: await papersOf(round, actor, unit.stratum, progress) };
  });
}

/**
 * Takes back the last replacement of a unit's stratum: the unit is in the sample again, and its replacement goes back to
 * its place in the ranking, where it is the next again.
 * @throws ChouqianError E-REPLACE-UNDO, E-REPLACE-REASON, E-REPLACE-RECORDED, E-REPLACE-NOT-RECORDED
 */
export function undoReplacement(
  round: Round,
  actor: Actor,
  asked: {
    readonly unit: string;
    readonly reason: string | undefined;
    /** Why the replacement leaves though it has a record or had one; needed there, and only there. */
    readonly despiteRecord?: string | undefined;
  },
  progress: Progress,
): Promise<Replaced & { readonly lost: Recorded | undefined }> {
  return withRoundLock(round.folder, async () => {
    const { manifest, sample } = readCurrentSample(round);
    const id = canonicalCode(asked.unit);
    const reason = canonicalText(asked.reason ?? "");
    if (reason === "") throw reasonMissing();
    const undone = sample.replacements.find(({ unit }) => unit === id);
    if (undone === undefined) throw nothingToUndo(id, sample);
    const last = sample.replacements.findLast(({ stratum }) => stratum === undone.stratum);
    if (last !== undefined && last !== undone) throw notLast(undone, last);
    const followed = sample.followUps.find(({ stratum, seq }) => stratum === undone.stratum && seq > undone.seq);
    if (followed !== undefined) throw followedUp(undone, followed.seq);
    const own = manifestDigest(manifest);
    const despiteRecord = canonicalText(asked.despiteRecord ?? "");
    const leaving = undone.by?.id ?? "";
    const lost = recordedBefore(journalOf(round).entries, own, leaving, despiteRecord);
    refuseRecorded(leaving, lost, asked.despiteRecord);
    recordEvent(round, actor, "replacement.undone", {
      manifestDigest: own,
      stratum: undone.stratum,
      unit: id,
      replacement: undone.by?.id ?? null,
      reason,
      ...(despiteRecord === "" ? {} : { despiteRecord }),
    });
    const after = readCurrentSample(round).sample;
    const papers = await papersOf(round, actor, undone.stratum, progress);
    return { replacement: undone, lost, sample: after, papers };
  });
}

async function extendedTo(
  round: Round,
  sealed: SealedPlan,
  manifest: Manifest,
  key: string,
  reserve: number,
): Promise<DrawnUnit> {
  const frame = await openFrame(round);
  try {
    const { contributions } = manifest;
    const drawId = drawIdOfManifest(manifest);
    const last = (await longerRanking(drawId, frame, sealed, contributions, key, reserve)).at(-1);
    if (last === undefined) throw new Error(`the ranking of ${key} cannot be made longer`);
    return last;
  } finally {
    frame.close();
  }
}

async function papersOf(round: Round, actor: Actor, stratum: string, progress: Progress): Promise<Papers> {
  const [papers] = await writePapers(round, actor, [blockOfStratum(stratum).city], progress);
  if (papers === undefined) throw new Error(`no papers of ${stratum}`);
  return papers;
}
