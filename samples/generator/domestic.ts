/** Domestic units: villages, boilers outside industry, outfalls into rivers and the sea. */
import { type Chance, Weighted } from "./chance.ts";
import { type Cells, fill, type Unit } from "./columns.ts";
import { burnt, plain } from "./figures.ts";
import type { Kind } from "./ids.ts";
import { placeWord, tradeName } from "./names.ts";
import { townOf, villageAddress } from "./places.ts";
import { anyStatus, RUNNING } from "./status.ts";
import { type CityAtWork, commonUnit, openedOn } from "./unit.ts";

type Maker = (work: CityAtWork) => Unit;

const KINDS_OF_UNITS = new Weighted<Maker>([
  [village, 55],
  [boiler, 38],
  [outfall, 7],
]);
/** Cities whose counties hold no villages of this kind any more. */
const WITHOUT_VILLAGES = new Set(["440300"]);
const TOWN_UNITS = new Weighted<Maker>([
  [boiler, 75],
  [outfall, 25],
]);

/** One domestic unit of a city. */
export function domesticUnit(work: CityAtWork): Unit {
  const kinds = WITHOUT_VILLAGES.has(work.city.code) ? TOWN_UNITS : KINDS_OF_UNITS;
  return kinds.pick(work.chance)(work);
}

const SEWAGE = ["直排入农田", "直排入水体", "排入户用污水处理设备", "进入农村集中式处理设施", "进入市政管网"];
const REFUSE = ["运转至城镇处理", "运转至城镇处理", "镇村范围内无害化处理", "镇村范围内简易处理"];

function village(work: CityAtWork): Unit {
  const { chance } = work;
  const county = work.rural.pick(chance);
  const word = placeWord(chance);
  const town = townOf(chance, county);
  const households = chance.whole(80, 1600);
  const unit = commonUnit(work, {
    sourceClass: "domestic",
    subclass: "行政村",
    kind: "villageCommittee",
    name: `${county.name}${town}${word}村民委员会`,
    county,
    address: `${county.name}${town}${word}村`,
    status: RUNNING,
  });
  return fill(unit, {
    households: String(households),
    population: String(Math.round(households * chance.between(2.8, 4.6))),
    sewageTreatment: chance.pick(SEWAGE),
    refuseTreatment: chance.pick(REFUSE),
  });
}

/** Holders of boilers: word in the name and kind of organisation. */
const HOLDERS: readonly (readonly [word: string, kind: Kind])[] = [
  ["酒店有限公司", "firm"],
  ["洗涤服务有限公司", "firm"],
  ["温泉度假村", "firm"],
  ["宾馆", "household"],
  ["医院", "institution"],
  ["中学", "institution"],
  ["职业技术学校", "institution"],
];
/** Fuels of small boilers: weight, unit, and how much one ton of steam an hour burns in an hour. */
const BOILER_FUELS = new Weighted<{ readonly name: string; readonly unit: string; readonly hourly: number }>([
  [{ name: "天然气", unit: "万立方米", hourly: 0.0075 }, 45],
  [{ name: "轻质柴油", unit: "吨", hourly: 0.06 }, 25],
  [{ name: "生物质成型燃料", unit: "吨", hourly: 0.17 }, 18],
  [{ name: "液化石油气", unit: "吨", hourly: 0.055 }, 8],
  [{ name: "燃煤", unit: "吨", hourly: 0.14 }, 4],
]);
const CAPACITIES = ["0.3", "0.5", "0.7", "1", "1", "2", "2", "4", "6", "10"];

function boiler(work: CityAtWork): Unit {
  const { city, chance } = work;
  const county = work.industry.pick(chance);
  const [word, kind] = chance.pick(HOLDERS);
  const status = anyStatus(chance, "domestic");
  const fuel = BOILER_FUELS.pick(chance);
  const capacity = chance.pick(CAPACITIES);
  const unit = commonUnit(work, {
    sourceClass: "domestic",
    subclass: "非工业企业单位锅炉",
    kind,
    name: city.name + tradeName(chance, city.code) + word,
    county,
    status,
  });
  fill(unit, {
    openedOn: openedOn(chance),
    boilers: "1",
    boilerCapacity: capacity,
    boilerFuel: fuel.name,
  });
  if (status.status !== "运行") return unit;
  const use = Number(capacity) * fuel.hourly * chance.whole(500, 4000);
  return fill(unit, { fuelUse: plain(use), fuelUnit: fuel.unit, ...chimney(chance, fuel.name, use) });
}

function chimney(chance: Chance, fuel: string, use: number): Cells {
  if (fuel !== "天然气" && fuel !== "燃煤" && fuel !== "生物质成型燃料") return {};
  const left = burnt(fuel === "天然气" ? "gas" : fuel === "燃煤" ? "coal" : "biomass", use);
  const spread = chance.between(0.9, 1.1);
  return {
    so2: plain(left.so2 * spread),
    nox: plain(left.nox * spread),
    particulates: plain(left.particulates * spread),
  };
}

function outfall(work: CityAtWork): Unit {
  const { city, chance } = work;
  const county = work.industry.pick(chance);
  const water = chance.pick(city.waters);
  const unit = commonUnit(work, {
    sourceClass: "domestic",
    subclass: "入河（海）排污口",
    kind: "institution",
    name: `${county.name}${placeWord(chance)}路${water}第${chance.whole(1, 40)}号入河排污口`,
    county,
    address: villageAddress(chance, county),
    status: RUNNING,
  });
  return fill(unit, {
    wastewater: String(chance.whole(20, 3000) * 365),
    wastewaterDestination: "直接进入江河湖、库等水环境",
    receivingWater: water,
  });
}
