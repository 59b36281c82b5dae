import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignInspectors } from "../../src/assign/assign.ts";
import { crewOf, kindsOf, rulesOf } from "../../src/assign/crew.ts";
import { brokenBy } from "../../src/assign/newcomer.ts";
import { RULES, type Rule, type Task } from "../../src/assign/rules.ts";
import { allowedOf, dealt } from "../../src/assign/teams.ts";
import type { Inspector } from "../../src/plan/roster.ts";
import { digest } from "../../src/text/canonical.ts";
import { assigned, inspector, source, taskOf } from "../support/inspectors.ts";

const CITIES = ["440100", "440500", "440700", "445100"];
const CLASSES = ["industrial", "agricultural", "mobile"] as const;
const SKILLS = ["工业", "农业", "移动"];
const NEEDS = { industrial: ["工业"], agricultural: ["农业", "畜禽"] };
const seedOf = (number: number) => digest(`seed ${number}`);

const people = (least: number, most: number) =>
  fc
    .array(
      fc.record({
        city: fc.constantFrom("", ...CITIES),
        skills: fc.subarray(SKILLS),
        leader: fc.boolean(),
        conflicts: fc.record({
          cities: fc.constant([]),
          counties: fc.constantFrom([], ["44010001"], ["44050002"]),
          units: fc.constantFrom([], ["S0"], ["单位S1"]),
        }),
      }),
      { minLength: least, maxLength: most },
    )
    .map((all) => all.map((given, index) => inspector(`C${index}`, given)));
