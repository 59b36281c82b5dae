/** What a reader of the report should look at twice, in words. Pure. */
import { REPORT_FILES, type ReplacedRecord, type ScrutinyPart } from "../evaluation.ts";

/** What came about otherwise than by a first record of all that the form asks. */
export function scrutinyInWords(part: ScrutinyPart, areas: number): string[] {
  const { revised, waivedSources, waivedIndicators, closedAgainstLedger } = part;
  const texts: string[] = [];
  if (revised > 0) texts.push(`${revised} 家的记录在首次导入之后改录过`);
  if (areas > 0) texts.push(`${areas} 个普查小区的核查数改录过`);
  if (waivedSources > 0) {
    texts.push(`${waivedSources} 家把模板要求核查的 ${waivedIndicators} 项写成“不适用”，这些项不计对错`);
  }
  if (closedAgainstLedger > 0) texts.push(`已关停 ${closedAgainstLedger} 家（名录为运行），不计入差错率`);
  const list = `名单${revised > 0 ? "和改录的理由" : ""}见 ${REPORT_FILES.summary} 的“改录和不适用”表`;
  return texts.length === 0
    ? []
    : [`请复核：${texts.join("；")}。${revised + waivedSources + closedAgainstLedger > 0 ? `${list}。` : ""}`];
}

/** Units so named before the rest is counted. */
const MOST_REPLACED = 10;

/** Units whose record counts no longer, by their ids. */
export function replacedInWords(replaced: readonly ReplacedRecord[]): string[] {
  if (replaced.length === 0) return [];
  const named = replaced.slice(0, MOST_REPLACED).map(({ unit }) => unit);
  const list = `${named.join("、")}${replaced.length > named.length ? "等" : ""}`;
  return [
    `替换：${replaced.length} 家在已有核查记录之后被替换，记录不计入：${list}；理由见 ${REPORT_FILES.summary} 的“替换前已有记录”表。`,
  ];
}
