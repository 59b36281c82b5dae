/** What an evaluation says: plain data, whose canonical JSON is `results/evaluation.json`. Figures that cannot be had are null. */

import type { SourceClass } from "../reference/classes.ts";
import type { Scrutiny } from "./scrutinised.ts";
import type { BoundsMethod, Kind, Reason, VerdictCode } from "./terms.ts";

/** Names of the reports within `results/` and the cities' folders in it. */
export const REPORT_FILES = {
  report: "核查评定报告.pdf",
  summary: "评定汇总.xlsx",
  /** Of a city, to be signed. */
  paper: "质量核查情况汇总表.pdf",
} as const;

export const EVALUATION_SPEC = "evaluation/1";

/** A two-sided 95% interval, and the 95% bound of each side by itself. */
export interface Limits {
  readonly lower: number;
  readonly upper: number;
  readonly lowerOneSided: number;
  readonly upperOneSided: number;
}

/** Error rate of key indicators in a domain. */
export interface Rate {
  /** Sources with a key indicator that counts, key indicators, and wrong ones among them. */
  readonly n: number;
  readonly m: number;
  readonly e: number;
  /** Σe/Σm as it stands, and weighted by the design. */
  readonly sampleRate: number | null;
  readonly rate: number | null;
  /** Σwe and Σwm, w being the weights: the rate is one over the other. */
  readonly weightedErrors: number;
  readonly weightedChecked: number;
  readonly variance: number | null;
  /** Of the design, and by Satterthwaite; the limits go by the smaller. */
  readonly degreesOfFreedom: number;
  readonly components: number;
  readonly limits: Limits | null;
  /** Korn–Graubard with the degrees of freedom of the design alone, as R's survey prints it. */
  readonly plain: { readonly lower: number; readonly upper: number } | null;
  readonly method: BoundsMethod | null;
  /** Why there are no limits. */
  readonly reason: Reason | null;
  /** Variance over that of so many indicators drawn one by one, and how many such would say as much. */
  readonly designEffect: number | null;
  readonly effectiveSize: number | null;
}

/** Share of sources with at least one wrong key indicator. */
export interface SourceShare {
  readonly n: number;
  readonly k: number;
  /** Weighted. */
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
  /** `exact` or `effective`: whole strata drawn with equal chances, or not. */
  readonly method: "exact" | "effective";
}

export interface Estimate extends Rate {
  readonly kind: Kind;
  /** City code, class, `<city>/<class>`, form, indicator code and so on. */
  readonly key: string;
  readonly name: string;
  /** Units of the population that it speaks of: of the frame, or estimated where the domain cuts strata. */
  readonly N: number;
  readonly isEstimatedN: boolean;
  readonly sources: SourceShare | null;
  /** The same without sources not found or refusing; null where there are none. */
  readonly withoutNonResponse: Rate | null;
}

/** Lower and upper one-sided bound, each with the same chance of error. */
export interface OneSided {
  readonly lower: number;
  readonly upper: number;
}

/** What was said of a city before a follow-up, from the records as they are now, and how many sources the follow-up added. */
export interface EarlierLook {
  readonly verdict: VerdictCode;
  readonly alpha: number;
  readonly further: number;
}

export interface Verdict {
  readonly city: string;
  readonly name: string;
  /** Sources to be inspected there as the sample stands, and those with a record. */
  readonly sample: number;
  readonly recorded: number;
  /**
   * First and last day of the visits whose records count, such as `2019-09-30`, and how many records name their day; null
   * where none does.
   */
  readonly visited: { readonly first: string; readonly last: string; readonly dated: number } | null;
  readonly verdict: VerdictCode;
  readonly reason: Reason | null;
  /** How often the city was followed up, the chance of error of this verdict, and the bounds that it goes by. */
  readonly followUps: number;
  readonly earlier: readonly EarlierLook[];
  readonly alpha: number;
  readonly bounds: OneSided | null;
  /** Sources of its sample without a record. */
  readonly outstanding: number;
  /** Whether it, and what the sample rate says, is one for the time being, since some have no record. */
  readonly isPreliminary: boolean;
  /** By the sample rate alone; null where the sample was not carried through so far that anything can be said. */
  readonly official: "met" | "notMet" | null;
  /** The verdict without sources not found or refusing, where there are any. */
  readonly withoutNonResponse: VerdictCode | null;
  /**
   * Further sources after which the next verdict, with its own chance of error, would settle it if rate and spread stay as they
   * are; null where settled, where it cannot be said, and where there is no further follow-up.
   */
  readonly furtherSources: number | null;
}

