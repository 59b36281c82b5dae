/**
 * One SQL query that draws what the program draws, method `ticket`, on any engine that has SHA-256 (draw-spec). Pure.
 *
 * Units are placed into strata, strata counted, the plan's numbers worked out from the counts, units ranked by ticket,
 * the first of each stratum kept. Whole numbers stay whole throughout; the only doubles are the key of a draw by size and
 * the inclusion probability, each made by the same IEEE 754 operations as in `draw/size.ts` and `draw/draw.ts`.
 */
import type { Filter } from "../plan/filter.ts";
import type { Plan, Quota } from "../plan/plan.ts";
import { TAKE_ALL } from "../plan/strata.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { sharesQuery, wantedUnits, within } from "./sql-allocation.ts";
import type { Dialect } from "./sql-dialects.ts";
import { sizedQuery, sizeOfUnit } from "./sql-size.ts";

export interface SampleQuery {
  readonly plan: Plan;
  /** Codes of the cities drawn from; where they were drawn by lot, the chance of each as n of N. */
  readonly cities: readonly string[];
  readonly cityChance?: { readonly n: number; readonly N: number } | undefined;
  /** 64 hex digits. */
  readonly seed: string;
  /** Table of the units, its parts separated by full stops. */
  readonly table: string;
  /** The table's name of a column that the plan or the frame names. */
  readonly columnOf: (name: string) => string;
  /** Lines put before the query as comments. */
  readonly about: readonly string[];
}

/**
 * The query as text, without a semicolon. It gives stratum, rank, role, id, name, ticket, inclusion_probability,
 * stratum_units (N) and stratum_drawn (n), in the order of stratum and rank.
 * @throws ChouqianError E-SQL-PLAN with everything in the plan that it cannot say
 */
export function sampleQuery(query: SampleQuery, dialect: Dialect): string {
  refuseUnsayable(query.plan);
  const { plan, seed } = query;
  const bySize = plan.quotas.flatMap(({ size }, i) => (size === undefined ? [] : [i]));
  const isBySize = bySize.length > 0;
  const parts: [string, string][] = [
    ["units", unitsQuery(query, dialect)],
    ["placed", plan.quotas.map((quota, i) => placedQuery(quota, i, dialect)).join("\n  UNION ALL\n")],
    ["sizes", sizesQuery(dialect)],
    ...plan.quotas.flatMap((quota, i): [string, string][] => sharesQuery(quota, i, dialect)),
    ["allocated", plan.quotas.map((quota, i) => allocatedQuery(quota, i, dialect)).join("\n  UNION ALL\n")],
    ["tickets", ticketsQuery(seed, dialect)],
    ...(isBySize ? sizedQuery(bySize, dialect) : []),
    ["ranked", rankedQuery(isBySize, dialect)],
  ];
  const head = query.about.map((line) => `-- ${line.replace(/[\r\n]+/g, " ")}\n`).join("");
  const body = parts.map(([name, text]) => `${name} AS (\n${text}\n)`).join(",\n");
  return `${head}WITH ${body}\n${resultQuery(query, isBySize, dialect)}${dialect.ending}\n`;
}

/** The units of the cities and classes, exclusions taken off; every column a text. */
function unitsQuery({ plan, cities, table, columnOf }: SampleQuery, dialect: Dialect): string {
  const { name, text, asText } = dialect;
  const list = (values: readonly string[]) => values.map(text).join(", ");
  const from = table.split(".").map(name).join(".");
  const column = (own: string) => asText(`t.${name(columnOf(own))}`);
  const columns = ["id", "class", "city", "name", ...columnsBeside(plan)];
  const classes = [...new Set(plan.quotas.map((quota) => quota.class))];
  const excluded = plan.exclude.map((exclusion) => `\n    AND NOT ${filterIn(exclusion, column, dialect)}`);
  return `  SELECT ${columns.map((own) => `${column(own)} AS ${name(own)}`).join(", ")}
  FROM ${from} AS t
  WHERE ${column("city")} IN (${list(cities)}) AND ${column("class")} IN (${list(classes)})${excluded.join("")}`;
}

/** Columns that quotas look at, besides those of every unit. */
function columnsBeside({ quotas }: Plan): string[] {
  const all = quotas.flatMap(({ by, spread, size, only, takeAll }) => [
    by,
    spread?.column,
    size?.column,
    only?.column,
    takeAll?.where?.column,
  ]);
  const core = ["id", "class", "city", "name"];
  return [...new Set(all.filter((column) => column !== undefined))].filter((column) => !core.includes(column));
}

