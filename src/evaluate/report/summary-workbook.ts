/** 评定汇总.xlsx: every figure of an evaluation with what it was reckoned from, for reading and reckoning on. */
import { stratumInWords } from "../../draw/strata.ts";
import { teamInWords } from "../../records/team.ts";
import { divisionName } from "../../reference/divisions.ts";
import type { JournalLine } from "../../round/journal.ts";
import type { Column } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import { type Content, newWorkbook, toBytes, type Workbook } from "../../xlsx/write.ts";
import type {
  AreaRate,
  Cause,
  CityErrors,
  Estimate,
  Evaluation,
  IndicatorErrors,
  Shrunk,
  TeamComparison,
} from "../evaluation.ts";
import { estimateName } from "../in-words.ts";
import { wholeOf } from "../scrutiny.ts";
import { KIND_NAMES, METHOD_NAMES, SHORT_REASONS } from "../terms.ts";
import { citySheet } from "./city-sheet.ts";
import type { ReportAbout } from "./report-pdf.ts";
import {
  DROPPED_COLUMNS,
  DROPPED_NOTE,
  REPLACED_COLUMNS,
  REPLACED_NOTE,
  SCRUTINY_COLUMNS,
  SCRUTINY_NOTE,
  SETTLED_COLUMNS,
  SETTLED_NOTE,
} from "./scrutiny-columns.ts";
import { COUNT, cellOf, FIGURE, figure, formula, PERCENT, ratio, row, SHARE, sheetOf } from "./sheet-kit.ts";
import { confidence } from "./words.ts";

const { centred, number } = STYLES;
/** Whole where it is counted, with what it has behind the point where it is estimated. */
const AMOUNT = { ...number, numFmt: "0.##" };

const WHY_NONE = "没有界的原因";

/** The workbook's bytes, the same for the same evaluation. */
export async function summaryWorkbook(evaluation: Evaluation, about: ReportAbout): Promise<Uint8Array> {
  const workbook = newWorkbook(`${about.title}　评定汇总`);
  citySheet(workbook, evaluation, about);
  const add = <Row>(
    name: string,
    note: string,
    columns: readonly Column<Row>[],
    rows: readonly Row[],
    printed?: number,
  ) => sheetOf(workbook, { name, title: `${about.title}　${name}`, note }, columns, rows, printed);
  add("各项估计", ESTIMATE_NOTE, ESTIMATE_COLUMNS, evaluation.estimates, ESTIMATES_PRINTED);
  add("差错原因", "占比为样本中的占比；加权占比按抽样设计推算到总体。", CAUSE_COLUMNS, causeRows(evaluation));
  add(
    "各市差错指标",
    "样本中的项数，不加权；只列至少一项差错的指标。",
    INDICATOR_COLUMNS,
    indicatorRows(evaluation.cities),
  );
  const shrunk = "收缩后差错率 = 自身权重 × 差错率 +（1 − 自身权重）× 总体均值（经验贝叶斯，Marshall 1991）。";
  add("指标排名", shrunk, shrunkColumns("指标代码", evaluation.indicators.length), evaluation.indicators);
  add("县区排名", shrunk, shrunkColumns("县区代码", evaluation.counties.length), evaluation.counties);
  add("核查组", "期望差错按同市同类其他组的差错率推算；概率由随机置换得出。", TEAM_COLUMNS, evaluation.teams);
  add(
    "漏报重报",
    "以普查小区为群的比率估计：漏报率 = 漏报 ÷（名录家数 + 漏报），重报率 = 重报 ÷ 名录家数；区间为 95%。",
    AREA_COLUMNS,
    evaluation.areas,
  );
  const { sources, replaced, dropped, settled } = evaluation.scrutiny;
  if (sources.length > 0) add("改录和不适用", SCRUTINY_NOTE, SCRUTINY_COLUMNS, sources);
  if (replaced.length > 0) add("替换前已有记录", REPLACED_NOTE, REPLACED_COLUMNS, replaced);
  if (dropped.length > 0) add("撤回的记录", DROPPED_NOTE, DROPPED_COLUMNS, dropped);
  if (settled.length > 0) add("裁定的记录", SETTLED_NOTE, SETTLED_COLUMNS, settled);
  aboutSheet(workbook, evaluation, about.journal);
  return toBytes(workbook);
}

const ESTIMATE_NOTE =
  "每个估计的全部依据。估计差错率 = Σwe/Σwm，w 为抽样权重；方差按设计线性化；界的算法和自由度见各列，公式和出处见 docs/statistics.md。“没有界的原因”右边的各列供复算，不打印。";

