/** How the reports look: issued and dated, tables whole, causes of few errors counted, nothing of the program. */

import { expect, test } from "vitest";
import type { Estimate, Evaluation, Verdict } from "../../src/evaluate/evaluation.ts";
import { foundIn } from "../../src/evaluate/report/city-paper.ts";
import { cityReport, provinceReport } from "../../src/evaluate/report/report-pdf.ts";
import { summaryWorkbook } from "../../src/evaluate/report/summary-workbook.ts";
import { standingOut } from "../../src/evaluate/report/weak-points.ts";
import { CITIES } from "../../src/reference/divisions.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";
import { loaded } from "../xlsx/workbooks.ts";

const about = {
  title: "2019年9月核查",
  holder: "省普查办",
  date: "2019年11月30日",
  journal: { line: 57, digest: "3fa9c2d1e0b44a6f".repeat(4) },
};

function verdict({ code, name }: (typeof CITIES)[number]): Verdict {
  const isGone = code === "445300";
  return {
    city: code,
    name,
    sample: 67,
    recorded: isGone ? 0 : 67,
    visited: isGone ? null : { first: "2019-09-16", last: "2019-09-30", dated: 67 },
    verdict: isGone ? "cannotBeJudged" : "met",
    reason: isGone ? "nothingChecked" : null,
    followUps: 0,
    earlier: [],
    alpha: 0.05,
    bounds: isGone ? null : { lower: 0.001, upper: 0.0182 },
    isPreliminary: false,
    outstanding: isGone ? 67 : 0,
    official: isGone ? null : "met",
    withoutNonResponse: null,
    furtherSources: null,
  };
}

const share = { rate: 0.0223, lower: 0.01, upper: 0.04 };
const area = (city: string, name: string) => ({
  ...{ city, name, areas: 4, listed: 150, found: 150, omitted: 2, duplicates: 2 },
  ...{ omission: share, duplication: share },
});
const evaluation: Evaluation = {
  spec: "evaluation/1",
  roundId: "R1",
  manifestDigest: "a".repeat(64),
  recordsDigest: null,
  areasDigest: null,
  limit: 0.02,
  isFollowUpForeseen: false,
  levels: [0.05, 0.0025, 0.0008],
  counts: {
    ...{ sample: 1407, recorded: 1340, checked: 1340, notFound: 0, refused: 0, closed: 0, replaced: 0, followUp: 0 },
    ...{ unsettled: 2, outsideSample: 0, partial: 0, uncheckedKeys: 0 },
  },
  scrutiny: {
    ...{ cities: [], teams: [], sources: [], replaced: [], dropped: [], settled: [] },
    ...{ revisedAreas: 0, droppedAreas: 0 },
  },
  blocks: [],
  missingStrata: [
    { key: "445300/industrial", N: 119, n: 50 },
    { key: "445300/agricultural", N: 158, n: 17 },
  ],
  estimates: [],
  verdicts: CITIES.map(verdict),
  causes: [
    { cause: "漏填", errors: 4, share: 4 / 6, cumulative: 4 / 6, weightedShare: 0.6 },
    { cause: "其他", errors: 2, share: 2 / 6, cumulative: 1, weightedShare: 0.4 },
  ],
  cities: [],
  indicators: [],
  counties: [],
  teams: [],
  areas: [area("", "全部"), ...CITIES.map(({ code, name }) => area(code, name))],
  handPicked: { sources: 0, m: 0, e: 0 },
};