/** The units of one quota, each in its stratum; units without a size cannot be drawn by it. */
function placedQuery(quota: Quota, index: number, dialect: Dialect): string {
  const { name, text, types } = dialect;
  const column = (own: string) => `u.${name(own)}`;
  const populationPart = quota.population === undefined ? "" : `/+${quota.population.replaceAll("/", "_")}`;
  const population = `u.city || ${text(`/${quota.class}${populationPart}`)}`;
  const divided = quota.spread?.column ?? quota.by;
  const stratum =
    divided === undefined
      ? population
      : `${population} || '/' || ${partOf(column(divided), quota.spread?.digits, dialect)}`;
  const sure =
    quota.takeAll === undefined ? "0" : `CASE WHEN ${filterIn(quota.takeAll, column, dialect)} THEN 1 ELSE 0 END`;
  const size =
    quota.size === undefined ? `CAST(1 AS ${types.wide})` : sizeOfUnit(quota.size, column(quota.size.column), dialect);
  const only = quota.only === undefined ? "" : ` AND ${filterIn({ where: quota.only }, column, dialect)}`;
  const inner = `SELECT u.id AS id, u.name AS name, ${population} AS population, ${stratum} AS divided, ${sure} AS sure, ${size} AS size
    FROM units AS u WHERE u.class = ${text(quota.class)}${only}`;
  const takeAllKey = `population || ${text(`/${TAKE_ALL}`)}`;
  return `  SELECT ${index} AS quota, id, name, population, sure, size,
    CASE WHEN sure = 1 THEN ${takeAllKey} ELSE divided END AS stratum
  FROM (${inner}) AS q${index} WHERE sure = 1 OR size IS NOT NULL`;
}

/** A value as a part of a stratum's key (see `partOf` of the plan). */
function partOf(value: string, digits: number | undefined, { first, from }: Dialect): string {
  const part = `replace(${digits === undefined ? value : first(value, digits)}, '/', '_')`;
  return `CASE WHEN ${first(part, 1)} = '+' THEN '_' || ${from(part, 2)} ELSE ${part} END`;
}

/** A filter as a condition that is never NULL. */
function filterIn({ ids, where }: Filter, column: (own: string) => string, dialect: Dialect): string {
  const { text, matches, toReal, types } = dialect;
  const isOneOf = (value: string, list: readonly string[]) => `(${value} IN (${list.map(text).join(", ")}))`;
  if (where === undefined) return isOneOf(column("id"), ids ?? []);
  const value = column(where.column);
  if (where.values !== undefined) return isOneOf(value, where.values);
  const bound = (sign: string, number: number | undefined) =>
    number === undefined ? [] : [`${toReal(value)} ${sign} CAST('${number}' AS ${types.real})`];
  const bounds = [...bound(">=", where.atLeast), ...bound("<=", where.atMost)].join(" AND ");
  return `(CASE WHEN ${matches(value, "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$")} THEN ${bounds} ELSE 1 = 0 END)`;
}

function sizesQuery({ types }: Dialect): string {
  return `  SELECT quota, population, stratum, sure, CAST(count(*) AS ${types.whole}) AS total
  FROM placed GROUP BY quota, population, stratum, sure`;
}

/** Units and reserves of every stratum of a quota. */
function allocatedQuery(quota: Quota, index: number, dialect: Dialect): string {
  const { types } = dialect;
  const own = quota.spread === undefined ? within(wantedUnits(quota, "total", dialect), "total", dialect) : "shared";
  const from = quota.spread === undefined ? `sizes WHERE quota = ${index} AND sure = 0` : `shares_${index}`;
  const drawn = `SELECT quota, stratum, sure, total, CAST(${own} AS ${types.whole}) AS n FROM ${from}`;
  const sure =
    quota.takeAll === undefined
      ? ""
      : `
    UNION ALL SELECT quota, stratum, sure, total, total AS n FROM sizes WHERE quota = ${index} AND sure = 1`;
  const reserve = within(
    wantedUnits({ [typeof quota.reserve === "string" ? "rate" : "count"]: quota.reserve }, "n", dialect),
    "total - n",
    dialect,
  );
  return `  SELECT stratum, total, n, CASE WHEN sure = 1 THEN 0 ELSE CAST(${reserve} AS ${types.whole}) END AS reserve
  FROM (${drawn}${sure}) AS n${index}`;
}

