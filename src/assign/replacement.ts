/** The team of a unit that replaces another: the other's, unless a rule forbids it. Pure (docs/assign.md). */
import type { SealedAssign } from "../plan/assign-plan.ts";
import type { Inspector } from "../plan/roster.ts";
import { compareBytes } from "../text/canonical.ts";
import type { AssignmentManifest } from "./assignment.ts";
import { isAble, mayInspect, RULES, type Rule, type Source } from "./rules.ts";
import { ticketOf } from "./teams.ts";

export interface ReplacementTeam {
  readonly team: string;
  /** Rules that keep the replaced unit's team from inspecting the new one; empty where it keeps it. */
  readonly forbidden: readonly Rule[];
}

/**
 * The team for a replacement. Where a rule forbids the team of the replaced unit, the one with the least load among
 * those that may; among equals the lowest ticket `seed:team@id`.
 * @param own team of the replaced unit
 * @param loads sources of each team as they are now, earlier replacements counted
 * @returns undefined where no team may inspect it
 */
export function teamForReplacement(
  assignment: AssignmentManifest,
  plan: SealedAssign,
  own: string | undefined,
  replacement: Source,
  loads: ReadonlyMap<string, number>,
): ReplacementTeam | undefined {
  const waived = assignment.waived.map(({ rule }) => rule);
  const rules = new Set(RULES.filter((rule) => !waived.includes(rule)));
  const people = new Map(plan.inspectors.map((person) => [person.id, person]));
  const standing = assignment.teams.map(({ key, load, members }) => ({
    team: key,
    load: loads.get(key) ?? load,
    broken: brokenBy(
      members.flatMap(({ id }) => people.get(id) ?? []),
      replacement,
      plan,
      rules,
    ),
    ticket: ticketOf(assignment.seed, `${key}@${replacement.id}`),
  }));
  const kept = standing.find(({ team }) => team === own);
  if (kept !== undefined && kept.broken.length === 0) return { team: kept.team, forbidden: [] };
  const [next] = standing
    .filter(({ broken }) => broken.length === 0)
    .sort((a, b) => a.load - b.load || compareBytes(a.ticket, b.ticket));
  return next === undefined ? undefined : { team: next.team, forbidden: kept?.broken ?? [] };
}

/** The rules that a team breaks by inspecting a source. */
export function brokenBy(
  members: readonly Inspector[],
  source: Source,
  { avoid, skills }: Pick<SealedAssign, "avoid" | "skills">,
  rules: ReadonlySet<Rule>,
): Rule[] {
  const isMet: Readonly<Record<Rule, boolean>> = {
    ownPlace: members.every((person) => mayInspect(person, source, avoid, new Set(["ownPlace" as const]))),
    conflicts: members.every((person) => mayInspect(person, source, avoid, new Set(["conflicts" as const]))),
    skills: members.some((person) => isAble(person, source.sourceClass, skills, new Set(["skills" as const]))),
    leader: members.some(({ leader }) => leader),
    loads: true,
  };
  return RULES.filter((rule) => rules.has(rule) && !isMet[rule]);
}
