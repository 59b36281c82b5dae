/** 评定汇总.xlsx: every figure of an evaluation with what it was reckoned from, for reading and reckoning on. */
import { stratumInWords } from "../../draw/strata.ts";
import { divisionName } from "../../reference/divisions.ts";
import type { JournalLine } from "../../round/journal.ts";
import { type Column, fitHeight, freeze, markWhere, printOnA4, writeTable } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import {
  type CellStyle,
  type Content,
  type Formula,
  newWorkbook,
  put,
  putAcross,
  toBytes,
  type Workbook,
} from "../../xlsx/write.ts";
import {
  type AreaRate,
  type Cause,
  type CityErrors,
  type Estimate,
  type Evaluation,
  type IndicatorErrors,
  KIND_NAMES,
  METHOD_NAMES,
  REASON_NAMES,
  type Shrunk,
  type TeamComparison,
  VERDICT_NAMES,
  type Verdict,
} from "../evaluation.ts";
import { followedUp, otherwise } from "../in-words.ts";
import type { ReportAbout } from "./report-pdf.ts";
import { cityEstimate, confidence } from "./words.ts";

const HEAD_ROW = 4;
const { centred, number } = STYLES;
/** A share in all its digits, on one line. */
const PERCENT: CellStyle = { ...STYLES.percent, alignment: { horizontal: "center", vertical: "middle" } };
/** Bounds and rates that a reader may reckon on with: all their digits stay in the cell. */
const FIGURE: CellStyle = { ...number, numFmt: "0.000000" };
const PLAIN: CellStyle = { ...number, numFmt: "General" };
/** Where the limit stands on every sheet that needs it. */
const LIMIT_CELL = "$C$3";

interface CityRow {
  readonly verdict: Verdict;
  readonly estimate: Estimate | undefined;
}

/** The workbook's bytes, the same for the same evaluation. */
export async function summaryWorkbook(evaluation: Evaluation, about: ReportAbout): Promise<Uint8Array> {
  const workbook = newWorkbook(`${about.title}　评定汇总`);
  citySheet(workbook, evaluation, about);
  const add = <Row>(name: string, note: string, columns: readonly Column<Row>[], rows: readonly Row[]) =>
    sheetOf(workbook, { name, title: `${about.title}　${name}`, note }, columns, rows);
  add("各项估计", ESTIMATE_NOTE, ESTIMATE_COLUMNS, evaluation.estimates);
  add("差错原因", "占比为样本中的占比；加权占比按抽样设计推算到总体。", CAUSE_COLUMNS, causeRows(evaluation));
  add(
    "各市差错指标",
    "样本中的项数，不加权；只列至少一项差错的指标。",
    INDICATOR_COLUMNS,
    indicatorRows(evaluation.cities),
  );
  const shrunk = "收缩后差错率 = 自身权重 × 差错率 +（1 − 自身权重）× 总体均值（经验贝叶斯，Marshall 1991）。";
  add("指标排名", shrunk, shrunkColumns("指标代码"), evaluation.indicators);
  add("县区排名", shrunk, shrunkColumns("县区代码"), evaluation.counties);
  add("核查组", "期望差错按同市同类其他组的差错率推算；概率由随机置换得出。", TEAM_COLUMNS, evaluation.teams);
  add("漏报重报", "以普查小区为群的比率估计。", AREA_COLUMNS, evaluation.areas);
  aboutSheet(workbook, evaluation, about.journal);
  return toBytes(workbook);
}

const letter = (index: number) => String.fromCharCode(65 + index);
const formula = (text: string, result: string | number | null): Formula => ({ formula: text, result: result ?? "" });
/** A figure, or an empty cell where there is none. */
const figure = (value: number | null | undefined): Content => value ?? null;

