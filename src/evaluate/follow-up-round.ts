/** The edge of the follow-up draw: reads what was evaluated, draws the next of each ranking, and puts them on record. */
import { newcomerTeams } from "../assign/newcomer-teams.ts";
import { longerRanking } from "../draw/compute.ts";
import { readCurrentSample } from "../draw/fates.ts";
import { type FollowUpRecord, MOST_FOLLOW_UPS } from "../draw/follow-up.ts";
import { blockOfStratum, drawIdOfManifest, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { defaultWorkers } from "../forms/write-forms.ts";
import { openFrame } from "../frame/locked.ts";
import { ensureSealed } from "../plan/seal.ts";
import type { ReadRecords } from "../records/read-lean.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { type Papers, writePapers } from "../replace/papers.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { canonicalText, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import type { EvaluationInput } from "./evaluate.ts";
import { evaluationDigest, evaluationInput, evaluationOf, type Standing } from "./evaluate-round.ts";
import type { Evaluation } from "./evaluation.ts";
import { type FollowUpAsked, type FollowUpPlan, followUpOf } from "./follow-up.ts";
import { areApart } from "./shrink.ts";
import type { Share } from "./spread.ts";
import { unitsToInspect } from "./survey.ts";
import { reachOf } from "./worst.ts";

export interface PlannedFollowUp extends FollowUpPlan {
  /** Digest of the figures that it answers. */
  readonly figuresDigest: string;
}

/**
 * What a follow-up would draw; writes nothing.
 * @throws ChouqianError E-RECORDS-MISSING, E-FOLLOWUP-OPEN, E-FOLLOWUP-NOTHING, E-FOLLOWUP-NO-WORST,
 *   E-FOLLOWUP-END, and what reading
 *   manifest, frame and records refuses
 */
export async function planFollowUp(round: Round, asked: FollowUpAsked, progress: Progress): Promise<PlannedFollowUp> {
  const { input, evaluation, plan } = await answering(round, asked, progress);
  refuseOpenFollowUp(input, plan);
  if (asked.worst !== undefined && !areApart(evaluation.indicators)) throw noWorst();
  if (plan.cities.every(({ further }) => further === 0)) {
    throw plan.ended.length > 0 ? atTheEnd(plan.ended) : nothingToDraw(plan, evaluation);
  }
  return { ...plan, figuresDigest: evaluationDigest(evaluation) };
}

/** The follow-up that answers a round's evaluation, as the round stands or stood then. `verify` uses it too. */
export async function answering(
  round: Round,
  asked: FollowUpAsked,
  progress: Progress,
  then?: Standing,
  read?: ReadRecords,
): Promise<{ readonly input: EvaluationInput; readonly evaluation: Evaluation; readonly plan: FollowUpPlan }> {
  const input = await evaluationInput(round, progress, then, read);
  const evaluation = evaluationOf(input);
  return { input, evaluation, plan: followUpOf(evaluation, input.sample, reachOf(input), asked) };
}

export interface DrawnFollowUp extends PlannedFollowUp {
  /** What was written for each city that has further sources. */
  readonly papers: readonly Papers[];
  /** Team of each further source by its id; null where none may inspect it. Empty where inspectors are not assigned. */
  readonly teams: Readonly<Record<string, string | null>>;
}

/**
 * Draws a follow-up: the units join the sample by a line in the journal. Records and evaluation know them from then on, the
 * list of the sample and the forms of their cities are made anew; `draw/` stays as it was.
 * @throws ChouqianError E-FOLLOWUP-REASON, and as `planFollowUp`
 */
export function drawFollowUp(
  round: Round,
  actor: Actor,
  asked: FollowUpAsked & { readonly reason: string | undefined },
  progress: Progress,
): Promise<DrawnFollowUp> {
  return withRoundLock(round.folder, async () => {
    const reason = canonicalText(asked.reason ?? "");
    if (reason === "") throw reasonMissing();
    const planned = await planFollowUp(round, asked, progress);
    const { manifest } = readCurrentSample(round);
    const shares = planned.cities.flatMap(({ shares: own }) => own);
    const strata = await nextUnits(round, actor, manifest, shares);
    recordEvent(round, actor, "followup.drawn", {
      manifestDigest: manifestDigest(manifest),
      figuresDigest: planned.figuresDigest,
      reason,
      asked: askedAsJson(asked),
      indicators: planned.indicators.map(({ code }) => code),
      strata: strata as unknown as JsonValue,
    });
    const cities = planned.cities.filter(({ further }) => further > 0).map(({ city }) => city);
    const papers = await writePapers(round, actor, cities, progress, defaultWorkers());
    const newcomers = await newcomerTeams(round);
    const joined = strata.flatMap(({ units }) => units).filter((id) => newcomers.has(id));
    return { ...planned, papers, teams: Object.fromEntries(joined.map((id) => [id, newcomers.get(id)?.team ?? null])) };
  });
}

/** What was asked for, as the journal has it. */
function askedAsJson({ city, sourceClass, number, worst }: FollowUpAsked): { [key: string]: JsonValue } {
  return { city: city ?? null, class: sourceClass ?? null, number: number ?? null, worst: worst ?? null };
}

/** What a line of the journal says was asked for. */
export function askedOf({ asked }: JournalEntry["about"]): FollowUpAsked {
  const said = (asked ?? {}) as ReturnType<typeof askedAsJson>;
  return {
    city: typeof said.city === "string" ? said.city : undefined,
    sourceClass: SOURCE_CLASSES.find((each) => each === said.class),
    number: typeof said.number === "number" ? said.number : undefined,
    worst: typeof said.worst === "number" ? said.worst : undefined,
  };
}

/** The next units of each stratum: reserves of the manifest first, then those of the longer ranking. */
async function nextUnits(
  round: Round,
  actor: Actor,
  manifest: Manifest,
  shares: readonly Share[],
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

/** A follow-up answers a finished stage: with records of a city missing, what would settle it is not known yet. */
function refuseOpenFollowUp({ sample, tally }: EvaluationInput, { cities }: FollowUpPlan): void {
  const open = unitsToInspect(sample).filter(({ stratum, fate }, place) => {
    const { city } = blockOfStratum(stratum);
    return fate === "followUp" && tally.outcomes[place] === undefined && cities.some((each) => each.city === city);
  });
  if (open.length === 0) return;
  const names = [...new Set(open.map(({ stratum }) => divisionName(blockOfStratum(stratum).city)))];
  throw new ChouqianError("E-FOLLOWUP-OPEN", {
    message: words(
      `${names.join("、")}上次补充抽查还有 ${open.length} 家没有记录`,
      `${names.join(", ")}: ${open.length} sources of the last follow-up have no record`,
    ),
    advice: words("先回收齐（records missing），再定下一次", "bring them in first: records missing"),
  });
}

/** Cities of which the records at hand decide nothing are waited for, and not settled. */
function nothingToDraw({ indicators }: FollowUpPlan, { verdicts }: Evaluation): ChouqianError {
  if (indicators.length > 0) {
    return new ChouqianError("E-FOLLOWUP-NOTHING", {
      message: words(
        "差错率最高的指标已够准，或所在的层已全部抽取",
        "the rates of the worst indicators are known well enough, or their strata are drawn to the end",
      ),
      advice: words(
        "仍要补充，写明每个指标再查几家：--worst 5 --number 20；或多看几个指标：--worst 10",
        "say how many more of each: --worst 5 --number 20; or follow more of them: --worst 10",
      ),
    });
  }
  const waiting = verdicts.filter(
    ({ verdict, outstanding }) => outstanding > 0 && (verdict === "cannotBeJudged" || verdict === "undecided"),
  );
  if (waiting.length > 0) {
    const names = waiting.map(({ name, outstanding }) => ({ name, outstanding }));
    return new ChouqianError("E-FOLLOWUP-NOTHING", {
      message: words(
        `记录没有收齐，还不知道要补充多少：${names.map(({ name, outstanding }) => `${name}缺 ${outstanding} 家`).join("、")}`,
        `records are outstanding, so what to add is not known yet: ${names.map(({ name, outstanding }) => `${name} ${outstanding}`).join(", ")}`,
      ),
      advice: words("先回收齐（records missing）", "bring them in first: records missing"),
    });
  }
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

function atTheEnd(cities: readonly string[]): ChouqianError {
  const names = cities.map(divisionName);
  return new ChouqianError("E-FOLLOWUP-END", {
    message: words(
      `${names.join("、")}已补充抽查 ${MOST_FOLLOW_UPS} 次，不再补充：看的次数越多，碰巧达标的机会越大`,
      `${names.join(", ")}: followed up ${MOST_FOLLOW_UPS} times already; the more looks, the likelier a verdict by chance`,
    ),
    advice: words(
      "评定仍为尚不能定的，下一轮多抽，或在 plan.yaml 写 followUp: true",
      "where still undecided draw more in the next round, or say followUp: true in plan.yaml",
    ),
  });
}

function noWorst(): ChouqianError {
  return new ChouqianError("E-FOLLOWUP-NO-WORST", {
    message: words(
      "各指标的差错率之差没有超出偶然，分不出哪些最差",
      "the indicators do not differ by more than chance: none is the worst",
    ),
    advice: words("按市补充：plan followup，或写明 --city、--number", "follow the cities: plan followup"),
  });
}

function reasonMissing(): ChouqianError {
  return new ChouqianError("E-FOLLOWUP-REASON", {
    message: words("没有写补充抽查的理由", "no reason was given"),
    advice: words("加上 --reason 理由，记入日志", "add --reason TEXT: it goes into the journal"),
  });
}
