/**
 * Whether teams differ by more than chance: a permutation test (Fisher 1935; Good, Permutation Tests, 2000, ch. 3) within
 * each city and class, since teams inspect different cities and classes differ. If teams did not matter, any of them might
 * have had any of the sources of its city and class; the names of the teams are therefore dealt anew among these, many
 * times, and a team's errors beyond what its number of indicators would lead one to expect are compared with those of the
 * deals. The deals come from a generator seeded by the evaluation's own inputs, so that anyone gets the same chances. Pure.
 */
import type { TeamComparison } from "./evaluation.ts";

/** A source as the comparison sees it. */
export interface TeamSource {
  readonly city: string;
  /** Sources of one city and class are dealt among themselves. */
  readonly block: string;
  readonly team: string;
  readonly e: number;
  readonly m: number;
}

const MOST_DEALS = 999;
const FEWEST_DEALS = 99;
/** Sources dealt in a city, over all deals. */
const WORK = 1_000_000;
const SIGNIFICANT = 0.05;

/** @param seed 32 bits */
export function compareTeams(sources: readonly TeamSource[], seed: number): TeamComparison[] {
  const cities = new Map<string, TeamSource[]>();
  for (const source of sources) {
    const own = cities.get(source.city);
    if (own === undefined) cities.set(source.city, [source]);
    else own.push(source);
  }
  const random = generator(seed);
  const compared = [...cities.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([city, own]) => compareCity(city, own, random));
  return withHolm(compared);
}

function compareCity(city: string, sources: readonly TeamSource[], random: () => number): TeamComparison[] {
  const names = [...new Set(sources.map(({ team }) => team))].sort();
  if (names.length < 2) return [];
  const number = new Map(names.map((name, i) => [name, i]));
  const blocks = [...new Set(sources.map(({ block }) => block))].sort();
  const dealt = blocks.map((block) =>
    residualsOf(
      sources.filter((each) => each.block === block),
      number,
    ),
  );
  const found = excessOf(dealt, names.length);
  const [few, many] = [new Float64Array(names.length), new Float64Array(names.length)];
  const deals = Math.max(FEWEST_DEALS, Math.min(MOST_DEALS, Math.floor(WORK / sources.length)));
  for (let deal = 0; deal < deals; deal++) {
    for (const { teams } of dealt) shuffle(teams, random);
    const excess = excessOf(dealt, names.length);
    for (let team = 0; team < names.length; team++) {
      const [now, then] = [excess[team] as number, found[team] as number];
      if (now <= then + EQUAL) few[team] = (few[team] as number) + 1;
      if (now >= then - EQUAL) many[team] = (many[team] as number) + 1;
    }
  }
  // A team that is alone with each of its blocks is beside nobody, whatever is dealt.
  const hasPeers = names.map((name) =>
    blocks.some((block) => {
      const own = sources.filter((each) => each.block === block);
      return own.some(({ team }) => team === name) && own.some(({ team }) => team !== name);
    }),
  );
  return names.map((team, i): TeamComparison => {
    const own = sources.filter((source) => source.team === team);
    const e = own.reduce((sum, each) => sum + each.e, 0);
    const m = own.reduce((sum, each) => sum + each.m, 0);
    const p = (count: number) => (hasPeers[i] === true ? (count + 1) / (deals + 1) : null);
    return {
      city,
      team,
      n: own.length,
      e,
      m,
      sampleRate: m === 0 ? null : e / m,
      expected: e - (found[i] as number),
      fewP: p(few[i] as number),
      manyP: p(many[i] as number),
      standsOut: null,
    };
  });
}

/** Sums of the same numbers in another order differ by rounding. */
const EQUAL = 1e-9;

interface Dealt {
  /** Errors beyond those that the block's rate leads one to expect, of each source. */
  readonly residuals: Float64Array;
  readonly teams: Int32Array;
}

function residualsOf(sources: readonly TeamSource[], number: ReadonlyMap<string, number>): Dealt {
  const m = sources.reduce((sum, each) => sum + each.m, 0);
  const rate = m === 0 ? 0 : sources.reduce((sum, each) => sum + each.e, 0) / m;
  return {
    residuals: Float64Array.from(sources, (each) => each.e - rate * each.m),
    teams: Int32Array.from(sources, ({ team }) => number.get(team) ?? 0),
  };
}

function excessOf(dealt: readonly Dealt[], teams: number): Float64Array {
  const excess = new Float64Array(teams);
  for (const { residuals, teams: own } of dealt) {
    for (let i = 0; i < own.length; i++) {
      const team = own[i] as number;
      excess[team] = (excess[team] as number) + (residuals[i] as number);
    }
  }
  return excess;
}

function shuffle(values: Int32Array, random: () => number): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = values[i] as number;
    values[i] = values[j] as number;
    values[j] = held;
  }
}

/** mulberry32 (Ettinger 2017): good enough to deal names, not to draw a sample. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Marks the teams that stand out among all, both ways looked at (Holm 1979). */
function withHolm(teams: readonly TeamComparison[]): TeamComparison[] {
  const tests = teams.flatMap(({ fewP, manyP }, team) => [
    { team, way: "lenient" as const, p: fewP },
    { team, way: "strict" as const, p: manyP },
  ]);
  const known = tests.flatMap(({ team, way, p }) => (p === null ? [] : [{ team, way, p }])).sort((a, b) => a.p - b.p);
  const out = new Map<number, "lenient" | "strict">();
  for (const [i, { team, way, p }] of known.entries()) {
    if (p * (known.length - i) > SIGNIFICANT) break;
    out.set(team, way);
  }
  return teams.map((each, i) => ({ ...each, standsOut: out.get(i) ?? null }));
}
