/** 质量核查情况汇总表 of a city, filled in from the evaluation; what people judge and sign stays blank. */
import type { Found } from "../../forms/found.ts";
import type { Paper } from "../../forms/paper.ts";
import { renderPaper } from "../../forms/paper-pdf.ts";
import type { FormRound } from "../../forms/source.ts";
import { CLASS_NAMES, SOURCE_CLASSES } from "../../reference/classes.ts";
import { dateInWords } from "../../text/dates.ts";
import type { AreaShare, BlockCounts, Estimate, Evaluation, Verdict } from "../evaluation.ts";
import { confidence, officialShown, otherwise, progressOf, verdictShown } from "../in-words.ts";
import { percent } from "./percent.ts";
import { cityEstimate, estimatesOf, interval } from "./words.ts";

/** The paper's definition and the head of the round's papers. */
export interface CityPaper {
  readonly paper: Paper;
  readonly head: FormRound;
}

export async function cityPaper(
  evaluation: Evaluation,
  verdict: Verdict,
  { paper, head }: CityPaper,
): Promise<Uint8Array> {
  const found = foundIn(evaluation, verdict);
  const { bytes } = await renderPaper(paper, { round: head, city: verdict.name, sources: [], found });
  return bytes;
}

const MOST_CAUSES = 5;

/** What the evaluation says of one city, as a paper has it. */
export function foundIn(evaluation: Evaluation, verdict: Verdict): Found {
  const { city, sample, recorded, visited } = verdict;
  const estimate = cityEstimate(evaluation, city);
  const blocks = evaluation.blocks.filter((block) => block.city === city);
  const estimates = estimatesOf(evaluation, "cityClass", city);
  const area = evaluation.areas.find((each) => each.city === city);
  const causes = evaluation.cities.find((each) => each.city === city)?.causes ?? [];
  const rate = (share: AreaShare | null | undefined) =>
    area === undefined ? "没有普查小区的核查记录" : percent(share?.rate ?? null);
  return {
    city: {
      sample: String(sample),
      recorded: String(recorded),
      days: daysInWords(visited, recorded),
      sampleRate: estimate === undefined ? "—" : `${percent(estimate.sampleRate)}（${estimate.e}/${estimate.m}）`,
      estimatedRate: estimate === undefined ? "—" : `${percent(estimate.rate)}（95% 置信区间 ${interval(estimate)}）`,
      verdict: verdictInFull(verdict),
      official: officialShown(verdict).zh,
      omission: rate(area?.omission),
      duplication: rate(area?.duplication),
      causes: causes.length > 0 ? causesInWords(causes) : withoutCauses(estimate),
    },
    classes: [
      ...SOURCE_CLASSES.map((sourceClass) =>
        rowOf(
          CLASS_NAMES[sourceClass].zh,
          blocks.filter((block) => block.sourceClass === sourceClass),
          estimates.find(({ key }) => key === `${city}/${sourceClass}`),
        ),
      ),
      rowOf("合计", blocks, estimate),
    ],
  };
}

/** Empty, and so to be written by hand, where no record names its day. */
function daysInWords(visited: Verdict["visited"], recorded: number): string {
  if (visited === null) return "";
  const [first, last] = [dateInWords(visited.first), dateInWords(visited.last)];
  const missing = recorded - visited.dated;
  return `${first === last ? first : `${first}至${last}`}${missing > 0 ? `（${missing} 家未填日期）` : ""}`;
}

function withoutCauses(estimate: Estimate | undefined): string {
  if (estimate === undefined) return "—";
  return estimate.e === 0 ? "没有差错" : "差错均未写明原因";
}

function causesInWords(causes: readonly { readonly cause: string; readonly errors: number }[]): string {
  const named = causes.slice(0, MOST_CAUSES).map(({ cause, errors }) => `${cause || "未写明"} ${errors} 项`);
  const rest = causes.length - named.length;
  return `${named.join("、")}${rest > 0 ? `等 ${causes.length} 种` : ""}`;
}

function verdictInFull(verdict: Verdict): string {
  const then = otherwise(verdict);
  const parts = [
    ...(verdict.bounds === null ? [] : [`把握 ${confidence(verdict.alpha)}`]),
    ...(verdict.isPreliminary ? [`已有 ${progressOf(verdict)} 家的记录`] : []),
    ...(then === undefined ? [] : [then.zh]),
  ];
  return `${verdictShown(verdict).zh}${parts.length === 0 ? "" : `（${parts.join("；")}）`}`;
}

function rowOf(name: string, blocks: readonly BlockCounts[], estimate: Estimate | undefined): Found["classes"][number] {
  const sum = (of: (block: BlockCounts) => number) => String(blocks.reduce((all, block) => all + of(block), 0));
  return {
    class: name,
    sample: sum(({ sample }) => sample),
    checked: sum(({ checked }) => checked),
    replaced: sum(({ replaced }) => replaced),
    notDone: sum(({ notFound, refused, closed, outstanding }) => notFound + refused + closed + outstanding),
    inError: String(estimate?.sources?.k ?? 0),
    m: String(estimate?.m ?? 0),
    e: String(estimate?.e ?? 0),
    sampleRate: percent(estimate?.sampleRate ?? null),
  };
}
