import { expect, test } from "vitest";
import { type SampleList, type SampleRow, sampleListWorkbook } from "../../src/draw/sample-list.ts";
import { listSheets } from "../../src/xlsx/read.ts";
import { loaded, rowsOf, saved } from "../xlsx/workbooks.ts";

function row(rank: number, role: SampleRow["role"]): SampleRow {
  return {
    cityCode: "440500",
    city: "汕头市",
    county: "金平区",
    sourceClass: "industrial",
    id: "914405001928750620",
    name: `第${rank}厂`,
    address: "嵩山北路",
    contact: "",
    phone: "075488888888",
    status: "运行",
    stratum: "440500/industrial/22",
    rank,
    role,
    ticket: rank === 1 ? "ab".repeat(32) : null,
    inclusionProbability: 0.25,
  };
}

const base = { city: "汕头市", cityCode: "440500", reserve: 1, shortfall: 0 };
const list: SampleList = {
  title: "抽样名单",
  roundId: "2019-09",
  manifestDigest: "0".repeat(64),
  seed: "f".repeat(64),
  frameDigest: "e".repeat(64),
  rows: [row(2, "primary"), row(1, "primary"), row(3, "reserve")],
  summary: [
    { ...base, sourceClass: "industrial", stratum: "440500/industrial/22", N: 8, n: 2 },
    { ...base, sourceClass: "industrial", stratum: "440500/industrial/26", N: 4, n: 1 },
    { ...base, sourceClass: "mobile", stratum: "440500/mobile", N: 1, n: 1, reserve: 0, shortfall: 2 },
  ],
};

const sheetOf = async (name: string) =>
  (await rowsOf(saved(await sampleListWorkbook(list)), name)).map(({ cells }) => cells);

test("sample and reserves stand on sheets of their own, in the order given, ids as text", async () => {
  const sample = (await sheetOf("样本")).slice(3);
  expect(sample.map((cells) => [cells[4], cells[5], cells[10], cells[11], cells[12]])).toEqual([
    ["914405001928750620", "第2厂", "22", "2", "0.25"],
    ["914405001928750620", "第1厂", "22", "1", "0.25"],
  ]);
  expect(sample[1]?.[13]).toBe("ab".repeat(32));
  expect((await sheetOf("备选")).slice(3).map((cells) => cells[5])).toEqual(["第3厂"]);
});

test("the summary adds strata up to city and class, with totals and shortfalls in words", async () => {
  const rows = await sheetOf("汇总");
  expect(rows[1]?.[0]).toContain("缺额共 2 家");
  expect(rows.slice(3)).toEqual([
    ["1", "汕头市", "工业源", "12", "3", "2", "0"],
    ["2", "汕头市", "移动源", "1", "1", "0", "2"],
    ["工业源小计", "", "", "12", "3", "2", "0"],
    ["移动源小计", "", "", "1", "1", "0", "2"],
    ["合计", "", "", "13", "4", "2", "2"],
  ]);
});

test("seed and digests stand in the notes; strata get a sheet only where a block has several", async () => {
  const notes = (await sheetOf("说明")).map((cells) => cells[1]);
  for (const fact of [list.roundId, list.seed, list.frameDigest, list.manifestDigest]) expect(notes).toContain(fact);
  const names = async (input: SampleList) =>
    (await listSheets(saved(await sampleListWorkbook(input)))).map(({ name }) => name);
  expect(await names(list)).toEqual(["汇总", "样本", "备选", "分层", "说明"]);
  expect(await names({ ...list, summary: list.summary.slice(1) })).toEqual(["汇总", "样本", "备选", "说明"]);
});

test("the same draw gives the same bytes, set up for landscape A4 with a repeated head", async () => {
  const bytes = await sampleListWorkbook(list);
  expect(await sampleListWorkbook(list)).toEqual(bytes);
  const { pageSetup } = (await loaded(bytes)).getWorksheet("样本") ?? {};
  expect(pageSetup).toMatchObject({ paperSize: 9, orientation: "landscape", fitToWidth: 1, printTitlesRow: "3:3" });
});
