/** 核查评定报告: a page of findings, then charts and tables, for the province or for one city. Says nothing of a clock. */
import { type Block, paragraph, space } from "../../pdf/block.ts";
import { heading, legend } from "../../pdf/chart.ts";
import { PdfDocument } from "../../pdf/document.ts";
import { fillPages } from "../../pdf/flow.ts";
import { furnish } from "../../pdf/furniture.ts";
import { WIDE_AREA } from "../../pdf/page.ts";
import type { Style } from "../../pdf/text.ts";
import { divisionName } from "../../reference/divisions.ts";
import { type JournalLine, lineOnPaper } from "../../round/journal.ts";
import type { Estimate, Evaluation, Verdict } from "../evaluation.ts";
import { TILE_LEGEND, tileGrid } from "./charts.ts";
import {
  areas,
  causes,
  cities,
  estimates,
  figure,
  figureNote,
  indicatorCounts,
  ranking,
  teams,
} from "./report-parts.ts";
import { cityEstimate, cityFindings, estimatesOf, journalInWords, provinceFindings, sampleInWords } from "./words.ts";

/** Of whom the report tells. */
export interface ReportAbout {
  /** Title of the inspection, who holds it, and the document's date in words. */
  readonly title: string;
  readonly holder: string;
  /** Empty: to be filled in by hand. */
  readonly date: string;
  /** The journal's last line when the evaluation was made. */
  readonly journal: JournalLine;
}

const NAME = "核查评定报告";
const TITLE: Style = { face: "title", size: 22, leading: 32, heavy: true };
const SUBTITLE: Style = { face: "title", size: 13, leading: 22 };
const ISSUED: Style = { face: "serif", size: 11, leading: 20 };
const BODY: Style = { face: "serif", size: 11, leading: 18 };
const NOTE: Style = { face: "serif", size: 9, leading: 12.5 };
const { width: WIDTH } = WIDE_AREA;

/** The province's report; the same bytes for the same evaluation. */
export function provinceReport(evaluation: Evaluation, about: ReportAbout): Promise<Uint8Array> {
  const { verdicts } = evaluation;
  const [province] = estimatesOf(evaluation, "province");
  const tiles = verdicts.map((verdict) => ({
    ...verdict,
    rate: cityEstimate(evaluation, verdict.city)?.rate ?? null,
  }));
  const blocks = [
    ...head(about, NAME),
    ...findings(provinceFindings(evaluation)),
    space(6),
    ...figure(heading("各市评定和估计差错率")),
    ...figure(legend(TILE_LEGEND)),
    ...figure(tileGrid(tiles, divisionName)),
    ...figureNote(`估计差错率按设计加权（${sampleInWords(province)}），各市见后表；没有数字的市未抽取。`),
    ...cities(evaluation),
    ...estimates(evaluation, "class", estimatesOf(evaluation, "class")),
    ...causes(evaluation.causes, province),
    ...estimates(evaluation, "form", estimatesOf(evaluation, "form"), formInWords, 130),
    ...ranking("各指标差错率（由高到低）", evaluation.indicators, ({ key, name }) => `${key}　${name}`),
    ...ranking("各县区差错率（由高到低）", evaluation.counties, ({ name }) => name),
    ...teams(evaluation.teams),
    ...areas(evaluation.areas),
  ];
  return printed(blocks, evaluation, about, "");
}

const formInWords = ({ key, name }: Estimate) => (key === name ? key : `${key} ${name}`);

/** One city's report. */
export function cityReport(evaluation: Evaluation, verdict: Verdict, about: ReportAbout): Promise<Uint8Array> {
  const { city, name } = verdict;
  const own = evaluation.cities.find((each) => each.city === city);
  const estimate = cityEstimate(evaluation, city);
  const classes = estimatesOf(evaluation, "cityClass", city);
  const within = (row: Estimate) => (row.kind === "city" ? "全市" : row.name.replace(name, "") || row.name);
  const blocks = [
    ...head(about, `${name}${NAME}`),
    ...findings(cityFindings(evaluation, verdict)),
    ...estimates(evaluation, "class", estimate === undefined ? classes : [estimate, ...classes], within),
    ...estimates(evaluation, "county", estimatesOf(evaluation, "county", city), within),
    ...causes(own?.causes ?? [], estimate),
    ...indicatorCounts(own?.indicators ?? [], estimate),
    ...teams(evaluation.teams.filter((each) => each.city === city)),
  ];
  return printed(blocks, evaluation, about, name);
}

async function printed(blocks: readonly Block[], evaluation: Evaluation, about: ReportAbout, city: string) {
  const name = `${city}${NAME}`;
  const document = new PdfDocument({ title: `${about.title}　${name}`, author: about.holder });
  const closing = [space(10), ...paragraph(journalInWords(about.journal), NOTE, WIDTH)];
  const pages = fillPages([...blocks, ...closing], WIDE_AREA, () => document.canvas());
  const foot = `轮次 ${evaluation.roundId}　样本清单 ${evaluation.manifestDigest.slice(0, 16)}　日志 ${lineOnPaper(about.journal)}`;
  furnish(pages, { head: [about.title, name], foot }, WIDE_AREA);
  for (const page of pages) document.add(page);
  return (await document.finish()).bytes;
}

/** Who issues the report, and when, stands below its title: charts follow the findings, so that there is no end to sign at. */
function head({ title, holder, date }: ReportAbout, name: string): Block[] {
  const day = date === "" ? "　　　　年　　月　　日" : date;
  return [
    ...paragraph(name, TITLE, WIDTH, { align: "center", role: "H1" }),
    ...paragraph(title, SUBTITLE, WIDTH, { align: "center" }),
    ...paragraph([holder, day].filter((text) => text !== "").join("　　"), ISSUED, WIDTH, { align: "center" }),
    space(8),
  ];
}

function findings(texts: readonly string[]): Block[] {
  return texts.flatMap((text) => [...paragraph(`　　${text}`, BODY, WIDTH), space(3)]);
}
