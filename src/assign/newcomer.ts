/** The team of a unit that joins the sample after the assignment: a replacement, or one of a follow-up. Pure (docs/assign.md). */
import type { SealedAssign } from "../plan/assign-plan.ts";
import type { Inspector } from "../plan/roster.ts";
import { compareBytes } from "../text/canonical.ts";
import type { AssignmentManifest } from "./assignment.ts";
import { isAble, mayInspect, RULES, type Rule, type Source } from "./rules.ts";
import { ticketOf } from "./teams.ts";

export interface NewcomerTeam {
  readonly team: string;
  /** Rules that keep the replaced unit's team from inspecting the new one; empty where it keeps it, and in a follow-up. */
  readonly forbidden: readonly Rule[];
}

/** What each team has to do by now, earlier newcomers counted. */
export interface TeamWork {
  /** Sources. */
  readonly load: number;
  /** Keys of counties (`city/county`) and codes of cities in which they lie. */
  readonly places: ReadonlySet<string>;
}

/**
 * The team for a replacement. Where a rule forbids the team of the replaced unit, the one with the least load among
 * those that may; among equals the lowest ticket `seed:team@id`.
 * @param own team of the replaced unit
 * @returns undefined where no team may inspect it
 */
export function teamForReplacement(
  assignment: AssignmentManifest,
  plan: SealedAssign,
  own: string | undefined,
  replacement: Source,
  work: ReadonlyMap<string, TeamWork>,
): NewcomerTeam | undefined {
  const standing = standingOf(assignment, plan, replacement, work);
  const kept = standing.find(({ team }) => team === own);
  if (kept !== undefined && kept.broken.length === 0) return { team: kept.team, forbidden: [] };
  const [next] = standing
    .filter(({ broken }) => broken.length === 0)
    .sort((a, b) => a.load - b.load || compareBytes(a.ticket, b.ticket));
  return next === undefined ? undefined : { team: next.team, forbidden: kept?.broken ?? [] };
}

/**
 * The team for a unit of a follow-up: the one with the least load among those that may inspect it, so that loads stay as even
 * as the assignment made them; among equals one that has work in its county, then in its city, then the lowest ticket.
 * @returns undefined where no team may inspect it
 */
export function teamForFurther(
  assignment: AssignmentManifest,
  plan: SealedAssign,
  source: Source,
  work: ReadonlyMap<string, TeamWork>,
): NewcomerTeam | undefined {
  const [next] = standingOf(assignment, plan, source, work)
    .filter(({ broken }) => broken.length === 0)
    .sort((a, b) => a.load - b.load || a.distance - b.distance || compareBytes(a.ticket, b.ticket));
  return next && { team: next.team, forbidden: [] };
}

/** Each team as it stands to a source: its load, the rules that it would break, and how far away its work is. */
function standingOf(
  assignment: AssignmentManifest,
  plan: SealedAssign,
  source: Source,
  work: ReadonlyMap<string, TeamWork>,
) {
  const waived = assignment.waived.map(({ rule }) => rule);
  const rules = new Set(RULES.filter((rule) => !waived.includes(rule)));
  const people = new Map(plan.inspectors.map((person) => [person.id, person]));
  return assignment.teams.map(({ key, load, members }) => {
    const own = work.get(key);
    const isIn = (place: string) => own?.places.has(place) === true;
    return {
      team: key,
      load: own?.load ?? load,
      distance: isIn(countyPlace(source)) ? 0 : isIn(source.city) ? 1 : 2,
      broken: brokenBy(
        members.flatMap(({ id }) => people.get(id) ?? []),
        source,
        plan,
        rules,
      ),
      ticket: ticketOf(assignment.seed, `${key}@${source.id}`),
    };
  });
}

export function countyPlace({ city, county }: Pick<Source, "city" | "county">): string {
  return `${city}/${county}`;
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
