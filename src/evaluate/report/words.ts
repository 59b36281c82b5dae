/** What an evaluation says in plain Chinese: the findings of the report's first page, and the notes below its figures. */

import { teamInWords } from "../../records/team.ts";
import { divisionName } from "../../reference/divisions.ts";
import { type JournalLine, lineOnPaper } from "../../round/journal.ts";
import type { AreaRate, Estimate, Evaluation, Rate, TeamComparison, Verdict } from "../evaluation.ts";
import {
  followedUp,
  missingParts,
  officialShown,
  otherwise,
  progressOf,
  verdictShown,
  widenedBy,
} from "../in-words.ts";
import { wholeOf } from "../scrutiny.ts";
import { type BoundsMethod, METHOD_NAMES, METHODS, REASON_NAMES, VERDICT_NAMES, type VerdictCode } from "../terms.ts";
import { percent, plainPercent } from "./percent.ts";
import { droppedInWords, replacedInWords, scrutinyInWords, settledInWords } from "./scrutiny-words.ts";
import { weakPoints } from "./weak-points.ts";

export function interval({ limits, reason }: Pick<Rate, "limits" | "reason">): string {
  if (limits !== null) return `${percent(limits.lower)} 至 ${percent(limits.upper)}`;
  return reason === null ? "—" : REASON_NAMES[reason].zh;
}

/** The estimates of a kind, or those of it within a city. */
export function estimatesOf({ estimates }: Evaluation, kind: Estimate["kind"], city?: string): readonly Estimate[] {
  return estimates.filter((each) => each.kind === kind && (city === undefined || each.key.startsWith(`${city}/`)));
}

export function cityEstimate({ estimates }: Evaluation, city: string): Estimate | undefined {
  return estimates.find(({ kind, key }) => kind === "city" && key === city);
}

/** Findings on the whole round, a paragraph each: what was done and is missing, verdicts, rates, caveats, weak points, pointers. */
export function provinceFindings(evaluation: Evaluation): string[] {
  const { counts, verdicts, limit } = evaluation;
  const [province] = estimatesOf(evaluation, "province");
  const named = (code: VerdictCode) => verdicts.filter(({ verdict }) => verdict === code);
  const list = (code: VerdictCode) => {
    const found = named(code);
    const names = found.map((verdict) => {
      const then = otherwise(verdict);
      const notes = [...(verdict.isPreliminary ? [`暂评 ${progressOf(verdict)}`] : []), ...(then ? [then.zh] : [])];
      return notes.length === 0 ? verdict.name : `${verdict.name}〔${notes.join("；")}〕`;
    });
    return found.length === 0 ? "" : `${VERDICT_NAMES[code].zh} ${found.length} 个（${names.join("、")}）`;
  };
  const groups = (["met", "notMet", "undecided", "cannotBeJudged"] as const).map(list).filter((text) => text !== "");
  return [
    `核查：应查 ${counts.sample} 家${counts.followUp > 0 ? `（其中补充抽查 ${counts.followUp} 家）` : ""}，已有记录 ${counts.recorded} 家${outcomes(counts)}。${absentInWords(evaluation)}`,
    `评定：关键指标差错率限值 ${plainPercent(limit)}，把握 ${confidences(evaluation)}。${verdicts.length} 个市中，${groups.join("；")}。`,
    ...(province === undefined ? [] : [rateInWords("全部样本", province, leftOut(evaluation))]),
    ...caveats(evaluation),
    ...scrutinyInWords(wholeOf(evaluation.scrutiny), evaluation.scrutiny.revisedAreas),
    ...replacedInWords(evaluation.scrutiny.replaced),
    ...droppedInWords(evaluation.scrutiny.dropped, evaluation.scrutiny.droppedAreas),
    ...settledInWords(evaluation.scrutiny.settled),
    ...followUpsInWords(verdicts),
    ...furtherInWords(evaluation, verdicts),
    ...looksInWords(evaluation, verdicts),
    ...weakPoints(evaluation.causes, evaluation.indicators, evaluation.counties),
    ...teamsInWords(evaluation.teams),
    ...areasInWords(evaluation.areas),
  ];
}

