/** Values that cannot be, though they are written as values are: to be looked at again before they count as errors. Pure. */
import { CODE_PATTERNS } from "../forms/code-patterns.ts";
import type { Indicator } from "../forms/template.ts";
import { PROVINCE_BOX } from "../reference/city-boxes.ts";
import { creditCodeDefect } from "../reference/credit-code.ts";
import { divisionOfCode } from "../reference/divisions.ts";
import { INDUSTRIES } from "../reference/industries.ts";
import { type Words, words } from "../text/words.ts";

const IN_PROVINCE = {
  longitude: { least: PROVINCE_BOX.west, most: PROVINCE_BOX.east },
  latitude: { least: PROVINCE_BOX.south, most: PROVINCE_BOX.north },
} as const;

/**
 * Why a value found is unlikely to be what was meant; undefined where nothing speaks against it.
 * @param value as `readValue` gives it
 */
export function oddness({ type, field = "" }: Indicator, value: string): Words | undefined {
  if (type === "coordinate" && (field === "longitude" || field === "latitude")) {
    const { least, most } = IN_PROVINCE[field];
    const degrees = Number(value);
    if (degrees >= least && degrees <= most) return undefined;
    return words(`不在本省范围（${least} 至 ${most} 度）`, `lies outside the province (${least} to ${most} degrees)`);
  }
  if (type !== "code" || value === "无") return undefined;
  for (const code of value.split(/[、,; ]+/)) {
    const why = oddCode(field, code);
    if (why !== undefined) return why;
  }
  return undefined;
}

function oddCode(field: string, code: string): Words | undefined {
  const rule = CODE_PATTERNS[field];
  if (rule !== undefined && !new RegExp(`^${rule.pattern}$`).test(code)) {
    return words(`写法不对：${rule.words}`, "is not written as such a code is");
  }
  if (field === "industryCode" && !INDUSTRIES.has(code)) {
    return words("不在行业代码表（GB/T 4754-2017）里", "is in no list of industries (GB/T 4754-2017)");
  }
  if (field === "division" && divisionOfCode(code) === undefined) {
    return words("不是本省的区划代码", "is no division of the province");
  }
  if (field === "id" && code.length === 18 && ["alphabet", "check"].includes(creditCodeDefect(code) ?? "")) {
    return words("校验位不对（GB 32100）", "has a wrong check character (GB 32100)");
  }
  return undefined;
}
