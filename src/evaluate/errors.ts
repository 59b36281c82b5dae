/** What went wrong, and why: causes of errors by frequency, and the errors of each city. Pure. */
import { compareBytes } from "../text/canonical.ts";
import type { Cause, CityErrors, IndicatorErrors } from "./evaluation.ts";
import type { Survey } from "./survey.ts";
import type { Column, FoundCauses, Tally } from "./tally.ts";

/** Causes, the most frequent first; among equal ones in byte order. */
export function causesOf(survey: Survey, tally: Tally): Cause[] {
  return ranked(survey, tally, tally.causes);
}

function ranked({ indices, weights }: Survey, { names }: Tally, { sources, causes }: FoundCauses): Cause[] {
  const found = new Map<number, { errors: number; weight: number }>();
  let [errors, sum, whole] = [0, 0, 0];
  for (let i = 0; i < sources.length; i++) {
    const [place, cause] = [sources[i] as number, causes[i] as number];
    const weight = weights[indices[place] as number] ?? 0;
    const own = found.get(cause) ?? { errors: 0, weight: 0 };
    found.set(cause, { errors: own.errors + 1, weight: own.weight + weight });
    errors++;
    whole += weight;
  }
  const name = (cause: number) => names.causes[cause] ?? "";
  return [...found]
    .sort(([a, x], [b, y]) => y.errors - x.errors || compareBytes(name(a), name(b)))
    .map(([cause, own]): Cause => {
      sum += own.errors;
      return {
        cause: name(cause),
        errors: own.errors,
        share: own.errors / errors,
        cumulative: sum / errors,
        weightedShare: whole === 0 ? 0 : own.weight / whole,
      };
    });
}

/** Errors of each city with a record, by code of the city. */
export function cityErrors(survey: Survey, tally: Tally): CityErrors[] {
  const cities = [...new Set(survey.strata.map(({ city }) => city))].sort();
  const ofStratum = survey.strata.map(({ city }) => cities.indexOf(city));
  // By place: a province has millions of indicators, and a number is found faster than a name.
  const numbers = survey.indices.map((index) => ofStratum[survey.stratumOf[index] ?? -1] ?? -1);
  const { sources, causes } = tally.causes;
  const causesOfCity = cities.map((_, city): FoundCauses => {
    const isOwn = (_: number, i: number) => numbers[sources[i] as number] === city;
    return { sources: sources.filter(isOwn), causes: causes.filter(isOwn) };
  });
  const indicators = cities.map((): IndicatorErrors[] => []);
  const inOrder = tally.order.map((place) => numbers[place] as number);
  for (const [number, column] of tally.byIndicator) {
    const { code = "", name = "" } = tally.names.indicators[number] ?? {};
    for (const [city, counts] of countsByCity(column, inOrder, cities.length).entries()) {
      if (counts.e > 0) indicators[city]?.push({ code, name, ...counts });
    }
  }
  return cities.map((city, number) => ({
    city,
    causes: ranked(survey, tally, causesOfCity[number] as FoundCauses),
    indicators: (indicators[number] ?? []).sort((a, b) => b.e - a.e || compareBytes(a.code, b.code)),
  }));
}

function countsByCity({ members, e, m }: Column, numbers: Int32Array, cities: number): { m: number; e: number }[] {
  const counts = Array.from({ length: cities }, () => ({ m: 0, e: 0 }));
  for (let i = 0; i < members.length; i++) {
    const own = counts[numbers[members[i] as number] as number];
    if (own === undefined) continue;
    own.m += m[i] as number;
    own.e += e[i] as number;
  }
  return counts;
}
