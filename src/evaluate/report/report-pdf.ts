/** 核查评定报告: a page of findings, then charts and tables, for the province or for one city. Says nothing of a clock. */
import { type Block, paragraph, space } from "../../pdf/block.ts";
import { type Figure, heading, legend } from "../../pdf/chart.ts";
import { PdfDocument } from "../../pdf/document.ts";
import { fillPages } from "../../pdf/flow.ts";
import { furnish } from "../../pdf/furniture.ts";
import { WIDE_AREA } from "../../pdf/page.ts";
import { type Cell, table } from "../../pdf/table.ts";
import type { Style } from "../../pdf/text.ts";
import { divisionName } from "../../reference/divisions.ts";
import {
  type AreaRate,
  type Cause,
  type Estimate,
  type Evaluation,
  type IndicatorErrors,
  KIND_NAMES,
  type Kind,
  type Limits,
  type OneSided,
  type Shrunk,
  type TeamComparison,
  VERDICT_NAMES,
  type Verdict,
} from "../evaluation.ts";
import { areApart } from "../shrink.ts";
import { causeChart, rateChart, TILE_LEGEND, tileGrid } from "./charts.ts";
import {
  cityEstimate,
  cityFindings,
  confidences,
  estimatesOf,
  interval,
  percent,
  provinceFindings,
  tableNotes,
} from "./words.ts";

/** Of whom the report tells. */
export interface ReportAbout {
  /** Title of the inspection and who holds it, as `round.yaml` names them. */
  readonly title: string;
  readonly holder: string;
}

const NAME = "核查评定报告";
const TITLE: Style = { face: "title", size: 22, leading: 32, heavy: true };
const SUBTITLE: Style = { face: "title", size: 13, leading: 22 };
const BODY: Style = { face: "serif", size: 11, leading: 18 };
const CELL: Style = { face: "serif", size: 9, leading: 12 };
const HEAD: Style = { face: "sans", size: 9, leading: 12 };
const NOTE: Style = { face: "serif", size: 9, leading: 12.5 };
const { width: WIDTH } = WIDE_AREA;
/** Height of a row of a chart of rates. */
const PITCH = 15;
const MOST_CAUSES = 12;
const MOST_RANKED = 20;

/** The province's report; the same bytes for the same evaluation. */
export function provinceReport(evaluation: Evaluation, about: ReportAbout): Promise<Uint8Array> {
  const { verdicts } = evaluation;
  const tiles = verdicts.map((verdict) => ({
    ...verdict,
    rate: cityEstimate(evaluation, verdict.city)?.rate ?? null,
  }));
  const blocks = [
    ...head(about.title, NAME),
    ...findings(provinceFindings(evaluation)),
    space(6),
    ...figure(heading("各市评定和估计差错率")),
    ...figure(legend(TILE_LEGEND)),
    ...figure(tileGrid(tiles, divisionName)),
    ...cities(evaluation),
    ...estimates(evaluation, "class", estimatesOf(evaluation, "class")),
    ...estimates(evaluation, "form", estimatesOf(evaluation, "form")),
    ...causes(evaluation.causes),
    ...ranking("各指标差错率（由高到低）", evaluation.indicators, ({ key, name }) => `${key}　${name}`),
    ...ranking("各县区差错率（由高到低）", evaluation.counties, ({ name }) => name),
    ...teams(evaluation.teams),
    ...areas(evaluation.areas),
  ];
  return printed(blocks, evaluation, about, "");
}

/** One city's report. */
export function cityReport(evaluation: Evaluation, verdict: Verdict, about: ReportAbout): Promise<Uint8Array> {
  const { city, name } = verdict;
  const own = evaluation.cities.find((each) => each.city === city);
  const estimate = cityEstimate(evaluation, city);
  const classes = estimatesOf(evaluation, "cityClass", city);
  const within = (row: Estimate) => (row.kind === "city" ? "全市" : row.name.replace(name, "") || row.name);
  const blocks = [
    ...head(about.title, `${name}${NAME}`),
    ...findings(cityFindings(evaluation, verdict)),
    ...estimates(evaluation, "class", estimate === undefined ? classes : [estimate, ...classes], within),
    ...estimates(evaluation, "county", estimatesOf(evaluation, "county", city), within),
    ...causes(own?.causes ?? []),
    ...indicatorCounts(own?.indicators ?? []),
    ...teams(evaluation.teams.filter((each) => each.city === city)),
    ...areas(evaluation.areas.filter((each) => each.city === city)),
  ];
  return printed(blocks, evaluation, about, name);
}

