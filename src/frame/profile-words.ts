/** A frame profile in Chinese words: figures, key figures, and how counties were compared. Pure. */
import { CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { COMPARED, type ComparedStatus, type CountyProfile, type FrameProfile, STATUSES } from "./profile.ts";
import { type Comparison, FAMILY_ERROR } from "./profile-rules.ts";

/** What a profile is of. */
export interface ProfileAbout {
  /** Name of the round or frame. */
  readonly title: string;
  readonly frameDigest: string;
}

/** 12,000 */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A share between 0 and 1 in per cent with one decimal, two below 1%; a dash where there is none. */
export function percent(share: number | null): string {
  if (share === null) return "—";
  return `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)}%`;
}

/** Classes that the frame holds units of, in their order. */
export function classesOf({ byClass }: FrameProfile): readonly SourceClass[] {
  return SOURCE_CLASSES.filter((each) => byClass[each] > 0);
}

/** A county that is marked for one status. */
export interface Outlier {
  readonly county: CountyProfile;
  readonly status: ComparedStatus;
  readonly comparison: Comparison;
}

/** Counties marked for a status, those farthest from the expected number of units first. */
export function outliersOf({ counties }: FrameProfile, status: ComparedStatus): readonly Outlier[] {
  return counties
    .flatMap((county) => {
      const comparison = county.shares?.[status];
      return comparison === undefined || comparison.mark === null ? [] : [{ county, status, comparison }];
    })
    .sort((a, b) => Math.abs(b.comparison.excess) - Math.abs(a.comparison.excess));
}

/** The paragraph of key figures. */
export function keyFigures(profile: FrameProfile): string {
  if (profile.units === 0) return "抽样框内没有单位。";
  return [
    places(profile),
    classes(profile),
    largest(profile),
    industry(profile),
    statuses(profile),
    marks(profile),
  ].join("");
}

function places({ units, cities, counties }: FrameProfile): string {
  const named = counties.filter(({ county }) => county !== "");
  const areas = named.every(({ county }) => /^\d{6}$/.test(county)) ? "" : "（含镇街和名录自列的片区）";
  const unplaced = counties.reduce((sum, each) => sum + (each.county === "" ? each.units : 0), 0);
  const besides = named.length > 0 && unplaced > 0 ? `，其中未填县区的 ${count(unplaced)} 家` : "";
  const [only] = cities;
  const where = cities.length === 1 && only !== undefined ? only.name : ` ${cities.length} 个地市`;
  const within = named.length === 0 ? "，名录未列县区" : `的 ${count(named.length)} 个县区${areas}`;
  return `抽样框共有普查对象 ${count(units)} 家，分布在${where}${within}${besides}。`;
}

function classes(profile: FrameProfile): string {
  const present = classesOf(profile);
  const [only] = present;
  if (present.length === 1 && only !== undefined) return `全部为${CLASS_NAMES[only].zh}。`;
  const each = present.map((name) => {
    const units = profile.byClass[name];
    return `${CLASS_NAMES[name].zh} ${count(units)} 家，占 ${percent(units / profile.units)}`;
  });
  return `其中${each.join("；")}。`;
}

function largest({ units, cities, counties }: FrameProfile): string {
  const places = cities.length > 1 ? cities : counties.filter(({ county }) => county !== "");
  if (places.length < 2) return "";
  const sorted = [...places].sort((a, b) => b.units - a.units);
  const [most, least] = [sorted[0], sorted.at(-1)];
  if (most === undefined || least === undefined || most.units === least.units) return "";
  return `单位最多的是${most.name}，${count(most.units)} 家，占 ${percent(most.units / units)}；最少的是${least.name}，${count(least.units)} 家。`;
}

function industry({ units, sections }: FrameProfile): string {
  if (sections === null) return "名录没有行业代码列。";
  const known = sections.filter(({ letter }) => letter !== "");
  const coded = known.reduce((sum, section) => sum + section.units, 0);
  const [most] = [...known].sort((a, b) => b.units - a.units);
  if (most === undefined) return "各单位均未填规范的行业代码。";
  return `行业代码规范的有 ${count(coded)} 家，占 ${percent(coded / units)}，其中${most.name}占 ${percent(most.units / coded)}。`;
}

function statuses({ units, status }: FrameProfile): string {
  if (status === null) return "名录没有运行状态列，不能比较关闭和其他的占比。";
  const present = STATUSES.filter((each) => status.counts[each] > 0);
  const each = present.map(
    (name) => `${name} ${count(status.counts[name])} 家，占 ${percent(status.counts[name] / units)}`,
  );
  return `运行状态为${each.join("；")}。`;
}

function marks(profile: FrameProfile): string {
  const { status } = profile;
  if (status === null) return "";
  if (status.yardsticks === null) return "可比的县区不足两个，未比较关闭和其他的占比。";
  const compared = `可比县区 ${count(status.comparedCounties)} 个，`;
  const each = COMPARED.map((name) => {
    const marked = outliersOf(profile, name);
    const high = marked.filter(({ comparison }) => comparison.mark === "偏高").length;
    const [above, below] = [
      high > 0 ? [`偏高的 ${high} 个`] : [],
      marked.length > high ? [`偏低的 ${marked.length - high} 个`] : [],
    ];
    return marked.length === 0 ? `${name}占比均在限度内` : `${name}占比${[...above, ...below].join("、")}`;
  });
  const isQuiet = COMPARED.every((name) => outliersOf(profile, name).length === 0);
  return `${compared}${isQuiet ? `${COMPARED.join("、")}占比均在限度内` : each.join("；")}。`;
}

/** How shares were taken and counties marked, a sentence or two each; none where the frame holds no status. */
export function comparisonNotes({ status }: FrameProfile): readonly string[] {
  if (status === null) return [];
  const shares = "占比＝关闭（其他）家数÷状态已填且规范的家数；“总体”为抽样框全部单位。未填县区的单位不参与比较。";
  if (status.yardsticks === null) return [shares];
  const { tail } = status.yardsticks.关闭;
  const widened = COMPARED.flatMap((name) => {
    const { dispersion } = status.yardsticks?.[name] ?? { dispersion: 1 };
    return dispersion > 1 ? [`${name} ${dispersion.toFixed(2)}`] : [];
  });
  return [
    shares,
    `限度按漏斗图法，以总体占比的二项分布精确计算：设各县区与总体无差别，全部 ${count(status.comparedCounties)}×${COMPARED.length} 项比较中只要出现任一误标的概率不超过 ${FAMILY_ERROR * 100}%（每项每侧 ${tailInWords(tail)}，邦费罗尼校正），单位少的县区限度相应放宽。`,
    ...(widened.length === 0
      ? []
      : [`各县区之间的差别大于偶然，限度已按离散系数放宽（${widened.join("，")}；Spiegelhalter 2005）。`]),
    "标出的只是须先核实的线索，不等于填报有误。",
  ];
}

/** A small probability with two significant digits, such as 0.0069%. */
function tailInWords(tail: number): string {
  const parts = tail * 100;
  const digits = Math.max(0, 1 - Math.floor(Math.log10(parts)));
  return `${parts.toFixed(Math.min(20, digits))}%`;
}
