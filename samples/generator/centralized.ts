/** Centralized treatment units: sewage works, refuse sites, hazardous-waste plants. */
import { Weighted } from "./chance.ts";
import { type Cells, fill, type Unit } from "./columns.ts";
import { dissolved, plain } from "./figures.ts";
import { placeWord } from "./names.ts";
import { anyStatus } from "./status.ts";
import { type CityAtWork, commonUnit, openedOn, permitOf } from "./unit.ts";

/** One kind of plant. */
interface Plant {
  readonly subclass: string;
  readonly names: readonly string[];
  /** Design capacity on the smallest and the largest plant, in `unit`. */
  readonly capacity: readonly [number, number];
  readonly unit: string;
  readonly treatedUnit: string;
  /** Treated amount of one unit of capacity in a full year (365 days). */
  readonly yearly: number;
  readonly treatsSewage: boolean;
}
const PLANTS = new Weighted<Plant>([
  [
    {
      subclass: "集中式污水处理厂",
      names: ["污水处理厂", "污水处理厂", "水质净化厂", "农村生活污水处理站"],
      capacity: [50, 200000],
      unit: "立方米/日",
      treatedUnit: "万立方米",
      yearly: 0.0365,
      treatsSewage: true,
    },
    62,
  ],
  [
    {
      subclass: "生活垃圾集中处置场（厂）",
      names: ["生活垃圾填埋场", "生活垃圾焚烧发电厂"],
      capacity: [80, 2500],
      unit: "吨/日",
      treatedUnit: "吨",
      yearly: 365,
      treatsSewage: false,
    },
    25,
  ],
  [
    {
      subclass: "危险废物集中处置厂",
      names: ["危险废物处置中心", "医疗废物处置中心"],
      capacity: [800, 80000],
      unit: "吨/年",
      treatedUnit: "吨",
      yearly: 1,
      treatsSewage: false,
    },
    13,
  ],
]);

/** One centralized unit of a city. */
export function centralizedUnit(work: CityAtWork): Unit {
  const { city, chance } = work;
  const plant = PLANTS.pick(chance);
  const county = work.industry.pick(chance);
  const status = anyStatus(chance, "centralized");
  const [least, most] = plant.capacity;
  const place = chance.between(0, 1);
  const capacity = Math.round((least + (most - least) * place * place * place * place) / 10) * 10;
  const unit = commonUnit(work, {
    sourceClass: "centralized",
    subclass: plant.subclass,
    kind: chance.share(0.7) ? "firm" : "institution",
    name: city.name + county.name + placeWord(chance) + chance.pick(plant.names),
    county,
    status,
  });
  fill(unit, {
    openedOn: openedOn(chance),
    designCapacity: String(capacity),
    capacityUnit: plant.unit,
  });
  if (chance.share(0.5)) unit.permitNumber = permitOf(unit.id);
  if (status.status !== "运行") return unit;
  const daysRun = chance.whole(330, 365);
  const treated = (capacity * plant.yearly * chance.between(0.5, 1) * daysRun) / 365;
  fill(unit, { treated: plain(treated), treatedUnit: plant.treatedUnit, daysRun: String(daysRun) });
  return plant.treatsSewage ? fill(unit, sewageFigures(work, treated * 10_000)) : unit;
}

/** Concentrations, sludge and what reaches the river. @param volume m³ treated in the year */
function sewageFigures({ city, chance }: CityAtWork, volume: number): Cells {
  const codIn = chance.whole(110, 320);
  const codOut = chance.whole(11, 39);
  return {
    electricity: plain((volume * chance.between(0.2, 0.4)) / 10_000),
    wastewater: String(Math.round(volume)),
    wastewaterDestination: "直接进入江河湖、库等水环境",
    receivingWater: chance.pick(city.waters),
    codIn: String(codIn),
    codOut: String(codOut),
    cod: plain(dissolved(codOut, volume)),
    ammonia: plain(dissolved(chance.between(0.3, 4.5), volume)),
    sludge: plain(dissolved((codIn - codOut) * chance.between(0.5, 0.9), volume)),
  };
}