/** Those up to the reason for no bounds are printed; those after it are for reckoning on. */
const ESTIMATE_COLUMNS: readonly Column<Estimate>[] = [
  { heading: "按", width: 11, style: centred, value: ({ kind }) => KIND_NAMES[kind].zh },
  { heading: "代码", width: 20, style: STYLES.code, value: ({ key }) => key },
  { heading: "名称", width: 28, value: estimateName },
  { heading: "总体 N", width: 10, style: AMOUNT, value: ({ N }) => N },
  { heading: "N 为估计", width: 6, style: centred, value: ({ isEstimatedN }) => (isEstimatedN ? "是" : "") },
  { heading: "核查 n", width: 8, style: COUNT, value: ({ n }) => n },
  { heading: "指标 m", width: 9, style: COUNT, value: ({ m }) => m },
  { heading: "差错 e", width: 8, style: COUNT, value: ({ e }) => e },
  {
    heading: "样本差错率",
    width: 10,
    style: PERCENT,
    value: ({ sampleRate }, i) => formula(ratio(at("差错 e", i), at("指标 m", i)), sampleRate),
  },
  {
    heading: "估计差错率",
    width: 10,
    style: PERCENT,
    value: ({ rate }, i) => formula(ratio(at("Σwe", i), at("Σwm", i)), rate),
  },
  { heading: "95% 下界（双侧）", width: 10, style: PERCENT, value: ({ limits }) => figure(limits?.lower) },
  { heading: "95% 上界（双侧）", width: 10, style: PERCENT, value: ({ limits }) => figure(limits?.upper) },
  {
    heading: "不计未找到、拒绝的差错率",
    width: 12,
    style: PERCENT,
    value: ({ withoutNonResponse }) => figure(withoutNonResponse?.rate),
  },
  {
    heading: "设计效应",
    width: 9,
    style: FIGURE,
    value: ({ designEffect }, i) =>
      formula(`IF(${at("有效样本量", i)}="","",${at("指标 m", i)}/${at("有效样本量", i)})`, designEffect),
  },
  {
    heading: "有效样本量",
    width: 11,
    style: { ...number, numFmt: "0.0" },
    value: ({ effectiveSize }, i) => formula(effectiveSizeOf(at("估计差错率", i), at("方差", i)), effectiveSize),
  },
  { heading: "有差错的源占比", width: 10, style: PERCENT, value: ({ sources }) => figure(sources?.share) },
  {
    heading: WHY_NONE,
    width: 16,
    style: centred,
    value: ({ limits, reason }) => (limits !== null || reason === null ? "" : SHORT_REASONS[reason].zh),
  },
  { heading: "Σwe", width: 13, style: FIGURE, value: ({ weightedErrors }) => weightedErrors },
  { heading: "Σwm", width: 14, style: FIGURE, value: ({ weightedChecked }) => weightedChecked },
  { heading: "方差", width: 13, style: { ...number, numFmt: "0.00E+00" }, value: ({ variance }) => figure(variance) },
  { heading: "设计自由度", width: 9, style: COUNT, value: ({ degreesOfFreedom }) => degreesOfFreedom },
  { heading: "Satterthwaite 自由度", width: 13, style: FIGURE, value: ({ components }) => components },
  { heading: "95% 单侧下界", width: 11, style: PERCENT, value: ({ limits }) => figure(limits?.lowerOneSided) },
  { heading: "95% 单侧上界", width: 11, style: PERCENT, value: ({ limits }) => figure(limits?.upperOneSided) },
  { heading: "有差错的源", width: 9, style: COUNT, value: ({ sources }) => figure(sources?.k) },
  { heading: "占比下界", width: 11, style: PERCENT, value: ({ sources }) => figure(sources?.lower) },
  { heading: "占比上界", width: 11, style: PERCENT, value: ({ sources }) => figure(sources?.upper) },
  { heading: "界的算法", width: 90, value: ({ method }) => (method === null ? "" : METHOD_NAMES[method].zh) },
];
const ESTIMATES_PRINTED = ESTIMATE_COLUMNS.findIndex(({ heading }) => heading === WHY_NONE) + 1;

function at(heading: string, index: number): string {
  return cellOf(ESTIMATE_COLUMNS, heading, index);
}

/** R(1 − R)/V; none where the rate is 0 or 1 or its variance is not known. */
function effectiveSizeOf(rate: string, variance: string): string {
  return `IF(OR(${rate}="",N(${variance})=0),"",IF(OR(${rate}<=0,${rate}>=1),"",${rate}*(1-${rate})/${variance}))`;
}

interface CauseRow extends Cause {
  readonly place: string;
}

