/** The charts and tables of a 核查评定报告, each with its heading and notes. Short tables are kept on one page with their notes; longer ones flow on. */
import { type Block, paragraph, space } from "../../pdf/block.ts";
import { type Figure, heading } from "../../pdf/chart.ts";
import { WIDE_AREA } from "../../pdf/page.ts";
import { type Cell, table } from "../../pdf/table.ts";
import type { Style } from "../../pdf/text.ts";
import { teamInWords } from "../../records/team.ts";
import { divisionName } from "../../reference/divisions.ts";
import type {
  AreaRate,
  Cause,
  Estimate,
  Evaluation,
  IndicatorErrors,
  Limits,
  OneSided,
  Shrunk,
  TeamComparison,
  Verdict,
} from "../evaluation.ts";
import { officialShown, otherwise, progressOf, verdictShown, widenedBy } from "../in-words.ts";
import { areApart } from "../shrink.ts";
import { KIND_NAMES, type Kind } from "../terms.ts";
import { causeChart, rateChart } from "./charts.ts";
import { percent, plainPercent } from "./percent.ts";
import { cityEstimate, confidences, interval, sampleInWords, tableNotes } from "./words.ts";

const CELL: Style = { face: "serif", size: 9, leading: 12 };
const HEAD: Style = { face: "sans", size: 9, leading: 12 };
const NOTE: Style = { face: "serif", size: 9, leading: 12.5 };
const { width: WIDTH, height: HEIGHT } = WIDE_AREA;
/** Height of a row of a chart of rates. */
const PITCH = 15;
/** Of a chart of many rows, so that it has room beside its table. */
const CROWDED_PITCH = 10;
const CROWDED = 12;
const pitchOf = (rows: number) => (rows > CROWDED ? CROWDED_PITCH : PITCH);
const PADDING = { x: 3.5, y: 1.5 };
const MOST_CAUSES = 12;
const MOST_RANKED = 20;
/** A table with its notes up to this height is not divided between pages: a longer one would leave too much of a page empty. */
const MOST_KEPT = 0.3 * HEIGHT;
/** Rows of a longer table that stay together at its head, and at its foot with the notes. */
const LEAST_HEAD = 4;
const LEAST_FOOT = 3;

/** A chart as a block that is not divided. */
export function figure(chart: Figure, pitch = PITCH): Block[] {
  return [
    {
      height: chart.height(WIDTH, pitch),
      tag: { role: "P" },
      keepWithNext: true,
      paint: (canvas, x, y) => chart.paint(canvas, x, y, WIDTH, pitch),
    },
  ];
}

function section(text: string): Block[] {
  return [space(14), ...figure(heading(text)), { ...space(4), keepWithNext: true }];
}

/** A note below a figure, with which the figure stays together. */
export const figureNote = note;

function note(text: string): Block[] {
  const lines = paragraph(text, NOTE, WIDTH);
  return [
    { ...space(3), keepWithNext: true },
    ...lines.map((line, i) => ({ ...line, keepWithNext: i < lines.length - 1 })),
  ];
}

/** A table with its notes on one page where it is short; else no row is left alone, nor the notes. */
function noted(rows: readonly Block[], notes: readonly Block[]): Block[] {
  const height = [...rows, ...notes].reduce((sum, block) => sum + block.height, 0);
  const isKept = (row: number) => height <= MOST_KEPT || row < LEAST_HEAD - 1 || row >= rows.length - LEAST_FOOT;
  return [...rows.map((row, i) => (isKept(i) ? { ...row, keepWithNext: true } : row)), ...notes];
}

export function cities(evaluation: Evaluation): Block[] {
  const { verdicts, limit } = evaluation;
  const rows = verdicts
    .map((verdict) => ({ verdict, estimate: cityEstimate(evaluation, verdict.city) }))
    .sort((a, b) => (b.estimate?.rate ?? -1) - (a.estimate?.rate ?? -1));
  const chart = rateChart(
    rows.map(({ verdict: about, estimate }) => ({
      label: about.name,
      rate: estimate?.rate ?? null,
      limits: judgedBy(estimate?.limits ?? null, about.bounds),
      text: verdictShown(about).zh,
    })),
    limit,
  );
  const widths = [40, 34, 24, 34, 28, 52, 52, 80, 38];
  const shown = rows.flatMap(({ estimate }) => (estimate === undefined ? [] : [estimate]));
  return [
    ...section(`各市关键指标差错率（由高到低；虚线为限值 ${plainPercent(limit)}）`),
    ...figure(chart, pitchOf(rows.length)),
    ...note(
      `方块为估计差错率，横线为双侧 95% 置信区间，短竖线为评定所依的两侧单侧界，把握 ${confidences(evaluation)}。`,
    ),
    space(8),
    ...noted(
      table({
        columns: [...widths, WIDTH - widths.reduce((sum, each) => sum + each, 0)],
        style: CELL,
        padding: PADDING,
        header: [heads(["市", "N", "n", "m", "e", "样本差错率", "估计差错率", "95% 置信区间", "按样本", "评定"])],
        rows: rows.map(({ verdict, estimate }) => ({
          cells: [
            { text: verdict.name, align: "center" },
            ...rateCells(estimate),
            { text: officialShown(verdict).zh, align: "center" },
            { text: verdictInWords(evaluation, verdict), align: "center" },
          ],
        })),
      }),
      note(
        `${tableNotes(shown)}按样本：只比较样本差错率与限值。暂评：还有单位没有记录，后为已有记录和应查的家数。评定后的 ≤、≥ 为评定所依的单侧界，故与双侧的区间不同。+n：差错率和各家差别不变时，再核查 n 家可定。`,
      ),
    ),
  ];
}

