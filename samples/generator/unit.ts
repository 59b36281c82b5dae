/** What every unit of the sample has: id, place, people, status. */
import { CLASS_NAMES, type SourceClass } from "../../src/reference/classes.ts";
import { type Chance, Weighted } from "./chance.ts";
import { type Unit, unitOf } from "./columns.ts";
import type { CityIds, Kind } from "./ids.ts";
import { person, telephone } from "./names.ts";
import { coordinates, worksAddress } from "./places.ts";
import type { StatusCells } from "./status.ts";
import { type SampleCity, type SampleCounty, TRADES, type Trade } from "./tables.ts";

const SPECIALITY = 8;

/** A city with its stream of choices, its ids and its weights. */
export interface CityAtWork {
  readonly city: SampleCity;
  readonly chance: Chance;
  readonly ids: CityIds;
  readonly trades: Weighted<Trade>;
  readonly industry: Weighted<SampleCounty>;
  readonly rural: Weighted<SampleCounty>;
}

export function cityAtWork(city: SampleCity, chance: Chance, ids: CityIds): CityAtWork {
  return {
    city,
    chance,
    ids,
    trades: new Weighted(TRADES.map((trade) => [trade, trade.weight * specialityFactor(city, trade)])),
    industry: new Weighted(city.counties.map((county) => [county, county.industry])),
    rural: new Weighted(city.counties.map((county) => [county, county.rural])),
  };
}

function specialityFactor(city: SampleCity, trade: Trade): number {
  return city.specialities.includes(trade.code) ? SPECIALITY : 1;
}

/** What the cells common to all classes are made from. */
export interface Common {
  readonly sourceClass: SourceClass;
  readonly subclass: string;
  readonly kind: Kind;
  readonly name: string;
  readonly county: SampleCounty;
  readonly address?: string;
  readonly status: StatusCells;
}

/** A unit with the cells that all classes have. */
export function commonUnit(work: CityAtWork, common: Common): Unit {
  const { city, chance, ids } = work;
  const { county } = common;
  return unitOf({
    id: ids.take(common.kind),
    name: common.name,
    class: CLASS_NAMES[common.sourceClass].zh,
    subclass: common.subclass,
    province: "广东",
    city: city.name,
    county: county.name,
    division: county.code,
    address: common.address ?? worksAddress(chance, city, county),
    ...coordinates(chance, county),
    legalPerson: person(chance),
    contact: person(chance),
    phone: telephone(chance, city.area),
    ...common.status,
  });
}

/** Year and month of opening, before the census's reference date of 31 December 2017. */
export function openedOn(chance: Chance): string {
  return `${chance.whole(1985, 2017)}-${String(chance.whole(1, 12)).padStart(2, "0")}`;
}

/** Permit number: credit code, three digits and a letter. */
export function permitOf(id: string): string {
  return `${id}001P`;
}
