/** Industrial units: works whose figures all follow from one output. */
import { INDUSTRIES } from "../../src/reference/industries.ts";
import { type Chance, Weighted } from "./chance.ts";
import { type Cells, fill, type Unit } from "./columns.ts";
import { burnt, count, dissolved, type Fuel, plain, TONS_FOR_GAS } from "./figures.ts";
import type { Kind } from "./ids.ts";
import { placeWord, tradeName } from "./names.ts";
import { anyStatus } from "./status.ts";
import type { SampleCity, SampleCounty, Trade } from "./tables.ts";
import { type CityAtWork, commonUnit, openedOn, permitOf } from "./unit.ts";

/** Sizes of works: share of all, the part of the output's range that they fill, and how many hold a permit. */
interface Scale {
  readonly name: string;
  readonly rank: number;
  readonly from: number;
  readonly to: number;
  readonly permits: number;
}
const SCALES = new Weighted<Scale>([
  [{ name: "微型", rank: 0, from: 0, to: 0.3, permits: 0.01 }, 66],
  [{ name: "小型", rank: 1, from: 0.3, to: 0.55, permits: 0.06 }, 27],
  [{ name: "中型", rank: 2, from: 0.55, to: 0.8, permits: 0.4 }, 6],
  [{ name: "大型", rank: 3, from: 0.8, to: 1, permits: 0.8 }, 1],
]);

/** Products counted one by one. */
const COUNTED = new Set(["件", "樘", "台", "套", "辆", "艘"]);
/** Works that burn another fuel than is usual in their trade. */
const FUELS: Readonly<Record<Fuel, Weighted<Fuel>>> = {
  gas: new Weighted<Fuel>([
    ["gas", 70],
    ["biomass", 24],
    ["coal", 6],
  ]),
  coal: new Weighted<Fuel>([
    ["coal", 85],
    ["gas", 15],
  ]),
  biomass: new Weighted<Fuel>([
    ["biomass", 90],
    ["gas", 10],
  ]),
};
const TO_SEWAGE_WORKS = ["进入城市污水处理厂", "进入工业废水集中处理厂"];
const TO_WATERS = ["直接进入江河湖、库等水环境", "进入城市下水道（再入江河、湖、库）"];
const LONG_SHARE = 1 / 300;

/** One industrial unit of a city. */
export function industrialUnit(work: CityAtWork): Unit {
  const { city, chance } = work;
  const trade = work.trades.pick(chance);
  const scale = SCALES.pick(chance);
  const county = work.industry.pick(chance);
  const [kind, form] = legalForm(chance, scale);
  const status = anyStatus(chance, "industrial");
  const unit = commonUnit(work, {
    sourceClass: "industrial",
    subclass: "工业企业",
    kind,
    name: worksName(chance, city, county, trade, form),
    county,
    status,
  });
  fill(unit, {
    openedOn: openedOn(chance),
    scale: scale.name,
    industryCode: trade.code,
    industryName: INDUSTRIES.get(trade.code) ?? "",
  });
  if (chance.share(scale.permits)) unit.permitNumber = permitOf(unit.id);
  if (status.status === "运行") return run(unit, work, trade, scale);
  if (status.status !== "停产") return unit;
  return fill(unit, { ...madeOf(trade), output: "0", materialUse: "0", electricity: "0" });
}

/** What works make, and from what. */
function madeOf({ product, unit, process, material, materialUnit }: Trade): Cells {
  return { product, outputUnit: unit, process, material, materialUnit };
}

function legalForm(chance: Chance, scale: Scale): [kind: Kind, form: string] {
  if (scale.rank >= 2) return ["firm", chance.pick(["有限公司", "实业有限公司", "股份有限公司"])];
  if (scale.rank === 1 || chance.share(0.55)) return ["firm", chance.pick(["有限公司", "有限公司", "厂"])];
  return ["household", chance.pick(["厂", "加工厂", "加工部"])];
}

/** City, invented trade name, trade and legal form; one in 300 as long as a form's cell can hardly take. */
function worksName(chance: Chance, city: SampleCity, county: SampleCounty, trade: Trade, form: string): string {
  const word = tradeName(chance, city.code);
  if (chance.share(LONG_SHARE)) {
    return `${city.name}${word}${trade.trade}综合利用技术开发实业有限公司${county.name}${placeWord(chance)}工业园第二生产基地分公司`;
  }
  const seat = chance.share(0.2) && county.level === "county" ? county.name : "";
  return `${city.name}${seat}${word}${trade.trade.replace(/厂$/, "")}${form}`;
}