async function printed(blocks: readonly Block[], evaluation: Evaluation, about: ReportAbout, city: string) {
  const name = `${city}${NAME}`;
  const document = new PdfDocument({ title: `${about.title}　${name}`, author: about.holder });
  const pages = fillPages(blocks, WIDE_AREA, () => document.canvas());
  const foot = `轮次 ${evaluation.roundId}　样本清单 ${evaluation.manifestDigest.slice(0, 16)}`;
  furnish(pages, { head: [about.title, name], foot }, WIDE_AREA);
  for (const page of pages) document.add(page);
  return (await document.finish()).bytes;
}

function head(title: string, name: string): Block[] {
  return [
    ...paragraph(name, TITLE, WIDTH, { align: "center", role: "H1" }),
    ...paragraph(title, SUBTITLE, WIDTH, { align: "center" }),
    space(6),
  ];
}

function findings(texts: readonly string[]): Block[] {
  return texts.flatMap((text) => [...paragraph(`　　${text}`, BODY, WIDTH), space(3)]);
}

/** A chart as a block that is not divided. */
function figure(chart: Figure, pitch = PITCH, keepWithNext = true): Block[] {
  return [
    {
      height: chart.height(WIDTH, pitch),
      tag: { role: "P" },
      keepWithNext,
      paint: (canvas, x, y) => chart.paint(canvas, x, y, WIDTH, pitch),
    },
  ];
}

function section(text: string): Block[] {
  return [space(14), ...figure(heading(text)), { ...space(4), keepWithNext: true }];
}

function note(text: string): Block[] {
  return [space(3), ...paragraph(text, NOTE, WIDTH)];
}

function cities(evaluation: Evaluation): Block[] {
  const { verdicts, limit } = evaluation;
  const rows = verdicts
    .map((verdict) => ({ verdict, estimate: cityEstimate(evaluation, verdict.city) }))
    .sort((a, b) => (b.estimate?.rate ?? -1) - (a.estimate?.rate ?? -1));
  const chart = rateChart(
    rows.map(({ verdict: { name, verdict, bounds }, estimate }) => ({
      label: name,
      rate: estimate?.rate ?? null,
      limits: judgedBy(estimate?.limits ?? null, bounds),
      text: VERDICT_NAMES[verdict].zh,
    })),
    limit,
  );
  const widths = [44, 38, 26, 36, 28, 52, 52, 84, 38];
  const shown = rows.flatMap(({ estimate }) => (estimate === undefined ? [] : [estimate]));
  return [
    ...section(`各市关键指标差错率（由高到低；虚线为限值 ${percent(limit, 3)}）`),
    ...figure(chart),
    ...note(
      `方块为估计差错率，横线为双侧 95% 置信区间，短竖线为评定所依的两侧单侧界，把握 ${confidences(evaluation)}。`,
    ),
    space(8),
    ...table({
      columns: [...widths, WIDTH - widths.reduce((sum, each) => sum + each, 0)],
      style: CELL,
      header: [heads(["市", "N", "n", "m", "e", "样本差错率", "估计差错率", "95% 置信区间", "按样本", "评定"])],
      rows: rows.map(({ verdict, estimate }) => ({
        cells: [
          { text: verdict.name, align: "center" },
          ...rateCells(estimate),
          { text: verdict.official === null ? "—" : VERDICT_NAMES[verdict.official].zh, align: "center" },
          { text: verdictInWords(verdict), align: "center" },
        ],
      })),
    }),
    ...note(`${tableNotes(shown)}按样本：只比较样本差错率与限值。+n：差错率和各家差别不变时，再核查 n 家可定。`),
  ];
}

/** The interval of an estimate with the one-sided bounds that its verdict goes by. */
function judgedBy(limits: Limits | null, bounds: OneSided | null): Limits | null {
  if (limits === null || bounds === null) return limits;
  return { ...limits, lowerOneSided: bounds.lower, upperOneSided: bounds.upper };
}

