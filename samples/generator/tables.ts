/** The generator's tables, read from the YAML files beside it. No text holds a comma or a quote, so CSV needs none. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { CITIES, DIVISIONS, type Division } from "../../src/reference/divisions.ts";
import { INDUSTRIES } from "../../src/reference/industries.ts";

const Text = z.string().regex(/^[^",\r\n]+$/);
const Amount = z.number().min(0).default(0);
const Whole = z.int().min(0);

const Trade = z.strictObject({
  code: z.string().refine((code) => code !== "4620" && code >= "0600" && code < "4700" && INDUSTRIES.has(code)),
  weight: Whole,
  /** Word for the trade in a firm's name. */
  trade: Text,
  product: Text,
  unit: Text,
  /** Yearly output of the smallest and of the largest works. */
  output: z.tuple([z.number().positive(), z.number().positive()]),
  process: Text,
  material: Text,
  materialUnit: Text,
  use: Amount,
  power: Amount,
  water: Amount,
  discharge: Amount,
  cod: Amount,
  heat: Amount,
  by: z.enum(["boiler", "kiln"]).default("boiler"),
  fuel: z.enum(["gas", "coal", "biomass"]).default("gas"),
  voc: Amount,
  dust: Amount,
  solid: Amount,
  hazard: Amount,
});
/** One industry class: what its works make, and how much each unit of product takes and leaves. */
export type Trade = z.infer<typeof Trade>;

const CitySizes = z.strictObject({
  code: z.string(),
  /** Telephone area code. */
  area: Text,
  /** Relative numbers of industrial, agricultural, domestic, centralized and mobile units. */
  sizes: z.tuple([Whole, Whole, Whole, Whole, Whole]),
  waters: z.array(Text).min(1),
  specialities: z.array(z.string()),
});

const County = z.tuple([z.number(), z.number(), z.number(), Whole, Whole]);

const Names = z.strictObject({
  markers: z.array(Text),
  characters: Text,
  rare: z.array(Text),
  surnames: Text,
  letters: Text,
});

const Reasons = z.record(z.string(), z.record(z.string(), z.array(Text).min(1)));

function load<T>(file: string, schema: z.ZodType<T>): T {
  return schema.parse(parse(readFileSync(new URL(file, import.meta.url), "utf8")));
}

export const TRADES: readonly Trade[] = load("trades.yaml", z.array(Trade));
export const NAMES = load("names.yaml", Names);
export const REASONS = load("status.yaml", Reasons);
const CITY_SIZES = load("cities.yaml", z.strictObject({ cities: z.array(CitySizes) })).cities;
const COUNTIES = load("counties.yaml", z.record(z.string(), County));

/** A county, or a town of a city without counties: a rough point, a radius in degrees, and weights. */
export interface SampleCounty extends Division {
  readonly longitude: number;
  readonly latitude: number;
  readonly radius: number;
  readonly industry: number;
  readonly rural: number;
}

/** A city of the sample. */
export interface SampleCity extends z.infer<typeof CitySizes> {
  readonly name: string;
  readonly counties: readonly SampleCounty[];
}

/** All cities in the order of their codes. */
export const SAMPLE_CITIES: readonly SampleCity[] = CITIES.map(({ code, name }) => {
  const sizes = CITY_SIZES.find((city) => city.code === code);
  if (sizes === undefined) throw new RangeError(`cities.yaml has no city ${code}`);
  return { ...sizes, name, counties: DIVISIONS.filter((division) => division.parent === code).map(sampleCounty) };
});

function sampleCounty(division: Division): SampleCounty {
  const county = COUNTIES[division.code];
  if (county === undefined) throw new RangeError(`counties.yaml has no county ${division.code} ${division.name}`);
  const [longitude, latitude, radius, industry, rural] = county;
  return { ...division, longitude, latitude, radius, industry, rural };
}
