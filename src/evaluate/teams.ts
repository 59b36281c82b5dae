/**
 * Whether teams differ by more than chance: a permutation test (Fisher 1935; Good, Permutation Tests, 2000, ch. 3) within
 * each city and class, since teams inspect different cities and classes differ. If teams did not matter, any of them might
 * have had any of the sources of its city and class; the names of the teams are therefore dealt anew among these, many
 * times, and a team's errors beyond what its number of indicators would lead one to expect are compared with those of the
 * deals; they end when enough of them were as far out (Besag & Clifford 1991) or there were many. In a city of thousands of
 * sources the sum that a team is dealt is normal with the variance of sampling without replacement (Hájek 1960). The deals
 * come from a generator seeded by the evaluation's own inputs, so that anyone gets the same chances. Pure.
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

const MOST_DEALS = 19_999;
/** Deals as far out as what was found, after which no more are looked at. */
const ENOUGH = 20;
/** Sources of a city from which on sums are taken to be normal. */
const MANY = 5000;
const SIGNIFICANT = 0.05;

/** @param seed 32 bits */
export function compareTeams(sources: readonly TeamSource[], seed: number): TeamComparison[] {
  const cities = new Map<string, TeamSource[]>();
  for (const source of sources) {
    const own = cities.get(source.city);
    if (own === undefined) cities.set(source.city, [source]);
    else own.push(source);
  }
  const random = new Dealer(seed);
  const compared = [...cities.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([city, own]) => compareCity(city, own, random));
  return withHolm(compared);
}

function compareCity(city: string, sources: readonly TeamSource[], random: Dealer): TeamComparison[] {
  const names = [...new Set(sources.map(({ team }) => team))].sort();
  if (names.length < 2) return [];
  const number = new Map(names.map((name, i) => [name, i]));
  const blocks = new Map<string, TeamSource[]>();
  const own = names.map(() => ({ n: 0, e: 0, m: 0 }));
  for (const source of sources) {
    const inBlock = blocks.get(source.block);
    if (inBlock === undefined) blocks.set(source.block, [source]);
    else inBlock.push(source);
    const sums = own[number.get(source.team) as number] as (typeof own)[number];
    sums.n++;
    sums.e += source.e;
    sums.m += source.m;
  }
  const dealt = [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, inBlock]) => residualsOf(inBlock, number));
  const found = excessOf(dealt, names.length);
  // A team that is alone with each of its blocks is beside nobody, whatever is dealt.
  const shared = dealt.map(({ teams }) => new Set(teams)).filter(({ size }) => size > 1);
  const { few, many } = sources.length >= MANY ? normal(dealt, found) : dealtAnew(dealt, found, random);
  return names.map((team, i): TeamComparison => {
    const { n, e, m } = own[i] as (typeof own)[number];
    const hasPeers = shared.some((teams) => teams.has(i));
    const p = (chances: Float64Array) => (hasPeers ? (chances[i] as number) : null);
    return {
      city,
      team,
      n,
      e,
      m,
      sampleRate: m === 0 ? null : e / m,
      expected: e - (found[i] as number),
      fewP: p(few),
      manyP: p(many),
      standsOut: null,
    };
  });
}

/** Sums of the same numbers in another order differ by rounding. */
const EQUAL = 1e-9;

/** Chances to be dealt so few errors beyond the expected, or so many, of each team. */
interface Chances {
  readonly few: Float64Array;
  readonly many: Float64Array;
}

function dealtAnew(dealt: readonly Dealt[], found: Float64Array, random: Dealer): Chances {
  const [few, many] = [new Float64Array(found.length), new Float64Array(found.length)];
  const excess = new Float64Array(found.length);
  let deals = 0;
  let isOpen = true;
  while (isOpen && deals < MOST_DEALS) {
    deals++;
    isOpen = false;
    excess.fill(0);
    for (const each of dealt) random.deal(each, excess);
    for (let team = 0; team < found.length; team++) {
      const [now, then] = [excess[team] as number, found[team] as number];
      if (now <= then + EQUAL) few[team] = (few[team] as number) + 1;
      if (now >= then - EQUAL) many[team] = (many[team] as number) + 1;
      isOpen ||= (few[team] as number) < ENOUGH || (many[team] as number) < ENOUGH;
    }
  }
  const chance = (count: number) => (count + 1) / (deals + 1);
  return { few: few.map(chance), many: many.map(chance) };
}

/** A team that has t of a block's n sources is dealt a sum with variance t(n − t)/(n(n − 1)) · Σr². */
function normal(dealt: readonly Dealt[], found: Float64Array): Chances {
  const variance = new Float64Array(found.length);
  for (const { residuals, teams } of dealt) {
    const n = residuals.length;
    const squares = residuals.reduce((sum, each) => sum + each ** 2, 0);
    const own = new Float64Array(found.length);
    for (const team of teams) own[team] = (own[team] as number) + 1;
    for (const [team, t] of own.entries()) {
      if (n > 1) variance[team] = (variance[team] as number) + ((t * (n - t)) / (n * (n - 1))) * squares;
    }
  }
  const below = found.map((sum, team) => {
    const spread = Math.sqrt(variance[team] as number);
    return spread > 0 ? normalBelow(sum / spread) : 1;
  });
  const above = found.map((sum, team) => {
    const spread = Math.sqrt(variance[team] as number);
    return spread > 0 ? normalBelow(-sum / spread) : 1;
  });
  return { few: below, many: above };
}

/** P(Z ≤ z), to a relative 1.2e-7 (Press et al., Numerical Recipes, 1992, 6.2, `erfcc`). */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const tail = (t * Math.exp(-x * x + terms.reduceRight((sum, term) => term + t * sum, 0))) / 2;
  return z < 0 ? tail : 1 - tail;
}

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

/**
 * Deals the names of a block's teams anew (Fisher–Yates) with mulberry32 (Ettinger 2017): good enough to deal names, not to
 * draw a sample. A city of thousands takes tens of millions of steps, so that generator, exchange and sum are one loop.
 */
class Dealer {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** @param excess by team: what each is dealt is added */
  deal({ residuals, teams }: Dealt, excess: Float64Array): void {
    let state = this.#state;
    for (let i = teams.length - 1; i > 0; i--) {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      const j = Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * (i + 1));
      const team = teams[j] as number;
      teams[j] = teams[i] as number;
      teams[i] = team;
      excess[team] = (excess[team] as number) + (residuals[i] as number);
    }
    const first = teams[0];
    if (first !== undefined) excess[first] = (excess[first] as number) + (residuals[0] as number);
    this.#state = state;
  }
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