/** Verdicts by formulas over the bounds in the same row and the limit in the sheet's head, which a reader may change. */
function citySheet(workbook: Workbook, evaluation: Evaluation, about: ReportAbout) {
  const rows = evaluation.verdicts.map((verdict) => ({ verdict, estimate: cityEstimate(evaluation, verdict.city) }));
  const title = `${about.title}　各市评定`;
  const note =
    "样本差错率、按样本和评定为公式：评定依单侧界（把握见“评定把握”，补充抽查过的更高）与限值（左侧浅黄色，可改）比较；缺层的市无法评定。";
  const sheet = sheetOf(workbook, { name: "各市评定", title, note }, CITY_COLUMNS, rows);
  put(sheet, 3, 2, "限值", STYLES.label);
  put(sheet, 3, 3, evaluation.limit, { ...STYLES.inputNumber, numFmt: "0.00%" });
  const verdicts = `${letter(CITY_COLUMNS.length - 6)}${HEAD_ROW + 1}`;
  const last = HEAD_ROW + Math.max(1, rows.length);
  markWhere(sheet, `A${HEAD_ROW + 1}:${letter(CITY_COLUMNS.length - 1)}${last}`, `$${verdicts}="不达标"`);
}

const CITY_COLUMNS: readonly Column<CityRow>[] = [
  { heading: "城市代码", width: 10, style: STYLES.code, value: ({ verdict }) => verdict.city },
  { heading: "市", width: 12, value: ({ verdict }) => verdict.name },
  { heading: "总体 N", width: 10, style: PLAIN, value: ({ estimate }) => figure(estimate?.N) },
  { heading: "核查 n", width: 8, style: PLAIN, value: ({ estimate }) => estimate?.n ?? 0 },
  { heading: "指标 m", width: 9, style: PLAIN, value: ({ estimate }) => estimate?.m ?? 0 },
  { heading: "差错 e", width: 8, style: PLAIN, value: ({ estimate }) => estimate?.e ?? 0 },
  {
    heading: "样本差错率",
    width: 11,
    style: PERCENT,
    value: ({ estimate }, i) => formula(`IF(E${row(i)}=0,"",F${row(i)}/E${row(i)})`, estimate?.sampleRate ?? null),
  },
  { heading: "估计差错率", width: 11, style: PERCENT, value: ({ estimate }) => figure(estimate?.rate) },
  { heading: "95% 下界（双侧）", width: 11, style: FIGURE, value: ({ estimate }) => figure(estimate?.limits?.lower) },
  { heading: "95% 上界（双侧）", width: 11, style: FIGURE, value: ({ estimate }) => figure(estimate?.limits?.upper) },
  { heading: "评定单侧下界", width: 11, style: FIGURE, value: ({ verdict }) => figure(verdict.bounds?.lower) },
  { heading: "评定单侧上界", width: 11, style: FIGURE, value: ({ verdict }) => figure(verdict.bounds?.upper) },
  {
    heading: "按样本",
    width: 9,
    style: centred,
    value: ({ verdict: { official } }, i) =>
      formula(
        `IF(G${row(i)}="","",IF(G${row(i)}<=${LIMIT_CELL}+1E-12,"达标","不达标"))`,
        official === null ? "" : VERDICT_NAMES[official].zh,
      ),
  },
  {
    heading: "评定",
    width: 11,
    style: centred,
    value: ({ verdict: { verdict, reason } }, i) => {
      const [low, high] = [`K${row(i)}`, `L${row(i)}`];
      const cannot = VERDICT_NAMES.cannotBeJudged.zh;
      if (reason === "stratumMissing") return cannot;
      const judged = `IF(${high}<=${LIMIT_CELL}+1E-12,"达标",IF(${low}>${LIMIT_CELL}+1E-12,"不达标","尚不能定"))`;
      return formula(`IF(${high}="","${cannot}",${judged})`, VERDICT_NAMES[verdict].zh);
    },
  },
  { heading: "评定把握", width: 10, style: PERCENT, value: ({ verdict }) => 1 - verdict.alpha },
  { heading: "补充抽查次数", width: 9, style: PLAIN, value: ({ verdict }) => verdict.followUps },
  { heading: "未收记录", width: 9, style: PLAIN, value: ({ verdict }) => verdict.outstanding },
  { heading: "再核查可定", width: 9, style: PLAIN, value: ({ verdict }) => figure(verdict.furtherSources) },
  {
    heading: "说明",
    width: 40,
    value: ({ verdict }) => {
      const reason = verdict.reason === null ? undefined : REASON_NAMES[verdict.reason];
      return [reason, otherwise(verdict), followedUp(verdict)].flatMap((text) => text?.zh ?? []).join("；");
    },
  },
];

function row(index: number): number {
  return HEAD_ROW + 1 + index;
}

