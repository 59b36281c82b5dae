import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Column, type Unit, unitOf } from "../../samples/generator/columns.ts";
import { unitCounts } from "../../samples/generator/counts.ts";
import { organisationCheckCharacter } from "../../samples/generator/ids.ts";
import { type Options, readOptions } from "../../samples/generator/options.ts";
import { sampleSize, sampleUnits } from "../../samples/generator/province.ts";
import { SAMPLE_CITIES } from "../../samples/generator/tables.ts";
import { writeSample } from "../../samples/generator/write.ts";
import { CHECKS } from "../../src/frame/checks.ts";
import { checkLedgers } from "../../src/frame/lock-frame.ts";
import { NO_VALUE_MAPS } from "../../src/frame/value-maps.ts";
import { SOURCE_CLASSES } from "../../src/reference/classes.ts";
import { creditCodeDefect } from "../../src/reference/credit-code.ts";
import { findCounty } from "../../src/reference/divisions.ts";
import { INDUSTRIES } from "../../src/reference/industries.ts";
import { assetPath } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { silent } from "../../src/text/progress.ts";

const PROVINCE = { rows: 12_000, seed: "1" };
const units: readonly Unit[] = [...sampleUnits(PROVINCE)];
const folder = mkdtempSync(join(tmpdir(), "chouqian-sample-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bytesOf(name: string, args: readonly string[]): Promise<Buffer> {
  const out = join(folder, name);
  const options = readOptions([...args, "--out", out]);
  if (options === "help") throw new Error("help was not asked for");
  await writeSample(options, () => {});
  return readFileSync(out);
}

/** Ids of the units that a law does not hold for. */
function breaking(law: (unit: Unit) => boolean): string[] {
  return units.filter((unit) => !law(unit)).map(({ id }) => id);
}

function figure(unit: Unit, column: Column): number {
  return Number(unit[column]);
}

describe("the ledgers that lie in samples/ are those that the generator makes", () => {
  test.each([
    ["province-ledger.csv", ["--encoding", "gb18030"]],
    ["yunfu-ledger.xlsx", ["--city", "云浮"]],
    ["dirty-ledger.csv", ["--dirty"]],
  ])("%s", async (name, args) => {
    const made = await bytesOf(name, args);
    expect(made.equals(readFileSync(assetPath("samples", name))), `${name} 与生成结果不同，请重新生成`).toBe(true);
  });
});

test("the same seed and rows give the same bytes, another seed gives others", async () => {
  const first = await bytesOf("a.csv", ["--rows", "3000", "--seed", "七"]);
  expect((await bytesOf("b.csv", ["--rows", "3000", "--seed", "七"])).equals(first)).toBe(true);
  expect((await bytesOf("c.csv", ["--rows", "3000", "--seed", "八"])).equals(first)).toBe(false);
});

test("GB18030 holds the same text as UTF-8, rare characters included", async () => {
  const text = (await bytesOf("utf8.csv", [])).toString("utf8");
  const gb18030 = new TextDecoder("gb18030", { fatal: true }).decode(
    await bytesOf("gb.csv", ["--encoding", "gb18030"]),
  );
  expect(gb18030).toBe(text);
  expect(["犇", "㙟", "䶮", "莞", "𠮷"].filter((character) => !text.includes(character))).toEqual([]);
});

test("one city's ledger holds the rows that the city has in the province's", () => {
  const city = [...sampleUnits({ ...PROVINCE, city: "445300" })];
  expect(city).toEqual(units.filter((unit) => unit.city === "云浮市"));
  expect(sampleSize({ ...PROVINCE, city: "445300" })).toBe(city.length);
});

test("every id is valid, unique, of division 000000, with a valid organisation code inside", () => {
  const isSound = ({ id }: Unit) =>
    creditCodeDefect(id) === undefined &&
    id.slice(2, 8) === "000000" &&
    id.charAt(16) === organisationCheckCharacter(id.slice(8, 16));
  expect(breaking(isSound)).toEqual([]);
  expect(new Set(units.map(({ id }) => id)).size).toBe(units.length);
});

test("the organisation code's check character follows GB 11714", () => {
  expect(organisationCheckCharacter("D2143569")).toBe("X");
});

test("12,000 rows meet quotas of 50, 10, 5, 1 and 1 with reserves in every city", () => {
  const least = { industrial: 60, agricultural: 14, domestic: 8, centralized: 3, mobile: 3 };
  const counts = unitCounts(PROVINCE.rows);
  expect(counts.size).toBe(21);
  for (const city of counts.values()) {
    for (const name of SOURCE_CLASSES) expect(city[name]).toBeGreaterThanOrEqual(least[name]);
  }
});

test.each([1, 20, 999, 1847, 12_000, 3_580_000])("%i rows asked for are %i rows made", (rows) => {
  const counts = [...unitCounts(rows).values()].flatMap((city) => Object.values(city));
  expect(counts.every((count) => count >= 0)).toBe(true);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows);
});

test("every unit lies in Guangdong, in a county of its city, within that county's circle", () => {
  const counties = new Map(SAMPLE_CITIES.flatMap((city) => city.counties.map((county) => [county.code, county])));
  const isInPlace = (unit: Unit) => {
    const county = counties.get(unit.division);
    const cityCode = SAMPLE_CITIES.find(({ name }) => name === unit.city)?.code ?? "";
    if (county === undefined || findCounty(cityCode, unit.county) !== unit.division) return false;
    const [longitude, latitude] = [figure(unit, "longitude"), figure(unit, "latitude")];
    return (
      /^\d{3}\.\d{6}$/.test(unit.longitude) &&
      longitude >= 109.6 &&
      longitude <= 117.4 &&
      latitude >= 20.1 &&
      latitude <= 25.6 &&
      Math.hypot(longitude - county.longitude, latitude - county.latitude) <= county.radius + 0.00002
    );
  };
  expect(breaking(isInPlace)).toEqual([]);
});