/** The interval of an estimate with the one-sided bounds that its verdict goes by. */
function judgedBy(limits: Limits | null, bounds: OneSided | null): Limits | null {
  if (limits === null || bounds === null) return limits;
  return { ...limits, lowerOneSided: bounds.lower, upperOneSided: bounds.upper };
}

function verdictInWords(evaluation: Evaluation, about: Verdict): string {
  const { city, furtherSources } = about;
  const widened = widenedBy(evaluation, city);
  const then = otherwise(about);
  const progress = about.isPreliminary && about.verdict !== "cannotBeJudged" ? progressOf(about) : "";
  const first = widened === undefined ? "" : `先查未找到、拒绝的 ${widened.sources} 家`;
  const parts = [progress, boundInWords(about), then?.zh ?? "", first].filter((text) => text !== "");
  const further = furtherSources === null ? "" : ` +${furtherSources}`;
  return `${verdictShown(about).zh}${further}${parts.length === 0 ? "" : `（${parts.join("；")}）`}`;
}

/** The one-sided bound that proves a verdict. */
function boundInWords({ verdict, bounds }: Verdict): string {
  if (bounds === null) return "";
  if (verdict === "met") return `≤ ${percent(bounds.upper)}`;
  return verdict === "notMet" ? `≥ ${percent(bounds.lower)}` : "";
}

function heads(texts: readonly string[]) {
  return { cells: texts.map((text): Cell => ({ text, style: HEAD, align: "center" })), keepWithNext: true };
}

function rateCells(estimate: Estimate | undefined): Cell[] {
  if (estimate === undefined) return ["—", "0", "0", "0", "—", "—", "—"].map((text) => ({ text, align: "center" }));
  const { N, isEstimatedN, n, m, e, sampleRate, rate } = estimate;
  const population = `${Math.round(N)}${isEstimatedN ? "*" : ""}`;
  return [population, String(n), String(m), String(e), percent(sampleRate), percent(rate), interval(estimate)].map(
    (text): Cell => ({ text, align: "center" }),
  );
}

/** Chart and table of one kind of estimates; nothing where there are none. */
export function estimates(
  { limit }: Evaluation,
  kind: Kind,
  rows: readonly Estimate[],
  labelOf: (row: Estimate) => string = ({ name }) => name,
  labelWidth = 112,
): Block[] {
  if (rows.length === 0) return [];
  const chart = rateChart(
    rows.map((row) => ({ label: labelOf(row), rate: row.rate, limits: row.limits, text: `${row.e}/${row.m}` })),
    limit,
  );
  const widths = [labelWidth, 38, 32, 38, 32, 52, 52];
  return [
    ...section(`按${KIND_NAMES[kind].zh}的差错率`),
    ...figure(chart, pitchOf(rows.length)),
    space(6),
    ...noted(
      table({
        columns: [...widths, WIDTH - widths.reduce((sum, each) => sum + each, 0)],
        style: CELL,
        padding: PADDING,
        header: [heads([KIND_NAMES[kind].zh, "N", "n", "m", "e", "样本差错率", "估计差错率", "95% 置信区间"])],
        rows: rows.map((each) => ({ cells: [{ text: labelOf(each) }, ...rateCells(each)] })),
      }),
      note(tableNotes(rows)),
    ),
  ];
}

export function causes(all: readonly Cause[], of: Estimate | undefined): Block[] {
  if (all.length === 0) return [];
  const errors = all.reduce((sum, each) => sum + each.errors, 0);
  const rest = all.length - MOST_CAUSES;
  return [
    ...section("差错原因（由多到少）"),
    ...figure(causeChart(all.slice(0, MOST_CAUSES))),
    ...note(
      `注：差错的关键指标共 ${errors} 项，为样本（${sampleInWords(of)}）中的数目，不加权；未找到、拒绝核查的单位没有原因，不在其中。${rest > 0 ? `另有 ${rest} 种原因，见评定汇总.xlsx。` : ""}`,
    ),
  ];
}

