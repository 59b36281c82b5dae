/**
 * Teams by lot: leaders first, the others dealt out in the order of their tickets. Where such teams cannot do the work,
 * two people at a time change places, in an order fixed by the tickets, as long as that lets more sources be placed;
 * then the next lot is tried, and at last every way of forming teams (docs/assign.md). Pure.
 */
import { compareBytes, digest } from "../text/canonical.ts";
import type { Crew, Kind } from "./crew.ts";
import { Matching } from "./matching.ts";
import type { Rule } from "./rules.ts";

/** Members of each team as numbers of the crew's people. */
export type Teams = readonly (readonly number[])[];

/** Lots that are tried, changes of places looked at in one of them, and ways of forming teams looked at in the end. */
export const MOST_LOTS = 8;
const MOST_CHANGES = 4000;
const MOST_WAYS = 12_000;

/** What the teams have to do: kinds, how many sources of each, and the rules in force. */
export interface Work {
  readonly crew: Crew;
  readonly kinds: readonly Kind[];
  readonly counts: readonly number[];
  readonly rules: ReadonlySet<Rule>;
}

export interface FoundTeams {
  readonly teams: Teams;
  /** Number of the lot, counting from 1; 0 where teams were found by going through every way. */
  readonly lot: number;
}

/** Ticket of something in the second draw: digest of `seed:name`. */
export function ticketOf(seed: string, name: string): string {
  return digest(`${seed}:${name}`);
}

/** The crew's people in the order of their tickets in one lot. */
export function lotOrder({ people }: Crew, seed: string, lot: number): number[] {
  const tickets = people.map(({ id }) => ticketOf(`${seed}/${lot}`, id));
  const order = people.map((_, index) => index);
  return order.sort((a, b) => compareBytes(tickets[a] ?? "", tickets[b] ?? "") || a - b);
}

/** Which kinds each team may take: all its members may inspect them, and one at least has the skill. Kinds by teams. */
export function allowedOf(kinds: readonly Kind[], teams: Teams): boolean[][] {
  return kinds.map((kind) => teams.map((team) => canTake(team, kind)));
}

function columnOf(kinds: readonly Kind[], team: readonly number[]): boolean[] {
  return kinds.map((kind) => canTake(team, kind));
}

function canTake(team: readonly number[], { may, able }: Kind): boolean {
  return team.every((person) => may[person] === true) && team.some((person) => able[person] === true);
}

/** A matching of the work to teams, as far as it goes. */
export function matchingOf({ crew, kinds, counts, rules }: Work, teams: Teams): Matching {
  const loads = rules.has("loads") ? crew : { share: Number.POSITIVE_INFINITY, extras: 0 };
  return new Matching(allowedOf(kinds, teams), counts, loads);
}

/** Teams that can do the work, by lot; undefined where neither lots nor all the ways looked at give any. */
export function findTeams(work: Work, seed: string): FoundTeams | "none" | "unknown" {
  for (let lot = 1; lot <= MOST_LOTS; lot++) {
    const teams = improved(work, dealt(work, seed, lot));
    if (teams !== undefined) return { teams, lot };
  }
  const found = searched(work, lotOrder(work.crew, seed, 1));
  return typeof found === "string" ? found : { teams: found, lot: 0 };
}

/** Teams as the lot deals them: the first leaders by ticket lead, all others fill the places, a round at a time. */
export function dealt({ crew, rules }: Work, seed: string, lot: number): number[][] {
  const order = lotOrder(crew, seed, lot);
  const isLeader = (person: number) => !rules.has("leader") || crew.people[person]?.leader === true;
  const leaders = order.filter(isLeader).slice(0, crew.sizes.length);
  const others = order.filter((person) => !leaders.includes(person));
  const teams = leaders.map((leader) => [leader]);
  for (let place = 1; place < Math.max(...crew.sizes); place++) {
    teams.forEach((team, index) => {
      const next = place < (crew.sizes[index] ?? 0) ? others.shift() : undefined;
      if (next !== undefined) team.push(next);
    });
  }
  return teams;
}