const sources = (most: number) =>
  fc
    .array(
      fc.record({
        city: fc.constantFrom(...CITIES),
        county: fc.constantFrom("01", "02"),
        sourceClass: fc.constantFrom(...CLASSES),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((all) => all.map((given, index) => source(`S${index}`, { ...given, county: `${given.city}${given.county}` })));
const tasks = (least: number, most: number, mostSources: number) =>
  fc
    .tuple(people(least, most), sources(mostSources), fc.integer({ min: 2, max: 3 }))
    .map(([inspectors, drawn, teamSize]) => taskOf(inspectors, drawn, { teamSize, skills: NEEDS }));

/** Every way of forming teams of the crew's sizes and of giving the sources to them, tried one by one. */
function isPossibleByTrial(task: Task, parts: typeof task.sources, rules: ReadonlySet<Rule>): boolean {
  const { people: crew, sizes, share, extras } = crewOf(task);
  if (sizes.length === 0) return false;
  const isWhole = parts.length === task.sources.length;
  const place = (teams: readonly Inspector[][]): boolean => {
    const loads = teams.map(() => 0);
    const give = (index: number): boolean => {
      const next = parts[index];
      if (next === undefined) return !isWhole || !rules.has("loads") || loads.every((load) => load >= share);
      return teams.some((team, t) => {
        const isMost = (loads[t] ?? 0) >= share + 1;
        const isShare = (loads[t] ?? 0) >= share && loads.filter((load) => load > share).length >= extras;
        if (rules.has("loads") && (isMost || isShare)) return false;
        if (brokenBy(team, next, task.plan, new Set([...rules].filter((rule) => rule !== "loads"))).length > 0)
          return false;
        loads[t] = (loads[t] ?? 0) + 1;
        if (give(index + 1)) return true;
        loads[t] = (loads[t] ?? 0) - 1;
        return false;
      });
    };
    return give(0);
  };
  const withLeaders = (teams: Inspector[][]) =>
    !rules.has("leader") || teams.every((team) => team.some(({ leader }) => leader));
  const form = (left: readonly Inspector[], teams: Inspector[][]): boolean => {
    const [first, ...others] = left;
    if (first === undefined) return withLeaders(teams) && place(teams);
    return teams.some((team, index) => {
      if (team.length >= (sizes[index] ?? 0)) return false;
      const isSameAsEarlier =
        team.length === 0 && teams.slice(0, index).some((other, o) => other.length === 0 && sizes[o] === sizes[index]);
      if (isSameAsEarlier) return false;
      team.push(first);
      if (form(others, teams)) return true;
      team.pop();
      return false;
    });
  };
  return form(
    crew,
    sizes.map(() => []),
  );
}

describe("assignment of inspectors", () => {
  test("every rule holds for each source, and loads differ by at most one", () => {
    let done = 0;
    fc.assert(
      fc.property(tasks(6, 10, 20), fc.nat(), (task, number) => {
        const result = assignInspectors(task, seedOf(number));
        if ("why" in result) return;
        done++;
        const { teams, sources: given, standby } = result;
        expect(given.map(({ id }) => id).sort()).toEqual(task.sources.map(({ id }) => id).sort());
        const members = teams.flatMap((team) => team.members);
        expect(new Set(members.map(({ id }) => id)).size).toBe(members.length);
        expect(members.length + standby.length).toBe(task.plan.inspectors.length);
        const loads = teams.map(({ team }) => given.filter((each) => each.team === team).length);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        for (const team of teams) {
          expect(team.members.length).toBeGreaterThanOrEqual(task.plan.teamSize);
          expect(team.members[0]?.leader).toBe(true);
        }
        for (const each of given) {
          const team = teams.find(({ team: number }) => number === each.team);
          expect(brokenBy(team?.members ?? [], each, task.plan, new Set(RULES))).toEqual([]);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(done).toBeGreaterThan(10);
  });

  test("the order of the roster and of the sample decides nothing", () => {
    fc.assert(
      fc.property(tasks(6, 10, 20), fc.nat(), fc.nat(), (task, number, shuffle) => {
        const mixed = <T extends { readonly id: string }>(list: readonly T[]) =>
          [...list].sort((a, b) => (digest(`${shuffle}${a.id}`) < digest(`${shuffle}${b.id}`) ? -1 : 1));
        const other = {
          ...task,
          plan: { ...task.plan, inspectors: mixed(task.plan.inspectors) },
          sources: mixed(task.sources),
        };
        const [one, two] = [assignInspectors(task, seedOf(number)), assignInspectors(other, seedOf(number))];
        if ("why" in one) expect("why" in two && two.why).toBe(one.why);
        else expect(two).toEqual(one);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  test("an assignment is found exactly where trying all of them finds one", () => {
    const answers = { yes: 0, no: 0 };
    fc.assert(
      fc.property(tasks(2, 6, 6), fc.nat(), (task, number) => {
        const result = assignInspectors(task, seedOf(number));
        const isPossible = isPossibleByTrial(task, task.sources, rulesOf(task));
        expect(!("why" in result)).toBe(isPossible);
        answers[isPossible ? "yes" : "no"]++;
      }),
      { numRuns: 400, seed: 3 },
    );
    expect(answers.yes).toBeGreaterThan(30);
    expect(answers.no).toBeGreaterThan(50);
  });

  test("what is named as in conflict is impossible by itself, and possible without any one part", () => {
    let seen = 0;
    fc.assert(
      fc.property(tasks(2, 6, 6), fc.nat(), (task, number) => {
        const result = assignInspectors(task, seedOf(number));
        if (!("why" in result) || result.why !== "conflict") return;
        seen++;
        const { sources: named, rules } = result.conflict;
        const possible = (parts: typeof named, inForce: readonly Rule[]) =>
          isPossibleByTrial(task, parts, new Set(inForce));
        expect(possible(named, rules)).toBe(false);
        for (const each of named) {
          expect(
            possible(
              named.filter((other) => other !== each),
              rules,
            ),
          ).toBe(true);
        }
        for (const rule of rules) {
          expect(
            possible(
              named,
              rules.filter((other) => other !== rule),
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 400, seed: 4 },
    );
    expect(seen).toBeGreaterThan(50);
  });

  test("people with a rare skill are not wasted on one team", () => {
    const roster = Array.from({ length: 20 }, (_, index) =>
      inspector(`C${index}`, { skills: index < 8 ? ["工业"] : [] }),
    );
    const drawn = Array.from({ length: 50 }, (_, index) =>
      source(`S${index}`, { sourceClass: index < 38 ? "industrial" : "mobile" }),
    );
    const task = taskOf(roster, drawn, { skills: NEEDS });
    for (let number = 0; number < 10; number++) {
      const { teams } = assigned(assignInspectors(task, seedOf(number)));
      const skilled = teams.filter(({ members }) => members.some(({ skills }) => skills.length > 0)).length;
      expect(skilled).toBe(8);
    }
    const crew = crewOf(task);
    const kinds = kindsOf(task, crew, rulesOf(task));
    const work = { crew, kinds, counts: [38, 12], rules: rulesOf(task) };
    const byLotAlone = allowedOf(kinds, dealt(work, seedOf(0), 1))[0]?.filter(Boolean).length;
    expect(byLotAlone).toBeLessThan(8);
  });

  test("who may inspect none of the sources stands by", () => {
    const roster = ["440500", "440500", "440100", "440100"].map((city, index) => inspector(`C${index}`, { city }));
    const { standby, teams } = assigned(assignInspectors(taskOf(roster, [source("S1"), source("S2")]), seedOf(1)));
    expect(standby.map(({ id }) => id)).toEqual(["C0", "C1"]);
    expect(teams).toHaveLength(1);
    expect(assignInspectors(taskOf(roster.slice(0, 3), [source("S1")]), seedOf(1))).toMatchObject({ why: "too few" });
  });

  test("sources of a county go to few teams", () => {
    const roster = Array.from({ length: 24 }, (_, index) => inspector(`C${index}`));
    const drawn = CITIES.flatMap((city) =>
      ["01", "02", "03"].flatMap((county) =>
        Array.from({ length: 10 }, (_, index) =>
          source(`${city}${county}${index}`, { city, county: `${city}${county}` }),
        ),
      ),
    );
    const { sources: given } = assigned(assignInspectors(taskOf(roster, drawn), seedOf(5)));
    for (let team = 1; team <= 12; team++) {
      const own = given.filter((each) => each.team === team);
      expect(new Set(own.map(({ county }) => county)).size).toBe(1);
    }
  });
});

describe("over 3,000 seeds", () => {
  /** Critical values of chi-square at 0.001 (Pearson and Hartley 1966, table 8), by degrees of freedom. */
  const CRITICAL = { 7: 24.322, 20: 45.315 } as const;
  const SEEDS = 3000;
  const roster = Array.from({ length: 8 }, (_, index) => inspector(`C${index}`));
  const drawn = Array.from({ length: 10 }, (_, index) => source(`S${index}`, { county: `44050${index % 3}` }));
  const chiSquare = (counts: readonly number[], expected: number) =>
    counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);

  test("each person gets a source, and each pair forms a team, about equally often", () => {
    const persons = new Map(roster.map(({ id }) => [id, 0]));
    const pairs = new Map<string, number>();
    for (let number = 0; number < SEEDS; number++) {
      const { teams, sources: given } = assigned(assignInspectors(taskOf(roster, drawn), seedOf(number)));
      const team = given.find(({ id }) => id === "S3")?.team;
      for (const { members, team: own } of teams) {
        const ids = members.map(({ id }) => id).sort();
        pairs.set(ids.join(), (pairs.get(ids.join()) ?? 0) + 1);
        if (own === team) for (const id of ids) persons.set(id, (persons.get(id) ?? 0) + 1);
      }
    }
    expect(pairs.size).toBe(28);
    // Two of eight people a seed, without replacement: variances are 6/7 of a multinomial's.
    expect((chiSquare([...persons.values()], SEEDS / 4) * 7) / 6).toBeLessThan(CRITICAL[7]);
    // Four pairs a seed that share nobody: counts vary in 28 − 8 dimensions, with a mean statistic of 24.
    expect((chiSquare([...pairs.values()], (SEEDS * 4) / 28) * 20) / 24).toBeLessThan(CRITICAL[20]);
  });
});
