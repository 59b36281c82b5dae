/** How the reports look: issued and dated, tables whole, causes of few errors counted, nothing of the program. */
import { expect, test } from "vitest";
import type { Evaluation, Verdict } from "../../src/evaluate/evaluation.ts";
import { cityReport, provinceReport } from "../../src/evaluate/report/report-pdf.ts";
import { CITIES } from "../../src/reference/divisions.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";

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
  scrutiny: { cities: [], teams: [], sources: [], revisedAreas: 0 },
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

test("the province's report begins with what is missing, and divides no table that a page can hold", async () => {
  const { pages } = await readPdf(await provinceReport(evaluation, about));
  const [first = "", ...others] = pages.map((page) => plainText([page]));
  expect(first).toContain("省普查办2019年11月30日核查：应查1407家");
  expect(first).toContain("还有67家没有记录；云浮市67家一家也没有交回，所在市无法评定，也不在全部样本的估计之内。");
  expect(first).toContain("2家两次录入不一致而未裁定");
  expect(first).toContain("漏报率2.23%，重报率2.23%；各市的见后面的");
  expect(first).not.toContain("佛山市核查4个普查小区");
  expect(plainText(pages)).toContain("漏填4项、其他2项为多（共6项差错）");
  expect(plainText(pages)).toContain("漏填4项其他2项注：");
  expect(plainText(pages)).not.toMatch(/plan|followup|docs\//);
  for (const [head, foot] of [
    ["95%置信区间按样本评定", "再核查n家可定。"],
    ["漏报率（95%区间）", "重报率=重报÷名录家数。"],
  ] as const) {
    const page = [first, ...others].find((text) => text.includes(head)) ?? "";
    const table = page.slice(page.indexOf(head));
    expect(table, head).toContain(foot);
    for (const { name } of CITIES) expect(table).toContain(name);
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
