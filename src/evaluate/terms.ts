/** The terms of an evaluation, as codes and in words: kinds of domains, methods of bounds, reasons, verdicts. */
import { type Words, words } from "../text/words.ts";

/** What results are broken down by. */
export const KINDS = [
  "province",
  "city",
  "class",
  "cityClass",
  "county",
  "section",
  "form",
  "indicator",
  "team",
] as const;
export type Kind = (typeof KINDS)[number];

export const KIND_NAMES: Readonly<Record<Kind, Words>> = {
  province: words("全部", "all"),
  city: words("市", "city"),
  class: words("污染源类别", "class"),
  cityClass: words("市和类别", "city and class"),
  county: words("县区", "county"),
  section: words("行业门类", "industry section"),
  form: words("普查表", "form"),
  indicator: words("指标", "indicator"),
  team: words("核查组", "team"),
};

/** How bounds were found; each figure of a report carries it in a footnote. */
export const METHODS = ["kornGraubard", "sourcesExact", "sourcesEffective", "sourcesBinomial", "census"] as const;
export type BoundsMethod = (typeof METHODS)[number];

export const METHOD_NAMES: Readonly<Record<BoundsMethod, Words>> = {
  kornGraubard: words(
    "Korn–Graubard，源为群，自由度取设计与 Satterthwaite 之小者",
    "Korn–Graubard, sources as clusters, Satterthwaite's degrees of freedom",
  ),
  sourcesExact: words(
    "未发现差错（或全错）：有差错的源数的精确界（超几何分布）",
    "no error found (or all wrong): exact hypergeometric bound on sources with an error",
  ),
  sourcesEffective: words(
    "未发现差错（或全错）：按有效源数的二项分布",
    "no error found (or all wrong): binomial bound with the effective number of sources",
  ),
  sourcesBinomial: words(
    "各源差错率相同：按源数的二项分布",
    "all sources alike: binomial bound with the number of sources",
  ),
  census: words("全部核查，没有抽样误差", "all were inspected: no sampling error"),
};

/** Why something cannot be judged. */
export const REASONS = ["nothingChecked", "tooFewSources", "stratumMissing", "stratumUnchecked", "allClosed"] as const;
export type Reason = (typeof REASONS)[number];

export const REASON_NAMES: Readonly<Record<Reason, Words>> = {
  nothingChecked: words("没有核查过任何关键指标", "no key indicator was checked"),
  tooFewSources: words("核查的源太少，算不出误差", "too few sources for a margin of error"),
  stratumMissing: words("有的层抽了样而没有一条记录", "a stratum was sampled and has no record"),
  stratumUnchecked: words(
    "有的层还有单位没有记录，已有记录的都没有可计的关键指标",
    "a stratum lacks records, and those that it has hold no key indicator that counts",
  ),
  allClosed: words("有记录的单位都已关停", "all sources with a record are closed down"),
};

/** The same in a table's cell, beside the dash that stands for a verdict. */
export const SHORT_REASONS: Readonly<Record<Reason, Words>> = {
  nothingChecked: words("未核查", "not checked"),
  tooFewSources: words("源太少", "too few"),
  stratumMissing: words("有层未核查", "stratum not checked"),
  stratumUnchecked: words("有层未核查", "stratum not checked"),
  allClosed: words("都已关停", "all closed"),
};

export const VERDICTS = ["met", "notMet", "undecided", "cannotBeJudged"] as const;
export type VerdictCode = (typeof VERDICTS)[number];

export const VERDICT_NAMES: Readonly<Record<VerdictCode, Words>> = {
  met: words("达标", "met"),
  notMet: words("不达标", "not met"),
  undecided: words("尚不能定", "undecided"),
  cannotBeJudged: words("无法评定", "cannot be judged"),
};
