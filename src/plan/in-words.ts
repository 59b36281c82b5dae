/** The plan in plain words, as certificate and plan check print it. Pure. */
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { REASONS } from "../reference/replacement-reasons.ts";
import { type Words, words } from "../text/words.ts";
import { sealedAssign } from "./assign-plan.ts";
import type { Condition, Filter } from "./filter.ts";
import type { Exclusion, Quota, SealedPlan } from "./plan.ts";
import type { Spread } from "./quota.ts";
import { percentOfShare } from "./share.ts";

/** The plan in plain words: a line for the cities and areas drawn, for each quota and for each exclusion. */
export function planInWords(sealed: SealedPlan): Words[] {
  const { plan } = sealed;
  const quotas = SOURCE_CLASSES.flatMap((name) => plan.quotas.filter((quota) => quota.class === name));
  const isInAreas = plan.areas !== undefined;
  return [
    ...citiesInWords(sealed),
    ...areasInWords(sealed),
    ...quotas.flatMap((quota) => [quotaInWords(quota, isInAreas), ...detailsInWords(quota)]),
    ...plan.exclude.map(exclusionInWords),
    ...assignInWords(sealed),
    ...reasonsInWords(sealed),
    ...followUpInWords(sealed),
  ];
}

/** Who inspects is drawn by lot as well, from this roster. */
function assignInWords({ plan }: SealedPlan): Words[] {
  const assign = sealedAssign(plan);
  if (assign === undefined) return [];
  const { inspectors, teamSize, avoid } = assign;
  const leaders = inspectors.filter(({ leader }) => leader).length;
  return [
    words(
      `检查人员也随机：名单 ${inspectors.length} 人（能当组长 ${leaders} 人），每组至少 ${teamSize} 人，回避${avoid === "city" ? "本市" : "本县区"}`,
      `inspectors by lot: ${inspectors.length} people (${leaders} may lead), teams of ${teamSize} at least, never in the own ${avoid}`,
    ),
  ];
}

function citiesInWords({ plan, cities, cityFigures }: SealedPlan): Words[] {
  const { random, top, table, column } = plan.cities ?? {};
  if (random !== undefined) {
    const from = cities === "all" ? words("名录中的全部城市", "all cities of the frame") : listed(cities);
    return [words(`先从${from.zh}中随机抽 ${random} 个市`, `first ${random} cities by lot from ${from.en}`)];
  }
  if (top === undefined || cities === "all") return [];
  const shown = cities.map((city) => {
    const figure = cityFigures?.find((each) => each.city === city)?.figure;
    return `${divisionName(city)}（${figure}）`;
  });
  return [
    words(
      `按 ${table} 的“${column}”取最多的 ${top} 个市：${shown.join("、")}`,
      `the ${top} cities with the highest "${column}" of ${table}: ${shown.join(", ")}`,
    ),
  ];
}

function reasonsInWords({ plan: { replaceFor } }: SealedPlan): Words[] {
  if (replaceFor === undefined) return [];
  const names = replaceFor.map((code) => REASONS[code].name);
  return [
    words(
      `只有下列理由可以替换样本单位：${names.map(({ zh }) => zh).join("、")}`,
      `a drawn unit is replaced only if: ${names.map(({ en }) => en).join(", ")}`,
    ),
  ];
}

function followUpInWords({ plan: { followUp } }: SealedPlan): Words[] {
  if (followUp !== true) return [];
  return [
    words(
      "预计对尚不能定的市补充抽查：首次评定的把握为 97.5%，误判的机会分给各次评定",
      "undecided cities are to be followed up: the first verdict is one of 97.5%, its chance of error shared with later ones",
    ),
  ];
}

function listed(cities: readonly string[]): Words {
  return words(cities.map(divisionName).join("、"), cities.join(", "));
}

function areasInWords({ plan: { areas } }: SealedPlan): Words[] {
  if (areas === undefined) return [];
  return [
    words(
      `分两阶段：每个市先按“${areas.column}”随机抽 ${areas.count} 个片区，再在抽中的片区里抽取`,
      `in two stages: ${areas.count} areas ("${areas.column}") of each city by lot, then units within these`,
    ),
  ];
}

