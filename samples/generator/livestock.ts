/** Agricultural units: large livestock farms of the five kinds that the census counts. */
import { Weighted } from "./chance.ts";
import { fill, type Unit } from "./columns.ts";
import { tradeName } from "./names.ts";
import { villageAddress } from "./places.ts";
import { anyStatus } from "./status.ts";
import { type CityAtWork, commonUnit, openedOn, permitOf } from "./unit.ts";

/** A kind of livestock: the word in a farm's name, its range of animals, and how one kind of number follows the other. */
interface Species {
  readonly name: string;
  readonly farm: string;
  /** Animals kept at the year's end on the smallest and on the largest farm. */
  readonly stock: readonly [number, number];
  /** Animals sold in a year for one kept; 0 where milk or eggs are sold. */
  readonly sold: number;
  /** Mu of farmland that takes up the manure of one animal. */
  readonly farmland: number;
  readonly dungRemoval: readonly string[];
}
const PIG_DUNG = ["人工干清粪", "机械干清粪", "高床养殖", "水泡粪", "水冲粪"];
const FOWL_DUNG = ["机械干清粪", "人工干清粪", "垫草垫料"];
const CATTLE_DUNG = ["人工干清粪", "机械干清粪"];
const SPECIES = new Weighted<Species>([
  [{ name: "生猪", farm: "猪", stock: [280, 30000], sold: 1.8, farmland: 0.2, dungRemoval: PIG_DUNG }, 66],
  [{ name: "肉鸡", farm: "肉鸡", stock: [2500, 300000], sold: 4.5, farmland: 0.004, dungRemoval: FOWL_DUNG }, 22],
  [{ name: "蛋鸡", farm: "蛋鸡", stock: [2000, 200000], sold: 0, farmland: 0.006, dungRemoval: FOWL_DUNG }, 7],
  [{ name: "肉牛", farm: "肉牛", stock: [60, 2500], sold: 0.9, farmland: 1.5, dungRemoval: CATTLE_DUNG }, 3],
  [{ name: "奶牛", farm: "奶牛", stock: [100, 3000], sold: 0, farmland: 2, dungRemoval: CATTLE_DUNG }, 2],
]);
const MANURE = ["生产农家肥", "生产农家肥", "生产商品有机肥", "委托处理", "生产栽培基质"];
const URINE = ["肥水还田", "沼液还田", "厌氧处理后鱼塘养殖", "厌氧+好氧处理后排放", "生产液体有机肥"];

/** One livestock farm of a city. */
export function livestockUnit(work: CityAtWork): Unit {
  const { city, chance } = work;
  const species = SPECIES.pick(chance);
  const county = work.rural.pick(chance);
  const isCooperative = chance.share(0.12);
  const status = anyStatus(chance, "agricultural");
  const unit = commonUnit(work, {
    sourceClass: "agricultural",
    subclass: "规模畜禽养殖场",
    kind: isCooperative ? "cooperative" : chance.pick(["firm", "household"] as const),
    name: county.name + tradeName(chance, city.code) + (isCooperative ? "养殖专业合作社" : `${species.farm}养殖场`),
    county,
    address: villageAddress(chance, county),
    status,
  });
  fill(unit, {
    openedOn: openedOn(chance),
    livestock: species.name,
  });
  if (status.status === "停产") return fill(unit, { stock: "0", sold: "0" });
  if (status.status !== "运行") return unit;
  const [least, most] = species.stock;
  const place = chance.between(0, 1);
  const stock = Math.round(least + (most - least) * place * place * place * place);
  if (stock > most / 2) unit.permitNumber = permitOf(unit.id);
  return fill(unit, {
    stock: String(stock),
    sold: String(Math.round(stock * species.sold * chance.between(0.9, 1.1))),
    dungRemoval: chance.pick(species.dungRemoval),
    manureTreatment: chance.pick(MANURE),
    ...(species.farm !== "肉鸡" && species.farm !== "蛋鸡" && { urineTreatment: chance.pick(URINE) }),
    farmland: String(Math.round(stock * species.farmland * chance.between(0.6, 1.5))),
  });
}
