/** Which census area is meant by what somebody writes of it. Pure. */
import { divisionName, findCity, findCounty } from "../reference/divisions.ts";
import { canonicalText, foldWidth } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { areaCode, areaKey } from "./area-counts.ts";
import type { AreaCheck } from "./record.ts";

/**
 * The area of a code, of a name as its record has it, else of a name without the code before it; `龙湖区/甲村` says where.
 * @returns undefined where there is none
 * @throws ChouqianError E-RECORDS-AREA-UNCLEAR where several are of that name
 */
export function findArea(areas: readonly AreaCheck[], asked: string): AreaCheck | undefined {
  const parts = asked.split("/").map(plain);
  const name = parts.at(-1) ?? "";
  const there = areas.filter((each) => parts.slice(0, -1).every((place) => liesIn(each, place)));
  const whole = there.filter(({ area }) => plain(area) === name);
  const found = whole.length > 0 ? whole : there.filter(({ area }) => partsOf(area).includes(name));
  if (new Set(found.map(areaKey)).size > 1) throw unclear(asked, found);
  return found[0];
}

/** Code and name of an area whose record has both in one. */
function partsOf(area: string): string[] {
  const code = areaCode(area);
  return code === undefined ? [] : [code, plain(area).slice(code.length)].filter((part) => part !== "");
}

function liesIn({ city, county }: AreaCheck, place: string): boolean {
  if (findCity(place) === city || place === plain(county)) return true;
  const code = findCounty(city, place);
  return code !== undefined && code === findCounty(city, county);
}

function plain(text: string): string {
  return foldWidth(canonicalText(text)).replace(/\s/g, "").toUpperCase();
}

function unclear(asked: string, found: readonly AreaCheck[]): ChouqianError {
  const places = found.map(({ city, county, area }) => {
    const code = findCounty(city, county);
    return `${divisionName(city)}/${code === undefined ? county : divisionName(code)}/${area}`;
  });
  return new ChouqianError("E-RECORDS-AREA-UNCLEAR", {
    message: words(
      `叫“${asked}”的普查小区有 ${found.length} 个：${places.join("、")}`,
      `${found.length} census areas are called "${asked}": ${places.join(", ")}`,
    ),
    advice: words(
      `写明是哪一个，如 ${places[0]}，或写小区代码`,
      `say which, such as ${places[0]}, or give the area's code`,
    ),
    at: { value: asked },
  });
}
