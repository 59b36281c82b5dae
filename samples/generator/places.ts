/** Where an invented unit lies: county, address, coordinates. */
import type { Chance } from "./chance.ts";
import type { Cells } from "./columns.ts";
import { placeWord } from "./names.ts";
import { NAMES, type SampleCity, type SampleCounty } from "./tables.ts";

const LETTERS = [...NAMES.letters];
const LONG_SHARE = 1 / 250;

/** Shapes of addresses, after the county. */
const SHAPES: readonly ((chance: Chance, town: string) => string)[] = [
  (chance, town) => `${town}${placeWord(chance)}路${chance.whole(1, 399)}号`,
  (chance, town) => `${town}${placeWord(chance)}工业园${chance.pick(LETTERS)}区${chance.whole(1, 30)}栋`,
  (chance, town) => `${town}${placeWord(chance)}村${placeWord(chance)}路${chance.whole(1, 99)}号`,
];

/** Address of a works; one in 250 is of the long kind that overruns a form's cell. */
export function worksAddress(chance: Chance, city: SampleCity, county: SampleCounty): string {
  if (chance.share(LONG_SHARE)) return longAddress(chance, city, county);
  const prefix = chance.share(0.25) ? city.name + county.name : county.name;
  return prefix + chance.pick(SHAPES)(chance, townOf(chance, county));
}

/** Address in a village. */
export function villageAddress(chance: Chance, county: SampleCounty, village = placeWord(chance)): string {
  return `${county.name}${townOf(chance, county)}${village}村`;
}

/** An invented town below a county; below a town of Dongguan and Zhongshan there is none. */
export function townOf(chance: Chance, county: SampleCounty): string {
  return county.level === "town" ? "" : `${placeWord(chance)}镇`;
}

function longAddress(chance: Chance, city: SampleCity, county: SampleCounty): string {
  const [village, park, road, works, river] = Array.from({ length: 5 }, () => placeWord(chance));
  return (
    `广东省${city.name}${county.name}${townOf(chance, county)}${village}村民委员会${park}工业园${road}路` +
    `${chance.whole(1, 399)}号之${chance.whole(1, 9)}第${chance.whole(1, 9)}栋首层至三层及厂区北侧附属仓库` +
    `（原${works}机械厂旧址，${river}河大桥东侧约${chance.whole(2, 90) * 10}米）`
  );
}

/** A point within the county's circle, six decimals of a degree; the last is never 0, so a number keeps all six. */
export function coordinates(chance: Chance, county: SampleCounty): Pick<Cells, "longitude" | "latitude"> {
  for (;;) {
    const x = chance.between(-1, 1);
    const y = chance.between(-1, 1);
    if (x * x + y * y > 1) continue;
    return {
      longitude: degrees(chance, county.longitude + x * county.radius),
      latitude: degrees(chance, county.latitude + y * county.radius),
    };
  }
}

function degrees(chance: Chance, value: number): string {
  return `${value.toFixed(5)}${chance.whole(1, 9)}`;
}
