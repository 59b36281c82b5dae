import fc from "fast-check";
import { expect, test } from "vitest";
import { type Engine, openEngine } from "../../src/frame/engine.ts";
import type { LockedColumn } from "../../src/frame/lock-record.ts";
import { COMPARED, type FrameProfile, profileFrame, SECTIONS, STATUSES, sectionOf } from "../../src/frame/profile.ts";
import { profilePdf } from "../../src/frame/profile-pdf.ts";
import { profileWorkbook } from "../../src/frame/profile-workbook.ts";
import { WIDE_AREA } from "../../src/pdf/page.ts";
import { SOURCE_CLASSES } from "../../src/reference/classes.ts";
import { INDUSTRIES } from "../../src/reference/industries.ts";
import { asSeen, plainText, readPdf } from "../pdf/read-pdf.ts";
import { loaded } from "../xlsx/workbooks.ts";

interface Unit {
  readonly class: string;
  readonly city: string;
  readonly county: string;
  readonly status?: string;
  readonly oldStatus?: string;
  readonly code?: string;
}

const COLUMNS: readonly LockedColumn[] = [
  ...["id", "class", "city", "county", "name"].map((name) => ({ name, field: name })),
  { name: "状态", field: "status" },
  { name: '旧"状态"', field: "status" },
  { name: "行业", field: "industryCode" },
];
const CORE_ONLY = COLUMNS.filter(({ field }) => field !== "status" && field !== "industryCode");
const ABOUT = { title: "2019年9月省级质量核查", frameDigest: "0123456789abcdef".repeat(4) };

async function profileOf(units: readonly Unit[], columns = COLUMNS): Promise<FrameProfile> {
  const engine = await engineWith(units);
  try {
    return await profileFrame(engine, columns);
  } finally {
    engine.close();
  }
}

async function engineWith(units: readonly Unit[]): Promise<Engine> {
  const engine = await openEngine();
  const names = COLUMNS.map(({ name }) => `"${name.replaceAll('"', '""')}" VARCHAR NOT NULL`);
  await engine.run(`CREATE TABLE units (${names.join(", ")})`);
  const appender = await engine.appender("units");
  units.forEach((unit, i) => {
    const { city, county, status = "", oldStatus = "", code = "" } = unit;
    appender.append([`${i}`, unit.class, city, county, `第${i}家`, status, oldStatus, code]);
  });
  appender.close();
  return engine;
}

/** So many units alike. */
function times(count: number, unit: Unit): Unit[] {
  return Array.from({ length: count }, () => unit);
}

const COUNTIES = [
  ["440100", "440103"],
  ["440100", "440104"],
  ["440100", "440105"],
  ["440300", "440303"],
  ["440300", "440304"],
  ["440300", "大鹏片区"],
  ["440500", "440507"],
  ["440500", "440511"],
  ["440500", "440512"],
  ["440500", ""],
] as const;

/** A frame in which 荔湾区 has a fourth of its units closed, no other stands out, and one county has one unit. */
function smallProvince(): Unit[] {
  return COUNTIES.flatMap(([city, county], i) => [
    ...times(i === 0 ? 250 : 60, { class: "industrial", city, county, status: "关闭", code: "2311" }),
    ...times(720, { class: "industrial", city, county, status: "正常运行", code: "C3990" }),
    ...times(10, { class: "industrial", city, county, status: "停业", code: "4620" }),
    ...times(8, { class: "agricultural", city, county, oldStatus: "其它" }),
    ...times(5, { class: "domestic", city, county, code: "99" }),
    ...times(2, { class: "mobile", city, county, status: "装修", code: "5265" }),
    ...times(i === 2 ? 1 : 0, { class: "centralized", city: "440600", county: "440604", status: "关闭", code: "7820" }),
  ]);
}

test("units are counted by city, class, section and status", async () => {
  const profile = await profileOf(smallProvince());
  expect(profile.units).toBe(250 + 9 * 60 + 7450 + 1);
  expect(profile.cities.map(({ name, units }) => [name, units])).toEqual([
    ["广州市", 995 + 2 * 805],
    ["深圳市", 3 * 805],
    ["汕头市", 4 * 805],
    ["佛山市", 1],
  ]);
  expect(profile.cities[0]?.byClass).toEqual({
    ...zeros(),
    industrial: 2560,
    agricultural: 24,
    domestic: 15,
    mobile: 6,
  });
  expect(profile.sections?.map(({ letter, name, units }) => [letter || name, units])).toEqual([
    ["C", 790 + 7200],
    ["D", 100],
    ["F", 20],
    ["N", 1],
    ["未填", 80],
    ["不规范", 50],
  ]);
  expect(profile.status?.counts).toEqual({ 运行: 7200, 停产: 100, 关闭: 791, 其他: 80, 未填: 50, 不规范: 20 });
  expect(profile.cities[3]?.statuses?.centralized.关闭).toBe(1);
});