/** Findings on one city, a paragraph each. */
export function cityFindings(evaluation: Evaluation, verdict: Verdict): string[] {
  const { limit } = evaluation;
  const { city, sample, recorded } = verdict;
  const estimate = cityEstimate(evaluation, city);
  const causes = evaluation.cities.find((each) => each.city === city)?.causes ?? [];
  const counties = evaluation.counties.filter(({ key }) => key.startsWith(`${city}/`));
  const then = otherwise(verdict);
  return [
    `核查：本市应查 ${sample} 家，已有记录 ${recorded} 家。${absentInWords(evaluation, city)}`,
    `评定：${verdictWord(verdict)}${then === undefined ? "" : `（${then.zh}）`}。关键指标差错率限值 ${plainPercent(limit)}，把握 ${confidence(verdict.alpha)}。${whyInWords(verdict, limit)}`,
    ...(estimate === undefined ? [] : [rateInWords("本市样本", estimate, leftOut(evaluation, city))]),
    ...evaluation.scrutiny.cities.filter(({ key }) => key === city).flatMap((part) => scrutinyInWords(part, 0)),
    ...replacedInWords(evaluation.scrutiny.replaced.filter((each) => each.city === city)),
    ...droppedInWords(
      evaluation.scrutiny.dropped.filter((each) => each.city === city),
      0,
    ),
    ...settledInWords(evaluation.scrutiny.settled.filter((each) => each.city === city)),
    ...(verdict.official === null
      ? []
      : [
          `只看样本差错率，本市${officialShown(verdict).zh}；样本差错率不计抽样误差，与上面的评定不同的，以能证明的为准。`,
        ]),
    ...followUpsInWords([verdict]),
    ...furtherInWords(evaluation, [verdict]),
    ...looksInWords(evaluation, [verdict]),
    ...weakPoints(causes, [], counties),
    ...teamsInWords(evaluation.teams.filter((each) => each.city === city)),
    ...evaluation.areas.filter((each) => each.city === city).map(areaInFull),
  ];
}

function outcomes({ notFound, refused, closed, replaced }: Evaluation["counts"]): string {
  const parts = [
    [notFound, "未找到"],
    [refused, "拒绝核查"],
    [closed, "已关停"],
    [replaced, "替换"],
  ] as const;
  const some = parts.filter(([n]) => n > 0).map(([n, name]) => `${name} ${n} 家`);
  const counted = notFound + refused > 0 ? "；未找到和拒绝核查的，按全部关键指标差错计入" : "";
  return some.length === 0 ? "" : `（${some.join("，")}${counted}）`;
}

/** Who has no record, and what follows from it; nothing where all are there. */
function absentInWords(evaluation: Evaluation, city?: string): string {
  const open = evaluation.verdicts.filter((each) => each.outstanding > 0 && (city === undefined || each.city === city));
  if (open.length === 0) return "";
  const absent = open.reduce((sum, { outstanding }) => sum + outstanding, 0);
  const texts = [`还有 ${absent} 家没有记录`];
  const none = missingParts(evaluation, city);
  if (none.length > 0) {
    const names = none.map(({ name, n, isCity }) =>
      isCity ? `${name.zh} ${n} 家一家也没有交回` : `${name.zh}一份也没有`,
    );
    texts.push(`${names.join("，")}，所在市无法评定，也不在全部样本的估计之内`);
  }
  const some = open.filter(({ verdict }) => verdict !== "cannotBeJudged");
  if (some.length > 0) {
    const list = some.map(({ name, outstanding }) => `${name} ${outstanding} 家`).join("、");
    texts.push(`${city === undefined ? list : ""}按所在层的无回答处理；评定是暂时的，收齐后重新评定`);
  }
  return `${texts.join(none.length > 0 ? "；" : "，")}。`;
}

/** Units of the population that an estimate does not speak of, since nothing came back from them. */
function leftOut(evaluation: Evaluation, city?: string): string {
  const missing = missingParts(evaluation, city);
  if (missing.length === 0) return "";
  const list = missing.map(({ name, N }) => `${name.zh} ${N} 家`).join("、");
  return `（估计不含没有记录的${list}）`;
}

/** Of how many sources of how many a figure speaks: `N = 1109，n = 67，m = 2479`. */
export function sampleInWords(estimate: Estimate | undefined): string {
  if (estimate === undefined) return "n = 0";
  const { N, isEstimatedN, n, m } = estimate;
  return `N = ${Math.round(N)}${isEstimatedN ? "*" : ""}，n = ${n}，m = ${m}`;
}

function rateInWords(whose: string, estimate: Estimate, without: string): string {
  const { n, m, e, sampleRate, rate, reason, withoutNonResponse: answered } = estimate;
  const silent = answered === null ? 0 : n - answered.n;
  const counted =
    answered !== null && silent > 0
      ? `（其中未找到、拒绝核查的 ${silent} 家按全部关键指标差错计入，计 ${e - answered.e} 项，没有差错原因；查到差错的 ${answered.e} 项）`
      : "";
  const counts = `${whose}核查 ${n} 家、${m} 项关键指标，差错 ${e} 项${counted}，样本差错率 ${percent(sampleRate)}`;
  if (rate === null) return `${counts}；${reason === null ? "" : REASON_NAMES[reason].zh}。`;
  const weighted = `按抽样设计加权，总体差错率估计为 ${percent(rate)}${boundsInWords(estimate)}${without}`;
  const apart =
    answered === null || answered.rate === null
      ? ""
      : `不计未找到、拒绝核查的单位，估计为 ${percent(answered.rate)}${boundsInWords(answered)}。`;
  return `${counts}；${weighted}。${apart}`;
}

