/** The roster of inspectors: reads the office's table, and tells all that is wrong with it by row and column. Pure. */
import { findHeading, type SmallTable } from "../frame/small-table.ts";
import { CLASS_NAMES, type SourceClass } from "../reference/classes.ts";
import { CITIES, divisionName, findCity, findCounty } from "../reference/divisions.ts";
import { canonicalCode, canonicalText, compareBytes, foldWidth } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

/** Whom an inspector must not inspect, besides sources of the own place. */
export interface Conflicts {
  /** Codes. */
  readonly cities: readonly string[];
  readonly counties: readonly string[];
  /** Ids or names of units, folded by `unitKey`. */
  readonly units: readonly string[];
}

export interface Inspector {
  /** Number of the certificate, by which tickets are drawn. */
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** Codes; empty where a person belongs to no city, as staff of the province. */
  readonly city: string;
  readonly county: string;
  readonly skills: readonly string[];
  readonly conflicts: Conflicts;
  /** May lead a team. */
  readonly leader: boolean;
}

const HEADINGS = {
  name: ["姓名", "检查人员", "name"],
  unit: ["单位", "工作单位", "所在单位", "unit"],
  city: ["市", "地市", "城市", "所在市", "city"],
  county: ["县区", "区县", "县（市、区）", "所在县区", "county"],
  skills: ["专长", "专业", "业务专长", "skills"],
  id: ["证件号", "证件号码", "执法证号", "证件编号", "certificate", "certificate number"],
  conflicts: ["回避单位", "回避", "回避对象", "回避单位或地区", "conflicts"],
  leader: ["组长资格", "可任组长", "能否任组长", "leader"],
} as const;
type Field = keyof typeof HEADINGS;

const YES = /^(是|有|可|能|√|✓|Y|YES|TRUE|1)$/;
const NO = /^(|否|无|不|不能|×|✗|N|NO|FALSE|0)$/;
const SEPARATOR = /[、，,;；|]+/;

/** What a plan asks of its roster as a whole. */
export interface RosterNeeds {
  readonly teamSize: number;
  readonly skills: Readonly<Partial<Record<SourceClass, readonly string[]>>>;
}

/** A unit's id or name as conflicts are compared with it. */
export function unitKey(text: string): string {
  return canonicalCode(text).replace(/\s/g, "");
}

/**
 * The inspectors of a roster, sorted by certificate in byte order. Rows that begin with `#` are notes.
 * @param needs what the plan asks of them as a whole
 * @throws ChouqianError E-ROSTER with every fault of the table
 */
export function readRoster(table: SmallTable, needs: RosterNeeds): Inspector[] {
  const problems: Problem[] = [];
  const problem = (code: string, message: Words, advice: Words, row?: number, column?: string, value?: string) =>
    problems.push({ code, message, advice, at: { file: table.name, row, column, value } });
  const head = findHeading(table, HEADINGS.name);
  const below = table.rows.slice((head?.index ?? -1) + 1);
  const line = { name: table.name, rows: table.rows.slice(head?.index ?? 0, (head?.index ?? 0) + 1) };
  const columns = Object.fromEntries(
    Object.entries(HEADINGS).map(([field, headings]) => [field, findHeading(line, headings)?.column]),
  ) as Record<Field, number | undefined>;
  for (const field of ["name", "unit", "city", "county", "skills", "id", "conflicts", "leader"] as const) {
    if (columns[field] !== undefined) continue;
    const name = HEADINGS[field][0];
    problem(
      "E-ROSTER-COLUMN",
      words(`找不到“${name}”列`, `there is no column ${name}`),
      words(`加上表头“${name}”，内容可以空着；范本：chouqian assign --template`, `add the heading ${name}`),
    );
  }
  const people: Inspector[] = [];
  const rowOf = new Map<Inspector, number>();
  for (const { row, cells } of problems.length > 0 ? [] : below) {
    if (cells.find((cell) => cell !== "")?.startsWith("#")) continue;
    const cell = (field: Field) => canonicalText(cells[columns[field] ?? -1] ?? "");
    const person = readPerson(cell, (code, message, advice, field) =>
      problem(code, message, advice, row, HEADINGS[field][0], cell(field)),
    );
    people.push(person);
    rowOf.set(person, row);
  }
  for (const [person, other] of duplicates(people)) {
    const isSameId = person.id === other.id;
    problem(
      "E-ROSTER-DUPLICATE",
      words(
        `与第 ${rowOf.get(other)} 行${isSameId ? "证件号相同" : "姓名、单位都相同"}`,
        `${isSameId ? "certificate" : "name and unit"} as in row ${rowOf.get(other)}`,
      ),
      words("一人只列一行；确是两个人的，在姓名后加以区别", "list each person once"),
      rowOf.get(person),
      HEADINGS[isSameId ? "id" : "name"][0],
      isSameId ? person.id : person.name,
    );
  }
  const hasColumns = Object.values(columns).every((column) => column !== undefined);
  for (const { code, message, advice } of hasColumns ? shortages(people, needs) : []) problem(code, message, advice);
  if (problems.length === 0) return people.sort((a, b) => compareBytes(a.id, b.id));
  throw new ChouqianError("E-ROSTER", {
    message: words(`检查人员名单有 ${problems.length} 处错误`, `the roster has ${problems.length} faults`),
    advice: words("按上面逐项改正", "mend what is named above"),
    at: { file: table.name },
    problems,
  });
}

