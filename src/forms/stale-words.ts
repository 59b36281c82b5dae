/** Says which forms are to be made again, why, and how. Pure. */
import { type Words, words } from "../text/words.ts";
import { SPLIT_FOLDERS } from "./parts.ts";
import type { StaleForms, StaleReason } from "./stale.ts";

const WHY: Readonly<Record<StaleReason, Words>> = {
  sample: words("在替换或补充抽查之前制作，不要再用", "made before a replacement or follow-up, no longer to be used"),
  assignment: words("在分派之前制作，没有核查组", "made before the assignment, without teams"),
  templates: words("所用模板与本轮次现在的不同", "made by other templates than the round has now"),
};

/** What they no longer agree with. */
const AGAINST: Readonly<Record<StaleReason, Words>> = {
  sample: words("现在的样本", "the sample as it stands"),
  assignment: words("分派", "the assignment"),
  templates: words("现在的模板", "the templates as they stand"),
};

/** What is compared, such as `forms/按单位 ↔ 现在的样本`. */
export function staleTitle(stale: StaleForms): Words {
  const { zh, en } = AGAINST[stale.why];
  return words(`${folderOf(stale)} ↔ ${zh}`, `${folderOf(stale)} ↔ ${en}`);
}

/** Which cities, why, and the command that makes them again. */
export function staleDetail(stale: StaleForms): Words {
  const { zh, en } = WHY[stale.why];
  const [who, whoEn] =
    stale.cities.length === 0 ? ["", ""] : [`${stale.cities.join("、")}：`, `${stale.cities.join(", ")}: `];
  const again = commandOf(stale);
  return words(
    `${who}${zh}；应重做：chouqian -C 轮次文件夹 ${again}`,
    `${whoEn}${en}; make them again: chouqian -C ROUND ${again}`,
  );
}

/** The folder and the detail in one. */
export function staleLine(stale: StaleForms): Words {
  const { zh, en } = staleDetail(stale);
  return words(`${folderOf(stale)} ${zh}`, `${folderOf(stale)}, ${en}`);
}

/** The same for scripts. */
export function staleResult(stale: StaleForms): object {
  const { why, cities } = stale;
  return { why, folder: folderOf(stale), cities, again: commandOf(stale) };
}

function folderOf({ division, isBeside }: StaleForms): string {
  const above = isBeside ? [SPLIT_FOLDERS.followUp] : [];
  return ["forms", ...above, ...(division === "city" ? [] : [SPLIT_FOLDERS[division]])].join("/");
}

/** How they are made again, without the round's folder. */
function commandOf({ division, isBeside, cities, isWhole }: StaleForms): string {
  const isFollowUp = isBeside || division === "followUp";
  const only = isFollowUp ? " --only followup" : isWhole ? "" : ` --city ${cities.join(" ")}`;
  const split = division === "city" || division === "followUp" ? "" : ` --split ${division}`;
  return `forms${split}${only}`;
}
