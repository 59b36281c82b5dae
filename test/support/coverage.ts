/**
 * How often the bounds hold: rounds drawn from a synthetic province whose truth is known. Errors come in clusters: each
 * source has a rate of its own, drawn from a beta distribution (intraclass correlation ρ), and classes differ.
 */
import { boundsOf } from "../../src/evaluate/bounds.ts";
import { oneSided } from "../../src/evaluate/estimate.ts";
import { verdictOf } from "../../src/evaluate/verdict.ts";
import { estimateRatio, kornGraubard } from "../../src/statistics/ratio.ts";
import { SurveyDesign } from "../../src/statistics/survey-design.ts";
import { randomFrom } from "./filled-round.ts";

export const RATES = [0.005, 0.01, 0.02, 0.05] as const;
export const CORRELATIONS = [0.05, 0.1, 0.2] as const;
export const CITIES = 21;
export const LIMIT = 0.02;

/** Of the work plan: sources, drawn, key indicators of a source on average, error rate beside that of all. */
const CLASSES = [
  { N: 3000, n: 50, m: 36, factor: 1 },
  { N: 200, n: 10, m: 18, factor: 1.6 },
  { N: 300, n: 5, m: 14, factor: 1.2 },
  { N: 30, n: 1, m: 24, factor: 0.5 },
  { N: 60, n: 1, m: 14, factor: 1 },
] as const;

export interface Source {
  readonly e: number;
  readonly m: number;
}
export type City = readonly { readonly n: number; readonly sources: readonly Source[] }[];

export interface Coverage {
  readonly rate: number;
  readonly correlation: number;
  readonly rounds: number;
  /** Shares of rounds: two-sided bounds hold, upper one-sided bound holds, the plain Korn–Graubard bounds hold. */
  readonly twoSided: number;
  readonly oneSided: number;
  readonly plain: number;
  readonly met: number;
  readonly undecided: number;
  readonly notMet: number;
}

/** @param rounds of one city each, the 21 cities in turn */
export function coverage(rate: number, correlation: number, rounds: number, seed: number): Coverage {
  const random = randomFrom(seed);
  const cities = citiesOf(rate, correlation, Math.min(CITIES, rounds), random);
  const design = cities.map((city) =>
    designOf(
      city,
      city.map(({ n }) => n),
    ),
  );
  const count = { twoSided: 0, oneSided: 0, plain: 0, met: 0, undecided: 0, notMet: 0 };
  for (let round = 0; round < rounds; round++) {
    const at = round % cities.length;
    const city = cities[at] as City;
    const truth = rateOf(city.flatMap(({ sources }) => sources));
    const drawn = city.map(({ n, sources }) => drawnFrom(sources, n, random));
    const found = found95(city, drawn, design[at] as SurveyDesign);
    if (found.limits.lower <= truth && truth <= found.limits.upper) count.twoSided++;
    if (truth <= found.limits.upperOneSided) count.oneSided++;
    if (found.plain === undefined || (found.plain.lower <= truth && truth <= found.plain.upper)) count.plain++;
    const verdict = verdictOf(oneSided(found.limits), LIMIT);
    if (verdict !== "cannotBeJudged") count[verdict]++;
  }
  const share = (value: number) => value / rounds;
  return {
    rate,
    correlation,
    rounds,
    twoSided: share(count.twoSided),
    oneSided: share(count.oneSided),
    plain: share(count.plain),
    met: share(count.met),
    undecided: share(count.undecided),
    notMet: share(count.notMet),
  };
}

/** Cities of very different size, with the same rate. */
export function citiesOf(rate: number, correlation: number, count: number, random: () => number): City[] {
  return Array.from({ length: count }, (_, i) => cityOf(rate, correlation, 0.3 + (1.7 * i) / CITIES, random));
}