/** What the people together lack, whatever is drawn. */
function shortages(
  people: readonly Inspector[],
  { teamSize, skills }: RosterNeeds,
): { readonly code: string; readonly message: Words; readonly advice: Words }[] {
  const missing: ReturnType<typeof shortages> = [];
  if (people.length < teamSize) {
    missing.push({
      code: "E-ROSTER-TOO-FEW",
      message: words(
        `名单只有 ${people.length} 人，不够一组（每组至少 ${teamSize} 人）`,
        `${people.length} people, fewer than a team of ${teamSize}`,
      ),
      advice: words("补充人员，或改 plan.yaml 的 assign.teamSize", "add people, or lower assign.teamSize"),
    });
  }
  if (!people.some(({ leader }) => leader)) {
    missing.push({
      code: "E-ROSTER-NO-LEADER",
      message: words("没有一个人有组长资格", "nobody may lead a team"),
      advice: words("在“组长资格”列给能当组长的人写“是”", "write 是 in the column 组长资格"),
    });
  }
  for (const [sourceClass, wanted] of Object.entries(skills)) {
    if (people.some((person) => person.skills.some((skill) => wanted.includes(skill)))) continue;
    const name = CLASS_NAMES[sourceClass as SourceClass];
    missing.push({
      code: "E-ROSTER-SKILL",
      message: words(
        `${name.zh}需要专长“${wanted.join("”或“")}”，名单里没有人有`,
        `${name.en} needs ${wanted.join(" or ")}, which nobody has`,
      ),
      advice: words(
        "核对“专长”列与 plan.yaml 的 assign.skills 用字是否一致",
        "compare the column 专长 with assign.skills",
      ),
    });
  }
  return missing;
}

type Fault = (code: string, message: Words, advice: Words, field: Field) => void;

