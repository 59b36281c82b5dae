/** Mobile units that an inspector can visit: filling stations, oil carriers, oil depots. */
import { Weighted } from "./chance.ts";
import { fill, type Unit } from "./columns.ts";
import { plain } from "./figures.ts";
import { tradeName } from "./names.ts";
import { anyStatus } from "./status.ts";
import { type CityAtWork, commonUnit, openedOn } from "./unit.ts";

/** One kind of unit; carriers have no tanks of their own. */
interface Kind {
  readonly subclass: string;
  readonly form: string;
  readonly tanks: readonly [number, number];
  readonly tankVolume: readonly number[];
  /** Tons sold, moved or carried in a year. */
  readonly turnover: readonly [number, number];
  readonly recovery: readonly string[];
  readonly devices: readonly string[];
}
const KINDS = new Weighted<Kind>([
  [
    {
      subclass: "加油站",
      form: "加油站",
      tanks: [3, 6],
      tankVolume: [25, 30, 30, 50],
      turnover: [400, 14000],
      recovery: ["二阶段", "二阶段", "二阶段", "一阶段"],
      devices: ["有", "无"],
    },
    82,
  ],
  [
    {
      subclass: "油品运输企业",
      form: "油品运输有限公司",
      tanks: [0, 0],
      tankVolume: [0],
      turnover: [3000, 250000],
      recovery: ["一阶段"],
      devices: ["有", "有", "无"],
    },
    12,
  ],
  [
    {
      subclass: "储油库",
      form: "石油储运有限公司",
      tanks: [4, 30],
      tankVolume: [1000, 3000, 5000, 10000],
      turnover: [30000, 2000000],
      recovery: ["一阶段"],
      devices: ["有"],
    },
    6,
  ],
]);

/** One mobile unit of a city. */
export function mobileUnit(work: CityAtWork): Unit {
  const { city, chance } = work;
  const kind = KINDS.pick(chance);
  const status = anyStatus(chance, "mobile");
  const unit = commonUnit(work, {
    sourceClass: "mobile",
    subclass: kind.subclass,
    kind: "firm",
    name: city.name + tradeName(chance, city.code) + kind.form,
    county: work.industry.pick(chance),
    status,
  });
  fill(unit, {
    openedOn: openedOn(chance),
  });
  const tanks = chance.whole(...kind.tanks);
  if (tanks > 0) {
    unit.tanks = String(tanks);
    unit.tankVolume = String(tanks * chance.pick(kind.tankVolume));
  }
  if (status.status === "停产") return fill(unit, { turnover: "0" });
  if (status.status !== "运行") return unit;
  const [least, most] = kind.turnover;
  const place = chance.between(0, 1);
  return fill(unit, {
    turnover: plain(least + (most - least) * place * place),
    vapourRecovery: chance.pick(kind.recovery),
    vapourDevice: chance.pick(kind.devices),
  });
}
