/** The plan in plain words, as certificate and plan check print it. Pure. */
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { type Words, words } from "../text/words.ts";
import type { Exclusion, Quota, SealedPlan } from "./plan.ts";

/** The plan in plain words, a line for each class and each exclusion. */
export function planInWords({ plan }: SealedPlan): Words[] {
  const quotas = SOURCE_CLASSES.flatMap((name) => plan.quotas.filter((quota) => quota.class === name));
  return [...quotas.map(quotaInWords), ...plan.exclude.map(exclusionInWords)];
}

function quotaInWords(quota: Quota): Words {
  const { zh, en } = CLASS_NAMES[quota.class];
  const where = quota.by === "county" ? words("每个县区", "in each county") : words("每个市", "in each city");
  const how = amountInWords(quota);
  return words(
    `${zh}：${where.zh}${how.zh}，备选 ${quota.reserve} 家`,
    `${en}: ${how.en} ${where.en}, reserve ${quota.reserve}`,
  );
}

function amountInWords({ count, rate, min }: Quota): Words {
  if (rate === undefined) return words(`抽取 ${count} 家`, `${count}`);
  const share = percent(rate);
  const [leastZh, leastEn] = min === undefined ? ["", ""] : [`，至少 ${min} 家`, `, at least ${min}`];
  return words(`按 ${share} 抽取（进位取整${leastZh}）`, `${share} (rounded up${leastEn})`);
}

function exclusionInWords(exclusion: Exclusion): Words {
  const { reason } = exclusion;
  if ("ids" in exclusion) {
    const { length } = exclusion.ids;
    return words(`排除 ${length} 个指定对象，理由：${reason}`, `${length} units left out: ${reason}`);
  }
  const { column, values } = exclusion.where;
  return words(
    `排除“${column}”为${values.map((value) => `“${value}”`).join("、")}的对象，理由：${reason}`,
    `units whose "${column}" is ${values.map((value) => `"${value}"`).join(" or ")} left out: ${reason}`,
  );
}

/** Writes an exact decimal share as a percentage: `0.05` → `5%`. */
function percent(share: string): string {
  const [whole = "0", fraction = ""] = share.split(".");
  const padded = fraction.padEnd(2, "0");
  const number = `${whole}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  return `${number}${padded.length > 2 ? `.${padded.slice(2)}` : ""}%`;
}
