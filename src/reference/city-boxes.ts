/**
 * Where each city lies, roughly: the box around it in degrees, read off maps with a margin of some five kilometres.
 * Good for telling that a coordinate cannot be right, for nothing finer.
 */
import { readCodesTable } from "./codes-table.ts";

interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** The box around Guangdong (audit rule R012). */
export const PROVINCE_BOX: Box = { west: 109.6, east: 117.4, south: 20.1, north: 25.6 };

const CITY_BOXES: ReadonlyMap<string, Box> = new Map(
  readCodesTable("city-boxes.csv").map(([code = "", , west, east, south, north]) => [
    code,
    { west: Number(west), east: Number(east), south: Number(south), north: Number(north) },
  ]),
);

/** The box around a city, by its six-digit code. */
export function cityBox(city: string): Box | undefined {
  return CITY_BOXES.get(city);
}

/** Whether a place lies in a box; limits belong to it. */
export function isInBox({ west, east, south, north }: Box, longitude: number, latitude: number): boolean {
  return longitude >= west && longitude <= east && latitude >= south && latitude <= north;
}