/**
 * Teams with people in changed places so that all sources can be placed. Goes through the pairs of places, team by team
 * and place by place, and keeps each change that lets more sources be placed, until a whole pass brings none.
 */
function improved(work: Work, start: Teams): Teams | undefined {
  const { crew, kinds, rules } = work;
  const teams = start.map((team) => [...team]);
  const places = teams.flatMap((team, index) => team.map((_, place) => ({ team: index, place })));
  const looks = profiles(crew, kinds);
  const hasLeader = (team: readonly number[]) =>
    !rules.has("leader") || team.some((person) => crew.people[person]?.leader === true);
  let matching = matchingOf(work, teams);
  let left = matching.fill();
  let looked = 0;
  for (let isBetter = true; isBetter && left > 0; ) {
    isBetter = false;
    for (const [index, a] of places.entries()) {
      for (const b of places.slice(index + 1)) {
        const [first, second] = [teams[a.team] ?? [], teams[b.team] ?? []];
        const [one, other] = [first[a.place] ?? 0, second[b.place] ?? 0];
        if (a.team === b.team || looks[one] === looks[other]) continue;
        const changed = [
          first.map((person, place) => (place === a.place ? other : person)),
          second.map((person, place) => (place === b.place ? one : person)),
        ] as const;
        if (!changed.every(hasLeader)) continue;
        const allowed = new Map([
          [a.team, columnOf(kinds, changed[0])],
          [b.team, columnOf(kinds, changed[1])],
        ]);
        if (!matching.mayGain(allowed)) continue;
        if (++looked > MOST_CHANGES) return undefined;
        const next = matching.changed(allowed);
        const nextLeft = next.fill();
        if (nextLeft >= left) continue;
        [teams[a.team], teams[b.team]] = changed;
        [matching, left, isBetter] = [next, nextLeft, true];
        if (left === 0) return teams;
      }
    }
  }
  return left === 0 ? teams : undefined;
}

/** People between whom no rule makes a difference look the same. */
function profiles({ people }: Crew, kinds: readonly Kind[]): string[] {
  return people.map(({ leader }, person) =>
    [leader, ...kinds.flatMap(({ may, able }) => [may[person], able[person]])].map(Number).join(""),
  );
}

/**
 * The first way of forming teams that can do the work, going through all of them: the first person left, in the order
 * of tickets, takes the next ones that complete a team. Ways that differ by people who look the same count once.
 */
function searched(work: Work, order: readonly number[]): Teams | "none" | "unknown" {
  const { crew, kinds, rules } = work;
  const looks = profiles(crew, kinds);
  const isLeader = (person: number) => !rules.has("leader") || crew.people[person]?.leader === true;
  let ways = 0;
  const team = (
    left: readonly number[],
    size: number,
    chosen: readonly number[],
    use: (team: readonly number[]) => Teams | undefined,
  ): Teams | undefined => {
    if (chosen.length === size) return chosen.some(isLeader) ? use(chosen) : undefined;
    const seen = new Set<string | undefined>();
    for (const [index, person] of left.entries()) {
      if (ways > MOST_WAYS) return undefined;
      if (seen.has(looks[person])) continue;
      seen.add(looks[person]);
      const found = team(left.slice(index + 1), size, [...chosen, person], use);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const form = (left: readonly number[], sizes: readonly number[], done: Teams): Teams | undefined => {
    const [first, ...others] = left;
    if (first === undefined) {
      ways++;
      return matchingOf(work, done).fill() === 0 ? done : undefined;
    }
    for (const size of new Set(sizes)) {
      const rest = [...sizes];
      rest.splice(rest.indexOf(size), 1);
      const found = team(others, size, [first], (chosen) =>
        form(
          others.filter((person) => !chosen.includes(person)),
          rest,
          [...done, chosen],
        ),
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return form(order, crew.sizes, []) ?? (ways > MOST_WAYS ? "unknown" : "none");
}