/** All figures of running works. The fourth power makes the many small and the few large. */
function run(unit: Unit, work: CityAtWork, trade: Trade, scale: Scale): Unit {
  const { chance } = work;
  const [least, most] = trade.output;
  const place = chance.between(scale.from, scale.to);
  const output = plain(least + (most - least) * place * place * place * place);
  const made = COUNTED.has(trade.unit) ? Math.max(1, Math.round(Number(output))) : Number(output);
  fill(unit, madeOf(trade));
  fill(unit, {
    output: String(made),
    materialUse: plain(made * trade.use * chance.between(0.97, 1.06)),
    electricity: plain(Math.max(0.1, made * trade.power * around(chance))),
  });
  if (trade.water > 0) takeWater(unit, work, trade, scale, made * around(chance));
  breathe(unit, chance, trade, scale, made);
  if (trade.solid > 0) unit.solidWaste = plain(made * trade.solid * around(chance));
  if (trade.hazard > 0) unit.hazardousWaste = plain(made * trade.hazard * around(chance));
  return unit;
}

/** How far one works differs from its trade. */
function around(chance: Chance): number {
  return chance.between(0.8, 1.2);
}

/** Water taken and wastewater let out; a third of the smallest works let out none. */
function takeWater(unit: Unit, { city, chance }: CityAtWork, trade: Trade, scale: Scale, made: number): void {
  const water = Math.max(30, Math.round(made * trade.water));
  unit.water = String(water);
  if (trade.discharge === 0 || (scale.rank === 0 && chance.share(0.35))) return;
  const wastewater = Math.round(water * trade.discharge * chance.between(0.85, 1));
  const isTreated = scale.rank > 0 || chance.share(0.6);
  const cod = Math.round(trade.cod * chance.between(0.6, 1.1) * (isTreated ? 1 : 3));
  const toWaters = chance.share(0.4);
  if (toWaters) unit.receivingWater = chance.pick(city.waters);
  fill(unit, {
    wastewater: String(wastewater),
    wastewaterDestination: chance.pick(toWaters ? TO_WATERS : TO_SEWAGE_WORKS),
    wastewaterFacilities: isTreated ? (scale.rank > 1 ? "2" : "1") : "0",
    cod: plain(dissolved(cod, wastewater)),
    ammonia: plain(dissolved(cod * chance.between(0.05, 0.12), wastewater)),
  });
}

/** Fuel, boilers or kilns, and what leaves by the chimney; small works mostly heat by electricity. */
function breathe(unit: Unit, chance: Chance, trade: Trade, scale: Scale, made: number): void {
  const isHeated = trade.heat > 0 && (trade.by === "kiln" || scale.rank > 0 || chance.share(0.3));
  const dust = made * trade.dust * chance.between(0.6, 1.2);
  if (!isHeated && trade.voc === 0 && dust === 0) return;
  const particulates = isHeated ? burn(unit, chance, trade, scale, made) : 0;
  if (isHeated || dust > 0) unit.particulates = plain(particulates + dust);
  const isTreated = scale.rank > 0 || chance.share(0.5);
  if (trade.voc > 0) {
    const materials = made * trade.voc * around(chance);
    unit.vocMaterials = plain(materials);
    unit.vocs = plain(materials * 1000 * chance.between(0.08, 0.25) * (isTreated ? 0.5 : 1));
  }
  unit.gasOutlets = count((1 + scale.rank * 2) * chance.between(0.6, 1.2));
  unit.gasFacilities = isTreated ? unit.gasOutlets : "0";
}

/** Boilers or kilns and their fuel. @returns tons of particulates left */
function burn(unit: Unit, chance: Chance, trade: Trade, scale: Scale, made: number): number {
  const fuel = FUELS[trade.fuel].pick(chance);
  const gas = made * trade.heat * around(chance);
  const amount = fuel === "gas" ? gas : gas * TONS_FOR_GAS[fuel];
  const { so2, nox, particulates } = burnt(fuel, amount);
  unit[trade.by === "boiler" ? "boilers" : "kilns"] = count(1 + scale.rank * chance.between(0, 1));
  if (fuel !== "biomass") unit[fuel] = plain(amount);
  unit.so2 = plain(so2);
  unit.nox = plain(nox);
  return particulates;
}
