/** What the tags of an office's Word template stand for, each under an English and a Chinese name. Pure. */
import { stratumInWords } from "../../draw/strata.ts";
import { CLASS_NAMES, SOURCE_CLASSES } from "../../reference/classes.ts";
import { loadLedgerFields } from "../../reference/ledger-fields.ts";
import { visible } from "../../text/visible.ts";
import { type FormRound, type FormSource, roleName } from "../source.ts";

/** A city with its drawn sources, in the order of the forms. */
export interface CitySources {
  readonly name: string;
  readonly code: string;
  readonly sources: readonly FormSource[];
}

/** Values of a template by tag; lists are looped over. */
export interface TagValues {
  readonly [tag: string]: string | TagValues | readonly TagValues[];
}

/** A tag with its Chinese name and its value. */
type Tag<T> = readonly [name: string, chinese: string, value: (of: T, index: number) => TagValues[string]];

const ROUND_TAGS: readonly Tag<FormRound>[] = [
  ["id", "编号", ({ roundId }) => roundId],
  ["name", "名称", ({ name }) => name],
  ["holder", "组织单位", ({ holder }) => holder],
  ["date", "日期", ({ date }) => date],
  ["digest", "清单摘要", ({ manifestDigest }) => manifestDigest],
  ["digest16", "清单摘要前16位", ({ manifestDigest }) => manifestDigest.slice(0, 16)],
];

const SOURCE_TAGS: readonly Tag<FormSource>[] = [
  ["number", "序号", (_, index) => String(index + 1)],
  ["id", "单位代码", ({ id }) => id],
  ["name", "单位名称", ({ name }) => name],
  ["class", "类别", ({ sourceClass }) => CLASS_NAMES[sourceClass].zh],
  ["city", "地市", ({ cityName }) => cityName],
  ["county", "县区", ({ countyName }) => countyName],
  ["address", "详细地址", ({ values }) => values.get("address") ?? ""],
  ["contact", "联系人", ({ values }) => values.get("contact") ?? ""],
  ["phone", "联系电话", ({ values }) => values.get("phone") ?? ""],
  ["stratum", "抽样层", ({ stratum }) => stratumInWords(stratum)],
  ["rank", "序位", ({ rank }) => String(rank)],
  ["role", "样本类型", (source) => roleName(source)],
  ["replaces", "替换单位", ({ replaces }) => replaces?.name ?? ""],
  ["ledger", "名录", ({ values }) => ledgerValues(values)],
];

const CLASS_TAGS: readonly Tag<ClassSources>[] = [
  ["name", "类别", ({ name }) => name],
  ["count", "家数", ({ sources }) => String(sources.length)],
  ["sources", "污染源", ({ sources }) => sources.map((source, i) => tagged(SOURCE_TAGS, source, i))],
];
interface ClassSources {
  readonly name: string;
  readonly sources: readonly FormSource[];
}

const CITY_TAGS: readonly Tag<CitySources>[] = [
  ["number", "序号", (_, index) => String(index + 1)],
  ["name", "市名", ({ name }) => name],
  ["code", "市代码", ({ code }) => code],
  ["count", "家数", ({ sources }) => String(sources.length)],
  [
    "summary",
    "分类家数",
    (city) =>
      classesOf(city)
        .map(({ name, sources }) => `${name} ${sources.length} 家`)
        .join("、"),
  ],
  ["classes", "各类", (city) => classesOf(city).map((each, i) => tagged(CLASS_TAGS, each, i))],
  ["sources", "污染源", ({ sources }) => sources.map((source, i) => tagged(SOURCE_TAGS, source, i))],
];

/** Tags of a document for one city: the round, the city, and the city's own tags without its name before them. */
export function cityLetter(round: FormRound, city: CitySources, index = 0): TagValues {
  const own = tagged(CITY_TAGS, city, index);
  const { name: _, 市名: __, ...rest } = own;
  return { ...rest, ...both("round", "轮次", tagged(ROUND_TAGS, round, 0)), ...both("city", "市", own) };
}

/** Tags of one document for all cities. */
export function roundLetter(round: FormRound, cities: readonly CitySources[]): TagValues {
  const count = String(cities.reduce((sum, { sources }) => sum + sources.length, 0));
  return {
    ...both("round", "轮次", tagged(ROUND_TAGS, round, 0)),
    ...both("count", "家数", count),
    ...both("cityCount", "市数", String(cities.length)),
    ...both(
      "cities",
      CITIES_TAG[1],
      cities.map((city, i) => tagged(CITY_TAGS, city, i)),
    ),
  };
}

/** The loop by which a template asks to be one document for all cities. */
export const CITIES_TAG = ["cities", "各市"] as const;

function tagged<T>(tags: readonly Tag<T>[], of: T, index: number): TagValues {
  return Object.assign({}, ...tags.map(([name, chinese, value]) => both(name, chinese, value(of, index))));
}

function both(name: string, chinese: string, value: TagValues[string]): TagValues {
  const shown = typeof value === "string" ? visible(value) : value;
  return { [name]: shown, [chinese]: shown };
}

/** Every field of the ledger by its key and by its name; empty where the ledger has none. */
function ledgerValues(values: ReadonlyMap<string, string>): TagValues {
  return Object.assign({}, ...loadLedgerFields().map(({ key, name }) => both(key, name, values.get(key) ?? "")));
}

function classesOf({ sources }: CitySources): ClassSources[] {
  return SOURCE_CLASSES.map((each) => ({
    name: CLASS_NAMES[each].zh,
    sources: sources.filter(({ sourceClass }) => sourceClass === each),
  })).filter((each) => each.sources.length > 0);
}
