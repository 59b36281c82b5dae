/** The rules of the second draw: who may inspect what, and what a team must have. Pure (docs/assign.md). */
import type { SealedAssign } from "../plan/assign-plan.ts";
import { type Inspector, unitKey } from "../plan/roster.ts";
import type { SourceClass } from "../reference/classes.ts";
import { type Words, words } from "../text/words.ts";

/** Each rule by name, in the order in which they are named to people. */
export const RULES = ["ownPlace", "conflicts", "skills", "leader", "loads"] as const;
export type Rule = (typeof RULES)[number];

export const RULE_WORDS: Readonly<Record<Rule, Words>> = {
  ownPlace: words("不查本地（assign.avoid）", "nobody inspects the own place (assign.avoid)"),
  conflicts: words("回避（名单的“回避单位”列）", "conflicts listed in the roster"),
  skills: words("每组有人具备所需专长（assign.skills）", "somebody of the team has the skill (assign.skills)"),
  leader: words("每组有组长", "a leader in each team"),
  loads: words("工作量相差不超过 1 家", "loads differ by at most one"),
};

/** A drawn source, as far as the rules look at it. */
export interface Source {
  readonly id: string;
  readonly name: string;
  /** Codes; the county as the ledger has it where it is no division. */
  readonly city: string;
  readonly county: string;
  readonly sourceClass: SourceClass;
}

/** What is to be matched, under which rules. */
export interface Task {
  readonly plan: SealedAssign;
  readonly sources: readonly Source[];
  /** Rules that are given up, openly and with a reason. */
  readonly waived: readonly Rule[];
}

/** Whether the rules on places and conflicts let a person inspect a source. */
export function mayInspect(
  person: Inspector,
  source: Source,
  avoid: SealedAssign["avoid"],
  rules: ReadonlySet<Rule>,
): boolean {
  const { cities, counties, units } = person.conflicts;
  if (rules.has("ownPlace")) {
    if (avoid === "city" && person.city !== "" && person.city === source.city) return false;
    if (person.county !== "" && person.county === source.county) return false;
  }
  if (!rules.has("conflicts")) return true;
  if (cities.includes(source.city) || counties.includes(source.county)) return false;
  return !units.includes(unitKey(source.id)) && !units.includes(unitKey(source.name));
}

/** Whether a person has a skill that a source of this class needs; everybody has where it needs none. */
export function isAble(
  person: Inspector,
  sourceClass: SourceClass,
  skills: SealedAssign["skills"],
  rules: ReadonlySet<Rule>,
): boolean {
  const wanted = skills[sourceClass];
  if (wanted === undefined || !rules.has("skills")) return true;
  return person.skills.some((skill) => wanted.includes(skill));
}