function causeRows({ causes, cities }: Evaluation): CauseRow[] {
  const of = (place: string, all: readonly Cause[]) => all.map((cause) => ({ ...cause, place }));
  return [...of("全部", causes), ...cities.flatMap(({ city, causes: own }) => of(divisionName(city), own))];
}

const CAUSE_COLUMNS: readonly Column<CauseRow>[] = [
  { heading: "范围", width: 12, style: centred, value: ({ place }) => place },
  { heading: "差错原因", width: 36, value: ({ cause }) => (cause === "" ? "未写明" : cause) },
  { heading: "项数", width: 9, style: COUNT, value: ({ errors }) => errors },
  {
    heading: "占比",
    width: 10,
    style: PERCENT,
    value: ({ share }, i) => formula(`C${row(i)}/SUMIF(A:A,A${row(i)},C:C)`, share),
  },
  {
    heading: "累计",
    width: 10,
    style: PERCENT,
    value: ({ cumulative }, i) =>
      formula(`SUMIF(A$${row(0)}:A${row(i)},A${row(i)},D$${row(0)}:D${row(i)})`, cumulative),
  },
  { heading: "加权占比", width: 10, style: PERCENT, value: ({ weightedShare }) => weightedShare },
];

interface IndicatorRow extends IndicatorErrors {
  readonly city: string;
}

function indicatorRows(cities: readonly CityErrors[]): IndicatorRow[] {
  return cities.flatMap(({ city, indicators }) => indicators.map((each) => ({ ...each, city })));
}

const INDICATOR_COLUMNS: readonly Column<IndicatorRow>[] = [
  { heading: "市", width: 12, style: centred, value: ({ city }) => divisionName(city) },
  { heading: "指标代码", width: 14, style: STYLES.code, value: ({ code }) => code },
  { heading: "指标", width: 36, value: ({ name }) => name },
  { heading: "核查 m", width: 9, style: COUNT, value: ({ m }) => m },
  { heading: "差错 e", width: 9, style: COUNT, value: ({ e }) => e },
  {
    heading: "样本差错率",
    width: 11,
    style: PERCENT,
    value: ({ m, e }, i) => formula(ratio(`E${row(i)}`, `D${row(i)}`), m === 0 ? null : e / m),
  },
];

/** The mean that rates are drawn to is that of all rows. */
function shrunkColumns(heading: string, rows: number): readonly Column<Shrunk>[] {
  const sum = (column: string) => `SUM(${column}$${row(0)}:${column}$${row(rows - 1)})`;
  const mean = `${sum("F")}/${sum("E")}`;
  return [
    { heading: "序", width: 6, style: centred, value: (_, i) => i + 1 },
    { heading, width: 16, style: STYLES.code, value: ({ key }) => key.split("/").at(-1) ?? "" },
    { heading: "名称", width: 36, value: ({ name }) => name },
    { heading: "核查 n", width: 9, style: COUNT, value: ({ n }) => n },
    { heading: "指标 m", width: 9, style: COUNT, value: ({ m }) => m },
    { heading: "差错 e", width: 9, style: COUNT, value: ({ e }) => e },
    {
      heading: "差错率",
      width: 11,
      style: PERCENT,
      value: ({ rate }, i) => formula(ratio(`F${row(i)}`, `E${row(i)}`), rate),
    },
    { heading: "自身权重", width: 11, style: SHARE, value: ({ ownWeight }) => ownWeight },
    {
      heading: "收缩后差错率",
      width: 11,
      style: PERCENT,
      value: ({ shrunk }, i) => formula(`H${row(i)}*G${row(i)}+(1-H${row(i)})*${mean}`, shrunk),
    },
  ];
}

const TEAM_COLUMNS: readonly Column<TeamComparison>[] = [
  { heading: "市", width: 12, style: centred, value: ({ city }) => divisionName(city) },
  { heading: "核查组", width: 20, value: ({ team }) => teamInWords(team) },
  { heading: "核查 n", width: 9, style: COUNT, value: ({ n }) => n },
  { heading: "指标 m", width: 9, style: COUNT, value: ({ m }) => m },
  { heading: "差错 e", width: 9, style: COUNT, value: ({ e }) => e },
  {
    heading: "样本差错率",
    width: 11,
    style: PERCENT,
    value: ({ sampleRate }, i) => formula(ratio(`E${row(i)}`, `D${row(i)}`), sampleRate),
  },
  { heading: "期望差错", width: 11, style: FIGURE, value: ({ expected }) => expected },
  { heading: "偏少的概率", width: 11, style: SHARE, value: ({ fewP }) => figure(fewP) },
  { heading: "偏多的概率", width: 11, style: SHARE, value: ({ manyP }) => figure(manyP) },
  {
    heading: "判断",
    width: 9,
    style: centred,
    value: ({ standsOut }) => (standsOut === null ? "" : standsOut === "lenient" ? "偏松" : "偏严"),
  },
];

