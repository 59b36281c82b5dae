/** 评定汇总.xlsx, first sheet: each city's rate and verdict, reckoned by formulas from the figures beside them. */
import { type Column, columnLetters, markWhere } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import { put, type Workbook } from "../../xlsx/write.ts";
import type { Estimate, Evaluation, Verdict } from "../evaluation.ts";
import { followedUp, officialShown, otherwise, verdictShown, type Widened, widenedBy } from "../in-words.ts";
import { REASON_NAMES, SHORT_REASONS, VERDICT_NAMES } from "../terms.ts";
import type { ReportAbout } from "./report-pdf.ts";
import { COUNT, cellOf, FIGURE, figure, formula, HEAD_ROW, PERCENT, ratio, sheetOf } from "./sheet-kit.ts";
import { cityEstimate } from "./words.ts";

const { centred } = STYLES;
/** Where the limit stands. */
const LIMIT_CELL = "$D$3";
const LOWER = "评定单侧下界";
const UPPER = "评定单侧上界";
const WHY_NOT = "不能评定的原因";
const VERDICT = "评定";

interface CityRow {
  readonly verdict: Verdict;
  readonly estimate: Estimate | undefined;
  readonly widened: Widened | undefined;
}

/** Verdicts by formulas over the bounds in the same row and the limit in the sheet's head, which a reader may change. */
export function citySheet(workbook: Workbook, evaluation: Evaluation, about: ReportAbout) {
  const rows = evaluation.verdicts.map((verdict) => ({
    verdict,
    estimate: cityEstimate(evaluation, verdict.city),
    widened: widenedBy(evaluation, verdict.city),
  }));
  const title = `${about.title}　各市评定`;
  const note =
    "差错率、按样本和评定为公式：评定依单侧界（把握见“评定把握”，补充抽查过的更高）与限值（浅黄色，可改）比较；样本没有查全而不能评定的，写明原因；还有单位没有记录的，为暂评。w 为抽样权重。";
  const sheet = sheetOf(workbook, { name: "各市评定", title, note }, CITY_COLUMNS, rows);
  put(sheet, 3, 3, "限值", STYLES.label);
  put(sheet, 3, 4, evaluation.limit, { ...STYLES.inputNumber, numFmt: "0.00%" });
  const last = HEAD_ROW + Math.max(1, rows.length);
  const notMet = VERDICT_NAMES.notMet.zh;
  const area = `A${HEAD_ROW + 1}:${columnLetters(CITY_COLUMNS.length)}${last}`;
  markWhere(sheet, area, `RIGHT($${at(VERDICT, 0)},${notMet.length})="${notMet}"`);
}

const CITY_COLUMNS: readonly Column<CityRow>[] = [
  { heading: "城市代码", width: 9, style: STYLES.code, value: ({ verdict }) => verdict.city },
  { heading: "市", width: 9, value: ({ verdict }) => verdict.name },
  { heading: "总体 N", width: 8, style: COUNT, value: ({ estimate }) => figure(estimate?.N) },
  { heading: "应查", width: 8, style: COUNT, value: ({ verdict }) => verdict.sample },
  { heading: "已有记录", width: 7, style: COUNT, value: ({ verdict }) => verdict.recorded },
  {
    heading: "未收记录",
    width: 7,
    style: COUNT,
    value: ({ verdict: { outstanding } }, i) => formula(`${at("应查", i)}-${at("已有记录", i)}`, outstanding),
  },
  { heading: "核查 n", width: 7, style: COUNT, value: ({ estimate }) => estimate?.n ?? 0 },
  { heading: "指标 m", width: 8, style: COUNT, value: ({ estimate }) => estimate?.m ?? 0 },
  { heading: "差错 e", width: 7, style: COUNT, value: ({ estimate }) => estimate?.e ?? 0 },
  {
    heading: "样本差错率",
    width: 9,
    style: PERCENT,
    value: ({ estimate }, i) => formula(ratio(at("差错 e", i), at("指标 m", i)), estimate?.sampleRate ?? null),
  },
  { heading: "Σwe", width: 10, style: FIGURE, value: ({ estimate }) => figure(estimate?.weightedErrors) },
  { heading: "Σwm", width: 12, style: FIGURE, value: ({ estimate }) => figure(estimate?.weightedChecked) },
  {
    heading: "估计差错率",
    width: 9,
    style: PERCENT,
    value: ({ estimate }, i) => formula(ratio(at("Σwe", i), at("Σwm", i)), estimate?.rate ?? null),
  },
  { heading: "95% 下界（双侧）", width: 9, style: PERCENT, value: ({ estimate }) => figure(estimate?.limits?.lower) },
  { heading: "95% 上界（双侧）", width: 9, style: PERCENT, value: ({ estimate }) => figure(estimate?.limits?.upper) },
  { heading: LOWER, width: 9, style: PERCENT, value: ({ verdict }) => figure(verdict.bounds?.lower) },
  { heading: UPPER, width: 9, style: PERCENT, value: ({ verdict }) => figure(verdict.bounds?.upper) },
  {
    heading: WHY_NOT,
    width: 11,
    style: centred,
    value: ({ verdict: { reason } }) => (reason === null ? "" : SHORT_REASONS[reason].zh),
  },
  {
    heading: "按样本",
    width: 10,
    style: centred,
    value: ({ verdict }, i) => {
      const rate = at("样本差错率", i);
      const isOpen = `OR(${rate}="",AND(${at(WHY_NOT, i)}<>"",${at(WHY_NOT, i)}<>"${SHORT_REASONS.tooFewSources.zh}"))`;
      const judged = `IF(${rate}<=${LIMIT_CELL}+1E-12,"达标","不达标")`;
      return formula(`IF(${isOpen},"—",${soFar(i)}&${judged})`, officialShown(verdict).zh);
    },
  },
  {
    heading: VERDICT,
    width: 14,
    style: centred,
    value: ({ verdict }, i) => {
      const [low, high] = [at(LOWER, i), at(UPPER, i)];
      const judged = `IF(${high}<=${LIMIT_CELL}+1E-12,"达标",IF(${low}>${LIMIT_CELL}+1E-12,"不达标","尚不能定"))`;
      const none = `"—（"&${at(WHY_NOT, i)}&"）"`;
      return formula(`IF(${at(WHY_NOT, i)}<>"",${none},${soFar(i)}&${judged})`, verdictShown(verdict).zh);
    },
  },
  { heading: "评定把握", width: 8.5, style: PERCENT, value: ({ verdict }) => 1 - verdict.alpha },
  { heading: "补充抽查次数", width: 7, style: COUNT, value: ({ verdict }) => verdict.followUps },
  { heading: "再核查可定", width: 8, style: COUNT, value: ({ verdict }) => figure(verdict.furtherSources) },
  {
    heading: "说明",
    width: 30,
    value: ({ verdict, widened }) => {
      const reason = verdict.reason === null ? undefined : REASON_NAMES[verdict.reason];
      const first = widened === undefined ? [] : [`先找到、核查未找到和拒绝的 ${widened.sources} 家（区间因它们而宽）`];
      const others = [reason, otherwise(verdict), followedUp(verdict)].flatMap((text) => text?.zh ?? []);
      return [...first, ...others].join("；");
    },
  },
];

/** A cell of this sheet by its column's heading, and the row of the city. */
const at = (heading: string, index: number) => cellOf(CITY_COLUMNS, heading, index);

/** A verdict is one for the time being while records are outstanding. */
function soFar(index: number): string {
  return `IF(${at("未收记录", index)}>0,"暂评","")`;
}
