/** From ledger files to a frame: what is read, what is refused, what is warned of. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltFrame, buildFrame } from "../../src/frame/build.ts";
import { canonicalLine, frameDigestOf } from "../../src/frame/digests.ts";
import { openEngine } from "../../src/frame/engine.ts";
import { ledgerPaths, namedLedgers } from "../../src/frame/ledger-paths.ts";
import { scanCsv } from "../../src/frame/read-csv.ts";
import { inspectFile } from "../../src/frame/source-file.ts";
import { NO_VALUE_MAPS, valueMapsOf } from "../../src/frame/value-maps.ts";
import { withTemporaryFolder } from "../../src/round/files.ts";
import { compareBytes, digest } from "../../src/text/canonical.ts";
import { silent } from "../../src/text/progress.ts";
import { hasSharedData, sharedData, sharedDataNote } from "../support/shared-data.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chouqian-frame-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = "统一社会信用代码,企业名称,污染源类别,地区,县区,地址";
const ROWS = [
  "91440511MA513YLA1A,甲厂,工业源,汕头,龙湖区,一路1号",
  "91440500192875062E,乙厂,工业源,汕头市,,二路2号",
  "91441224MA4X1Y7741,丙场,农业源,441200,怀集县,三路3号",
];

function ledger(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("a column that decides what a unit is and stands there twice is refused, until one of them is chosen", async () => {
  const twice = ledger(
    "twice.csv",
    `${HEAD},地区\n${ROWS.map((row, i) => `${row},${i === 0 ? "佛山" : "汕头"}`).join("\n")}\n`,
  );
  await expect(build([twice])).rejects.toMatchObject({ problems: [{ code: "E-FRAME-TWO-COLUMNS" }] });
  const { lock } = await build([twice], new Map([["city", ["地区"]]]));
  expect(lock.blocks.map(({ key }) => key.slice(0, 6))).toEqual(["440500", "441200"]);
});

async function build(
  paths: readonly string[],
  map = new Map<string, readonly string[]>(),
  constants = new Map<string, string>(),
  values = NO_VALUE_MAPS,
): Promise<BuiltFrame> {
  return withTemporaryFolder(async (work) => {
    const engine = await openEngine(work);
    try {
      return await buildFrame(
        engine,
        namedLedgers(paths),
        { map, constants, values, sheet: undefined, encoding: undefined, names: new Map() },
        { folder: work, excludeProblemRows: true },
        silent,
      );
    } finally {
      engine.close();
    }
  });
}

const codes = ({ problems }: BuiltFrame) => problems.map(({ code, at }) => `${at.row} ${code}`);

describe("reading", () => {
  test("one ledger in every encoding, with or without title rows, gives one frame digest", async () => {
    const text = [HEAD, ...ROWS].join("\r\n");
    const expected = (await build([ledger("utf8.csv", text)])).lock.frameDigest;
    const variants: [string, string | Uint8Array][] = [
      ["bom.csv", `\uFEFF${text}\r\n`],
      ["gb.csv", iconv.encode(text, "gb18030")],
      ["utf16le.csv", iconv.encode(text, "utf16le", { addBOM: true })],
      ["utf16be.csv", iconv.encode(text, "utf16be", { addBOM: true })],
      ["title.csv", `汕头市普查名录,,,,,\n单位：家,,,,,\n${text}`],
      ["tab.csv", text.replaceAll(",", "\t")],
      ["semicolon.csv", text.replaceAll(",", ";")],
      ["quoted.csv", text.replace("甲厂", '"甲厂"').replace("一路1号", '"一路1号"')],
      ["blank-rows.csv", text.replaceAll("\r\n", "\r\n\r\n,,,,,\r\n")],
    ];
    for (const [name, content] of variants) {
      expect((await build([ledger(name, content)])).lock.frameDigest, name).toBe(expected);
    }
  });

  test("rows in any order, in one file or several, give one frame digest", async () => {
    const expected = (await build([ledger("all.csv", [HEAD, ...ROWS].join("\n"))])).lock.frameDigest;
    const shuffled = [HEAD, ROWS[2], ROWS[0], ROWS[1]].join("\n");
    expect((await build([ledger("shuffled.csv", shuffled)])).lock.frameDigest).toBe(expected);
    const parts = [ledger("b.csv", [HEAD, ROWS[1]].join("\n")), ledger("a.csv", [HEAD, ROWS[0], ROWS[2]].join("\n"))];
    expect((await build(parts)).lock.frameDigest).toBe(expected);
    expect((await build([...parts].reverse())).lock.frameDigest).toBe(expected);
  });

  test("a quoted line break stays in its row, and rows keep the numbers a spreadsheet shows", async () => {
    const text = `${HEAD}\n${ROWS[0]?.replace("一路1号", '"一路\n1号"')}\n${ROWS[1]?.replace("汕头市", "广州县")}\n`;
    const built = await build([ledger("break.csv", text)]);
    expect(codes(built)).toContain("3 E-FRAME-CITY");
    expect(built.lock.units).toBe(1);
  });

  test("a column that the ledger lacks is given for all rows, and one that it has is not overruled but refused", async () => {
    const text = "统一社会信用代码,企业名称\n91440511MA513YLA1A,甲厂\n91440500192875062E,乙厂\n";
    const given = new Map([
      ["class", "工业源"],
      ["city", "汕头"],
      ["county", "龙湖"],
    ]);
    const built = await build([ledger("one-class.csv", text)], new Map(), given);
    expect(built.lock.blocks.map(({ key, count }) => [key, count])).toEqual([["440500/industrial", 2]]);
    expect(built.problems).toEqual([]);
    expect(built.lock.options.set).toEqual({ class: "工业源", city: "汕头", county: "龙湖" });
    const whole = build([ledger("whole.csv", [HEAD, ...ROWS].join("\n"))], new Map(), given);
    await expect(whole).rejects.toMatchObject({ code: "E-FRAME-SET-COLUMN" });
  });

  test("headings of two levels are joined, and a line of units below them is no row", async () => {
    const text = [
      "汕头市普查名录,,,,,,",
      "统一社会信用代码,企业名称,污染源类别,地区,主要产品,,用电量",
      ",,,,名称,产量,（万千瓦时）",
      "91440511MA513YLA1A,甲厂,工业源,汕头,布,12,3.5",
    ].join("\n");
    const { lock } = await build([ledger("two-levels.csv", text)]);
    expect(lock.units).toBe(1);
    expect(lock.sources[0]?.tables[0]?.headerRow).toBe(3);
    expect(lock.columns.slice(5)).toEqual([
      { name: "主要产品/名称", field: null },
      { name: "主要产品/产量", field: "output" },
      { name: "用电量（万千瓦时）", field: "electricity" },
    ]);
  });

  test("a heading of two levels may name its field by the lower one, where that says enough", async () => {
    const text = [
      "统一社会信用代码,企业名称,污染源类别,地区,地址信息,,主要产品,",
      ",,,,县（区）,详细地址,名称,代码",
      "91440511MA513YLA1A,甲厂,工业源,汕头,龙湖区,路1号,水泥,3111",
    ].join("\n");
    const { lock } = await build([ledger("lower-levels.csv", text)]);
    expect(lock.columns).toContainEqual({ name: "地址信息/详细地址", field: "address" });
    expect(lock.columns).toContainEqual({ name: "主要产品/代码", field: null });
    expect(lock.sources[0]?.tables[0]?.headings.county).toBe("地址信息/县（区）");
  });

  test("a first row that leaves its core cells empty is a row, where it holds figures", async () => {
    const built = await build([ledger("figures.csv", "统一社会信用代码,企业名称,污染源类别,地区,用电量\n,,,,12\n")]);
    expect(built.problems.map(({ code }) => code)).toContain("E-FRAME-NO-ID");
  });

  test("a folder stands for the ledgers in it, whatever else lies there", () => {
    const home = join(folder, "文件夹");
    mkdirSync(join(home, "县"), { recursive: true });
    const names = ["b.csv", "a.xlsx", join("县", "c.CSV"), "说明.docx", "~$a.xlsx", "问题清单.xlsx", ".隐藏.csv"];
    for (const name of names) writeFileSync(join(home, name), "x");
    symlinkSync(join(home, "b.csv"), join(home, "链接.csv"));
    expect(ledgerPaths([home, "别的.csv"])).toEqual([
      join(home, "a.xlsx"),
      join(home, "b.csv"),
      join(home, "县", "c.CSV"),
      "别的.csv",
    ]);
  });

  test("a link out of the folder is refused by name", () => {
    const home = join(folder, "有链接");
    mkdirSync(home);
    writeFileSync(join(home, "a.csv"), "x");
    symlinkSync("/etc/hostname", join(home, "外面.csv"));
    expect(() => ledgerPaths([home])).toThrow(/E-FRAME-LINK/);
  });

  test("two files of one name go by their folders, and problems name them so", async () => {
    const home = join(folder, "两市");
    for (const city of ["汕头", "揭阳"]) {
      mkdirSync(join(home, city), { recursive: true });
      const row = city === "汕头" ? ROWS[0] : `,无码厂,工业源,揭阳,,路`;
      writeFileSync(join(home, city, "名录.csv"), [HEAD, row].join("\n"));
    }
    const named = (paths: string[]) => namedLedgers(paths).map(({ name }) => name);
    expect(named([home])).toEqual(["揭阳/名录.csv", "汕头/名录.csv"]);
    expect(named([join(home, "汕头", "名录.csv"), join(home, "揭阳", "名录.csv")])).toEqual([
      "汕头/名录.csv",
      "揭阳/名录.csv",
    ]);
    const built = await build([home]);
    expect(built.lock.sources.map(({ name }) => name)).toEqual(["揭阳/名录.csv", "汕头/名录.csv"]);
    expect(built.problems[0]?.at.file).toBe("揭阳/名录.csv");
  });

  test("commas inside cells do not pass for separators, however many they are", async () => {
    const rows = ROWS.map((row, at) => `${row.replaceAll(",", ";")}${",一，二,三,四,五,六,七,八".repeat(at + 1)}`);
    const built = await build([ledger("分号.csv", [HEAD.replaceAll(",", ";"), ...rows].join("\n"))]);
    expect(built.lock.units).toBe(ROWS.length);
  });

  test("headings that differ in upper and lower case alone are two columns", async () => {
    const text = `${HEAD},COD,cod,Name\n${ROWS[0]},1,2,x\n`;
    const { lock } = await build([ledger("case.csv", text)]);
    expect(lock.columns.slice(-3).map(({ name }) => name)).toEqual(["COD", "cod (2)", "Name (2)"]);
    expect(lock.units).toBe(1);
  });

  test("a file that is written to while it is read is refused", async () => {
    const path = ledger("busy.csv", [HEAD, ...ROWS].join("\n"));
    const file = await inspectFile(path, undefined, new Map());
    writeFileSync(path, [HEAD, ...ROWS, ROWS[0]].join("\n"));
    await expect(scanCsv(file, () => true)).rejects.toMatchObject({ code: "E-FRAME-FILE-CHANGED" });
  });

  test("a row whose id has a suffix of two digits is looked at without it", async () => {
    const text = `代码,顺序,单位名称,类别,市\n91440511MA513YLA1A,01,甲厂,工业源,汕头\n91440511MA513YLA1A,x1,甲厂二,工业源,汕头\n`;
    const built = await build([ledger("suffix.csv", text)], new Map([["id", ["代码", "顺序"]]]));
    expect(codes(built)).toEqual(["3 N-FRAME-ID-FOLDED", "3 W-FRAME-NOT-CREDIT-CODE"]);
  });

  test("an office's own words for classes and statuses mean what its map says", async () => {
    const { maps, unknown } = valueMapsOf({ class: { 规上企业: "工业源", 场: "怪" }, status: { 倒闭: "关闭" } });
    expect(unknown).toEqual([{ field: "class", meaning: "怪" }]);
    const text = `${HEAD},运行状态,状态说明\n${ROWS[0]?.replace("工业源", "规上 企业")},倒闭,\n`;
    const built = await build([ledger("words.csv", text)], new Map(), new Map(), maps);
    expect(built.lock.blocks.map(({ key }) => key)).toEqual(["440500/industrial"]);
    expect(codes(built)).toEqual(["2 W-FRAME-STATUS-REASON"]);
    expect(built.lock.options.values.class).toEqual({ 规上企业: "industrial" });
  });

  test("a column is found by --map, alone or joined with others", async () => {
    const text = `甲列,序,单位名称,类别,市\n91440511MA513YLA1A,01,甲厂,工业源,汕头\n91440511MA513YLA1A,02,甲厂二分厂,工业源,汕头\n`;
    const built = await build([ledger("map.csv", text)], new Map([["id", ["甲列", "序"]]]));
    expect(built.lock.units).toBe(2);
    expect(built.lock.sources[0]?.tables[0]?.headings.id).toBe("甲列+序");
  });

  test.each(["统一社会信用代码 ", "社会信用代码", "统一社会信用代码（18位）", "*统一社会信用代码"])(
    "the heading %j names the id",
    async (heading) => {
      const text = [HEAD.replace("统一社会信用代码", heading), ...ROWS].join("\n");
      expect((await build([ledger("heading.csv", text)])).lock.units).toBe(3);
    },
  );
});

describe("problems", () => {
  test.each([
    [",无码厂,工业源,汕头,龙湖区,路", "E-FRAME-NO-ID"],
    ["91440511MA513YLA1A,重码厂,工业源,汕头,龙湖区,路", "E-FRAME-DUPLICATE-ID"],
    ["91440515193135867８,外地厂,工业源,长沙,,路", "E-FRAME-CITY"],
    ["914405151931358678,怪厂,火力,汕头,,路", "E-FRAME-CLASS"],
    ["914405151931358678,多列厂,工业源,汕头,澄海区,路,多一格", "E-FRAME-SURPLUS-CELLS"],
    ["9.14405E+17,科学厂,工业源,汕头,澄海区,路", "E-FRAME-ID-DAMAGED"],
    ["914405151931358679,错码厂,工业源,汕头,澄海区,路", "W-FRAME-CREDIT-CODE"],
    ["L123,短码厂,工业源,汕头,澄海区,路", "W-FRAME-NOT-CREDIT-CODE"],
    ["914405151931358678,缺县厂,工业源,汕头,,路", "W-FRAME-NO-COUNTY"],
    ["914405151931358678,功能区厂,工业源,汕头,高新区,路", "W-FRAME-COUNTY"],
    ["914405151931358678,,工业源,汕头,澄海区,路", "W-FRAME-NO-NAME"],
    ["914405151931358678,乱\uFFFD厂,工业源,汕头,澄海区,路", "W-FRAME-GARBLED"],
    ["914405151931358678,看不\u200B见厂,工业源,汕头,澄海区,路", "W-FRAME-INVISIBLE"],
    ["91440500x1754934xB,小写厂,工业源,汕头,澄海区,路", "N-FRAME-ID-FOLDED"],
    ["914405151931358678,Ａ厂,工业源,汕头,澄海区,路", "N-FRAME-FULL-WIDTH"],
  ])("%j is found: %s", async (row, code) => {
    const built = await build([ledger("problem.csv", [HEAD, ...ROWS, row].join("\n"))]);
    const isRefused = code.startsWith("E-");
    if (code !== "E-FRAME-DUPLICATE-ID") expect(codes(built)).toContain(`5 ${code}`);
    else expect(built.problems.map((problem) => problem.code)).toContain(code);
    expect(built.lock.units).toBe(isRefused ? 3 : 4);
    expect(built.lock.rowsRead).toBe(4);
    expect(built.lock.excluded).toHaveLength(isRefused ? 1 : 0);
  });

  test.each([
    ["the short way", []],
    ["the checks", ["914405151931358678,甲厂,工业源,汕头,,路,其他"]],
  ])("a ledger without a column for the reason says so once, by %s", async (_, faulty) => {
    const head = `${HEAD},运行状态`;
    const rows = ROWS.map((row, at) => `${row},${["关闭", "运行", "其他"][at]}`);
    const built = await build([ledger("无原因.csv", [head, ...rows, ...faulty].join("\n"))]);
    const found = built.problems.filter(({ code }) => code === "W-FRAME-NO-REASON-COLUMN");
    expect(found.map(({ at }) => at.row)).toEqual([1]);
    expect(found[0]?.message.zh).toContain(`（${2 + faulty.length} 行）`);
    expect(built.problems.map(({ code }) => code)).not.toContain("W-FRAME-STATUS-REASON");
    expect(built.lock.rowsRead).toBe(3 + faulty.length);
  });

  const FULL_HEAD =
    "统一社会信用代码,企业名称,污染源类别,地区,县区,地址,运行状态,状态说明,行业代码,区划代码,经度,纬度,用电量";
  const full = (cells: Partial<Record<string, string>>) => {
    const values: Record<string, string> = {
      统一社会信用代码: "91440511MA513YLA1A",
      企业名称: "甲厂",
      污染源类别: "工业源",
      地区: "汕头",
      县区: "龙湖区",
      地址: "一路1号",
      运行状态: "运行",
      行业代码: "1711",
      区划代码: "440507",
      经度: "116.7",
      纬度: "23.37",
      用电量: "12.5",
      ...cells,
    };
    return FULL_HEAD.split(",")
      .map((heading) => `"${values[heading] ?? ""}"`)
      .join(",");
  };

  test.each<[string, Partial<Record<string, string>>, string[]]>([
    ["nothing wrong", {}, []],
    ["a closed unit without a reason", { 运行状态: "关闭" }, ["W-FRAME-STATUS-REASON"]],
    ["a closed unit with a reason", { 运行状态: "关闭", 状态说明: "搬迁" }, []],
    ["sewage treatment as industry", { 行业代码: "4620" }, ["W-FRAME-INDUSTRY-CLASS"]],
    ["farming as industry", { 行业代码: "0111" }, ["W-FRAME-INDUSTRY-CLASS"]],
    ["industry as agriculture", { 行业代码: "1711", 污染源类别: "农业源" }, ["W-FRAME-INDUSTRY-CLASS"]],
    ["an industry code kept as a number", { 行业代码: "610" }, ["W-FRAME-INDUSTRY-ZERO"]],
    ["no status", { 运行状态: "" }, ["W-FRAME-NO-STATUS"]],
    ["degrees apart", { 经度: "116 42 10.5" }, ["W-FRAME-COORDINATES-DMS"]],
    [
      "an id of twenty digits that a spreadsheet rounded",
      { 统一社会信用代码: "91440515193135800000" },
      ["E-FRAME-ID-DAMAGED"],
    ],
    ["farming as agriculture", { 行业代码: "0111", 污染源类别: "农业源" }, []],
    ["an area code of another city", { 区划代码: "440106" }, ["W-FRAME-DIVISION"]],
    ["an area code of a census area", { 区划代码: "440507001002A" }, []],
    ["no latitude", { 纬度: "" }, ["W-FRAME-NO-COORDINATES"]],
    ["degrees and minutes", { 经度: "116°42′" }, ["W-FRAME-COORDINATES-DMS"]],
    ["swapped coordinates", { 经度: "23.37", 纬度: "116.7" }, ["W-FRAME-COORDINATES-SWAPPED"]],
    ["coordinates elsewhere", { 经度: "0", 纬度: "0" }, ["W-FRAME-COORDINATES-OUTSIDE"]],
    ["a unit in a figure", { 用电量: "12.5万度" }, ["W-FRAME-NUMBER"]],
    ["a thousands separator", { 用电量: "1,250" }, ["W-FRAME-NUMBER"]],
    ["a negative figure", { 用电量: "-1" }, ["W-FRAME-NEGATIVE"]],
    ["a formula that failed", { 用电量: "#DIV/0!" }, ["W-FRAME-FORMULA-ERROR"]],
    ["an empty figure", { 用电量: "" }, []],
    ["an id whose last digits a spreadsheet lost", { 统一社会信用代码: "914405151931358000" }, ["E-FRAME-ID-DAMAGED"]],
  ])("values: %s", async (_, cells, expected) => {
    const other = full({ 统一社会信用代码: "91440500192875062E", 企业名称: "乙厂" });
    const built = await build([ledger("values.csv", [FULL_HEAD, other, full(cells)].join("\n"))]);
    expect(built.problems.map(({ code, at }) => `${at.row} ${code}`)).toEqual(expected.map((code) => `3 ${code}`));
  });

  test("the same name at the same address under two ids is told at both rows, each naming the other", async () => {
    const twin = full({ 统一社会信用代码: "91440500192875062E" });
    const built = await build([ledger("twins.csv", [FULL_HEAD, full({}), twin].join("\n"))]);
    expect(built.problems.map(({ code, at }) => `${at.row} ${code}`)).toEqual([
      "2 W-FRAME-SAME-PLACE",
      "3 W-FRAME-SAME-PLACE",
    ]);
    expect(built.problems[0]?.message.zh).toContain("第 3 行");
    expect(built.problems[1]?.message.zh).toContain("第 2 行");
    expect(built.lock.units).toBe(2);
  });

  test("one id with two names is told with both, wherever its rows stand", async () => {
    const rows = [
      "914405151931358678,乙名,工业源,汕头,澄海区,路",
      "914405151931358678,甲名,工业源,汕头,澄海区,路",
      "914405151931358678,丙名,农业源,汕头,澄海区,路",
    ];
    const built = await build([ledger("names.csv", [HEAD, ...rows].join("\n"))]);
    const told = built.problems.filter(({ code }) => code === "W-FRAME-ID-TWO-NAMES");
    expect(told.map(({ at, message }) => `${at.row} ${/此行.*”/.exec(message.zh)?.[0]}`)).toEqual([
      "2 此行“乙名”，保留的行“丙名”",
      "3 此行“甲名”，保留的行“丙名”",
    ]);
  });

  test("names of one county that differ in form alone are told in pairs", async () => {
    const names = [
      "汕头市甲纸业有限责任公司",
      "甲紙業（有限公司）",
      "甲 纸业有限公司",
      "甲纸业总公司",
      "甲纸业有限公司",
    ];
    const rows = names.map(
      (name, at) =>
        `${["914405151931358678", "91440511MA513YLA1A", "91440500192875062E", "91441224MA4X1Y7741", "91440500X1754934XB"][at]},${name},工业源,汕头,${at === 4 ? "澄海区" : "龙湖区"},${at}号`,
    );
    const built = await build([ledger("like.csv", [HEAD, ...rows].join("\n"))]);
    expect(built.likeNames.map(({ first, second }) => [first.name, second.name])).toEqual([
      ["甲 纸业有限公司", "甲紙業（有限公司）"],
      ["甲 纸业有限公司", "汕头市甲纸业有限责任公司"],
    ]);
    expect(built.problems.filter(({ code }) => code === "W-FRAME-LIKE-NAME")).toHaveLength(2);
  });

  test("of rows with one id the first in byte order stays, whatever the order of the rows", async () => {
    const first = "914405151931358678,乙名,工业源,汕头,澄海区,路";
    const second = "914405151931358678,甲名,工业源,汕头,澄海区,路";
    const a = await build([ledger("ab.csv", [HEAD, ...ROWS, first, second].join("\n"))]);
    const b = await build([ledger("ba.csv", [HEAD, ...ROWS, second, first].join("\n"))]);
    expect(a.lock.frameDigest).toBe(b.lock.frameDigest);
    expect(a.lock.units).toBe(4);
  });
});

test("the frame digest is what the specification says, computed by hand", async () => {
  const built = await build([ledger("hand.csv", [HEAD, ...ROWS].join("\n"))]);
  const lines: Record<string, string[]> = {
    "440500/industrial": [
      "91440500192875062E\tindustrial\t440500\t\t乙厂\t二路2号\n",
      "91440511MA513YLA1A\tindustrial\t440500\t440507\t甲厂\t一路1号\n",
    ],
    "441200/agricultural": ["91441224MA4X1Y7741\tagricultural\t441200\t441224\t丙场\t三路3号\n"],
  };
  const sha = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
  const blocks = Object.entries(lines).map(([key, own]) => `${key}\t${own.length}\t${sha(own.join(""))}\n`);
  expect(built.lock.frameDigest).toBe(sha(blocks.join("")));
});

test("SQL's canonical table equals the definition in TypeScript for any text", async () => {
  const cell = fc
    .string({ unit: "grapheme", maxLength: 8 })
    .map((text) => text.normalize("NFC").replace(/[\t\r\n\0]/g, ""));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12, selector: ([id]) => id }),
      async (rows) => {
        const engine = await openEngine();
        const columns = ["id", "class", "city", "备注"].map((name) => ({ name, field: null }));
        await engine.run(`CREATE TABLE units ("id" VARCHAR, "class" VARCHAR, "city" VARCHAR, "备注" VARCHAR)`);
        const appender = await engine.appender("units");
        for (const [id, note] of rows) appender.append([id, "mobile", "440100", note]);
        appender.close();
        const [found] = await engine.query<{ digest: string }>(
          `SELECT sha256(string_agg(${canonicalLine(columns)} || chr(10), '' ORDER BY "id")) AS digest FROM units`,
        );
        engine.close();
        const sorted = [...rows].sort(([a], [b]) => compareBytes(a, b));
        expect(found?.digest).toBe(digest(sorted.map(([id, note]) => `${id}\tmobile\t440100\t${note}\n`).join("")));
      },
    ),
    { numRuns: 40 },
  );
});

test("an empty list of blocks has the digest of nothing", () => {
  expect(frameDigestOf([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

describe.skipIf(!hasSharedData)(`the real ledger${sharedDataNote}`, () => {
  test("every one of its 11,324 rows is a unit, and its dirt is named", async () => {
    const { lock } = await build([sharedData("enterprise-ledger.csv")]);
    expect([lock.rowsRead, lock.units, lock.excluded.length]).toEqual([11_324, 11_324, 0]);
    expect(lock.problemCounts["W-FRAME-NO-COUNTY"]).toBe(6554);
    expect(lock.problemCounts["N-FRAME-ID-FOLDED"]).toBe(3);
    expect(lock.blocks.find(({ key }) => key === "441300/centralized")?.count).toBe(4);
    expect(lock.blocks.some(({ key }) => key === "440500/centralized" || key === "441700/centralized")).toBe(false);
  });

  test("its GB18030 rows give the same units as the same rows in UTF-8", async () => {
    const gb = await build([sharedData("enterprise-ledger.gb18030.csv")]);
    const { readFileSync } = await import("node:fs");
    const rows = readFileSync(sharedData("enterprise-ledger.csv"), "utf8").split(/\r?\n/).slice(0, 2001).join("\n");
    const utf8 = await build([ledger("first-2000.csv", rows)]);
    expect(gb.lock.units).toBe(2000);
    expect(gb.lock.blocks).toEqual(utf8.lock.blocks);
  });
});
