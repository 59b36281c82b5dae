/** The files that a plan names: lists of ids, the table by which cities are chosen, the roster. Reads them beside the plan. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findHeading, idsOfList, readSmallTable } from "../frame/small-table.ts";
import { CITIES, divisionName, findCity } from "../reference/divisions.ts";
import { compareBytes } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import type { Filter } from "./filter.ts";
import type { CityChoice, CityFigure, Plan } from "./plan.ts";
import { readRoster } from "./roster.ts";

/** A plan whose lists are read: each `list` has become `ids`, sorted in byte order, and the roster its inspectors. */
export async function withListsRead(plan: Plan, folder: string): Promise<Plan> {
  const read = async <F extends Filter>(filter: F): Promise<F> => {
    if (filter.list === undefined) return filter;
    const { list, ...rest } = filter;
    return { ...rest, ids: (await idsOf(folder, list)).sort(compareBytes) } as unknown as F;
  };
  const quotas = [];
  for (const quota of plan.quotas) {
    quotas.push(quota.takeAll === undefined ? quota : { ...quota, takeAll: await read(quota.takeAll) });
  }
  const exclude = [];
  for (const exclusion of plan.exclude) exclude.push(await read(exclusion));
  return { ...plan, quotas, exclude, ...(await rosterRead(plan, folder)) };
}

/** The section on inspectors with the people in place of their file (`sealedAssign` reads it); nothing without one. */
async function rosterRead({ assign }: Plan, folder: string): Promise<Pick<Plan, "assign">> {
  if (assign === undefined) return {};
  const { roster, ...rules } = assign;
  const inspectors = readRoster(await readSmallTable(present(folder, roster)), rules);
  return { assign: { ...rules, inspectors } as unknown as NonNullable<Plan["assign"]> };
}

async function idsOf(folder: string, list: string): Promise<string[]> {
  return idsOfList(await readSmallTable(present(folder, list)));
}

function present(folder: string, name: string): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  throw new ChouqianError("E-PLAN-NO-FILE", {
    message: words(
      `方案里写的文件 ${name} 不在轮次文件夹里`,
      `the plan names ${name}, which is not in the round's folder`,
    ),
    advice: words("把文件放进轮次文件夹，或改正 plan.yaml 里的文件名", "put it there, or mend the name in plan.yaml"),
    at: { file: "plan.yaml", value: name },
  });
}

/**
 * The cities of a table by their figures, the highest first; cities with the same figure by code. Several rows of a
 * city are added up.
 * @throws ChouqianError E-PLAN-CITY-TABLE with every row that cannot be read
 */
export async function cityFigures(
  choice: CityChoice & { readonly table: string },
  folder: string,
): Promise<CityFigure[]> {
  const table = await readSmallTable(present(folder, choice.table));
  const city = findHeading(table, ["地市", "城市", "市", "地区", "市别", "city"]);
  const figure = findHeading(table, [choice.column ?? ""]);
  const problems: Problem[] = [];
  const problem = (message: Words, row?: number, column?: string, value?: string) =>
    problems.push({
      code: "E-PLAN-CITY-TABLE",
      message,
      advice: words("改正该表后重试", "mend the table"),
      at: { file: table.name, row, column, value },
    });
  if (city === undefined) problem(words("找不到“地市”列", "there is no column 地市"));
  if (figure === undefined) problem(words(`找不到“${choice.column}”列`, `there is no column ${choice.column}`));
  const sums = new Map<string, number>();
  const first = Math.max(city?.index ?? 0, figure?.index ?? 0) + 1;
  for (const { row, cells } of problems.length > 0 ? [] : table.rows.slice(first)) {
    const name = cells[city?.column ?? 0] ?? "";
    if (/^(合计|总计|小计|全省)/.test(name)) continue;
    const code = findCity(name);
    const text = (cells[figure?.column ?? 0] ?? "").replaceAll(",", "");
    if (code === undefined) problem(words("不认识的地市", "unknown city"), row, "地市", name);
    else if (!/^\d+(\.\d+)?$/.test(text)) problem(words("应为不小于 0 的数字", "no number"), row, choice.column, text);
    else sums.set(code, (sums.get(code) ?? 0) + Number(text));
  }
  if (problems.length === 0 && sums.size > 0) {
    return [...sums]
      .map(([code, number]) => ({ city: code, figure: number }))
      .sort((a, b) => b.figure - a.figure || compareBytes(a.city, b.city));
  }
  throw new ChouqianError("E-PLAN-CITY-TABLE", {
    message: words("选城市用的表读不出来", "the table of cities cannot be read"),
    advice: words("按上面逐项改正", "mend what is named above"),
    at: { file: table.name },
    problems,
  });
}

/**
 * The first cities of a ranking, by code.
 * @throws ChouqianError E-PLAN-CITY-TIE where the last one taken has the same figure as the first one left
 */
export function topCities(figures: readonly CityFigure[], top: number, asked: "all" | readonly string[]): string[] {
  const eligible = figures.filter(({ city }) => asked === "all" || asked.includes(city));
  const [last, next] = [eligible[top - 1], eligible[top]];
  if (last !== undefined && next?.figure === last.figure) {
    const tied = eligible.filter(({ figure }) => figure === last.figure).map(({ city }) => divisionName(city));
    throw new ChouqianError("E-PLAN-CITY-TIE", {
      message: words(
        `第 ${top} 名并列：${tied.join("、")} 都是 ${last.figure}`,
        `place ${top} is tied: ${tied.join(", ")} all have ${last.figure}`,
      ),
      advice: words(
        "改变 cities.top 的数目，或在 round.yaml 的 cities 里手工列出城市，并说明理由",
        "change cities.top, or name the cities in round.yaml",
      ),
      at: { file: "plan.yaml" },
    });
  }
  const taken = new Set(eligible.slice(0, top).map(({ city }) => city));
  return CITIES.map(({ code }) => code).filter((code) => taken.has(code));
}