function zeros() {
  return Object.fromEntries(SOURCE_CLASSES.map((each) => [each, 0]));
}

test("only the county whose share differs is marked, neither those with few units nor those without a name", async () => {
  const profile = await profileOf(smallProvince());
  const marked = profile.counties.flatMap(({ name, shares }) =>
    COMPARED.flatMap((status) => (shares?.[status].mark ? [[name, status, shares[status].mark]] : [])),
  );
  expect(marked).toEqual([["荔湾区", "关闭", "偏高"]]);
  expect(profile.status?.comparedCounties).toBe(10);
  const unnamed = profile.counties.find(({ county }) => county === "");
  expect(unnamed).toMatchObject({ name: "县区未填", shares: { 关闭: { limits: null, mark: null } } });
  expect(profile.counties.find(({ county }) => county === "440604")?.shares?.关闭).toMatchObject({ count: 1, of: 1 });
});

test("a county is one, whether written by code or by name", async () => {
  const units = ["440103", "荔湾", "荔湾区"].map((county) => ({ class: "industrial", city: "440100", county }));
  expect((await profileOf(units)).counties).toMatchObject([{ county: "440103", name: "荔湾区", units: 3 }]);
});

test("every industry code of GB/T 4754-2017 has a section, and the sections leave no division out twice", () => {
  for (const code of INDUSTRIES.keys()) expect(sectionOf(code), code).toMatch(/^[A-T]$/);
  SECTIONS.slice(1).forEach(({ first }, i) => {
    expect(first).toBe((SECTIONS[i]?.last ?? 0) + 1);
  });
  expect(["", " ", "C2311", "23", "２３１１", "2311、3990", "98", "印刷", "23111"].map(sectionOf)).toEqual([
    "未填",
    "未填",
    "C",
    "C",
    "C",
    "C",
    "不规范",
    "不规范",
    "不规范",
  ]);
});

/** Frames of any composition, in odd spellings. */
function frames() {
  return fc.array(
    fc.record({
      class: fc.constantFrom(...SOURCE_CLASSES),
      city: fc.constantFrom("440100", "441900", "445300"),
      county: fc.constantFrom("", "440103", "441900003", "横琴", "云城区", "很长的片区名称".repeat(12)),
      status: fc.constantFrom("", "运行", "1", "关闭", "其它", "在建"),
      oldStatus: fc.constantFrom("", "停产"),
      code: fc.constantFrom("", "0610", "2311", "9700", "x"),
    }),
    { maxLength: 60 },
  );
}

