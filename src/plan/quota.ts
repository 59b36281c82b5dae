/** One line of a plan: how many units of a class are drawn, from which strata and in which way. */
import { z } from "zod";
import { findClass } from "../reference/ledger-values.ts";
import { canonicalText } from "../text/canonical.ts";
import { Condition, FILTER_KEYS, filterFault } from "./filter.ts";
import { parseShare } from "./share.ts";

const SourceClassName = z.string({ error: "class 应为污染源类别，如 工业源" }).transform((text, context) => {
  const found = findClass(text);
  if (found !== undefined) return found;
  context.issues.push({
    code: "custom",
    input: text,
    message: `不认识的污染源类别“${text}”，应为工业源、农业源、生活源、集中式污染治理设施或移动源`,
  });
  return z.NEVER;
});

export const wholeNumber = (message: string, least: number) => z.int({ error: message }).min(least, { error: message });

/** A share, kept as an exact decimal. */
const share = (missing: string, name: string) =>
  z.union([z.string(), z.number()], { error: missing }).transform((value, context) => {
    const decimal = parseShare(String(value));
    if (decimal !== undefined) return decimal;
    context.issues.push({
      code: "custom",
      input: value,
      message: `${name}“${value}”应大于 0、不超过 100%，写成 5% 或 0.05`,
    });
    return z.NEVER;
  });

export const columnName = (key: string) =>
  z
    .string({ error: `${key} 应为名录的列名` })
    .transform(canonicalText)
    .pipe(z.string().min(1, { error: `${key} 应为名录的列名` }));

/** Divides a block's quota over the values of one column. */
export const Spread = z
  .strictObject({
    column: columnName("column"),
    /** proportional: by size, largest remainder; equal: the same for each; min: so many for each, the rest by size. */
    rule: z.enum(["proportional", "equal", "min"], {
      error: "spread.rule 应为 proportional（按单位数比例）、equal（均分）或 min（每层先保底）",
    }),
    /** With rule `min`: how many each stratum gets first. */
    min: wholeNumber("spread.min 应为正整数", 1).optional(),
    /** Only the first so many characters of the value, as the division of an industry code. */
    digits: wholeNumber("spread.digits 应为正整数", 1).optional(),
  })
  .superRefine((spread, context) => {
    if ((spread.rule === "min") !== (spread.min !== undefined)) {
      context.addIssue({ code: "custom", message: "rule: min 时写 min（每层至少几家），其他规则不写" });
    }
  });
export type Spread = z.infer<typeof Spread>;

/** Chances in proportion to a number of the ledger. */
export const Size = z.strictObject({
  column: columnName("column"),
  /** What a unit counts at least; units without a number count so much. Without it they cannot be drawn. */
  least: z
    .number({ error: "size.least 应为正数" })
    .positive({ error: "size.least 应为正数" })
    .refine((value) => /^\d{1,9}(\.\d{1,6})?$/.test(String(value)), { error: "size.least 最多六位小数" })
    .optional(),
});
export type Size = z.infer<typeof Size>;

/** Units that are inspected for certain, beside the random quota. */
export const TakeAll = z.strictObject(FILTER_KEYS).superRefine((filter, context) => {
  const fault = filterFault(filter);
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

export const Quota = z
  .strictObject({
    class: SourceClassName,
    /** Units drawn from each stratum; with `spread` from the block. 0 only beside `takeAll`. */
    count: wholeNumber("抽取数量 count 应为正整数", 0).optional(),
    /** Share of each stratum's units, rounded up. */
    rate: share("请填写抽取比例 rate，如 5%（方案没有默认比例）", "抽取比例").optional(),
    /** With `rate`: at least so many from each stratum. */
    min: wholeNumber("最少数量 min 应为不小于 0 的整数", 0).optional(),
    /** With `rate`: at most so many from each stratum. */
    max: wholeNumber("最多数量 max 应为正整数", 1).optional(),
    /** Strata within a city: each county by itself, or the whole city where absent. */
    by: z.literal("county", { error: "by 只能写 county（每个县区各自成层），整市抽取则不写" }).optional(),
    spread: Spread.optional(),
    takeAll: TakeAll.optional(),
    size: Size.optional(),
    /** Draws only from units that meet a condition, such as units whose problems are closed. */
    only: Condition.optional(),
    /** Name of the population that `only` describes; needed where a class has several. */
    population: columnName("population").optional(),
    /** Reserves of each stratum, drawn after the sample: a number, or a share of it, rounded up. */
    reserve: z
      .union(
        [wholeNumber("备选数量 reserve 应为不小于 0 的整数", 0), z.string().transform((text, c) => shareOf(text, c))],
        { error: "备选数量 reserve 应为不小于 0 的整数，或样本的比例如 20%" },
      )
      .default(0),
  })
  .superRefine((quota, context) => {
    const fault = (message: string, path: PropertyKey[] = []) => context.addIssue({ code: "custom", path, message });
    if ((quota.count === undefined) === (quota.rate === undefined)) {
      fault("count（抽取数量）和 rate（抽取比例）必须且只能写一个");
    }
    if (quota.count === 0 && quota.takeAll === undefined) fault("抽取数量 count 应为正整数", ["count"]);
    for (const key of ["min", "max"] as const) {
      if (quota[key] !== undefined && quota.rate === undefined) fault(`${key} 只和 rate 一起使用`, [key]);
    }
    if ((quota.min ?? 0) > (quota.max ?? Infinity)) fault("min 不能大于 max", ["min"]);
    if (quota.by !== undefined && quota.spread !== undefined) {
      fault("by（每个县区各抽多少）和 spread（把一个市的数量分到各层）只能写一个", ["spread"]);
    }
    if (quota.population !== undefined && quota.only === undefined) {
      fault("写了 population（总体名称）就要用 only 说明它包括哪些单位", ["population"]);
    }
  });
export type Quota = z.infer<typeof Quota>;

function shareOf(text: string, context: { issues: unknown[] }): string {
  const decimal = parseShare(text);
  if (decimal !== undefined) return decimal;
  context.issues.push({
    code: "custom",
    input: text,
    message: `备选比例“${text}”应大于 0、不超过 100%，如 20%；家数则写不带引号的整数`,
  });
  return z.NEVER;
}