const ESTIMATE_NOTE =
  "每个估计的全部依据。估计差错率 = Σwe/Σwm，w 为抽样权重；方差按设计线性化；界的算法和自由度见各列，公式和出处见 docs/statistics.md。";

const ESTIMATE_COLUMNS: readonly Column<Estimate>[] = [
  { heading: "按", width: 12, style: centred, value: ({ kind }) => KIND_NAMES[kind].zh },
  { heading: "代码", width: 20, style: STYLES.code, value: ({ key }) => key },
  { heading: "名称", width: 30, value: ({ name }) => name },
  { heading: "总体 N", width: 11, style: PLAIN, value: ({ N }) => N },
  { heading: "N 为估计", width: 7, style: centred, value: ({ isEstimatedN }) => (isEstimatedN ? "是" : "") },
  { heading: "核查 n", width: 8, style: PLAIN, value: ({ n }) => n },
  { heading: "指标 m", width: 9, style: PLAIN, value: ({ m }) => m },
  { heading: "差错 e", width: 8, style: PLAIN, value: ({ e }) => e },
  {
    heading: "样本差错率",
    width: 11,
    style: PERCENT,
    value: ({ sampleRate }, i) => formula(`IF(G${row(i)}=0,"",H${row(i)}/G${row(i)})`, sampleRate),
  },
  { heading: "估计差错率", width: 11, style: PERCENT, value: ({ rate }) => figure(rate) },
  { heading: "方差", width: 13, style: { ...number, numFmt: "0.00E+00" }, value: ({ variance }) => figure(variance) },
  { heading: "设计自由度", width: 9, style: PLAIN, value: ({ degreesOfFreedom }) => degreesOfFreedom },
  { heading: "Satterthwaite 自由度", width: 13, style: FIGURE, value: ({ components }) => components },
  { heading: "95% 下界（双侧）", width: 11, style: FIGURE, value: ({ limits }) => figure(limits?.lower) },
  { heading: "95% 上界（双侧）", width: 11, style: FIGURE, value: ({ limits }) => figure(limits?.upper) },
  { heading: "95% 单侧下界", width: 11, style: FIGURE, value: ({ limits }) => figure(limits?.lowerOneSided) },
  { heading: "95% 单侧上界", width: 11, style: FIGURE, value: ({ limits }) => figure(limits?.upperOneSided) },
  { heading: "设计效应", width: 10, style: FIGURE, value: ({ designEffect }) => figure(designEffect) },
  { heading: "有效样本量", width: 11, style: FIGURE, value: ({ effectiveSize }) => figure(effectiveSize) },
  { heading: "有差错的源", width: 9, style: PLAIN, value: ({ sources }) => figure(sources?.k) },
  { heading: "有差错的源占比", width: 11, style: PERCENT, value: ({ sources }) => figure(sources?.share) },
  { heading: "占比下界", width: 11, style: FIGURE, value: ({ sources }) => figure(sources?.lower) },
  { heading: "占比上界", width: 11, style: FIGURE, value: ({ sources }) => figure(sources?.upper) },
  {
    heading: "不计未找到、拒绝的差错率",
    width: 13,
    style: PERCENT,
    value: ({ withoutNonResponse }) => figure(withoutNonResponse?.rate),
  },
  {
    heading: "界的算法或没有界的原因",
    width: 40,
    value: ({ method, reason }) =>
      method === null ? (reason === null ? "" : REASON_NAMES[reason].zh) : METHOD_NAMES[method].zh,
  },
];

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
  { heading: "项数", width: 9, style: PLAIN, value: ({ errors }) => errors },
  { heading: "占比", width: 10, style: PERCENT, value: ({ share }) => share },
  { heading: "累计", width: 10, style: PERCENT, value: ({ cumulative }) => cumulative },
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
  { heading: "核查 m", width: 9, style: PLAIN, value: ({ m }) => m },
  { heading: "差错 e", width: 9, style: PLAIN, value: ({ e }) => e },
  {
    heading: "样本差错率",
    width: 11,
    style: PERCENT,
    value: ({ m, e }, i) => formula(`IF(D${row(i)}=0,"",E${row(i)}/D${row(i)})`, m === 0 ? null : e / m),
  },
];