function verdictInWords({ verdict, furtherSources }: Verdict): string {
  return `${VERDICT_NAMES[verdict].zh}${furtherSources === null ? "" : ` +${furtherSources}`}`;
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
function estimates(
  { limit }: Evaluation,
  kind: Kind,
  rows: readonly Estimate[],
  labelOf: (row: Estimate) => string = ({ name }) => name,
): Block[] {
  if (rows.length === 0) return [];
  const chart = rateChart(
    rows.map((row) => ({ label: labelOf(row), rate: row.rate, limits: row.limits, text: `${row.e}/${row.m}` })),
    limit,
  );
  const widths = [112, 46, 34, 42, 36, 58, 58];
  return [
    ...section(`按${KIND_NAMES[kind].zh}的差错率`),
    ...figure(chart, Math.min(PITCH, 600 / rows.length)),
    space(6),
    ...table({
      columns: [...widths, WIDTH - widths.reduce((sum, each) => sum + each, 0)],
      style: CELL,
      header: [heads([KIND_NAMES[kind].zh, "N", "n", "m", "e", "样本差错率", "估计差错率", "95% 置信区间"])],
      rows: rows.map((each) => ({ cells: [{ text: labelOf(each) }, ...rateCells(each)] })),
    }),
    ...note(tableNotes(rows)),
  ];
}

function causes(all: readonly Cause[]): Block[] {
  if (all.length === 0) return [];
  const errors = all.reduce((sum, each) => sum + each.errors, 0);
  const rest = all.length - MOST_CAUSES;
  return [
    ...section("差错原因（由多到少）"),
    ...figure(causeChart(all.slice(0, MOST_CAUSES)), PITCH, false),
    ...note(
      `注：差错的关键指标共 ${errors} 项，占比为样本中的占比，不加权；未找到、拒绝核查的单位没有原因，不在其中。${rest > 0 ? `另有 ${rest} 种原因，见评定汇总.xlsx。` : ""}`,
    ),
  ];
}

function ranking(title: string, all: readonly Shrunk[], labelOf: (each: Shrunk) => string): Block[] {
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
    ...table({
      columns: widths,
      style: CELL,
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
    ...note(
      `注：按收缩后的差错率排列，样本少的向总体均值靠拢（经验贝叶斯，Marshall 1991；见 docs/statistics.md），不因偶然居前。n、m、e 同上。${rest > 0 ? `另有 ${rest} 行，见评定汇总.xlsx。` : ""}`,
    ),
  ];
}

function indicatorCounts(all: readonly IndicatorErrors[]): Block[] {
  if (all.length === 0) return [];
  const widths = [24, 90, 0, 60, 60, 70];
  widths[2] = WIDTH - widths.reduce((sum, each) => sum + each, 0);
  return [
    ...section("差错的指标（由多到少）"),
    ...table({
      columns: widths,
      style: CELL,
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
    ...note("注：本市样本中的项数，不加权。"),
  ];
}

function teams(all: readonly TeamComparison[]): Block[] {
  if (all.length === 0) return [];
  const widths = [130, 50, 60, 50, 70, 76];
  return [
    ...section("核查组之间的差别"),
    ...table({
      columns: [...widths, WIDTH - widths.reduce((sum, each) => sum + each, 0)],
      style: CELL,
      header: [heads(["核查组", "n", "m", "e", "期望差错", "偏少的概率", "判断"])],
      rows: all.map(({ city, team, n, m, e, expected, fewP, standsOut }) => ({
        cells: [
          { text: `${divisionName(city)}　${team}` },
          ...[String(n), String(m), String(e), expected.toFixed(1), fewP === null ? "—" : fewP.toFixed(3)].map(
            (text): Cell => ({ text, align: "center" }),
          ),
          { text: standsOut === null ? "—" : standsOut === "lenient" ? "偏松" : "偏严", align: "center" },
        ],
      })),
    }),
    ...note("注：期望差错为同市同类其他组的差错率推算；概率由随机置换得出，经 Holm 校正后仍小于 5% 的判为偏松或偏严。"),
  ];
}

function areas(all: readonly AreaRate[]): Block[] {
  if (all.length === 0) return [];
  const share = (each: AreaRate["omission"]) =>
    each === null
      ? "—"
      : `${percent(each.rate)}${each.lower === null ? "" : `（${percent(each.lower)} 至 ${percent(each.upper)}）`}`;
  const widths = [64, 44, 56, 56, 50, 50];
  const rest = (WIDTH - widths.reduce((sum, each) => sum + each, 0)) / 2;
  return [
    ...section("普查小区的漏报和重报"),
    ...table({
      columns: [...widths, rest, rest],
      style: CELL,
      header: [
        heads(["市", "小区", "名录家数", "核查家数", "漏报", "重报", "漏报率（95% 区间）", "重报率（95% 区间）"]),
      ],
      rows: all.map(({ name, areas: n, listed, found, omitted, duplicates, omission, duplication }) => ({
        cells: [name, n, listed, found, omitted, duplicates, share(omission), share(duplication)].map(
          (text): Cell => ({ text: String(text), align: "center" }),
        ),
      })),
    }),
    ...note("注：以小区为群的比率估计。漏报率 = 漏报 ÷（名录家数 + 漏报）；重报率 = 重报 ÷ 名录家数。"),
  ];
}
