import { expect, test } from "vitest";
import { problemWorkbook } from "../../src/frame/problem-list.ts";
import type { Problem } from "../../src/text/errors.ts";
import { words } from "../../src/text/words.ts";
import { rowsOf, saved } from "../xlsx/workbooks.ts";

const about = { files: [{ name: "名录.csv", rows: 10 }], units: 9 };

function problem(code: string, row: number): Problem {
  const at = { file: "名录.csv", row, column: "地市", value: "=1+1" };
  return { code, message: words(`第 ${row} 行有误`, "wrong"), at, advice: words("核对", "check") };
}

const sheetOf = async (bytes: Uint8Array, sheet: string) =>
  (await rowsOf(saved(bytes), sheet)).map(({ cells }) => cells);

test("each problem stands in the list with its place, in the order given", async () => {
  const bytes = await problemWorkbook([problem("W-FRAME-STATUS", 3), problem("E-FRAME-CITY", 2)], about);
  const rows = await sheetOf(bytes, "问题清单");
  expect(rows[1]?.[0]).toContain("检查文件 1 个、数据 10 行；入框单位 9 家；问题 2 条（拒绝 1，提醒 1，提示 0）");
  expect(rows.slice(3)).toEqual([
    ["1", "提醒", "名录.csv", "", "3", "地市", "", "=1+1", "W-FRAME-STATUS", "第 3 行有误", "核对"],
    ["2", "拒绝", "名录.csv", "", "2", "地市", "", "=1+1", "E-FRAME-CITY", "第 2 行有误", "核对"],
  ]);
});

test("the summary counts by code, refusals first, and by file", async () => {
  const codes = ["W-A", "W-A", "E-B", "N-C", "E-D", "E-D"];
  const rows = await sheetOf(await problemWorkbook(codes.map(problem), about), "汇总");
  expect(rows.slice(2, 6).map((cells) => cells.slice(0, 3))).toEqual([
    ["E-D", "拒绝", "2"],
    ["E-B", "拒绝", "1"],
    ["W-A", "提醒", "2"],
    ["N-C", "提示", "1"],
  ]);
  expect(rows.at(-1)).toEqual(["名录.csv", "10", "6", "拒绝 3，提醒 2，提示 1"]);
});

test("a cell is linked to, beside the list; kinds are counted by city; like names stand in pairs", async () => {
  const at = { file: "名录.xlsx", sheet: "表 1", row: 3, column: "地市", cell: "D3" };
  const first = { id: "A", name: "甲厂", at: { file: "名录.xlsx", row: 2 } };
  const second = { id: "B", name: "汕头（甲厂）", at: { file: "名录.xlsx", row: 9 } };
  const bytes = await problemWorkbook([{ ...problem("W-FRAME-COUNTY", 3), at }], {
    ...about,
    counts: [
      { code: "W-FRAME-COUNTY", file: "名录.xlsx", city: "440500", count: 7 },
      { code: "W-FRAME-COUNTY", file: "名录.xlsx", city: "", count: 2 },
    ],
    likeNames: [{ city: "440500", county: "龙湖区", normal: "甲厂", first, second }],
  });
  const list = await sheetOf(bytes, "问题清单");
  expect(list[1]?.[0]).toContain("问题 9 条（拒绝 0，提醒 9，提示 0）；本表列出 1 条，另有 8 条未列");
  expect(list[3]?.[6]).toBe("D3");
  const cities = await sheetOf(bytes, "按地市");
  expect(cities[1]).toEqual(["问题", "问题代码", "汕头市", "未知地市", "合计"]);
  expect(cities[2]?.slice(1)).toEqual(["W-FRAME-COUNTY", "7", "2", "9"]);
  const pairs = await sheetOf(bytes, "疑似重复");
  expect(pairs[3]).toContain("汕头（甲厂）");
});

test("no problems: the list says so", async () => {
  const rows = await sheetOf(await problemWorkbook([], about), "问题清单");
  expect(rows.at(-1)).toEqual(["未发现问题。"]);
});

test("the same problems give the same bytes", async () => {
  const problems = [problem("E-A", 1), problem("W-B", 2)];
  expect(await problemWorkbook(problems, about)).toEqual(await problemWorkbook(problems, about));
});

test("beyond the limit the list says how many more there are, and the summary counts all", async () => {
  const bytes = await problemWorkbook(new Array<Problem>(103).fill(problem("E-A", 1)), about, 100);
  const rows = await sheetOf(bytes, "问题清单");
  expect(rows).toHaveLength(103); // 100 problems below title, sums and head
  expect(rows[1]?.[0]).toContain("另有 3 条未列");
  expect((await sheetOf(bytes, "汇总"))[2]?.[2]).toBe("103");
});
