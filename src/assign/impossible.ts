/**
 * What stands in the way where no assignment is possible: a set of sources and rules that cannot be met, and of which
 * nothing can be left out (an irreducible infeasible subset; deletion filter of Chinneck and Dravnieks 1991). Pure.
 */
import type { Inspector } from "../plan/roster.ts";
import { type Crew, type Kind, kindsOf } from "./crew.ts";
import { Matching } from "./matching.ts";
import { RULES, type Rule, type Source, type Task } from "./rules.ts";
import { type FoundTeams, findTeams, type Work } from "./teams.ts";

/** Sources and rules in conflict, and the people whom these rules leave for these sources. */
export interface Conflict {
  readonly sources: readonly Source[];
  readonly rules: readonly Rule[];
  /** Who may inspect one of the sources at least, has the skill where that rule is among them, and so on. */
  readonly people: readonly Inspector[];
}

/** Teams that can do the work; "none" where there are none, "unknown" where none were found and none are ruled out. */
export function teamsFor(work: Work, seed: string): FoundTeams | "none" | "unknown" {
  return isRuledOut(work) ? "none" : findTeams(work, seed);
}

/** So many people can be formed into teams in every way; with more, the conditions that rule a work out are the proof. */
const FEW_PEOPLE = 10;

/** What decides that a part of an impossible work is impossible by itself. */
function testFor(work: Work, seed: string): (part: Work) => boolean {
  if (work.crew.people.length > FEW_PEOPLE && isRuledOut(work)) return isRuledOut;
  return (part) => teamsFor(part, seed) === "none";
}

/** Conditions that any assignment meets, checked exactly whatever the teams: a work that breaks one is impossible. */
function isRuledOut({ crew, kinds, counts, rules }: Work): boolean {
  const { people, sizes, share, extras } = crew;
  const used = kinds.filter((_, kind) => (counts[kind] ?? 0) > 0);
  const has = (kind: Kind, test: (person: number) => boolean) =>
    people.filter((_, person) => kind.may[person] === true && test(person)).length;
  const leads = (person: number) => !rules.has("leader") || people[person]?.leader === true;
  const least = sizes.at(-1) ?? 0;
  if (!people.some((_, person) => leads(person))) return true;
  if (used.some((kind) => has(kind, () => true) < least || has(kind, leads) === 0)) return true;
  if (used.some((kind) => has(kind, (person) => kind.able[person] === true) === 0)) return true;
  if (!rules.has("loads")) return false;
  // One of a team's leaders, and one of those with the skill, answers for each of its sources: nobody for more than a share.
  const loads = { share, extras };
  const canPlace = (test: (kind: Kind, person: number) => boolean) => {
    const allowed = kinds.map((kind) => people.map((_, person) => kind.may[person] === true && test(kind, person)));
    return new Matching(allowed, counts, loads).fill() === 0;
  };
  if (!canPlace((_, person) => leads(person)) || !canPlace((kind, person) => kind.able[person] === true)) return true;
  // With all sources to be done nobody may have less than a share either.
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < share * sizes.length + extras) return false;
  return people.some((_, person) => {
    const open = kinds.reduce((sum, kind, index) => sum + (kind.may[person] === true ? (counts[index] ?? 0) : 0), 0);
    return open < share;
  });
}

/** The conflict of a task that is not possible: first the rules are thinned out, then the sources. */
export function conflictOf(task: Task, crew: Crew, rules: ReadonlySet<Rule>, seed: string): Conflict {
  const kept = new Set(rules);
  const workOf = (tried: ReadonlySet<Rule>): Work => {
    const kinds = kindsOf(task, crew, tried);
    return { crew, kinds, counts: kinds.map(({ sources }) => sources.length), rules: tried };
  };
  const isImpossible = testFor(workOf(rules), seed);
  for (const rule of ["skills", "leader", "ownPlace", "conflicts", "loads"] as const) {
    if (!kept.has(rule)) continue;
    const without = new Set([...kept].filter((other) => other !== rule));
    if (isImpossible(workOf(without))) kept.delete(rule);
  }
  const work = workOf(kept);
  const counts = [...work.counts];
  for (const kind of counts.keys()) counts[kind] = leastImpossible({ ...work, counts }, kind, isImpossible);
  const sources = work.kinds.flatMap((kind, index) => kind.sources.slice(0, counts[index]));
  const isConcerned = (_: Inspector, person: number) =>
    work.kinds.some(({ may, able }, kind) => (counts[kind] ?? 0) > 0 && may[person] === true && able[person] === true);
  return {
    sources,
    rules: RULES.filter((rule) => kept.has(rule)),
    people: crew.people.filter(isConcerned),
  };
}

/** The fewest sources of one kind with which the work is still impossible. */
function leastImpossible(work: Work, kind: number, isImpossible: (part: Work) => boolean): number {
  let [possible, impossible] = [-1, work.counts[kind] ?? 0];
  while (impossible - possible > 1) {
    // Most often none is needed: that is tried first.
    const tried = possible === -1 ? 0 : Math.floor((possible + impossible) / 2);
    const counts = work.counts.map((count, index) => (index === kind ? tried : count));
    if (isImpossible({ ...work, counts })) impossible = tried;
    else possible = tried;
    if (impossible === 0) return 0;
  }
  return impossible;
}
