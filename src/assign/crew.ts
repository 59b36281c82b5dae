/** What the second draw works on: who takes part, how many teams there are, and sources of one kind together. Pure. */
import type { Inspector } from "../plan/roster.ts";
import { compareBytes } from "../text/canonical.ts";
import { isAble, mayInspect, RULES, type Rule, type Source, type Task } from "./rules.ts";

/** People and teams of a task. They stay the same when a part of the sources, or fewer rules, are looked at. */
export interface Crew {
  /** Who takes part, by certificate in byte order. */
  readonly people: readonly Inspector[];
  /** Who may inspect none of the sources. They stand by and have no load. */
  readonly standby: readonly Inspector[];
  /** People of each team, the larger teams first. */
  readonly sizes: readonly number[];
  /** Sources that each team gets; so many teams (`extras`) get one more. */
  readonly share: number;
  readonly extras: number;
}

/** Sources between which the rules make no difference. */
export interface Kind {
  readonly sources: readonly Source[];
  /** For each of the crew's people: may inspect them, and has a skill that they need. */
  readonly may: readonly boolean[];
  readonly able: readonly boolean[];
}

/** The rules of a task that are in force. */
export function rulesOf({ waived }: Task): ReadonlySet<Rule> {
  return new Set(RULES.filter((rule) => !waived.includes(rule)));
}

/** Who takes part and in how many teams: as many as people, leaders and the plan allow. */
export function crewOf(task: Task): Crew {
  const { plan, sources } = task;
  const rules = rulesOf(task);
  const places = distinct(sources, plan.inspectors);
  const isOfUse = (person: Inspector) => places.some((source) => mayInspect(person, source, plan.avoid, rules));
  const sorted = [...plan.inspectors].sort((a, b) => compareBytes(a.id, b.id));
  const people = sorted.filter(isOfUse);
  const leaders = rules.has("leader") ? people.filter(({ leader }) => leader).length : people.length;
  const most = Math.min(Math.floor(people.length / plan.teamSize), plan.teams ?? Infinity);
  const teams = leaders === 0 ? most : Math.min(most, leaders);
  const [size, larger] = [Math.floor(people.length / teams), people.length % teams];
  return {
    people,
    standby: sorted.filter((person) => !people.includes(person)),
    sizes: Array.from({ length: teams }, (_, team) => size + (team < larger ? 1 : 0)),
    share: Math.floor(sources.length / teams),
    extras: sources.length % teams,
  };
}

/** The sources by kind, in the order in which they come. */
export function kindsOf({ plan, sources }: Task, { people }: Crew, rules: ReadonlySet<Rule>): Kind[] {
  const kinds = new Map<string, { sources: Source[]; may: boolean[]; able: boolean[] }>();
  for (const source of sources) {
    const may = people.map((person) => mayInspect(person, source, plan.avoid, rules));
    const able = people.map((person) => isAble(person, source.sourceClass, plan.skills, rules));
    const key = [...may, ...able].map(Number).join("");
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { sources: [source], may, able });
    else kind.sources.push(source);
  }
  return [...kinds.values()];
}

/** One source of each county, and every one that somebody's conflicts might name. */
function distinct(sources: readonly Source[], people: readonly Inspector[]): Source[] {
  if (people.some(({ conflicts }) => conflicts.units.length > 0)) return [...sources];
  return [...new Map(sources.map((source) => [`${source.city}/${source.county}`, source])).values()];
}