function readPerson(cell: (field: Field) => string, fault: Fault): Inspector {
  const id = canonicalCode(cell("id"));
  const filled = words("填写这一格", "fill it in");
  if (cell("name") === "") fault("E-ROSTER-NAME", words("没有姓名", "no name"), filled, "name");
  if (id === "") fault("E-ROSTER-ID", words("没有证件号", "no certificate number"), filled, "id");
  if (/^\d(\.\d+)?E\+?\d+$/.test(id)) {
    const advice = words("把这一列设为文本格式后重新填写", "format the column as text and fill it in again");
    fault("E-ROSTER-ID", words("证件号被 Excel 改成了科学计数", "Excel has rounded the number"), advice, "id");
  }
  const city = cell("city") === "" ? "" : findCity(cell("city"));
  if (city === undefined) {
    const advice = words(
      "写地级以上市的名称或代码；省级人员可空着",
      "a city's name or code; empty for the province's staff",
    );
    fault("E-ROSTER-CITY", words("不认识的地市", "unknown city"), advice, "city");
  }
  const county = cell("county") === "" ? "" : findCounty(city ?? "", cell("county"));
  if (county === undefined && city !== undefined) {
    const message =
      city === ""
        ? words("写了县区，没有写市", "a county without its city")
        : words(`${divisionName(city)}没有这个县区`, `no county of ${city}`);
    fault("E-ROSTER-COUNTY", message, words("写该市的县区名称或代码，或空着", "a county of the city"), "county");
  }
  const isLeader = YES.test(canonicalCode(cell("leader")));
  if (!isLeader && !NO.test(canonicalCode(cell("leader")))) {
    fault("E-ROSTER-LEADER", words("应写 是 或 否", "write 是 or 否"), words("能当组长写“是”", "是 if so"), "leader");
  }
  return {
    id,
    name: cell("name"),
    unit: cell("unit"),
    city: city ?? "",
    county: county ?? "",
    skills: listed(cell("skills")),
    conflicts: readConflicts(cell("conflicts"), city ?? "", fault),
    leader: isLeader,
  };
}

function listed(text: string): string[] {
  const parts = text.split(SEPARATOR).map(canonicalText);
  return [...new Set(parts.filter((part) => part !== "" && part !== "无"))].sort(compareBytes);
}

/** Places by name or code; everything else is the id or the name of a unit. */
function readConflicts(text: string, ownCity: string, fault: Fault): Conflicts {
  const found = { cities: new Set<string>(), counties: new Set<string>(), units: new Set<string>() };
  for (const part of listed(text)) {
    const city = findCity(part);
    const counties = city === undefined || /^\d{6,}$/.test(part) ? countiesNamed(part, ownCity) : [];
    const advice = words("写“地市＋县区”的全称，如 汕尾市城区；单位写全称或代码", "write city and county in full");
    if (counties.length === 1) found.counties.add(counties[0] ?? "");
    else if (city !== undefined) found.cities.add(city);
    else if (counties.length > 1) {
      const names = counties.map((code) => `${divisionName(`${code.slice(0, 4)}00`)}${divisionName(code)}`).join("、");
      fault("E-ROSTER-PLACE", words(`“${part}”可能是${names}`, `"${part}" may be ${names}`), advice, "conflicts");
    } else if (/^.{1,5}[市区县]$/.test(part)) {
      fault("E-ROSTER-PLACE", words(`不认识的地区“${part}”`, `unknown place "${part}"`), advice, "conflicts");
    } else found.units.add(unitKey(part));
  }
  const sorted = (set: ReadonlySet<string>) => [...set].sort(compareBytes);
  return { cities: sorted(found.cities), counties: sorted(found.counties), units: sorted(found.units) };
}

/** Counties that a text names: with its city before it, or alone; of the person's own city first. */
function countiesNamed(text: string, ownCity: string): string[] {
  const own = ownCity === "" ? undefined : findCounty(ownCity, text);
  if (own !== undefined) return [own];
  const plain = foldWidth(text).replace(/\s/g, "");
  const full = CITIES.filter(({ name }) => plain.replace(/^广东省?/, "").startsWith(name));
  const among = full.length > 0 ? full : CITIES;
  return among.flatMap(({ code }) => findCounty(code, plain) ?? []);
}

/** Each person that repeats an earlier one, with the earlier one. */
function duplicates(people: readonly Inspector[]): [Inspector, Inspector][] {
  const known = new Map<string, Inspector>();
  return people.flatMap((person) => {
    const keys = [
      ...(person.id === "" ? [] : [`id ${person.id}`]),
      ...(person.name === "" ? [] : [`name ${unitKey(person.name)} ${unitKey(person.unit)}`]),
    ];
    const earlier = keys.map((key) => known.get(key)).find((found) => found !== undefined);
    for (const key of keys) if (!known.has(key)) known.set(key, person);
    return earlier === undefined ? [] : [[person, earlier] as [Inspector, Inspector]];
  });
}
