/** How often a verdict is wrong where undecided cities are followed up, as `plan followup` does it, and judged again. */
import type { CurrentStratum } from "../../src/draw/replacement.ts";
import { boundsOf } from "../../src/evaluate/bounds.ts";
import { oneSided } from "../../src/evaluate/estimate.ts";
import { FORESEEN, UNFORESEEN } from "../../src/evaluate/levels.ts";
import { spread } from "../../src/evaluate/spread.ts";
import { furtherSources, verdictOf } from "../../src/evaluate/verdict.ts";
import {
  CITIES,
  type City,
  CORRELATIONS,
  citiesOf,
  designOf,
  drawnFrom,
  estimated,
  LIMIT,
  percent,
  RATES,
} from "./coverage.ts";
import { randomFrom } from "./filled-round.ts";

/** Chances of error of the looks. The last is what anybody would do who forgets that he has looked before. */
export const SCHEMES = {
  "2.5%, 1.25%, 0.4%": FORESEEN,
  "5%, 0.25%, 0.08%": UNFORESEEN,
  "5%, 5%, 5%": [0.05, 0.05, 0.05],
} as const;
export type Scheme = keyof typeof SCHEMES;

export interface Looks {
  readonly rate: number;
  readonly correlation: number;
  readonly scheme: Scheme;
  readonly rounds: number;
  /** Shares of rounds: met at the first look, met or not met at any, and left undecided. */
  readonly metAtFirst: number;
  readonly met: number;
  readonly undecided: number;
  readonly notMet: number;
  /** Sources inspected, on average. */
  readonly sources: number;
}

/** @param rounds of one city each, the 21 cities in turn */
export function looks(rate: number, correlation: number, scheme: Scheme, rounds: number, seed: number): Looks {
  const random = randomFrom(seed);
  const cities = citiesOf(rate, correlation, Math.min(CITIES, rounds), random);
  const count = { met: 0, undecided: 0, notMet: 0, cannotBeJudged: 0 };
  let [metAtFirst, sources] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const city = cities[round % cities.length] as City;
    const ranking = city.map(({ sources: all }) => drawnFrom(all, all.length, random));
    const found = judged(city, ranking, SCHEMES[scheme]);
    count[found.verdict]++;
    if (found.verdict === "met" && found.look === 0) metAtFirst++;
    sources += found.sources;
  }
  const share = (value: number) => value / rounds;
  const { met, undecided, notMet } = count;
  return {
    rate,
    correlation,
    scheme,
    rounds,
    metAtFirst: share(metAtFirst),
    met: share(met),
    undecided: share(undecided),
    notMet: share(notMet),
    sources: share(sources),
  };
}

/** Looks until the city is settled: each time the sources that would settle it, the next of each ranking. */
function judged(city: City, ranking: ReturnType<typeof drawnFrom>[], levels: readonly number[]) {
  const sizes = city.map(({ n }) => n);
  for (let look = 0; ; look++) {
    const drawn = ranking.map((all, h) => all.slice(0, sizes[h]));
    const { estimate, sample } = estimated(city, drawn, designOf(city, sizes));
    const bounds = boundsOf(estimate, sample, levels[look] as number);
    const verdict = verdictOf("limits" in bounds ? oneSided(bounds.limits) : null, LIMIT);
    const next = levels[look + 1];
    if (verdict !== "undecided" || next === undefined) return { verdict, look, sources: sample.n };
    const { ratio: rate, sampleRatio: sampleRate } = estimate;
    const N = ranking.reduce((sum, { length }) => sum + length, 0);
    const wanted = furtherSources({ ...estimate, rate, sampleRate }, N, next, LIMIT) ?? 0;
    const open = city.map(({ n, sources: all }, h) => {
      const stratum = { key: String(h), N: all.length, n, reserve: 0, reached: sizes[h] };
      return { stratum: stratum as unknown as CurrentStratum, weight: n, each: 1 };
    });
    const shares = spread(open, wanted);
    if (shares.length === 0) return { verdict, look, sources: sample.n };
    for (const { stratum, further } of shares) sizes[Number(stratum)] = (sizes[Number(stratum)] ?? 0) + further;
  }
}

/** Rows of the table of docs/statistics.md: what anybody would do without thinking stands beside at the limit alone. */
export const LOOK_ROWS: readonly { readonly rate: number; readonly correlation: number; readonly scheme: Scheme }[] =
  RATES.flatMap((rate) =>
    (Object.keys(SCHEMES) as Scheme[])
      .filter((scheme) => scheme !== "5%, 5%, 5%" || rate === LIMIT)
      .flatMap((scheme) => CORRELATIONS.map((correlation) => ({ rate, correlation, scheme }))),
  );

export function looksTable(rows: readonly Looks[]): string {
  const head =
    "| true rate | ρ | chance of error of the looks | met at the first | met in all | undecided | not met | sources |";
  const line = ({ rate, correlation, scheme, metAtFirst, met, undecided, notMet, sources }: Looks) =>
    `| ${percent(rate)} | ${correlation} | ${scheme} | ${[metAtFirst, met, undecided, notMet].map(percent).join(" | ")} | ${Math.round(sources)} |`;
  return [head, "| --- | --- | --- | --- | --- | --- | --- | --- |", ...rows.map(line)].join("\n");
}
