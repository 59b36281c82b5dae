import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readSmallTable } from "../../src/frame/small-table.ts";
import { parsePlan, planDigest, planText } from "../../src/plan/plan.ts";
import { readRoster } from "../../src/plan/roster.ts";
import { assetText } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";

const HEAD = "姓名,单位,市,县区,专长,证件号,回避单位,组长资格";
const NEEDS = { teamSize: 2, skills: { industrial: ["工业"] } };

async function roster(text: string | Buffer, needs: Parameters<typeof readRoster>[1] = NEEDS) {
  const path = join(mkdtempSync(join(tmpdir(), "chouqian-roster-")), "inspectors.csv");
  writeFileSync(path, text);
  return readRoster(await readSmallTable(path), needs);
}

async function faults(text: string): Promise<string[]> {
  try {
    await roster(text);
    return [];
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return error.problems.map(({ at, code, message }) => `${at.row ?? ""} ${at.column ?? ""} ${code} ${message.zh}`);
  }
}

const SOUND = [
  HEAD,
  "# 说明,,,,,,,",
  "林某甲,市局,汕头市,龙湖区,工业、集中式,粤 b02,澄海区、某某纸业（汕头）有限公司,是",
  "陈某乙,省厅,,,农业,A01,汕尾市城区，440100,否",
].join("\n");

test("a roster is read with places as codes, sorted by certificate, whatever its encoding", async () => {
  const people = await roster(`${SOUND}\n`);
  expect(people).toEqual([
    {
      id: "A01",
      name: "陈某乙",
      unit: "省厅",
      city: "",
      county: "",
      skills: ["农业"],
      conflicts: { cities: ["440100"], counties: ["441502"], units: [] },
      leader: false,
    },
    {
      id: "粤 B02",
      name: "林某甲",
      unit: "市局",
      city: "440500",
      county: "440507",
      skills: ["工业", "集中式"],
      conflicts: { cities: [], counties: ["440515"], units: ["某某纸业(汕头)有限公司"] },
      leader: true,
    },
  ]);
  expect(await roster(iconv.encode(SOUND, "gb18030"))).toEqual(people);
});

test("all that is wrong with a roster is told at once, by row and column", async () => {
  const found = await faults(
    [
      HEAD,
      ",市局,汕头市,龙湖区,农业,A1,,否",
      "甲某,市局,汕投市,,农业,A2,,否",
      "乙某,市局,汕头市,白云区,农业,,,否",
      "丙某,市局,,龙湖区,农业,A2,,也许",
      "甲某,市局,,,农业,A9,不知道区,否",
      "丁某,市局,,,农业,4.40524E+17,城区,否",
    ].join("\n"),
  );
  expect(found).toEqual([
    "2 姓名 E-ROSTER-NAME 没有姓名",
    "3 市 E-ROSTER-CITY 不认识的地市",
    "4 证件号 E-ROSTER-ID 没有证件号",
    "4 县区 E-ROSTER-COUNTY 汕头市没有这个县区",
    "5 县区 E-ROSTER-COUNTY 写了县区，没有写市",
    "5 组长资格 E-ROSTER-LEADER 应写 是 或 否",
    "6 回避单位 E-ROSTER-PLACE 不认识的地区“不知道区”",
    "7 证件号 E-ROSTER-ID 证件号被 Excel 改成了科学计数",
    "5 证件号 E-ROSTER-DUPLICATE 与第 3 行证件号相同",
    "6 姓名 E-ROSTER-DUPLICATE 与第 3 行姓名、单位都相同",
    "  E-ROSTER-NO-LEADER 没有一个人有组长资格",
    "  E-ROSTER-SKILL 工业源需要专长“工业”，名单里没有人有",
  ]);
});

test("missing columns and too few people are told", async () => {
  expect(await faults("姓名,单位\n甲,乙\n")).toHaveLength(6);
  expect(await faults(`${HEAD}\n甲,局,,,工业,A1,,是\n`)).toEqual([
    "  E-ROSTER-TOO-FEW 名单只有 1 人，不够一组（每组至少 2 人）",
  ]);
});

test("the template is a roster without people", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "chouqian-roster-")), "inspectors.csv");
  writeFileSync(path, assetText("templates", "inspectors.csv"));
  const table = await readSmallTable(path);
  expect(() => readRoster(table, NEEDS)).toThrow(/faults/);
  writeFileSync(path, `${assetText("templates", "inspectors.csv")}甲某,局,,,工业,A1,,是\n乙某,局,,,,A2,,\n`);
  expect(readRoster(await readSmallTable(path), NEEDS)).toHaveLength(2);
});

test("a plan without a roster keeps its digest, and faults of the section are told with their line", () => {
  const plain = parsePlan("method: ticket\nquotas:\n  - { class: 工业源, count: 5 }\n");
  expect(planText({ plan: plain, cities: "all" })).toBe(
    '{"cities":"all","exclude":[],"method":"ticket","quotas":[{"class":"industrial","count":5,"reserve":0}]}',
  );
  const withRoster = parsePlan(
    "method: ticket\nquotas:\n  - { class: 工业源, count: 5 }\nassign: { roster: a.csv, skills: { 工业源: [工业, 工业] } }\n",
  );
  expect(withRoster.assign).toEqual({ roster: "a.csv", teamSize: 2, avoid: "city", skills: { industrial: ["工业"] } });
  expect(planDigest({ plan: withRoster, cities: "all" })).not.toBe(planDigest({ plan: plain, cities: "all" }));
  const faulty = () =>
    parsePlan(
      "method: ticket\nquotas:\n  - { class: 工业源, count: 5 }\nassign:\n  roster: ../a.csv\n  teamSize: 1\n  avoid: town\n  skills: { 核电站: [核] }\n",
    );
  try {
    faulty();
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    expect(error.problems.map(({ at, message }) => `${at.row} ${at.key} ${message.zh}`)).toEqual([
      "5 assign.roster assign.roster 只写轮次文件夹里的文件名，不带路径",
      "6 assign.teamSize assign.teamSize（每组人数）应为不小于 2 的整数",
      "7 assign.avoid assign.avoid 应为 city（回避本市）或 county（只回避本县区）",
      "8 assign.skills.核电站 不认识的污染源类别“核电站”，应为工业源、农业源、生活源、集中式污染治理设施或移动源",
    ]);
  }
});