function boundsInWords({ limits, reason }: Rate): string {
  if (limits === null) return `，误差算不出（${reason === null ? "" : REASON_NAMES[reason].zh}）`;
  return `，双侧 95% 置信区间 ${percent(limits.lower)} 至 ${percent(limits.upper)}`;
}

/** What was said before each follow-up; nothing where there was none. */
function followUpsInWords(verdicts: readonly Verdict[]): string[] {
  const told = verdicts.flatMap((verdict) => followedUp(verdict)?.zh ?? []);
  return told.length === 0 ? [] : [`补充抽查：${told.join("；")}。`];
}

function verdictWord(about: Verdict): string {
  const { verdict, reason } = about;
  if (verdict === "cannotBeJudged") {
    return `${VERDICT_NAMES[verdict].zh}${reason === null ? "" : `（${REASON_NAMES[reason].zh}）`}`;
  }
  const { sample, recorded, isPreliminary } = about;
  return `${verdictShown(about).zh}${isPreliminary ? `（应查 ${sample} 家中已有 ${recorded} 家的记录）` : ""}`;
}

/** How sure a verdict is, as people say it. */
export function confidence(alpha: number): string {
  return plainPercent(1 - alpha);
}

/** How sure the verdicts are: that of the first look, then of the cities that were followed up and need more. */
export function confidences({ levels, verdicts }: Evaluation): string {
  const [first = 1] = levels;
  const surer = levels.slice(1).flatMap((alpha) => {
    const names = verdicts.filter((each) => each.followUps > 0 && each.alpha === alpha).map(({ name }) => name);
    return names.length === 0 ? [] : [`补充抽查过的${names.join("、")} ${confidence(alpha)}`];
  });
  return surer.length === 0 ? confidence(first) : `${confidence(first)}（${surer.join("；")}）`;
}

/** Why a verdict after a follow-up has to be surer, or why the first one is; nothing where neither is so. */
function looksInWords({ isFollowUpForeseen, levels }: Evaluation, verdicts: readonly Verdict[]): string[] {
  const [first = 1, ...later] = levels.map(confidence);
  const after = later.map((each, i) => `补充 ${i + 1} 次后 ${each}`).join("，");
  if (isFollowUpForeseen) {
    return [
      `方案预计补充抽查，误判的机会分给各次评定：首次把握 ${first}，${after}，合起来误判不超过 5%；补充后与先前定论相同的，仍用先前的把握。`,
    ];
  }
  if (verdicts.every(({ followUps }) => followUps === 0)) return [];
  return [
    `看过一次结果、补充抽查后再评一次，误判的机会就多一次。方案未预计补充，首次评定已用 ${first} 的把握，故${after}，合起来误判不超过 5.5%；补充后与先前定论相同的，仍用先前的把握。`,
  ];
}

/** Why the verdict is what it is, by the one-sided bounds. */
function whyInWords({ verdict, alpha, bounds, withoutNonResponse }: Verdict, limit: number): string {
  if (bounds === null) return "";
  const counted = withoutNonResponse === null ? "" : "（未找到、拒绝核查的单位按全部差错计入）";
  const [lower, upper, sure] = [percent(bounds.lower), percent(bounds.upper), confidence(alpha)];
  if (verdict === "met") return `有 ${sure} 的把握说差错率不高于 ${upper}（单侧界），不超过限值${counted}。`;
  if (verdict === "notMet") return `有 ${sure} 的把握说差错率不低于 ${lower}（单侧界），超过限值${counted}。`;
  if (verdict !== "undecided") return "";
  return `差错率的单侧 ${sure} 界为 ${lower} 和 ${upper}，限值 ${plainPercent(limit)} 在两者之间：样本既不能证明达标，也不能证明不达标${counted}。`;
}