function ticketsQuery(seed: string, { sha256, text }: Dialect): string {
  return `  SELECT p.quota AS quota, p.stratum AS stratum, p.sure AS sure, p.size AS size, p.id AS id, p.name AS name,
    a.total AS total, a.n AS n, a.reserve AS reserve, ${sha256(`${text(`${seed}:`)} || p.id`)} AS ticket
  FROM placed AS p JOIN allocated AS a ON a.stratum = p.stratum`;
}

/** Ranks within strata: units certain by size first, then by key where there is one, then by ticket, then by id. */
function rankedQuery(isBySize: boolean, { inBytes, types }: Dialect): string {
  const key = isBySize ? "ranking_key, " : "";
  return `  SELECT t.*, CAST(row_number() OVER (
    PARTITION BY stratum ORDER BY ${key}${inBytes("ticket")}, ${inBytes("id")}) AS ${types.whole}) AS place
  FROM ${isBySize ? "keyed" : "tickets"} AS t`;
}

function resultQuery({ cityChance }: SampleQuery, isBySize: boolean, { name, inBytes, types }: Dialect): string {
  const real = (value: string | number) => `CAST(${value} AS ${types.real})`;
  const chance = cityChance === undefined ? "" : ` * (${real(cityChance.n)} / ${real(cityChance.N)})`;
  const certain = isBySize ? "sure = 1 OR is_certain = 1" : "sure = 1";
  const equal = `${real("n")} / ${real("total")}`;
  const own = isBySize
    ? `CASE WHEN ${certain} THEN ${real(1)} WHEN by_size = 1 THEN chance_by_size ELSE ${equal} END`
    : `CASE WHEN sure = 1 THEN ${real(1)} ELSE ${equal} END`;
  return `SELECT stratum, place AS ${name("rank")},
  CASE WHEN ${certain} THEN 'certainty' WHEN place <= n THEN 'primary' ELSE 'reserve' END AS role,
  id, name, ticket, ${own}${chance} AS inclusion_probability, total AS stratum_units, n AS stratum_drawn
FROM ranked WHERE place <= n + reserve
ORDER BY ${inBytes("stratum")}, place`;
}

/** Names everything in a plan that one query cannot say. */
function refuseUnsayable(plan: Plan): void {
  const problems: Problem[] = [];
  const refuse = (value: string, message: Words, advice: Words) =>
    problems.push({ code: "E-SQL-PLAN", message, advice, at: { file: "plan.yaml", value } });
  const inProgram = words("请用 chouqian draw 抽取", "draw with chouqian draw");
  if (plan.method !== "ticket") {
    refuse(
      "method",
      words(
        "种子洗牌法 seedrandom 须逐步洗牌，一条查询表达不了",
        "seedrandom shuffles step by step, which no query can say",
      ),
      words("方案改用 method: ticket，或用 chouqian draw 抽取", "use method: ticket, or draw with chouqian draw"),
    );
  }
  if (plan.areas !== undefined) {
    refuse(
      "areas",
      words("两阶段抽取（areas）一条查询表达不了", "a draw in two stages is not said in one query"),
      inProgram,
    );
  }
  for (const { spread, rate, reserve } of plan.quotas) {
    if (spread?.rule === "min") {
      refuse(
        "spread",
        words("先保底的分层（spread.rule: min）一条查询表达不了", "spread.rule: min is not said in one query"),
        words("改用 proportional 或 equal，或用 chouqian draw 抽取", "use proportional or equal, or chouqian draw"),
      );
    }
    for (const share of [rate, reserve]) {
      if (typeof share !== "string" || share.length <= MOST_DIGITS) continue;
      refuse(
        share,
        words("比例的小数位太多，64 位整数算不准", "the share has too many decimals for 64-bit arithmetic"),
        words("最多写九位小数", "write nine decimals at most"),
      );
    }
  }
  if (problems.length === 0) return;
  throw new ChouqianError("E-SQL-PLAN", {
    message: words("方案里有一条 SQL 查询表达不了的内容", "the plan holds what one SQL query cannot say"),
    advice: words("按上面逐项处理", "see above"),
    at: { file: "plan.yaml" },
    problems,
  });
}

/** `0.` and nine decimals: numerator times a million million units still fits into 64 bits. */
const MOST_DIGITS = 11;
