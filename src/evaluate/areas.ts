/**
 * Omission and duplication of census areas (domain.md, suggested definitions): omitted ÷ (listed + omitted), duplicates ÷
 * listed. Areas are the clusters; they are taken as a sample of very many, drawn alike. Pure.
 */

import type { AreaCheck } from "../records/record.ts";
import { divisionName } from "../reference/divisions.ts";
import { estimateRatio } from "../statistics/ratio.ts";
import { SurveyDesign } from "../statistics/survey-design.ts";
import { boundsOf } from "./bounds.ts";
import type { AreaRate, AreaShare } from "./evaluation.ts";

/**
 * Of all areas together where there are several cities, then of each city.
 * @param areas one check of each area, as `readAreas` gives them
 */
export function areaRates(areas: readonly AreaCheck[]): AreaRate[] {
  const cities = [...new Set(areas.map(({ city }) => city))].sort();
  const each = cities.map((city) =>
    rateOf(
      city,
      areas.filter((area) => area.city === city),
    ),
  );
  return cities.length > 1 ? [rateOf("", areas), ...each] : each;
}

function rateOf(city: string, areas: readonly AreaCheck[]): AreaRate {
  const sum = (of: (area: AreaCheck) => number) => areas.reduce((total, area) => total + of(area), 0);
  return {
    city,
    name: city === "" ? "全部" : divisionName(city),
    areas: areas.length,
    listed: sum(({ listed }) => listed),
    found: sum(({ found }) => found),
    omitted: sum(({ omitted }) => omitted),
    duplicates: sum(({ duplicates }) => duplicates),
    omission: share(
      areas,
      ({ omitted }) => omitted,
      ({ listed, omitted }) => listed + omitted,
    ),
    duplication: share(
      areas,
      ({ duplicates }) => duplicates,
      ({ listed }) => listed,
    ),
  };
}

/** So many areas that those inspected are next to none of them. */
const MANY = 1e12;

function share(
  areas: readonly AreaCheck[],
  wrong: (area: AreaCheck) => number,
  all: (area: AreaCheck) => number,
): AreaShare | null {
  const cities = new Map<string, number>();
  for (const { city } of areas) cities.set(city, (cities.get(city) ?? 0) + 1);
  const units = areas.map(({ city }) => ({
    stages: [{ stratum: city, cluster: undefined, N: MANY, n: cities.get(city) ?? 1, probability: 1e-6 }],
  }));
  const design = SurveyDesign.of(units);
  const [e, m] = [areas.map(wrong), areas.map(all)];
  const estimate = estimateRatio(design, { members: [...areas.keys()], e, m });
  if (estimate === undefined) return null;
  const inError = e.filter((each) => each > 0).length;
  const sample = {
    n: estimate.n,
    k: inError,
    share: inError / estimate.n,
    effective: estimate.n,
    strata: undefined,
    isCensus: false,
  };
  const bounds = boundsOf(estimate, sample);
  const limits = "limits" in bounds ? bounds.limits : undefined;
  return { rate: estimate.ratio, lower: limits?.lower ?? null, upper: limits?.upper ?? null };
}