function shrunkColumns(heading: string): readonly Column<Shrunk>[] {
  return [
    { heading: "序", width: 6, style: centred, value: (_, i) => i + 1 },
    { heading, width: 16, style: STYLES.code, value: ({ key }) => key.split("/").at(-1) ?? "" },
    { heading: "名称", width: 36, value: ({ name }) => name },
    { heading: "核查 n", width: 9, style: PLAIN, value: ({ n }) => n },
    { heading: "指标 m", width: 9, style: PLAIN, value: ({ m }) => m },
    { heading: "差错 e", width: 9, style: PLAIN, value: ({ e }) => e },
    {
      heading: "差错率",
      width: 11,
      style: PERCENT,
      value: ({ rate }, i) => formula(`IF(E${row(i)}=0,"",F${row(i)}/E${row(i)})`, rate),
    },
    { heading: "自身权重", width: 11, style: FIGURE, value: ({ ownWeight }) => ownWeight },
    { heading: "收缩后差错率", width: 11, style: PERCENT, value: ({ shrunk }) => shrunk },
  ];
}

const TEAM_COLUMNS: readonly Column<TeamComparison>[] = [
  { heading: "市", width: 12, style: centred, value: ({ city }) => divisionName(city) },
  { heading: "核查组", width: 20, value: ({ team }) => team },
  { heading: "核查 n", width: 9, style: PLAIN, value: ({ n }) => n },
  { heading: "指标 m", width: 9, style: PLAIN, value: ({ m }) => m },
  { heading: "差错 e", width: 9, style: PLAIN, value: ({ e }) => e },
  { heading: "样本差错率", width: 11, style: PERCENT, value: ({ sampleRate }) => figure(sampleRate) },
  { heading: "期望差错", width: 11, style: FIGURE, value: ({ expected }) => expected },
  { heading: "偏少的概率", width: 11, style: FIGURE, value: ({ fewP }) => figure(fewP) },
  { heading: "偏多的概率", width: 11, style: FIGURE, value: ({ manyP }) => figure(manyP) },
  {
    heading: "判断",
    width: 9,
    style: centred,
    value: ({ standsOut }) => (standsOut === null ? "" : standsOut === "lenient" ? "偏松" : "偏严"),
  },
];

const AREA_COLUMNS: readonly Column<AreaRate>[] = [
  { heading: "市", width: 12, style: centred, value: ({ name }) => name },
  { heading: "普查小区", width: 9, style: PLAIN, value: ({ areas }) => areas },
  { heading: "名录家数", width: 9, style: PLAIN, value: ({ listed }) => listed },
  { heading: "核查家数", width: 9, style: PLAIN, value: ({ found }) => found },
  { heading: "漏报", width: 8, style: PLAIN, value: ({ omitted }) => omitted },
  { heading: "重报", width: 8, style: PLAIN, value: ({ duplicates }) => duplicates },
  { heading: "漏报率", width: 10, style: PERCENT, value: ({ omission }) => figure(omission?.rate) },
  { heading: "漏报率下界", width: 11, style: FIGURE, value: ({ omission }) => figure(omission?.lower) },
  { heading: "漏报率上界", width: 11, style: FIGURE, value: ({ omission }) => figure(omission?.upper) },
  { heading: "重报率", width: 10, style: PERCENT, value: ({ duplication }) => figure(duplication?.rate) },
  { heading: "重报率下界", width: 11, style: FIGURE, value: ({ duplication }) => figure(duplication?.lower) },
  { heading: "重报率上界", width: 11, style: FIGURE, value: ({ duplication }) => figure(duplication?.upper) },
];

function sheetOf<Row>(
  workbook: Workbook,
  { name, title, note }: { readonly name: string; readonly title: string; readonly note: string },
  columns: readonly Column<Row>[],
  rows: readonly Row[],
) {
  const sheet = workbook.addWorksheet(name);
  const lastRow = writeTable(sheet, HEAD_ROW, columns, rows);
  const width = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  putAcross(sheet, 1, [1, columns.length], title, STYLES.title);
  putAcross(sheet, 2, [1, columns.length], note, STYLES.note);
  sheet.getRow(1).height = 28;
  fitHeight(sheet, 2, 20, [note, width]);
  freeze(sheet, HEAD_ROW, 2);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
  return sheet;
}

function aboutSheet(workbook: Workbook, { counts, ...evaluation }: Evaluation, journal: JournalLine) {
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
