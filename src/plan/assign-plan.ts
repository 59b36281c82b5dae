/** The plan's section on inspectors: who is on the roster, how large a team is, and the rules of the second draw. */
import { z } from "zod";
import { SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { findClass } from "../reference/ledger-values.ts";
import { canonicalText, compareBytes } from "../text/canonical.ts";
import { wholeNumber } from "./quota.ts";
import type { Inspector } from "./roster.ts";

const skill = z.string({ error: "专长应为文字，如 工业" }).transform(canonicalText).pipe(z.string().min(1));

/** For each class the skills of which somebody in the team needs one; a class that is not named needs none. */
const Skills = z
  .record(
    z.string(),
    z.array(skill, { error: "每一类写出专长的列表，如 [工业]" }).min(1, { error: "至少写一项专长" }),
    {
      error: "assign.skills 应写成 { 工业源: [工业], 农业源: [畜禽, 农业] } 的样子",
    },
  )
  .transform((named, context) => {
    const found = new Map<SourceClass, readonly string[]>();
    for (const [text, skills] of Object.entries(named)) {
      const sourceClass = findClass(text);
      const fault =
        sourceClass === undefined
          ? `不认识的污染源类别“${text}”，应为工业源、农业源、生活源、集中式污染治理设施或移动源`
          : found.has(sourceClass)
            ? `“${text}”一类写了两次`
            : undefined;
      if (fault !== undefined) context.issues.push({ code: "custom", input: named, path: [text], message: fault });
      else if (sourceClass !== undefined) found.set(sourceClass, [...new Set(skills)].sort(compareBytes));
    }
    return Object.fromEntries(SOURCE_CLASSES.flatMap((name) => (found.has(name) ? [[name, found.get(name)]] : [])));
  })
  .pipe(z.partialRecord(z.enum(SOURCE_CLASSES), z.array(z.string())));

/** Which inspectors go to which source is drawn by lot too (双随机); the roster and these rules are sealed with the plan. */
export const AssignPlan = z.strictObject({
  /** A file in the round folder, one inspector a row; the sealed plan holds the people themselves. */
  roster: z
    .string({ error: "assign.roster 应为检查人员名单的文件名，如 inspectors.csv" })
    .refine((name) => !/[/\\]/.test(name) && name !== "", {
      error: "assign.roster 只写轮次文件夹里的文件名，不带路径",
    }),
  /** Inspectors in a team, at least. */
  teamSize: wholeNumber("assign.teamSize（每组人数）应为不小于 2 的整数", 2).default(2),
  /** At most so many teams; as many as people and leaders allow where absent. */
  teams: wholeNumber("assign.teams（组数）应为正整数", 1).optional(),
  /** Nobody inspects the own city, or (in a round of one city) the own county. */
  avoid: z
    .enum(["city", "county"], { error: "assign.avoid 应为 city（回避本市）或 county（只回避本县区）" })
    .default("city"),
  skills: Skills.default({}),
});
export type AssignPlan = z.infer<typeof AssignPlan>;

/** The section as it is sealed: the people in place of their file, sorted by certificate in byte order. */
export interface SealedAssign extends Omit<AssignPlan, "roster"> {
  readonly inspectors: readonly Inspector[];
}

/** The section of a plan whose lists are read; undefined where the plan has none. */
export function sealedAssign({ assign }: { readonly assign?: unknown }): SealedAssign | undefined {
  return assign as SealedAssign | undefined;
}
