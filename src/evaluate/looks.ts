/** What the looks at a city before its follow-ups said, from the records as they are now. Pure. */
import { followUpsOf } from "../draw/follow-up.ts";
import { sampleBefore } from "../draw/replacement.ts";
import { divisionName } from "../reference/divisions.ts";
import type { Figures } from "./domains.ts";
import { type DomainOf, oneSidedOf } from "./estimate.ts";
import type { EvaluationInput } from "./evaluate.ts";
import type { OneSided } from "./evaluation.ts";
import { figuresOf } from "./figures.ts";
import { placesOf, type Survey, surveyOf, unitsToInspect } from "./survey.ts";
import type { Reason } from "./terms.ts";

/** One-sided bounds for all sources of a city and for those that answered; null where there are none. */
export interface LookBounds {
  readonly all: OneSided | null;
  readonly answered: OneSided | null;
}

/** One look: its bounds with any chance of error. */
export type Look = (alpha: number) => LookBounds;

/** The looks at cities before each of their follow-ups, the first first. What several cities share is made once. */
export function earlierLooks(input: EvaluationInput): (city: string) => Look[] {
  const { followUps } = input.sample;
  const made = new Map<number, { readonly survey: Survey; readonly figures: Figures }>();
  return (city) =>
    followUpsOf(city, followUps).map((line) => {
      const then = made.get(line) ?? standingBefore(input, line);
      made.set(line, then);
      return lookAt(city, then.survey, then.figures);
    });
}

/**
 * Why nothing is said of a city, however its figures are: its sample was not carried through. A stratum whose sources all
 * have a record was, even where nothing was left to check in them.
 */
export function gapIn(city: string, survey: Survey, { m, isClosed }: Figures): Reason | undefined {
  if (survey.missing.some((stratum) => stratum.city === city)) return "stratumMissing";
  const { strata, stratumOf } = survey;
  const isOwn = ofCity(city, survey);
  const counts = new Uint8Array(strata.length);
  let isOpen = false;
  for (let index = 0; index < stratumOf.length; index++) {
    const number = stratumOf[index] as number;
    if (isOwn[number] === 0) continue;
    if ((m[index] as number) > 0) counts[number] = 1;
    isOpen ||= isClosed[index] === 0;
  }
  if (!isOpen) return "allClosed";
  const isUnchecked = strata.some((own, number) => own.city === city && own.outstanding > 0 && counts[number] === 0);
  return isUnchecked ? "stratumUnchecked" : undefined;
}

/** 1 for each stratum of a city, 0 for the others. */
function ofCity(city: string, { strata }: Survey): Uint8Array {
  return Uint8Array.from(strata, (stratum) => (stratum.city === city ? 1 : 0));
}

/** A look at a city; one that cannot be judged has no bounds. Its sources are sought only where it is asked. */
export function lookAt(city: string, survey: Survey, figures: Figures): Look {
  let sought: { readonly domain: DomainOf | undefined } | undefined;
  return (alpha) => {
    sought ??= { domain: gapIn(city, survey, figures) === undefined ? domainOf(city, survey, figures) : undefined };
    return sought.domain === undefined ? { all: null, answered: null } : oneSidedOf(survey, sought.domain, alpha);
  };
}

function domainOf(city: string, survey: Survey, figures: Figures): DomainOf {
  const about = { kind: "city", key: city, name: divisionName(city), given: "city", isWhole: true } as const;
  return { ...figures, ...about, members: membersIn(city, survey) };
}

function membersIn(city: string, survey: Survey): Int32Array {
  const isOwn = ofCity(city, survey);
  return survey.stratumOf.map((_, index) => index).filter((index) => isOwn[survey.stratumOf[index] as number] === 1);
}

function standingBefore({ manifest, sample, tally }: EvaluationInput, line: number) {
  const before = sampleBefore(manifest, sample, line);
  const now = placesOf(sample);
  // A unit that was replaced after the follow-up has no record now.
  const places = unitsToInspect(before).map(({ id }) => now.get(id) ?? -1);
  const pick = (values: ArrayLike<number>) => Float64Array.from(places, (place) => values[place] ?? 0);
  const outcomes = places.map((place) => tally.outcomes[place]);
  const survey = surveyOf(manifest, before, (place) => outcomes[place] !== undefined);
  const applicableKeys = Int32Array.from(places, (place) => tally.applicableKeys[place] ?? 0);
  return { survey, figures: figuresOf(survey, { outcomes, e: pick(tally.e), m: pick(tally.m), applicableKeys }) };
}