/** One cause of errors, the most frequent first. */
export interface Cause {
  readonly cause: string;
  readonly errors: number;
  readonly share: number;
  readonly cumulative: number;
  /** Share of the errors of the whole population, weighted by the design. */
  readonly weightedShare: number;
}

/** A key indicator and how often it was found wrong. */
export interface IndicatorErrors {
  readonly code: string;
  readonly name: string;
  readonly m: number;
  readonly e: number;
}

/** What went wrong in one city: counts of the sample, in no way weighted. */
export interface CityErrors {
  readonly city: string;
  readonly causes: readonly Cause[];
  /** Those found wrong at least once, the most errors first. */
  readonly indicators: readonly IndicatorErrors[];
}

/** A rate drawn towards the mean of all by as much as it is unsure. */
export interface Shrunk {
  readonly key: string;
  readonly name: string;
  readonly n: number;
  readonly m: number;
  readonly e: number;
  readonly rate: number;
  readonly shrunk: number;
  /** 1: all its own; 0: all the common mean. */
  readonly ownWeight: number;
}

/** One team beside the others of its city. */
export interface TeamComparison {
  readonly city: string;
  readonly team: string;
  readonly n: number;
  readonly e: number;
  readonly m: number;
  readonly sampleRate: number | null;
  /** Errors that the others of the city and class would lead one to expect. */
  readonly expected: number;
  /** Chance to find so few errors (or so many) if teams did not differ; null where there is nothing to compare. */
  readonly fewP: number | null;
  readonly manyP: number | null;
  /** Stands out at 5% after Holm's correction over all teams. */
  readonly standsOut: "lenient" | "strict" | null;
}

/** Omission (漏报率) and duplication (重报率) of census areas. */
export interface AreaRate {
  readonly city: string;
  readonly name: string;
  readonly areas: number;
  readonly listed: number;
  readonly found: number;
  readonly omitted: number;
  readonly duplicates: number;
  readonly omission: AreaShare | null;
  readonly duplication: AreaShare | null;
}
export interface AreaShare {
  readonly rate: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What became of the sample of one class in one city, as it stands after replacements and follow-ups. */
export interface BlockCounts {
  readonly city: string;
  readonly sourceClass: SourceClass;
  /** Sources to be inspected: those checked, not found, refusing, closed down, and without a record. */
  readonly sample: number;
  readonly checked: number;
  readonly notFound: number;
  readonly refused: number;
  readonly closed: number;
  readonly outstanding: number;
  /** Sources that left the sample, whether another stands in for them or not. */
  readonly replaced: number;
}

export interface Counts {
  /** Sources to be inspected as the sample stands, and those with a record. */
  readonly sample: number;
  readonly recorded: number;
  readonly checked: number;
  readonly notFound: number;
  readonly refused: number;
  readonly closed: number;
  readonly replaced: number;
  /** Sources of the sample that follow-ups added. */
  readonly followUp: number;
  /** Entered twice with different results and not settled: the first entry counts. */
  readonly unsettled: number;
  /** Records of units that are not in the sample now: replaced since, or reserves. */
  readonly outsideSample: number;
  /** Sources that were checked, but not in all key indicators that apply, and how many of these nobody looked at. */
  readonly partial: number;
  readonly uncheckedKeys: number;
}

export interface Evaluation {
  readonly spec: typeof EVALUATION_SPEC;
  readonly roundId: string;
  readonly manifestDigest: string;
  readonly recordsDigest: string | null;
  readonly areasDigest: string | null;
  readonly limit: number;
  /** One-sided chance of error of a verdict after no follow-up of its city, one, two …, and whether the plan foresaw them. */
  readonly isFollowUpForeseen: boolean;
  readonly levels: readonly number[];
  readonly counts: Counts;
  readonly scrutiny: Scrutiny;
  readonly blocks: readonly BlockCounts[];
  /** Sampled strata without a record: nothing is said of them. */
  readonly missingStrata: readonly { readonly key: string; readonly N: number; readonly n: number }[];
  readonly estimates: readonly Estimate[];
  readonly verdicts: readonly Verdict[];
  readonly causes: readonly Cause[];
  readonly cities: readonly CityErrors[];
  readonly indicators: readonly Shrunk[];
  readonly counties: readonly Shrunk[];
  readonly teams: readonly TeamComparison[];
  readonly areas: readonly AreaRate[];
  /** Units chosen by hand, apart from every estimate. */
  readonly handPicked: { readonly sources: number; readonly m: number; readonly e: number };
}