/** @param whole formula of the denominator, # for the row */
function areaRate(part: string, whole: string, of: "omission" | "duplication") {
  return (area: AreaRate, i: number): Content =>
    formula(ratio(`${part}${row(i)}`, whole.replaceAll("#", String(row(i)))), area[of]?.rate ?? null);
}

const AREA_COLUMNS: readonly Column<AreaRate>[] = [
  { heading: "市", width: 12, style: centred, value: ({ name }) => name },
  { heading: "普查小区", width: 9, style: COUNT, value: ({ areas }) => areas },
  { heading: "名录家数", width: 9, style: COUNT, value: ({ listed }) => listed },
  { heading: "核查家数", width: 9, style: COUNT, value: ({ found }) => found },
  { heading: "漏报", width: 8, style: COUNT, value: ({ omitted }) => omitted },
  { heading: "重报", width: 8, style: COUNT, value: ({ duplicates }) => duplicates },
  { heading: "漏报率", width: 10, style: PERCENT, value: areaRate("E", "(C#+E#)", "omission") },
  { heading: "漏报率下界", width: 11, style: PERCENT, value: ({ omission }) => figure(omission?.lower) },
  { heading: "漏报率上界", width: 11, style: PERCENT, value: ({ omission }) => figure(omission?.upper) },
  { heading: "重报率", width: 10, style: PERCENT, value: areaRate("F", "C#", "duplication") },
  { heading: "重报率下界", width: 11, style: PERCENT, value: ({ duplication }) => figure(duplication?.lower) },
  { heading: "重报率上界", width: 11, style: PERCENT, value: ({ duplication }) => figure(duplication?.upper) },
];

function aboutSheet(workbook: Workbook, { counts, ...evaluation }: Evaluation, journal: JournalLine) {
  const whole = wholeOf(evaluation.scrutiny);
  const facts: readonly (readonly [string, string | number])[] = [
    ["轮次编号", evaluation.roundId],
    ["样本清单摘要", evaluation.manifestDigest],
    ["核查记录摘要", evaluation.recordsDigest ?? "—"],
    ["普查小区记录摘要", evaluation.areasDigest ?? "—"],
    ["评定时日志的末行", `${journal.line}:${journal.digest}`],
    [
      "评定把握（首次；补充抽查 1 次、2 次后）",
      `${evaluation.levels.map(confidence).join("；")}${evaluation.isFollowUpForeseen ? "（方案预计补充抽查）" : ""}`,
    ],
    ["应查单位", counts.sample],
    ["已有记录", counts.recorded],
    ["已核查", counts.checked],
    ["未找到", counts.notFound],
    ["拒绝核查", counts.refused],
    ["已关停", counts.closed],
    ["替换", counts.replaced],
    ["补充抽查", counts.followUp],
    ["两次录入不一致未裁定", counts.unsettled],
    ["已不在样本中的记录", counts.outsideSample],
    ["首次导入后改录的单位", whole.revised],
    ["首次导入后改录的普查小区", evaluation.scrutiny.revisedAreas],
    ["撤回后没有重新录入的记录", evaluation.scrutiny.dropped.length],
    ["撤回后没有重新录入的普查小区", evaluation.scrutiny.droppedAreas],
    ["两次录入后经裁定的单位", evaluation.scrutiny.settled.length],
    ["把应查的指标写成不适用的单位", whole.waivedSources],
    ["写成不适用的应查指标", whole.waivedIndicators],
    ["名录为运行而已关停、未核查的单位", whole.closedAgainstLedger],
    ["没有记录的层", evaluation.missingStrata.map(({ key }) => stratumInWords(key)).join("、") || "无"],
    [
      "人工选定（不进入估计）",
      `${evaluation.handPicked.sources} 家，${evaluation.handPicked.e}/${evaluation.handPicked.m}`,
    ],
  ];
  const columns: readonly Column<readonly [string, string | number]>[] = [
    { heading: "项目", width: 26, value: ([name]) => name },
    { heading: "内容", width: 76, style: STYLES.code, value: ([, value]) => value },
  ];
  const note = "各表由核查记录、样本清单和抽样框算出；chouqian verify 重新计算并核对。";
  sheetOf(workbook, { name: "依据", title: "评定所依据的文件和数目", note }, columns, facts);
}
