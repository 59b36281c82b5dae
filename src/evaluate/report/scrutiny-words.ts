/** What a reader of the report should look at twice, in words. Pure. */
import { REPORT_FILES } from "../evaluation.ts";
import type { DroppedRecord, ReplacedRecord, ScrutinyPart, SettledSource } from "../scrutinised.ts";

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
const MOST_NAMED = 10;

function named(units: readonly { readonly unit: string }[]): string {
  const shown = units.slice(0, MOST_NAMED).map(({ unit }) => unit);
  return `${shown.join("、")}${units.length > shown.length ? "等" : ""}`;
}

/** Units whose record counts no longer, by their ids. */
export function replacedInWords(replaced: readonly ReplacedRecord[]): string[] {
  const left = replaced.filter(({ reason }) => reason !== null);
  const undone = replaced.filter(({ reason }) => reason === null);
  const see = `；理由见 ${REPORT_FILES.summary} 的“替换前已有记录”表。`;
  return [
    ...(left.length === 0 ? [] : [`替换：${left.length} 家在已有核查记录之后被替换，记录不计入：${named(left)}${see}`]),
    ...(undone.length === 0
      ? []
      : [`替换：撤销替换，${undone.length} 家递补单位在已有核查记录之后退出，记录不计入：${named(undone)}${see}`]),
  ];
}

/**
 * Records that were taken back and did not come in again, by the ids of their units.
 * @param areas census areas likewise
 */
export function droppedInWords(dropped: readonly DroppedRecord[], areas: number): string[] {
  const first = dropped.filter(({ isSecond }) => !isSecond);
  const second = dropped.filter(({ isSecond }) => isSecond);
  const texts: string[] = [];
  if (first.length > 0) texts.push(`${first.length} 家的核查记录撤回后没有重新录入：${named(first)}`);
  if (second.length > 0) texts.push(`${second.length} 家的第二次录入撤回后没有重新录入：${named(second)}`);
  if (areas > 0) texts.push(`${areas} 个普查小区的核查数撤回后没有重新录入`);
  if (texts.length === 0) return [];
  const see = dropped.length > 0 ? `理由见 ${REPORT_FILES.summary} 的“撤回的记录”表。` : "";
  return [`撤回：${texts.join("；")}。${see}`];
}

/** Sources that were entered twice and settled, how many of them otherwise than by the first record, and to what effect. */
export function settledInWords(settled: readonly SettledSource[]): string[] {
  const otherwise = settled.filter(({ by }) => by !== "first");
  if (settled.length === 0) return [];
  const sum = (of: "first" | "settled") => otherwise.reduce((total, each) => total + each[of].e, 0);
  const changed =
    otherwise.length === 0
      ? "都以第一次为准"
      : `其中 ${otherwise.length} 家不以第一次为准，差错由第一次的 ${sum("first")} 项变为 ${sum("settled")} 项：${named(otherwise)}`;
  return [`裁定：${settled.length} 家两次录入后经裁定，${changed}；见 ${REPORT_FILES.summary} 的“裁定的记录”表。`];
}