test("every division of the units sums to all units, no figure is NaN, and the PDF has one page", async () => {
  await fc.assert(
    fc.asyncProperty(frames(), async (units) => {
      const profile = await profileOf(units);
      expect(profile.units).toBe(units.length);
      for (const parts of [profile.cities, profile.counties, profile.sections ?? []]) {
        expect(sum(parts.map((part) => part.units))).toBe(units.length);
        for (const part of parts) expect(sum(Object.values(part.byClass))).toBe(part.units);
      }
      expect(sum(STATUSES.map((each) => profile.status?.counts[each] ?? 0))).toBe(units.length);
      for (const { byClass, statuses } of profile.cities) {
        for (const each of SOURCE_CLASSES) {
          expect(sum(Object.values(statuses?.[each] ?? {}))).toBe(byClass[each]);
        }
      }
      expect(numbersIn(profile).every(Number.isFinite)).toBe(true);
      const { pages } = await readPdf(await profilePdf(profile, ABOUT));
      expect(pages.length).toBe(1);
      expect(plainText(pages)).not.toMatch(/NaN|undefined|Infinity|null/);
    }),
    { numRuns: 15 },
  );
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

test("the profile does not depend on the order of the units; its products have the same bytes twice", async () => {
  const units = smallProvince();
  const [profile, again] = [await profileOf(units), await profileOf([...units].reverse())];
  expect(again).toEqual(profile);
  expect(await profilePdf(again, ABOUT)).toEqual(await profilePdf(profile, ABOUT));
  expect(await profileWorkbook(again, ABOUT)).toEqual(await profileWorkbook(profile, ABOUT));
});

test("the page reads as agreed", async () => {
  const { pages, title } = await readPdf(await profilePdf(await profileOf(smallProvince()), ABOUT));
  expect(title).toBe("2019年9月省级质量核查　抽样框概况");
  await expect(asSeen(pages)).toMatchFileSnapshot("golden/profile.txt");
});

const EVERY_SECTION = SECTIONS.map(({ first }) => String(first).padStart(2, "0"));

test.each<[string, Unit[], readonly LockedColumn[]]>([
  ["no columns beyond the core", smallProvince(), CORE_ONLY],
  ["one city and one class", times(30, { class: "mobile", city: "440100", county: "440103", status: "运行" }), COLUMNS],
  ["no unit", [], COLUMNS],
  ["every section and county far apart", crowded(), COLUMNS],
])(
  "all text of the page stands within its area, 9 points or larger, one below the other: %s",
  async (_, units, columns) => {
    const about = { ...ABOUT, title: "第二次全国污染源普查质量核查".repeat(3) };
    const { pages } = await readPdf(await profilePdf(await profileOf(units, columns), about));
    const items = pages.flat();
    for (const { x, width, y, size } of items) {
      expect(size).toBeGreaterThanOrEqual(8.99);
      expect(x).toBeGreaterThanOrEqual(WIDE_AREA.left - 0.1);
      expect(x + width).toBeLessThanOrEqual(WIDE_AREA.right + 1);
      expect(y).toBeLessThan(WIDE_AREA.bottom + 30);
    }
    for (const a of items) {
      const over = items.filter((b) => {
        const apart = b.x >= a.x + a.width - 0.5 || a.x >= b.x + b.width - 0.5 || Math.abs(a.y - b.y) > 8;
        return a !== b && !apart;
      });
      expect(over.map(({ text }) => [a.text, text])).toEqual([]);
    }
  },
);

/** All cities' worth of counties and every section; many counties stand out on both sides. */
function crowded(): Unit[] {
  return Array.from({ length: 60 }, (_, i) => i).flatMap((i) => {
    const city = `44${String([1, 3, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18, 51][i % 15]).padStart(2, "0")}00`;
    const at = { class: SOURCE_CLASSES[i % 5] ?? "", city, county: `第${i}片区`, code: EVERY_SECTION[i % 20] ?? "" };
    return [
      ...times(i < 4 ? 90 : 5, { ...at, status: "关闭" }),
      ...times(i > 55 ? 80 : 3, { ...at, status: "其他" }),
      ...times(100, { ...at, status: i % 7 === 0 ? "" : "运行" }),
    ];
  });
}

test("the workbook holds every county with share, limits and mark, and says what is missing", async () => {
  const workbook = await loaded(await profileWorkbook(await profileOf(smallProvince()), ABOUT));
  expect(workbook.worksheets.map(({ name }) => name)).toEqual(["地市×类别", "行业门类", "运行状态", "关闭和其他"]);
  const counties = workbook.getWorksheet("关闭和其他");
  expect(counties?.rowCount).toBe(3 + 11);
  const cells = (counties?.getRow(4).values ?? []) as unknown[];
  const [, city, county, code, units, of, closed, share, all, lower, upper, excess, mark] = cells;
  expect([city, county, code, units, of, closed, mark]).toEqual(["广州市", "荔湾区", "440103", 995, 988, 250, "偏高"]);
  expect(share).toBeCloseTo(250 / 988, 12);
  expect(all).toBeCloseTo(791 / 8171, 12);
  expect(Number(lower)).toBeLessThan(Number(all));
  expect(Number(upper)).toBeLessThan(Number(share));
  expect(excess).toBeCloseTo(250 - (988 * 791) / 8171, 0);
  const total = workbook.getWorksheet("地市×类别")?.getRow(8).values as unknown[];
  expect(total.slice(3)).toEqual([8090, 80, 50, 1, 20, 8241, 1]);

  const without = await loaded(await profileWorkbook(await profileOf(smallProvince(), CORE_ONLY), ABOUT));
  expect(String(without.getWorksheet("运行状态")?.getCell("A2").value)).toContain("没有运行状态列");
  expect(String(without.getWorksheet("行业门类")?.getCell("A2").value)).toContain("没有行业代码列");
});