/** A city whose true rate is the one asked for, or above it by a thirtieth at most: at 2% it does not keep the limit. */
function cityOf(rate: number, correlation: number, size: number, random: () => number): City {
  for (let aim = rate * 1.015, tries = 0; ; tries++) {
    const city = CLASSES.map(({ N, n, m, factor }) => ({
      n,
      sources: Array.from({ length: Math.max(n, Math.round(N * size)) }, () =>
        sourceOf(m, aim * factor, correlation, random),
      ),
    }));
    const truth = rateOf(city.flatMap(({ sources }) => sources));
    if (truth > rate && truth <= rate * (1 + 1 / 30)) return city;
    if (tries > 0 && tries % 5 === 0) aim *= (rate * 1.015) / Math.max(truth, rate / 10);
  }
}

function sourceOf(mean: number, rate: number, correlation: number, random: () => number): Source {
  const m = Math.max(3, Math.round(mean * (0.7 + 0.6 * random())));
  const spread = (1 - correlation) / correlation;
  const [a, b] = [gamma(rate * spread, random), gamma((1 - rate) * spread, random)];
  const own = a / (a + b) || 0;
  let e = 0;
  for (let i = 0; i < m; i++) if (random() < own) e++;
  return { e, m };
}

export function rateOf(sources: readonly Source[]): number {
  return sources.reduce((sum, { e }) => sum + e, 0) / sources.reduce((sum, { m }) => sum + m, 0);
}

/** @param sizes sources drawn in each stratum */
export function designOf(city: City, sizes: readonly number[]): SurveyDesign {
  return SurveyDesign.of(
    city.flatMap(({ sources }, h) =>
      Array.from({ length: sizes[h] ?? 0 }, () => ({
        stages: [{ stratum: String(h), cluster: undefined, N: sources.length, n: sizes[h] ?? 0 }],
      })),
    ),
  );
}

function found95(city: City, drawn: readonly (readonly Source[])[], design: SurveyDesign) {
  const { estimate, sample } = estimated(city, drawn, design);
  const bounds = boundsOf(estimate, sample);
  if (!("limits" in bounds)) throw new Error(bounds.reason);
  return { limits: bounds.limits, plain: kornGraubard(estimate, 0.05) };
}

/** The rate and the sample of sources that its bounds go by. */
export function estimated(city: City, drawn: readonly (readonly Source[])[], design: SurveyDesign) {
  const all = drawn.flat();
  const members = [...all.keys()];
  const estimate = estimateRatio(design, { members, e: all.map(({ e }) => e), m: all.map(({ m }) => m) });
  if (estimate === undefined) throw new Error("nothing was drawn");
  let [sum, inError, squares, k] = [0, 0, 0, 0];
  for (const i of members) {
    const weight = design.weights[i] as number;
    sum += weight;
    squares += weight ** 2;
    if ((all[i]?.e ?? 0) === 0) continue;
    inError += weight;
    k++;
  }
  const strata = city.map(({ sources }, h) => ({
    N: sources.length,
    n: drawn[h]?.length ?? 0,
    k: drawn[h]?.filter(({ e }) => e > 0).length ?? 0,
  }));
  const isCensus = strata.every(({ N, n }) => N === n);
  const sample = { n: all.length, k, share: inError / sum, effective: sum ** 2 / squares, strata, isCensus };
  return { estimate, sample };
}

/** The first of a random order. */
export function drawnFrom(sources: readonly Source[], n: number, random: () => number): Source[] {
  const left = new Map<number, number>();
  return Array.from({ length: n }, (_, i) => {
    const j = i + Math.floor(random() * (sources.length - i));
    const chosen = left.get(j) ?? j;
    left.set(j, left.get(i) ?? i);
    return sources[chosen] as Source;
  });
}

/** A gamma variate (Marsaglia & Tsang 2000). */
function gamma(shape: number, random: () => number): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

export const percent = (value: number) => `${(value * 100).toFixed(1)}%`;

/** The table of docs/statistics.md. */
export function coverageTable(rows: readonly Coverage[]): string {
  const head =
    "| true rate | ρ | two-sided 95% holds | one-sided 95% holds | plain Korn–Graubard holds | met | undecided | not met |";
  const line = (each: Coverage) =>
    `| ${percent(each.rate)} | ${each.correlation} | ${[each.twoSided, each.oneSided, each.plain, each.met, each.undecided, each.notMet].map(percent).join(" | ")} |`;
  return [head, "| --- | --- | --- | --- | --- | --- | --- | --- |", ...rows.map(line)].join("\n");
}
