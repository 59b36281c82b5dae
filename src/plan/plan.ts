/** `plan.yaml`: what is drawn. The schema is the one definition; the sealed plan is its canonical JSON. */
import { z } from "zod";
import { METHODS } from "../draw/manifest.ts";
import { findClass } from "../reference/ledger-values.ts";
import { canonicalCode, canonicalJson, canonicalText, digest, type JsonValue } from "../text/canonical.ts";
import { parseYaml } from "../text/yaml-file.ts";

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

const wholeNumber = (message: string, least: number) => z.int({ error: message }).min(least, { error: message });

/** A share, kept as an exact decimal: `5%`, `0.05` and `.05` are the same text `0.05`. */
const Rate = z
  .union([z.string(), z.number()], { error: "请填写抽取比例 rate，如 5%（方案没有默认比例）" })
  .transform((value, context) => {
    const decimal = parseShare(String(value));
    if (decimal !== undefined) return decimal;
    context.issues.push({
      code: "custom",
      input: value,
      message: `抽取比例“${value}”应大于 0、不超过 100%，写成 5% 或 0.05`,
    });
    return z.NEVER;
  });

/** How many units of one class are drawn: so many (`count`) or such a share (`rate`) of each stratum. */
export const Quota = z
  .strictObject({
    class: SourceClassName,
    /** Units drawn from each stratum. */
    count: wholeNumber("抽取数量 count 应为正整数", 1).optional(),
    /** Share of each stratum's units, rounded up. */
    rate: Rate.optional(),
    /** With `rate`: at least so many from each stratum. */
    min: wholeNumber("最少数量 min 应为不小于 0 的整数", 0).optional(),
    /** Strata within a city: each county by itself, or the whole city where absent. */
    by: z.literal("county", { error: "by 只能写 county（每个县区各自成层），整市抽取则不写" }).optional(),
    /** Reserves drawn after the sample. */
    reserve: wholeNumber("备选数量 reserve 应为不小于 0 的整数", 0).default(0),
  })
  .superRefine((quota, context) => {
    if ((quota.count === undefined) === (quota.rate === undefined)) {
      context.addIssue({ code: "custom", message: "count（抽取数量）和 rate（抽取比例）必须且只能写一个" });
    }
    if (quota.min !== undefined && quota.rate === undefined) {
      context.addIssue({ code: "custom", path: ["min"], message: "min 只和 rate 一起使用" });
    }
  });
export type Quota = z.infer<typeof Quota>;

const reason = z
  .string({ error: "必须写明排除理由 reason" })
  .transform(canonicalText)
  .pipe(z.string().min(1, { error: "必须写明排除理由 reason" }));
const text = z.union([z.string(), z.number().transform(String)]);

/** Units left out of the draw: by id, or by the value of a column of the ledger. */
export const Exclusion = z.union(
  [
    z.strictObject({ ids: z.array(text.transform(canonicalCode)).min(1), reason }),
    z.strictObject({
      where: z.strictObject({
        column: z.string().transform(canonicalText),
        values: z.array(text.transform(canonicalText)).min(1),
      }),
      reason,
    }),
  ],
  { error: "排除项应写 ids: [代码…] 或 where: { column: 列名, values: [取值…] }，并写明 reason" },
);
export type Exclusion = z.infer<typeof Exclusion>;

export const Plan = z.strictObject({
  method: z.enum(METHODS, { error: "抽签方法 method 应为 ticket 或 seedrandom" }),
  quotas: z
    .array(Quota)
    .min(1, { error: "至少写一类污染源的抽取数量" })
    .superRefine((quotas, context) => {
      for (const [index, quota] of quotas.entries()) {
        if (quotas.findIndex((other) => other.class === quota.class) < index) {
          context.addIssue({ code: "custom", path: [index, "class"], message: "同一类别写了两次" });
        }
      }
    }),
  exclude: z.array(Exclusion).default([]),
});
export type Plan = z.infer<typeof Plan>;

/**
 * Reads a plan.
 * @throws ChouqianError E-PLAN-INVALID with the line of each fault
 */
export function parsePlan(yaml: string): Plan {
  return parseYaml(Plan, yaml, "plan.yaml", "E-PLAN-INVALID");
}

/** What is sealed: the plan with its defaults filled in, and the cities it is drawn for (`all` or their codes). */
export interface SealedPlan {
  readonly plan: Plan;
  readonly cities: "all" | readonly string[];
}

/** Digest of the canonical JSON of the sealed plan. Comments and layout of the YAML file do not enter it. */
export function planDigest({ plan, cities }: SealedPlan): string {
  return digest(canonicalJson({ cities: cities === "all" ? "all" : [...cities].sort(), ...plan } as JsonValue));
}

/**
 * Parses a share greater than 0 and at most 1 into a plain decimal without superfluous zeros.
 * @returns such as `0.05` for `5%`, `0.050` or `5.0 %`; undefined for anything else
 */
export function parseShare(share: string): string | undefined {
  const match = /^(\d*)(?:\.(\d*))?\s*(%?)$/.exec(canonicalCode(share));
  if (match === null) return undefined;
  const [, whole = "", fraction = "", percent] = match;
  if (whole + fraction === "") return undefined;
  const digits = (percent === "%" ? whole.padStart(3, "0") : whole.padStart(1, "0")) + fraction;
  const point = digits.length - fraction.length - (percent === "%" ? 2 : 0);
  const decimal = `${digits.slice(0, point).replace(/^0+(?=\d)/, "")}.${digits.slice(point)}`
    .replace(/0+$/, "")
    .replace(/\.$/, "");
  return Number(decimal) > 0 && Number(decimal) <= 1 && /^(0\.\d+|1)$/.test(decimal) ? decimal : undefined;
}
