/** The plan in plain words, as certificate and plan check print it. Pure. */
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import type { Quota, SealedPlan } from "./plan.ts";

/** The plan in plain words, one line a class. */
export function planInWords({ plan }: SealedPlan): string[] {
  const lines = SOURCE_CLASSES.flatMap((name) => plan.quotas.filter((quota) => quota.class === name)).map(quotaInWords);
  const exclusions = plan.exclude.map((exclusion) =>
    "ids" in exclusion
      ? `排除 ${exclusion.ids.length} 个指定对象，理由：${exclusion.reason}`
      : `排除“${exclusion.where.column}”为${exclusion.where.values.map((value) => `“${value}”`).join("、")}的对象，理由：${exclusion.reason}`,
  );
  return [...lines, ...exclusions];
}

function quotaInWords(quota: Quota): string {
  const where = quota.by === "county" ? "每个县区" : "每个市";
  const how =
    quota.rate === undefined
      ? `抽取 ${quota.count} 家`
      : `按 ${percent(quota.rate)} 抽取（进位取整${quota.min === undefined ? "" : `，至少 ${quota.min} 家`}）`;
  return `${CLASS_NAMES[quota.class].zh}：${where}${how}，备选 ${quota.reserve} 家`;
}

/** Writes an exact decimal share as a percentage: `0.05` → `5%`. */
function percent(share: string): string {
  const [whole = "0", fraction = ""] = share.split(".");
  const padded = fraction.padEnd(2, "0");
  const number = `${whole}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  return `${number}${padded.length > 2 ? `.${padded.slice(2)}` : ""}%`;
}
