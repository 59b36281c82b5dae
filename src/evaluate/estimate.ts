/** One error rate of one domain, with everything that is said beside it. Pure. */
import { estimateRatio, kornGraubard } from "../statistics/ratio.ts";
import { ALPHA, boundsOf, type SourceSample, sourceShare } from "./bounds.ts";
import type { Estimate, Kind, Rate } from "./evaluation.ts";
import type { Given, Survey } from "./survey.ts";

/** What a domain is, and the sources in it. */
export interface DomainOf {
  readonly kind: Kind;
  readonly key: string;
  readonly name: string;
  readonly given: Given;
  /** Indices of survey units, and their key indicators wrong and checked, in the same order. */
  readonly members: readonly number[];
  readonly e: ArrayLike<number>;
  readonly m: ArrayLike<number>;
  /** Which members were not found or refused; their figures count as `e` and `m` say. */
  readonly isNonResponse?: ((member: number) => boolean) | undefined;
  /** Whether the domain is made of whole strata. */
  readonly isWhole: boolean;
}

export function estimateOf(survey: Survey, domain: DomainOf): Estimate {
  const { kind, key, name, members, e, m, isNonResponse } = domain;
  const rate = rateOf(survey, domain);
  const sample = sourcesOf(survey, domain);
  const keep = [...members.keys()].filter((i) => isNonResponse?.(members[i] as number) !== true);
  const answered = {
    ...domain,
    members: keep.map((i) => members[i] as number),
    e: keep.map((i) => e[i] as number),
    m: keep.map((i) => m[i] as number),
    isWhole: false,
  };
  return {
    kind,
    key,
    name,
    ...rate,
    ...populationOf(survey, domain),
    sources: sample === undefined ? null : sourceShare(sample),
    withoutNonResponse: keep.length === members.length ? null : rateOf(survey, answered),
  };
}

function rateOf(survey: Survey, domain: DomainOf): Rate {
  const estimate = estimateRatio(survey.design(domain.given), domain);
  const sample = sourcesOf(survey, domain);
  if (estimate === undefined || sample === undefined) return NOTHING;
  const { n, m, e, sampleRatio, ratio, variance, degreesOfFreedom, components } = estimate;
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

function sourcesOf(survey: Survey, { members, e, m, isWhole }: DomainOf): SourceSample | undefined {
  let [n, k, sum, squares, inError] = [0, 0, 0, 0, 0];
  let isCensus = true;
  const found = new Map<number, number>();
  let isEqual = isWhole;
  for (let i = 0; i < members.length; i++) {
    const unit = survey.units[members[i] as number];
    if (unit === undefined) continue;
    const wrong = (e[i] as number) > 0;
    found.set(unit.stratum, (found.get(unit.stratum) ?? 0) + (wrong ? 1 : 0));
    isEqual &&= survey.strata[unit.stratum]?.isEqual === true;
    isCensus &&= unit.weight <= 1 + 1e-12;
    if (!((m[i] as number) > 0)) continue;
    n++;
    if (wrong) k++;
    sum += unit.weight;
    squares += unit.weight ** 2;
    if (wrong) inError += unit.weight;
  }
  if (n === 0) return undefined;
  const strata = [...found].map(([number, wrong]) => {
    const { N, n: sampled } = survey.strata[number] ?? { N: 0, n: 0 };
    return { N, n: sampled, k: wrong };
  });
  const share = k === n ? 1 : inError / sum;
  return { n, k, share, effective: sum ** 2 / squares, strata: isEqual ? strata : undefined, isCensus };
}

/** Units of the frame in whole strata; estimated by the weights where the domain cuts them. */
function populationOf(survey: Survey, { members, isWhole, given }: DomainOf): Pick<Estimate, "N" | "isEstimatedN"> {
  const weights = members.reduce((sum, member) => sum + (survey.units[member]?.weight ?? 0), 0);
  const isCounted = isWhole && !survey.hasAreas && given !== "nothing";
  if (!isCounted) return { N: weights, isEstimatedN: true };
  const strata = new Set(members.map((member) => survey.units[member]?.stratum ?? -1));
  return { N: [...strata].reduce((sum, number) => sum + (survey.strata[number]?.N ?? 0), 0), isEstimatedN: false };
}