test("every industrial unit has an industry of the table between 06 and 46, and never sewage works", () => {
  const isIndustry = (code: string) => INDUSTRIES.has(code) && code >= "0600" && code < "4700" && code !== "4620";
  expect(
    breaking((unit) => (unit.class === "工业源" ? isIndustry(unit.industryCode) : unit.industryCode === "")),
  ).toEqual([]);
});

test("nobody can be taken for real: people are 某, telephones 0000, names carry an invented word", () => {
  expect(breaking((unit) => /^\p{Script=Han}某$/u.test(unit.legalPerson))).toEqual([]);
  expect(breaking((unit) => /^\p{Script=Han}某$/u.test(unit.contact))).toEqual([]);
  expect(breaking((unit) => /^0\d{2,3}-0000\d{4}$/.test(unit.phone))).toEqual([]);
  expect(breaking((unit) => /[例拟样虚设]/.test(unit.name))).toEqual([]);
});

test("a unit that does not run says why and reports no output; one that runs gives no reason", () => {
  const ofRunning = ["output", "electricity", "wastewater", "cod", "sold", "treated", "turnover"] as const;
  const agrees = (unit: Unit) =>
    unit.status === "运行"
      ? unit.statusReason === ""
      : unit.statusReason !== "" && ofRunning.every((column) => unit[column] === "" || unit[column] === "0");
  expect(breaking(agrees)).toEqual([]);
});

test("figures agree: wastewater within water, pollutants within what the wastewater can hold, numbers plain", () => {
  const holds = (unit: Unit) =>
    unit.class !== "工业源" ||
    (figure(unit, "wastewater") <= figure(unit, "water") &&
      figure(unit, "cod") <= (figure(unit, "wastewater") * 500) / 1e6 + 0.0001 &&
      figure(unit, "ammonia") <= figure(unit, "cod"));
  expect(breaking(holds)).toEqual([]);
  const columns = ["output", "electricity", "coal", "gas", "vocs", "stock", "treated", "turnover"] as const;
  expect(breaking((unit) => columns.every((column) => /^(\d+(\.\d{1,4})?)?$/.test(unit[column])))).toEqual([]);
});

test("names and addresses include some as long as forms must bear, and none beyond 50 and 90 characters", () => {
  const longest = (column: Column) => Math.max(...units.map((unit) => [...unit[column]].length));
  expect(longest("name")).toBeGreaterThanOrEqual(36);
  expect(longest("name")).toBeLessThanOrEqual(50);
  expect(longest("address")).toBeGreaterThanOrEqual(70);
  expect(longest("address")).toBeLessThanOrEqual(90);
});

test("a unit made from few cells still has all of them, in the order of the columns", () => {
  expect(Object.keys(unitOf({ id: "x", name: "y" }))).toEqual(Object.keys(unitOf({ name: "y", id: "x" })));
});

describe("as the frame reads them", () => {
  const readings = new Map<string, ReturnType<typeof checkLedgers>>();
  const read = (name: string) => {
    const options = {
      map: new Map(),
      constants: new Map(),
      values: NO_VALUE_MAPS,
      sheet: undefined,
      encoding: undefined,
      names: new Map(),
    };
    const reading = readings.get(name) ?? checkLedgers([assetPath("samples", name)], options, silent);
    readings.set(name, reading);
    return reading;
  };

  test.each([
    ["province-ledger.csv", units.length],
    ["yunfu-ledger.xlsx", sampleSize({ ...PROVINCE, city: "445300" })],
  ])("%s has no problem row", async (name, size) => {
    const { lock, problems } = await read(name);
    expect(problems).toEqual([]);
    expect(lock.units).toBe(size);
  });

  test("the workbook of a city gives the same blocks as the province's CSV", async () => {
    const [province, yunfu] = await Promise.all([read("province-ledger.csv"), read("yunfu-ledger.xlsx")]);
    const blocks = province.lock.blocks.filter(({ key }) => key.startsWith("445300/"));
    expect(yunfu.lock.blocks).toEqual(blocks);
  });

  test("the dirty ledger shows every kind of row problem", async () => {
    const codes = new Set((await read("dirty-ledger.csv")).problems.map(({ code }) => code));
    // Cells beside a table are found in workbooks alone: in a text file they shift the columns.
    const ofTexts = Object.keys(CHECKS).filter(
      (code) =>
        !["W-FRAME-NO-REASON-COLUMN", "N-FRAME-CREDIT-COUNTY"].includes(code) && code !== "W-FRAME-CELLS-BESIDE",
    );
    expect([...codes].sort()).toEqual(ofTexts.sort());
  });
});

describe("the command line refuses", () => {
  test.each([
    [[]],
    [["--out", ""]],
    [["--out", "x.csv", "--rows", "0"]],
    [["--out", "x.csv", "--rows", "1e3"]],
    [["--out", "x.csv", "--encoding", "gbk"]],
    [["--out", "x.csv", "--city", "香港"]],
    [["--out", "x.csv", "--what"]],
    [["x.csv"]],
  ])("%j", (args) => {
    expect(() => readOptions(args)).toThrow(ChouqianError);
  });

  test("a workbook of a whole nation, and leaves nothing behind", async () => {
    const options: Options = {
      rows: 3_580_000,
      seed: "1",
      out: join(folder, "n.xlsx"),
      encoding: "utf8",
      isDirty: false,
    };
    await expect(writeSample(options, () => {})).rejects.toThrow(ChouqianError);
    expect(() => readFileSync(options.out)).toThrow("ENOENT");
  });
});
