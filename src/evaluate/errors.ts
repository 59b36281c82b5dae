/** What went wrong, and why: causes of errors by frequency, and the errors of each city. Pure. */
import { compareBytes } from "../text/canonical.ts";
import type { Cause, CityErrors, IndicatorErrors } from "./evaluation.ts";
import type { Survey } from "./survey.ts";
import type { Column, FoundCause, Tally } from "./tally.ts";

const INDICES = new WeakMap<Survey, Int32Array>();
/** Survey index of each place in the sample; −1 where it has no record. */
export function indicesByPlace(survey: Survey): Int32Array {
  const known = INDICES.get(survey);
  if (known !== undefined) return known;
  const most = survey.units.reduce((highest, { place }) => Math.max(highest, place), -1);
  const indices = new Int32Array(most + 1).fill(-1);
  for (const [index, { place }] of survey.units.entries()) indices[place] = index;
  INDICES.set(survey, indices);
  return indices;
}

/** Causes, the most frequent first; among equal ones in byte order. */
export function causesOf(survey: Survey, tally: Tally): Cause[] {
  return ranked(survey, tally, tally.causes);
}

function ranked(survey: Survey, { vocabulary }: Tally, causes: readonly FoundCause[]): Cause[] {
  const indices = indicesByPlace(survey);
  const found = new Map<number, { errors: number; weight: number }>();
  let [errors, weights] = [0, 0];
  for (const { source, cause } of causes) {
    const weight = survey.units[indices[source] ?? -1]?.weight ?? 0;
    const own = found.get(cause) ?? { errors: 0, weight: 0 };
    found.set(cause, { errors: own.errors + 1, weight: own.weight + weight });
    errors++;
    weights += weight;
  }
  const name = (cause: number) => vocabulary.causes[cause] ?? "";
  let sum = 0;
  return [...found]
    .sort(([a, x], [b, y]) => y.errors - x.errors || compareBytes(name(a), name(b)))
    .map(([cause, own]): Cause => {
      sum += own.errors;
      return {
        cause: name(cause),
        errors: own.errors,
        share: own.errors / errors,
        cumulative: sum / errors,
        weightedShare: weights === 0 ? 0 : own.weight / weights,
      };
    });
}

/** Errors of each city with a record, by code of the city. */
export function cityErrors(survey: Survey, tally: Tally): CityErrors[] {
  const indices = indicesByPlace(survey);
  const cityOf = (place: number) => survey.units[indices[place] ?? -1]?.city ?? "";
  const causes = new Map<string, FoundCause[]>();
  for (const cause of tally.causes) {
    const city = cityOf(cause.source);
    const own = causes.get(city);
    if (own === undefined) causes.set(city, [cause]);
    else own.push(cause);
  }
  const indicators = new Map<string, IndicatorErrors[]>();
  const cities = [...new Set(survey.units.map(({ city }) => city))].sort();
  const numberOf = new Map(cities.map((city, number) => [city, number]));
  // By place: a province has millions of indicators, and a number is found faster than a name.
  const numbers = Int32Array.from(indices, (index) => numberOf.get(survey.units[index]?.city ?? "") ?? -1);
  for (const [number, column] of tally.byIndicator) {
    const { code = "", name = "" } = tally.vocabulary.indicators[number] ?? {};
    for (const [i, counts] of countsByCity(column, numbers, cities.length).entries()) {
      const city = cities[i] ?? "";
      if (counts.e === 0) continue;
      indicators.set(city, [...(indicators.get(city) ?? []), { code, name, ...counts }]);
    }
  }
  return cities.map((city) => ({
    city,
    causes: ranked(survey, tally, causes.get(city) ?? []),
    indicators: (indicators.get(city) ?? []).sort((a, b) => b.e - a.e || compareBytes(a.code, b.code)),
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
