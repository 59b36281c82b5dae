/** The first stages of a draw: cities by lot, and areas within a city. Pure. */
import { compareBytes } from "../text/canonical.ts";
import type { Lot } from "./draw.ts";
import type { AreaDraw, CityDraw } from "./manifest.ts";
import { rank } from "./rank.ts";

/** Draw ids that the stages append to the round's id (draw-spec, "Seed"). */
export const CITY_STAGE = "cities";
export const AREA_STAGE = "areas";

/**
 * Draws cities by lot.
 * @param lot with the seed of the draw id `<round>/cities`
 * @param n at most the number of cities
 */
export function drawCities(cities: readonly string[], n: number, { method, seed }: Lot): CityDraw {
  const ranked = rank(method, cities, cities.length, seed, CITY_STAGE);
  return {
    N: cities.length,
    n,
    seed,
    cities: ranked.map(({ id, ticket }, index) => ({ city: id, rank: index + 1, ticket, drawn: index < n })),
  };
}

/**
 * Draws areas of one city.
 * @param areas the areas' parts of stratum keys; every area that holds a unit which may be drawn
 * @param lot with the seed of the draw id `<round>/areas`
 */
export function drawAreas(city: string, areas: readonly string[], count: number, { method, seed }: Lot): AreaDraw {
  const n = Math.min(count, areas.length);
  const names = new Map(areas.map((area) => [`${city}/${area}`, area]));
  const ranked = rank(method, [...names.keys()].sort(compareBytes), n, seed, city);
  return {
    city,
    N: areas.length,
    n,
    shortfall: count - n,
    areas: ranked.map(({ id, ticket }, index) => ({ area: names.get(id) ?? "", rank: index + 1, ticket })),
  };
}