export function ranking(title: string, all: readonly Shrunk[], labelOf: (each: Shrunk) => string): Block[] {
  const wrong = all.filter(({ e }) => e > 0);
  if (wrong.length === 0) return [];
  if (!areApart(all)) {
    return [
      ...section(title),
      ...paragraph("相互之间的差别没有超出偶然，不排名；各自的数字见评定汇总.xlsx。", NOTE, WIDTH),
    ];
  }
  const widths = [24, 0, 40, 48, 40, 66, 78];
  widths[1] = WIDTH - widths.reduce((sum, each) => sum + each, 0);
  const rest = wrong.length - MOST_RANKED;
  return [
    ...section(title),
    ...noted(
      table({
        columns: widths,
        style: CELL,
        padding: PADDING,
        header: [heads(["序", "名称", "n", "m", "e", "差错率", "收缩后差错率"])],
        rows: wrong.slice(0, MOST_RANKED).map((each, i) => ({
          cells: [
            { text: String(i + 1), align: "center" },
            { text: labelOf(each) },
            ...[each.n, each.m, each.e].map((value): Cell => ({ text: String(value), align: "center" })),
            { text: percent(each.rate), align: "center" },
            { text: percent(each.shrunk), align: "center" },
          ],
        })),
      }),
      note(
        `注：按收缩后的差错率排列，样本少的向总体均值靠拢（经验贝叶斯，Marshall 1991），不因偶然居前。n 为核查的单位数，m 为核查的关键指标数，e 为其中差错数。${rest > 0 ? `另有 ${rest} 行，见评定汇总.xlsx。` : ""}`,
      ),
    ),
  ];
}

export function indicatorCounts(all: readonly IndicatorErrors[], of: Estimate | undefined): Block[] {
  if (all.length === 0) return [];
  const widths = [24, 90, 0, 60, 60, 70];
  widths[2] = WIDTH - widths.reduce((sum, each) => sum + each, 0);
  return [
    ...section("差错的指标（由多到少）"),
    ...noted(
      table({
        columns: widths,
        style: CELL,
        padding: PADDING,
        header: [heads(["序", "指标代码", "指标", "核查 m", "差错 e", "样本差错率"])],
        rows: all.slice(0, MOST_RANKED).map(({ code, name, m, e }, i) => ({
          cells: [
            { text: String(i + 1), align: "center" },
            { text: code },
            { text: name },
            ...[String(m), String(e), percent(m === 0 ? null : e / m)].map((text): Cell => ({ text, align: "center" })),
          ],
        })),
      }),
      note(
        `注：本市样本（${sampleInWords(of)}）中的项数，不加权；样本差错率 = e/m。${all.length > MOST_RANKED ? `另有 ${all.length - MOST_RANKED} 个指标，见评定汇总.xlsx。` : ""}`,
      ),
    ),
  ];
}

export function teams(all: readonly TeamComparison[]): Block[] {
  if (all.length === 0) return [];
  const widths = [130, 50, 60, 50, 70, 76];
  return [
    ...section("核查组之间的差别"),
    ...noted(
      table({
        columns: [...widths, WIDTH - widths.reduce((sum, each) => sum + each, 0)],
        style: CELL,
        padding: PADDING,
        header: [heads(["核查组", "n", "m", "e", "期望差错", "偏少的概率", "判断"])],
        rows: all.map(({ city, team, n, m, e, expected, fewP, standsOut }) => ({
          cells: [
            { text: `${divisionName(city)}　${teamInWords(team)}` },
            ...[String(n), String(m), String(e), expected.toFixed(1), fewP === null ? "—" : fewP.toFixed(3)].map(
              (text): Cell => ({ text, align: "center" }),
            ),
            { text: standsOut === null ? "—" : standsOut === "lenient" ? "偏松" : "偏严", align: "center" },
          ],
        })),
      }),
      note(
        "注：n 为核查的单位数，m 为核查的关键指标数，e 为其中差错数。期望差错按同市同类全部核查组的差错率推算。偏少的概率：假如各组没有差别，仅凭偶然查出的差错也这样少（或更少）的机会，由随机置换得出；它越小，越像是核查偏松，越接近 1，越像是偏严。经 Holm 校正后仍小于 5% 的判为偏松或偏严。",
      ),
    ),
  ];
}

export function areas(all: readonly AreaRate[]): Block[] {
  if (all.length === 0) return [];
  const share = (each: AreaRate["omission"]) =>
    each === null
      ? "—"
      : `${percent(each.rate)}${each.lower === null ? "" : `（${percent(each.lower)} 至 ${percent(each.upper)}）`}`;
  const widths = [48, 30, 44, 44, 30, 30];
  const rest = (WIDTH - widths.reduce((sum, each) => sum + each, 0)) / 2;
  return [
    ...section("普查小区的漏报和重报"),
    ...noted(
      table({
        columns: [...widths, rest, rest],
        style: CELL,
        padding: PADDING,
        header: [
          heads(["市", "小区", "名录家数", "核查家数", "漏报", "重报", "漏报率（95% 区间）", "重报率（95% 区间）"]),
        ],
        rows: all.map(({ name, areas: n, listed, found, omitted, duplicates, omission, duplication }) => ({
          cells: [name, n, listed, found, omitted, duplicates, share(omission), share(duplication)].map(
            (text): Cell => ({ text: String(text), align: "center" }),
          ),
        })),
      }),
      note(
        "注：以小区为群的比率估计，区间按 Korn–Graubard，没有漏报、重报的按小区数的二项分布。漏报率 = 漏报 ÷（名录家数 + 漏报）；重报率 = 重报 ÷ 名录家数。",
      ),
    ),
  ];
}
