/** The second draw: sources to teams by lot under the rules, near together. A pure function of roster, sample and seed. */
import type { Inspector } from "../plan/roster.ts";
import { compareBytes } from "../text/canonical.ts";
import { type Crew, crewOf, kindsOf, rulesOf } from "./crew.ts";
import { type Conflict, conflictOf, teamsFor } from "./impossible.ts";
import { Matching } from "./matching.ts";
import type { Source, Task } from "./rules.ts";
import { allowedOf, lotOrder, MOST_LOTS, matchingOf, type Teams, ticketOf, type Work } from "./teams.ts";

export interface AssignedTeam {
  /** 1 for the first. */
  readonly team: number;
  /** The leader first, then by ticket. */
  readonly members: readonly Inspector[];
}

export interface AssignedSource extends Source {
  /** Place in the order in which sources were given out. */
  readonly rank: number;
  readonly ticket: string;
  readonly team: number;
}

export interface Assignment {
  readonly lot: number;
  readonly standby: readonly Inspector[];
  readonly teams: readonly AssignedTeam[];
  readonly sources: readonly AssignedSource[];
}

/** Why there is no assignment: what is in conflict, or that none was found and none is proved impossible. */
export type Refusal =
  | { readonly why: "too few"; readonly standby: readonly Inspector[] }
  | { readonly why: "conflict"; readonly conflict: Conflict }
  | { readonly why: "not found"; readonly lots: number };

/**
 * Forms teams and gives each source to one (docs/assign.md).
 * @param seed seed of the draw `<round>/assign`, 64 hex digits
 */
export function assignInspectors(task: Task, seed: string): Assignment | Refusal {
  const crew = crewOf(task);
  if (crew.sizes.length === 0) return { why: "too few", standby: crew.standby };
  const rules = rulesOf(task);
  const kinds = kindsOf(task, crew, rules);
  const work = { crew, kinds, counts: kinds.map(({ sources }) => sources.length), rules };
  const found = teamsFor(work, seed);
  if (found === "none") return { why: "conflict", conflict: conflictOf(task, crew, rules, seed) };
  if (found === "unknown") return { why: "not found", lots: MOST_LOTS };
  const matching = rules.has("loads") ? matchingOf(work, found.teams) : evenest(work, found.teams);
  return {
    lot: found.lot,
    standby: crew.standby,
    teams: found.teams.map((team, index) => ({ team: index + 1, members: inOrder(crew, team, seed, found.lot) })),
    sources: givenOut(task, work, matching, seed),
  };
}

/** A team's members: its leader first, who is the qualified one with the lowest ticket, then the others by ticket. */
function inOrder(crew: Crew, team: readonly number[], seed: string, lot: number): Inspector[] {
  const order = lotOrder(crew, seed, Math.max(1, lot));
  const members = [...team]
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .flatMap((each) => crew.people[each] ?? []);
  const leader = members.find((person) => person.leader) ?? members[0];
  return members.sort((a, b) => Number(b === leader) - Number(a === leader));
}

/** Where the rule on loads is given up: the matching whose highest load is least. */
function evenest(work: Work, teams: Teams): Matching {
  const allowed = allowedOf(work.kinds, teams);
  for (let share = work.crew.share; ; share++) {
    const matching = new Matching(allowed, work.counts, { share, extras: 0 });
    if (matching.fill() === 0) return new Matching(allowed, work.counts, { share, extras: 0 });
  }
}

/**
 * Goes through the sources city by city and county by county in the order of their tickets. Each source gets the first
 * team, by preference, with which all later ones can still be placed: a team that has work in the county, then one that
 * has work in the city, then one that has work elsewhere, then one without work; among these by the team's ticket for
 * the county.
 */
function givenOut({ sources }: Task, { kinds }: Work, matching: Matching, seed: string): AssignedSource[] {
  matching.fill();
  const kindOf = new Map(kinds.flatMap((kind, index) => kind.sources.map((source) => [source, index] as const)));
  const tickets = new Map<string, string>();
  const ticket = (name: string) => {
    const known = tickets.get(name) ?? ticketOf(seed, name);
    tickets.set(name, known);
    return known;
  };
  const placeOf = ({ city, county }: Source) => `${city}/${county}`;
  const order = [...sources].sort(
    (a, b) =>
      compareBytes(ticket(a.city), ticket(b.city)) ||
      compareBytes(ticket(placeOf(a)), ticket(placeOf(b))) ||
      compareBytes(ticket(a.id), ticket(b.id)),
  );
  const visited = matching.loads.map(() => new Set<string>());
  return order.map((source, index) => {
    const place = placeOf(source);
    const nearness = (team: number) => {
      const places = visited[team] ?? new Set();
      return places.has(place) ? 0 : places.has(source.city) ? 1 : places.size > 0 ? 2 : 3;
    };
    const preferred = matching.loads
      .map((_, team) => ({ team, near: nearness(team), ticket: ticket(`${team + 1}@${place}`) }))
      .sort((a, b) => a.near - b.near || compareBytes(a.ticket, b.ticket));
    const taken = preferred.find(({ team }) => matching.fix(kindOf.get(source) ?? -1, team));
    if (taken === undefined) throw new RangeError(`no team for ${source.id}, though all sources were placed`);
    visited[taken.team]?.add(place).add(source.city);
    return { ...source, rank: index + 1, ticket: ticket(source.id), team: taken.team + 1 };
  });
}