/** What tells more first: to find the sources that make an interval wide, then further ones. */
function furtherInWords(evaluation: Evaluation, verdicts: readonly Verdict[]): string[] {
  const { levels } = evaluation;
  const texts: string[] = [];
  const widened = verdicts.flatMap(({ city, name }) => {
    const by = widenedBy(evaluation, city);
    if (by === undefined) return [];
    const whole = cityEstimate(evaluation, city);
    return [
      `${name} ${by.sources} 家（区间 ${whole === undefined ? "—" : interval(whole)}，不计为 ${interval(by.without)}）`,
    ];
  });
  if (widened.length > 0) {
    texts.push(
      `先找到、核查未找到和拒绝核查的单位：它们按全部关键指标差错计入，区间因而宽到两倍以上：${widened.join("、")}。查到后重新评定，仍不能定的再补充抽查。`,
    );
  }
  const open = verdicts.filter(({ furtherSources }) => furtherSources !== null);
  if (open.length > 0) {
    const next = [...new Set(open.map(({ followUps }) => confidence(levels[followUps + 1] ?? 1)))].join("、");
    const list = open
      .map(({ city, name, furtherSources }) => {
        const first = widenedBy(evaluation, city);
        return `${name} ${furtherSources} 家${first === undefined ? "" : `（先查上述 ${first.sources} 家）`}`;
      })
      .join("、");
    texts.push(`尚不能定的，差错率和各家差别不变时再核查可定（补充后的把握 ${next}）：${list}。`);
  }
  const ended = verdicts.filter(
    ({ verdict, followUps }) => verdict === "undecided" && levels[followUps + 1] === undefined,
  );
  if (ended.length > 0) {
    texts.push(`${ended.map(({ name }) => name).join("、")}补充抽查次数已满，仍不能定；可在下一轮多抽。`);
  }
  return texts;
}

/** What a reader must know beside the figures. */
function caveats({ counts, handPicked }: Evaluation): string[] {
  const texts: string[] = [];
  if (counts.unsettled > 0) texts.push(`${counts.unsettled} 家两次录入不一致而未裁定，以第一次为准`);
  if (counts.partial > 0) {
    texts.push(`${counts.partial} 家还有适用的关键指标没有核查（共 ${counts.uncheckedKeys} 项），不计入`);
  }
  if (counts.outsideSample > 0) texts.push(`${counts.outsideSample} 条记录的单位已不在样本中，未计入`);
  if (handPicked.sources > 0) {
    texts.push(`人工选定的 ${handPicked.sources} 家（${handPicked.e}/${handPicked.m} 项差错）另列，不进入估计`);
  }
  return texts.length === 0 ? [] : [`说明：${texts.join("；")}。`];
}

function teamsInWords(teams: readonly TeamComparison[]): string[] {
  const odd = teams.filter(({ standsOut }) => standsOut !== null);
  if (odd.length === 0) return [];
  const list = odd.map(
    ({ city, team, standsOut }) =>
      `${divisionName(city)}${teamInWords(team)}查出的差错${standsOut === "lenient" ? "偏少" : "偏多"}`,
  );
  return [`核查组之间有差别：${list.join("，")}，宜抽其核查过的单位复核。`];
}

/** Of several rows the first is that of all; each city's stands in the table. */
function areasInWords(areas: readonly AreaRate[]): string[] {
  const [all] = areas;
  if (all === undefined) return [];
  const rates = `核查 ${all.areas} 个普查小区，漏报率 ${percent(all.omission?.rate ?? null)}，重报率 ${percent(all.duplication?.rate ?? null)}`;
  return [`普查小区：${rates}${areas.length > 1 ? "；各市的见后面的“普查小区的漏报和重报”表" : ""}。`];
}

/** The journal's line to be held against it later. */
export function journalInWords(journal: JournalLine): string {
  const written = lineOnPaper(journal);
  return `日志：评定时最后一行为 ${written}（行号和该行摘要的前 16 位）。以后用 chouqian verify --journal-line ${written} 核对，可知日志到这一行为止有没有被截短或改写。`;
}

/** A city has one row, which needs no table. */
function areaInFull({ areas, listed, found, omitted, duplicates, omission, duplication }: AreaRate): string {
  const share = (each: AreaRate["omission"]) => {
    if (each === null) return "—";
    const bounds = each.lower === null ? "" : `（95% 区间 ${percent(each.lower)} 至 ${percent(each.upper)}）`;
    return `${percent(each.rate)}${bounds}`;
  };
  return `普查小区：核查 ${areas} 个普查小区，名录 ${listed} 家，核查到 ${found} 家；漏报 ${omitted} 家，漏报率 ${share(omission)}；重报 ${duplicates} 家，重报率 ${share(duplication)}。以小区为群的比率估计：漏报率 = 漏报 ÷（名录家数 + 漏报），重报率 = 重报 ÷ 名录家数。`;
}

/** What the letters of a table mean, and how its bounds were found. */
export function tableNotes(shown: readonly Rate[]): string {
  const used = METHODS.filter((method: BoundsMethod) => shown.some((each) => each.method === method));
  const methods = used.map((method) => METHOD_NAMES[method].zh);
  return [
    "注：N 为总体单位数（带 * 的为估计数），n 为核查的单位数，m 为核查的关键指标数，e 为其中差错数。",
    "样本差错率 = e/m；估计差错率按抽样设计加权（Σwe/Σwm）。区间为双侧 95% 置信区间。",
    methods.length === 0 ? "" : `置信界的算法：${methods.join("；")}。`,
  ].join("");
}
