/** The evaluation of a round: from manifest, sample and tally to everything that is said of it. Pure. */
import type { Manifest } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import type { RecordHistory } from "../records/history.ts";
import type { AreaCheck } from "../records/record.ts";
import { areaRates } from "./areas.ts";
import { blockCounts } from "./blocks.ts";
import { type Attributes, estimatesOf, type Figures } from "./domains.ts";
import { causesOf, cityErrors } from "./errors.ts";
import { type Counts, EVALUATION_SPEC, type Evaluation } from "./evaluation.ts";
import { figuresOf } from "./figures.ts";
import { levels } from "./levels.ts";
import { scrutinyOf } from "./scrutiny.ts";
import { shrunkRates } from "./shrink.ts";
import { type Survey, sizeOf, strataToInspect, surveyOf } from "./survey.ts";
import type { Tally } from "./tally.ts";
import { compareTeams, type TeamSource } from "./teams.ts";
import { LIMIT } from "./verdict.ts";
import { verdictsOf } from "./verdicts.ts";

export interface EvaluationInput {
  readonly manifest: Manifest;
  readonly manifestDigest: string;
  readonly sample: CurrentSample;
  readonly tally: Tally;
  readonly attributes: Attributes;
  readonly areas: readonly AreaCheck[];
  /** What became of records that came in. */
  readonly history: RecordHistory;
  /** Whether the sealed plan says that undecided cities are followed up. */
  readonly isFollowUpForeseen: boolean;
  readonly recordsDigest: string | undefined;
  readonly areasDigest: string | undefined;
  readonly limit?: number;
}

export function evaluate(input: EvaluationInput): Evaluation {
  const { manifest, sample, tally, areas } = input;
  const limit = input.limit ?? LIMIT;
  const survey = surveyOf(manifest, sample, (place) => tally.outcomes[place] !== undefined);
  const figures = figuresOf(survey, tally);
  const estimates = estimatesOf(manifest, survey, figures, tally, input.attributes);
  const indicators = estimates.filter(({ kind }) => kind === "indicator");
  const counties = estimates.filter(({ kind }) => kind === "county");
  const province = estimates.find(({ kind }) => kind === "province");
  const designEffect = province?.designEffect ?? 1;
  return {
    spec: EVALUATION_SPEC,
    roundId: manifest.roundId,
    manifestDigest: input.manifestDigest,
    recordsDigest: input.recordsDigest ?? null,
    areasDigest: input.areasDigest ?? null,
    limit,
    isFollowUpForeseen: input.isFollowUpForeseen,
    levels: levels(input.isFollowUpForeseen),
    counts: countsOf(sample, tally),
    scrutiny: scrutinyOf(sample, tally, input.history),
    blocks: blockCounts(input),
    missingStrata: survey.missing.map(({ key, N, n }) => ({ key, N, n })),
    estimates,
    verdicts: verdictsOf(input, survey, estimates, figures, limit),
    causes: causesOf(survey, tally),
    cities: cityErrors(survey, tally),
    indicators: shrunkRates(indicators, 1),
    counties: shrunkRates(counties, designEffect),
    teams: teamsOf(survey, figures, tally, Number.parseInt(input.manifestDigest.slice(0, 8), 16)),
    areas: areaRates(areas),
    handPicked: tally.handPicked,
  };
}

function countsOf(sample: CurrentSample, tally: Tally): Counts {
  const count = (name: string) => tally.outcomes.filter((outcome) => outcome === name).length;
  const followUps = strataToInspect(sample).flatMap(({ units }) => units.filter(({ fate }) => fate === "followUp"));
  return {
    sample: sizeOf(sample),
    recorded: tally.outcomes.filter((outcome) => outcome !== undefined).length,
    checked: count("checked"),
    notFound: count("notFound"),
    refused: count("refused"),
    closed: count("closed"),
    replaced: sample.replacements.length,
    followUp: followUps.length,
    unsettled: tally.unsettled,
    outsideSample: tally.outsideSample,
    partial: tally.unchecked.sources,
    uncheckedKeys: tally.unchecked.keys,
  };
}

function teamsOf({ places, stratumOf, strata }: Survey, { e, m, isNonResponse }: Figures, tally: Tally, seed: number) {
  const blocks = strata.map(({ city, sourceClass }) => ({ city, block: `${city}/${sourceClass}` }));
  const sources: TeamSource[] = [];
  for (const [i, place] of places.entries()) {
    const team = tally.names.teams[tally.teams[place] as number] ?? "";
    if (team === "" || isNonResponse[i] === 1 || m[i] === 0) continue;
    const { city = "", block = "" } = blocks[stratumOf[i] as number] ?? {};
    sources.push({ city, block, team, e: e[i] as number, m: m[i] as number });
  }
  return compareTeams(sources, seed);
}
