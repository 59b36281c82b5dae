/** `plan.yaml`: what is drawn. The schema is the one definition; the sealed plan is its canonical JSON. */
import { z } from "zod";
import { METHODS } from "../draw/manifest.ts";
import {
  findReason,
  REASONS,
  REPLACEMENT_REASONS,
  type ReplacementReason,
  saysNotFoundOrRefuses,
} from "../reference/replacement-reasons.ts";
import { canonicalJson, canonicalText, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { parseYaml } from "../text/yaml-file.ts";
import { AssignPlan } from "./assign-plan.ts";
import { FILTER_KEYS, filterFault } from "./filter.ts";
import { columnName, Quota, wholeNumber } from "./quota.ts";

export type { Quota } from "./quota.ts";

const reason = z
  .string({ error: "必须写明排除理由 reason" })
  .transform(canonicalText)
  .pipe(z.string().min(1, { error: "必须写明排除理由 reason" }));

/** Units left out of the draw, with the reason. */
export const Exclusion = z.strictObject({ ...FILTER_KEYS, reason }).superRefine((exclusion, context) => {
  const fault = filterFault(exclusion);
  if (fault !== undefined) context.addIssue({ code: "custom", message: `排除项${fault}` });
});
export type Exclusion = z.infer<typeof Exclusion>;

/** Which of the round's cities are inspected, where the plan and not the office decides it. */
export const CityChoice = z
  .strictObject({
    /** So many cities by lot. */
    random: wholeNumber("cities.random 应为正整数", 1).optional(),
    /** So many cities with the highest figures of a table. */
    top: wholeNumber("cities.top 应为正整数", 1).optional(),
    /** With `top`: a file in the round folder with a column of cities. */
    table: z
      .string({ error: "cities.table 应为表的文件名" })
      .refine((name) => !/[/\\]/.test(name), { error: "cities.table 只写轮次文件夹里的文件名，不带路径" })
      .optional(),
    /** With `top`: the column of figures. */
    column: columnName("cities.column").optional(),
  })
  .superRefine(({ random, top, table, column }, context) => {
    const isByTable = top !== undefined && table !== undefined && column !== undefined && random === undefined;
    const isByLot = random !== undefined && top === undefined && table === undefined && column === undefined;
    if (isByTable || isByLot) return;
    context.addIssue({
      code: "custom",
      message: "cities 应写 { random: 几个市 }，或写 { top: 几个市, table: 表的文件名, column: 数字所在的列 }",
    });
  });
export type CityChoice = z.infer<typeof CityChoice>;

/** First stage: areas are drawn in each city, and units only in these. */
export const Areas = z.strictObject({
  /** Column that names a unit's area, such as county or 普查小区. */
  column: columnName("areas.column"),
  /** Areas drawn in each city. */
  count: wholeNumber("areas.count 应为正整数", 1),
});
export type Areas = z.infer<typeof Areas>;

const REASON_LIST = `replaceFor 只能写这几项：${REPLACEMENT_REASONS.map((code) => REASONS[code].name.zh).join("、")}`;
const ReasonName = z.string({ error: REASON_LIST }).transform((text, context) => {
  const found = findReason(text);
  if (found !== undefined) return found;
  const says = saysNotFoundOrRefuses(text) ? "找不到、拒绝核查的单位不替换，按差错计" : REASON_LIST;
  context.issues.push({ code: "custom", input: text, message: `“${text}”不是替换理由；${says}` });
  return z.NEVER;
});
const inOrder = (reasons: readonly ReplacementReason[]) => REPLACEMENT_REASONS.filter((code) => reasons.includes(code));

export const Plan = z
  .strictObject({
    method: z.enum(METHODS, { error: "抽签方法 method 应为 ticket 或 seedrandom" }),
    cities: CityChoice.optional(),
    areas: Areas.optional(),
    quotas: z
      .array(Quota)
      .min(1, { error: "至少写一类污染源的抽取数量" })
      .superRefine((quotas, context) => {
        for (const [index, quota] of quotas.entries()) {
          const fault = clashOf(
            quota,
            quotas.slice(0, index).filter((other) => other.class === quota.class),
          );
          if (fault !== undefined) context.addIssue({ code: "custom", path: [index, "class"], message: fault });
        }
      }),
    exclude: z.array(Exclusion).default([]),
    assign: AssignPlan.optional(),
    /** Reasons for which a drawn unit may be replaced; all four where absent. */
    replaceFor: z
      .array(ReasonName, { error: REASON_LIST })
      .min(1, { error: REASON_LIST })
      .transform(inOrder)
      .optional(),
    /** Whether undecided cities are to be followed up: the first verdict then leaves part of its chance of error to later ones. */
    followUp: z.literal(true, { error: "followUp 只能写 true（预计补充抽查），或不写" }).optional(),
  })
  .superRefine((plan, context) => {
    for (const [index, quota] of plan.quotas.entries()) {
      const fault = (key: string, message: string) =>
        context.addIssue({ code: "custom", path: ["quotas", index, key], message });
      if (quota.size !== undefined && plan.method !== "ticket") {
        fault("size", "按规模抽取（size）只能用签号法 method: ticket");
      }
      if (plan.areas === undefined) continue;
      for (const key of ["by", "spread"] as const) {
        if (quota[key] !== undefined) fault(key, `分两阶段抽取（areas）时，数量就是每个抽中片区的数量，不再写 ${key}`);
      }
    }
  });
export type Plan = z.infer<typeof Plan>;

/** Why a quota cannot stand beside earlier ones of its class: their units must be told apart by one column. */
function clashOf(quota: Quota, others: readonly Quota[]): string | undefined {
  if (others.length === 0) return undefined;
  const all = [quota, ...others];
  if (all.some(({ population }) => population === undefined)) {
    return "同一类别写了两次；要从几个总体分别抽取，请各写 population（名称）和 only（条件）";
  }
  if (new Set(all.map(({ population }) => population)).size < all.length) return "同一类别的 population 重名";
  const values = all.flatMap(({ only }) => only?.values ?? []);
  const isDisjoint = new Set(values).size === values.length;
  const isOneColumn = new Set(all.map(({ only }) => only?.column)).size === 1;
  if (isOneColumn && isDisjoint && all.every(({ only }) => only?.values !== undefined)) return undefined;
  return "同一类别的几个总体须用同一列的不同取值（only.column 相同，values 不重复），以免同一单位抽两次";
}

/**
 * Reads a plan.
 * @throws ChouqianError E-PLAN-INVALID with the line of each fault
 */
export function parsePlan(yaml: string): Plan {
  return parseYaml(Plan, yaml, "plan.yaml", "E-PLAN-INVALID");
}

/** A city's figure in the table by which cities are chosen. */
export interface CityFigure {
  readonly city: string;
  readonly figure: number;
}

/**
 * What is sealed: the plan with its defaults filled in and its lists read, and the cities it is drawn for (`all` or their
 * codes). Where the plan chooses cities by a table, these are the chosen ones; where by lot, those in the lot.
 */
export interface SealedPlan {
  readonly plan: Plan;
  readonly cities: "all" | readonly string[];
  /** The ranking by which cities were chosen, the highest first. */
  readonly cityFigures?: readonly CityFigure[] | undefined;
}

/** Digest of the canonical JSON of the sealed plan. Comments and layout of the YAML file do not enter it. */
export function planDigest(sealed: SealedPlan): string {
  return digest(planText(sealed));
}

/** The bytes that are sealed: canonical JSON of the plan with its defaults, its lists and its cities. */
export function planText({ plan, cities, cityFigures }: SealedPlan): string {
  const { cities: choice, ...rest } = plan;
  const asked = cities === "all" ? "all" : [...cities].sort();
  return canonicalJson({ cities: asked, cityChoice: choice, cityFigures, ...rest } as unknown as JsonValue);
}

/**
 * Reads what `planText` wrote, such as `draw/plan.json`, which names no other file.
 * @throws ChouqianError E-PLAN-INVALID where it is no such text
 */
export function parseSealedPlan(text: string): SealedPlan {
  const sealed = sealedPlanIn(text);
  if (sealed !== undefined && planText(sealed) === text) return sealed;
  throw new ChouqianError("E-PLAN-INVALID", {
    message: words("draw/plan.json 被改动或已损坏", "draw/plan.json was changed or is damaged"),
    advice: words("恢复抽签时写出的原文件", "restore the file that the draw wrote"),
    at: { file: "draw/plan.json" },
    exitCode: 3,
  });
}

const SealedText = z.looseObject({
  cities: z.union([z.literal("all"), z.array(z.string())]),
  cityChoice: z.unknown().optional(),
  cityFigures: z.array(z.object({ city: z.string(), figure: z.number() })).optional(),
});

function sealedPlanIn(text: string): SealedPlan | undefined {
  try {
    // The section on inspectors is sealed with the people in place of their file, so it is taken as it stands.
    const { cities, cityChoice, cityFigures, assign, ...rest } = SealedText.parse(JSON.parse(text));
    const plan = Plan.parse(cityChoice === undefined ? rest : { ...rest, cities: cityChoice });
    return { plan: assign === undefined ? plan : { ...plan, assign: assign as Plan["assign"] }, cities, cityFigures };
  } catch {
    return undefined;
  }
}
