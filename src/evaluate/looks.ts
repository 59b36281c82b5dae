/** What the looks at a city before its follow-ups said, from the records as they are now. Pure. */
import { followUpsOf } from "../draw/follow-up.ts";
import { sampleBefore } from "../draw/replacement.ts";
import { divisionName } from "../reference/divisions.ts";
import type { Figures } from "./domains.ts";
import { type DomainOf, oneSidedOf } from "./estimate.ts";
import type { EvaluationInput } from "./evaluate.ts";
import type { OneSided } from "./evaluation.ts";
import { figuresOf } from "./figures.ts";
import { type Survey, surveyOf, unitsToInspect } from "./survey.ts";
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
  const counts = strata.map(() => false);
  let isOpen = false;
  for (let index = 0; index < stratumOf.length; index++) {
    const number = stratumOf[index] as number;
    if (strata[number]?.city !== city) continue;
    if ((m[index] as number) > 0) counts[number] = true;
    isOpen ||= isClosed[index] === 0;
  }
  if (!isOpen) return "allClosed";
  const isUnchecked = strata.some((own, number) => own.city === city && own.outstanding > 0 && !counts[number]);
  return isUnchecked ? "stratumUnchecked" : undefined;
}

/** A look at a city; one that cannot be judged has no bounds. */
export function lookAt(city: string, survey: Survey, figures: Figures): Look {
  if (gapIn(city, survey, figures) !== undefined) return () => ({ all: null, answered: null });
  const { places, strata, stratumOf } = survey;
  const members = places.map((_, index) => index).filter((index) => strata[stratumOf[index] as number]?.city === city);
  const about = { kind: "city", key: city, name: divisionName(city), given: "city", isWhole: true } as const;
  const domain: DomainOf = { ...figures, ...about, members };
  return (alpha) => oneSidedOf(survey, domain, alpha);
}

function standingBefore({ manifest, sample, tally }: EvaluationInput, line: number) {
  const before = sampleBefore(manifest, sample, line);
  const now = new Map(unitsToInspect(sample).map(({ id }, place) => [id, place]));
  // A unit that was replaced after the follow-up has no record now.
  const places = unitsToInspect(before).map(({ id }) => now.get(id) ?? -1);
  const pick = (values: ArrayLike<number>) => Float64Array.from(places, (place) => values[place] ?? 0);
  const outcomes = places.map((place) => tally.outcomes[place]);
  const survey = surveyOf(manifest, before, (place) => outcomes[place] !== undefined);
  const applicableKeys = Int32Array.from(places, (place) => tally.applicableKeys[place] ?? 0);
  return { survey, figures: figuresOf(survey, { outcomes, e: pick(tally.e), m: pick(tally.m), applicableKeys }) };
}
