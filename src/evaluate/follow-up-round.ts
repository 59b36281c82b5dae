/** The edge of the follow-up draw: reads what was evaluated, draws the next of each ranking, and puts them on record. */
import { longerRanking } from "../draw/compute.ts";
import { readCurrentSample } from "../draw/fates.ts";
import type { FollowUpRecord } from "../draw/follow-up.ts";
import { drawIdOfManifest, type Manifest, manifestDigest } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import { openFrame } from "../frame/locked.ts";
import { ensureSealed } from "../plan/seal.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { canonicalText, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { computeEvaluation, evaluationDigest } from "./evaluate-round.ts";
import { type CityFollowUp, type FollowUpAsked, type FollowUpShare, followUpOf } from "./follow-up.ts";

export interface PlannedFollowUp {
  readonly cities: readonly CityFollowUp[];
  /** Digest of the evaluation that it answers. */
  readonly evaluationDigest: string;
}

/**
 * What a follow-up would draw; writes nothing.
 * @throws ChouqianError E-RECORDS-MISSING, E-FOLLOWUP-NOTHING, and what reading manifest, frame and records refuses
 */
export async function planFollowUp(round: Round, asked: FollowUpAsked, progress: Progress): Promise<PlannedFollowUp> {
  const evaluation = await computeEvaluation(round, progress);
  refuseOpenFollowUp(readCurrentSample(round).sample, evaluation.counts.recorded, evaluation.counts.sample);
  const cities = followUpOf(evaluation, readCurrentSample(round).sample, asked);
  if (cities.every(({ further }) => further === 0)) throw nothingToDraw();
  return { cities, evaluationDigest: evaluationDigest(evaluation) };
}

/**
 * Draws a follow-up: the units join the sample by a line in the journal. Forms, records and evaluation know them from then
 * on; `draw/` stays as it was.
 * @throws ChouqianError E-FOLLOWUP-REASON, and as `planFollowUp`
 */
export function drawFollowUp(
  round: Round,
  actor: Actor,
  asked: FollowUpAsked & { readonly reason: string | undefined },
  progress: Progress,
): Promise<PlannedFollowUp> {
  return withRoundLock(round.folder, async () => {
    const reason = canonicalText(asked.reason ?? "");
    if (reason === "") throw reasonMissing();
    const planned = await planFollowUp(round, asked, progress);
    const { manifest } = readCurrentSample(round);
    const shares = planned.cities.flatMap(({ shares: own }) => own);
    const strata = await nextUnits(round, actor, manifest, shares);
    recordEvent(round, actor, "followup.drawn", {
      manifestDigest: manifestDigest(manifest),
      evaluationDigest: planned.evaluationDigest,
      reason,
      strata: strata as unknown as JsonValue,
    });
    return planned;
  });
}

/** The next units of each stratum: reserves of the manifest first, then those of the longer ranking. */
async function nextUnits(
  round: Round,
  actor: Actor,
  manifest: Manifest,
  shares: readonly FollowUpShare[],
): Promise<FollowUpRecord[]> {
  const { sealed } = await ensureSealed(round, actor);
  const frame = await openFrame(round);
  try {
    const records: FollowUpRecord[] = [];
    for (const { stratum: key, reached, further } of shares) {
      const drawn = manifest.strata.find((stratum) => stratum.key === key);
      if (drawn === undefined) throw new Error(`no stratum ${key}`);
      const last = reached + further;
      const listed = drawn.units.length;
      const ranking =
        last <= listed
          ? drawn.units
          : await longerRanking(drawIdOfManifest(manifest), frame, sealed, manifest.contributions, key, last - drawn.n);
      const next = ranking.slice(reached, last);
      if (next.length < further) throw new Error(`the ranking of ${key} cannot be made longer`);
      records.push({
        stratum: key,
        units: next.map(({ id }) => id),
        extended: next.filter(({ rank }) => rank > listed),
      });
    }
    return records;
  } finally {
    frame.close();
  }
}

/** A follow-up answers a finished stage: with records missing, what would settle a city is not known yet. */
function refuseOpenFollowUp({ followUps }: CurrentSample, recorded: number, sample: number): void {
  if (followUps.length === 0 || recorded === sample) return;
  throw new ChouqianError("E-FOLLOWUP-OPEN", {
    message: words(
      `上次补充抽查还有 ${sample - recorded} 家没有记录`,
      `${sample - recorded} sources of the sample have no record since the last follow-up`,
    ),
    advice: words("先回收齐（records missing），再定下一次", "bring them in first: records missing"),
  });
}

function nothingToDraw(): ChouqianError {
  return new ChouqianError("E-FOLLOWUP-NOTHING", {
    message: words(
      "没有可补充抽查的：各市已有定论，或相应的层已全部抽取",
      "nothing to follow up: all settled or drawn",
    ),
    advice: words(
      "指定市和家数可另行补充：plan followup --city 汕头 --number 20",
      "name a city and a number: plan followup --city 汕头 --number 20",
    ),
  });
}

function reasonMissing(): ChouqianError {
  return new ChouqianError("E-FOLLOWUP-REASON", {
    message: words("没有写补充抽查的理由", "no reason was given"),
    advice: words("加上 --reason 理由，记入日志", "add --reason TEXT: it goes into the journal"),
  });
}