test("the summary paper says how many records name no day, and tells no errors from errors without a cause", () => {
  const own = evaluation.verdicts.find(({ recorded }) => recorded > 0) as Verdict;
  const cityOf = (changed: Partial<Verdict>, from = evaluation) => foundIn(from, { ...own, ...changed }).city;
  expect(cityOf({}).days).toBe("2019年9月16日至2019年9月30日");
  const visited = { first: "2019-09-16", last: "2019-09-16", dated: 60 };
  expect(cityOf({ visited }).days).toBe("2019年9月16日（7 家未填日期）");
  expect(cityOf({}).causes).toBe("—");
  const estimate = {
    kind: "city",
    key: own.city,
    m: 60,
    sampleRate: 0.05,
    rate: 0.05,
    limits: null,
    reason: null,
    sources: null,
  };
  const causesOf = (e: number) =>
    cityOf({}, { ...evaluation, estimates: [{ ...estimate, e } as unknown as Estimate] }).causes;
  expect(causesOf(0)).toBe("没有差错");
  expect(causesOf(3)).toBe("差错均未写明原因");
});

test("the province's report begins with what is missing; a long table flows on with its heading, and leaves no few rows alone", async () => {
  const { pages } = await readPdf(await provinceReport(evaluation, about));
  const [first = "", ...others] = pages.map((page) => plainText([page]));
  expect(first).toContain("省普查办2019年11月30日核查：应查1407家");
  expect(first).toContain("还有67家没有记录；云浮市67家一家也没有交回，所在市无法评定，也不在全部样本的估计之内。");
  expect(first).toContain("2家两次录入不一致而未裁定");
  expect(first).toContain("漏报率2.23%，重报率2.23%；各市的见后面的");
  expect(first).not.toContain("佛山市核查4个普查小区");
  expect(plainText(pages)).toContain("查到的6项差错中没有哪种原因突出");
  expect(plainText(pages)).toContain("漏填4项其他2项注：");
  expect(plainText(pages)).not.toMatch(/plan|followup|docs\//);
  for (const [head, foot] of [
    ["95%置信区间按样本评定", "再核查n家可定。"],
    ["漏报率（95%区间）", "重报率=重报÷名录家数。"],
  ] as const) {
    const own = [first, ...others].filter((text) => text.includes(head));
    const tables = own.map((text) => text.slice(text.indexOf(head)));
    const last = tables.at(-1) ?? "";
    expect(last, head).toContain(foot);
    for (const { name } of CITIES) expect(tables.join("")).toContain(name);
    for (const table of tables) {
      const rows = CITIES.filter(({ name }) => table.includes(name));
      expect(rows.length, "no few rows stand alone").toBeGreaterThanOrEqual(3);
    }
  }
  expect(plainText(pages)).toContain("达标（≤1.82%）");
});

test("the report of a city that sent nothing back says so first; without a date there is room for one", async () => {
  const gone = evaluation.verdicts.find(({ recorded }) => recorded === 0) as Verdict;
  const { pages } = await readPdf(await cityReport(evaluation, gone, { ...about, date: "" }));
  expect(plainText(pages)).toContain(
    "年月日核查：本市应查67家，已有记录0家。还有67家没有记录；云浮市67家一家也没有交回",
  );
});

const found = (...counts: readonly (readonly [string, number])[]) =>
  counts.map(([cause, errors]) => ({ cause, errors, share: 0, cumulative: 0, weightedShare: 0 }));

test("a cause is named where its share stands out, and 其他 never", () => {
  const named = (...counts: readonly (readonly [string, number])[]) =>
    standingOut(found(...counts)).map(({ cause }) => cause);
  expect(
    named(["漏填", 303], ["单位", 270], ["其他", 268], ["核算", 258], ["凭证", 250], ["口径", 249], ["录入", 246]),
  ).toEqual([]);
  expect(named(["其他", 400], ["漏填", 300], ["单位", 30], ["口径", 20], ["录入", 10])).toEqual(["漏填"]);
  expect(named(["漏填", 4], ["单位", 2])).toEqual([]);
  expect(named(["漏填", 9])).toEqual(["漏填"]);
  expect(named(["漏填", 1])).toEqual([]);
  expect(named()).toEqual([]);
});

const rateOf = (e: number, n: number, lower: number, upper: number) => ({
  ...{ n, m: 50 * n, e, sampleRate: e / (50 * n), rate: e / (50 * n), weightedErrors: e, weightedChecked: 50 * n },
  ...{ variance: 1e-4, degreesOfFreedom: n - 1, components: n - 1, plain: null, method: "kornGraubard" as const },
  ...{ limits: { lower, upper, lowerOneSided: lower, upperOneSided: upper }, reason: null },
  ...{ designEffect: null, effectiveSize: null },
});

test("where sources not found make an interval wide, to find them comes first, with what the interval is without them", async () => {
  const widened = (upper: number): Evaluation => ({
    ...evaluation,
    estimates: [["province", "", "全部"] as const, ["city", "441900", "东莞市"] as const].map(([kind, key, name]) => ({
      ...{ ...rateOf(110, 67, 0, upper), kind, key, name, N: 1450, isEstimatedN: false, sources: null },
      withoutNonResponse: rateOf(50, 66, 0.0102, 0.0235),
    })),
    blocks: [
      {
        ...{ city: "441900", sourceClass: "industrial", sample: 67, checked: 66, notFound: 1, refused: 0 },
        ...{ closed: 0, outstanding: 0, replaced: 0 },
      },
    ],
    verdicts: evaluation.verdicts.map((each) =>
      each.city === "441900" ? { ...each, verdict: "undecided", furtherSources: 543 } : each,
    ),
  });
  const first = "先找到、核查未找到和拒绝核查的单位";
  const wide = widened(0.6414);
  const dongguan = wide.verdicts.find(({ city }) => city === "441900") as Verdict;
  for (const report of [await provinceReport(wide, about), await cityReport(wide, dongguan, about)]) {
    const text = plainText((await readPdf(report)).pages.slice(0, 1));
    expect(text).toContain("东莞市1家（区间0.00%至64.14%，不计为1.02%至2.35%）");
    expect(text).toContain("东莞市543家（先查上述1家）");
    expect(text.indexOf(first)).toBeLessThan(text.indexOf("再核查可定"));
    expect(text).toContain(
      "差错110项（其中未找到、拒绝核查的1家按全部关键指标差错计入，计60项，没有差错原因；查到差错的50项）",
    );
  }
  expect(plainText((await readPdf(await provinceReport(widened(0.025), about))).pages)).not.toContain(first);
});

test("each sheet of the workbook is one page wide, its note wrapped and its headings repeated, bounds as rates", async () => {
  const team = { city: "441900", team: "T3", n: 3, m: 9, e: 1, sampleRate: 1 / 9, expected: 1, fewP: 1, manyP: 1 };
  const book = await loaded(await summaryWorkbook({ ...evaluation, teams: [{ ...team, standsOut: null }] }, about));
  for (const { name, pageSetup, getCell } of book.worksheets.map((sheet) => ({
    ...{ name: sheet.name, pageSetup: sheet.pageSetup },
    getCell: (address: string) => sheet.getCell(address),
  }))) {
    expect([pageSetup.fitToPage, pageSetup.fitToWidth, pageSetup.fitToHeight, pageSetup.printTitlesRow], name).toEqual([
      ...[true, 1, 0],
      "4:4",
    ]);
    expect(getCell("A2").alignment.wrapText, name).toBe(true);
  }
  const sheet = book.getWorksheet("各市评定");
  const headings = (sheet?.getRow(4).values ?? []) as string[];
  const formatOf = (heading: string) => sheet?.getRow(5).getCell(headings.indexOf(heading)).numFmt;
  expect(["估计差错率", "95% 上界（双侧）", "评定单侧下界", "Σwe", "Σwm"].map(formatOf)).toEqual([
    ...["0.00%", "0.00%", "0.00%"],
    ...["0.00", "0.00"],
  ]);
  expect(book.getWorksheet("核查组")?.getCell("B5").text).toBe("第 3 组");
});

test("the foot keeps 日志 and its number on one line", async () => {
  const long = { ...evaluation, roundId: "2019年9月省级核查" };
  const { pages } = await readPdf(await provinceReport(long, about));
  expect(pages[0]?.map(({ text }) => text)).toContain("日志 57:3fa9c2d1e0b44a6f");
});