function quotaInWords(quota: Quota, isInAreas: boolean): Words {
  const { zh, en } = CLASS_NAMES[quota.class];
  const [inEach, inEachEn] = isInAreas
    ? ["每个抽中的片区", "in each area drawn"]
    : quota.by === "county"
      ? ["每个县区", "in each county"]
      : ["每个市", "in each city"];
  const of = quota.population === undefined ? "" : `（${quota.population}）`;
  const how = amountInWords(quota);
  const reserve = typeof quota.reserve === "string" ? percentOfShare(quota.reserve) : String(quota.reserve);
  const unit = typeof quota.reserve === "string" ? "（按样本数进位）" : " 家";
  return words(
    `${zh}${of}：${inEach}${how.zh}，备选 ${reserve}${unit}`,
    `${en}${of}: ${how.en} ${inEachEn}, reserve ${reserve}`,
  );
}

function amountInWords({ count, rate, min, max }: Quota): Words {
  if (rate === undefined) return words(`抽取 ${count} 家`, `${count}`);
  const share = percentOfShare(rate);
  const bounds = [
    ...(min === undefined ? [] : [words(`至少 ${min} 家`, `at least ${min}`)]),
    ...(max === undefined ? [] : [words(`至多 ${max} 家`, `at most ${max}`)]),
  ];
  const zh = bounds.map((bound) => `，${bound.zh}`).join("");
  const en = bounds.map((bound) => `, ${bound.en}`).join("");
  return words(`按 ${share} 抽取（进位取整${zh}）`, `${share} (rounded up${en})`);
}

/** How a quota is divided, which units it speaks of, and by what chances. */
function detailsInWords({ spread, only, takeAll, size }: Quota): Words[] {
  const details: Words[] = [];
  if (only !== undefined) {
    const which = conditionInWords(only);
    details.push(words(`　只从${which.zh}的单位中抽`, `  only from units whose ${which.en}`));
  }
  if (spread !== undefined) {
    const rule = SPREAD_RULES[spread.rule];
    const part = spread.digits === undefined ? "" : `前 ${spread.digits} 位`;
    const least = spread.min === undefined ? "" : ` ${spread.min} 家`;
    details.push(
      words(
        `　按“${spread.column}”${part}分层，${rule.zh.replace("#", least)}`,
        `  divided by "${spread.column}"${spread.digits === undefined ? "" : ` (first ${spread.digits})`}: ${rule.en.replace("#", least)}`,
      ),
    );
  }
  if (takeAll !== undefined) {
    const which = filterInWords(takeAll);
    details.push(words(`　${which.zh}必查，不占随机抽取的数量`, `  ${which.en} taken for certain, beside the quota`));
  }
  if (size !== undefined) {
    const least =
      size.least === undefined
        ? ["没有该数字的抽不到", "units without it cannot be drawn"]
        : [`不足或缺数的按 ${size.least} 计`, `at least ${size.least} each`];
    details.push(
      words(
        `　入样机会与“${size.column}”成正比（${least[0]}）`,
        `  chances in proportion to "${size.column}" (${least[1]})`,
      ),
    );
  }
  return details;
}

const SPREAD_RULES: Readonly<Record<Spread["rule"], Words>> = {
  proportional: words("按各层单位数的比例分配（最大余数法）", "in proportion to size (largest remainder)"),
  equal: words("各层均分", "the same for each"),
  min: words("每层先保底#，其余按比例分配", "# for each first, the rest in proportion"),
};

function exclusionInWords(exclusion: Exclusion): Words {
  const { reason } = exclusion;
  const which = filterInWords(exclusion);
  return words(`排除${which.zh}，理由：${reason}`, `${which.en} left out: ${reason}`);
}

function filterInWords({ ids, where, list }: Filter): Words {
  if (where !== undefined) {
    const { zh, en } = conditionInWords(where);
    return words(`${zh}的单位`, `units whose ${en}`);
  }
  const count = ids === undefined ? list : ids.length;
  return words(`指定的 ${count} 家单位`, `${count} units named`);
}

function conditionInWords({ column, values, atLeast, atMost }: Condition): Words {
  if (values !== undefined) {
    return words(
      `“${column}”为${values.map((value) => `“${value}”`).join("、")}`,
      `"${column}" is ${values.map((value) => `"${value}"`).join(" or ")}`,
    );
  }
  const bounds = [
    ...(atLeast === undefined ? [] : [words(`不小于 ${atLeast} `, `at least ${atLeast}`)]),
    ...(atMost === undefined ? [] : [words(`不大于 ${atMost} `, `at most ${atMost}`)]),
  ];
  return words(
    `“${column}”${bounds.map(({ zh }) => zh).join("且")}`,
    `"${column}" is ${bounds.map(({ en }) => en).join(" and ")}`,
  );
}
