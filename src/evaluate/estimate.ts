/** One error rate of one domain, with everything that is said beside it. Pure. */
import { estimateRatio, kornGraubard } from "../statistics/ratio.ts";
import { ALPHA, boundsOf, type SourceSample, sourceShare } from "./bounds.ts";
import type { Estimate, Limits, OneSided, Rate } from "./evaluation.ts";
import type { Given, SurveyUnits } from "./survey.ts";
import type { Kind } from "./terms.ts";

/** What a domain is, and the sources in it. */
export interface DomainOf {
  readonly kind: Kind;
  readonly key: string;
  readonly name: string;
  readonly given: Given;
  /** Indices of survey units. */
  readonly members: Int32Array;
  /** By survey unit: key indicators wrong and checked. */
  readonly e: Float64Array;
  readonly m: Float64Array;
  /** By survey unit, 1 where it was not found or refused; its figures count as `e` and `m` say. */
  readonly isNonResponse?: Uint8Array | undefined;
  /** Whether the domain is made of whole strata. */
  readonly isWhole: boolean;
}

export function estimateOf(survey: SurveyUnits, domain: DomainOf): Estimate {
  const { kind, key, name } = domain;
  const sample = sourcesOf(survey, domain);
  const answered = answeredOf(domain);
  return {
    kind,
    key,
    name,
    ...rateOf(survey, domain, sample),
    ...populationOf(survey, domain),
    sources: sample === undefined ? null : sourceShare(sample),
    withoutNonResponse: answered === undefined ? null : rateOf(survey, answered, sourcesOf(survey, answered)),
  };
}

/**
 * One-sided bounds with another chance of error than 5%, for all sources of a domain and for those that answered, which may
 * be all; null where there are none.
 */
export function oneSidedOf(
  survey: SurveyUnits,
  domain: DomainOf,
  alpha: number,
): { readonly all: OneSided | null; readonly answered: OneSided | null } {
  const of = (some: DomainOf): OneSided | null => {
    const estimate = estimateRatio(survey.design(some.given), some);
    const sample = sourcesOf(survey, some);
    if (estimate === undefined || sample === undefined) return null;
    const bounds = boundsOf(estimate, sample, alpha);
    return "limits" in bounds ? oneSided(bounds.limits) : null;
  };
  const all = of(domain);
  const answered = answeredOf(domain);
  return { all, answered: answered === undefined ? all : of(answered) };
}

export function oneSided({ lowerOneSided, upperOneSided }: Limits): OneSided {
  return { lower: lowerOneSided, upper: upperOneSided };
}

/** The domain without sources not found or refusing; undefined where it has none. */
function answeredOf(domain: DomainOf): DomainOf | undefined {
  const { members, isNonResponse } = domain;
  if (isNonResponse === undefined || !members.some((member) => isNonResponse[member] === 1)) return undefined;
  return { ...domain, members: members.filter((member) => isNonResponse[member] === 0), isWhole: false };
}

function rateOf(survey: SurveyUnits, domain: DomainOf, sample: SourceSample | undefined): Rate {
  const estimate = estimateRatio(survey.design(domain.given), domain);
  if (estimate === undefined || sample === undefined) return NOTHING;
  const { n, m, e, sampleRatio, ratio, weightedErrors, weightedChecked, variance, degreesOfFreedom, components } =
    estimate;
  const plain = kornGraubard(estimate, ALPHA);
  const bounds = boundsOf(estimate, sample);
  const isKnown = variance > 0 && ratio > 0 && ratio < 1;
  const effectiveSize = isKnown ? (ratio * (1 - ratio)) / variance : null;
  return {
    n,
    m,
    e,
    sampleRate: sampleRatio,
    rate: ratio,
    weightedErrors,
    weightedChecked,
    variance,
    degreesOfFreedom,
    components,
    limits: "limits" in bounds ? bounds.limits : null,
    plain: plain ?? null,
    method: "method" in bounds ? bounds.method : null,
    reason: "reason" in bounds ? bounds.reason : null,
    designEffect: effectiveSize === null ? null : m / effectiveSize,
    effectiveSize,
  };
}

const NOTHING: Rate = {
  n: 0,
  m: 0,
  e: 0,
  sampleRate: null,
  rate: null,
  weightedErrors: 0,
  weightedChecked: 0,
  variance: null,
  degreesOfFreedom: 0,
  components: 0,
  limits: null,
  plain: null,
  method: null,
  reason: "nothingChecked",
  designEffect: null,
  effectiveSize: null,
};

function sourcesOf(survey: SurveyUnits, { members, e, m, isWhole }: DomainOf): SourceSample | undefined {
  let [n, k, sum, squares, inError] = [0, 0, 0, 0, 0];
  let isCensus = true;
  const { weights, stratumOf } = survey;
  // −1 where the domain has nothing of a stratum.
  const found = new Int32Array(survey.strata.length).fill(-1);
  // Counted loops: one over the members themselves makes an object of each until it is compiled.
  for (let i = 0; i < members.length; i++) {
    const member = members[i] as number;
    const weight = weights[member] as number;
    const stratum = stratumOf[member] as number;
    const wrong = (e[member] as number) > 0;
    found[stratum] = Math.max(0, found[stratum] as number) + (wrong ? 1 : 0);
    isCensus &&= weight <= 1 + 1e-12;
    if (!((m[member] as number) > 0)) continue;
    n++;
    if (wrong) k++;
    sum += weight;
    squares += weight ** 2;
    if (wrong) inError += weight;
  }
  if (n === 0) return undefined;
  let isEqual = isWhole;
  const strata = survey.strata.flatMap(({ N, n: sampled, isEqual: isOwn }, number) => {
    const wrong = found[number] as number;
    if (wrong < 0) return [];
    isEqual &&= isOwn;
    return [{ N, n: sampled, k: wrong }];
  });
  const share = k === n ? 1 : inError / sum;
  return { n, k, share, effective: sum ** 2 / squares, strata: isEqual ? strata : undefined, isCensus };
}

/** Units of the frame in whole strata; estimated by the weights where the domain cuts them. */
function populationOf(
  survey: SurveyUnits,
  { members, isWhole, given }: DomainOf,
): Pick<Estimate, "N" | "isEstimatedN"> {
  const isCounted = isWhole && !survey.hasAreas && given !== "nothing";
  if (!isCounted) {
    let N = 0;
    for (let i = 0; i < members.length; i++) N += survey.weights[members[i] as number] as number;
    return { N, isEstimatedN: true };
  }
  const isOf = new Uint8Array(survey.strata.length);
  for (let i = 0; i < members.length; i++) isOf[survey.stratumOf[members[i] as number] as number] = 1;
  return {
    N: survey.strata.reduce((sum, { N }, number) => sum + N * (isOf[number] as number), 0),
    isEstimatedN: false,
  };
}
