import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate } from "../../src/plan/allocate.ts";
import { planInWords } from "../../src/plan/in-words.ts";
import { planJsonSchema } from "../../src/plan/json-schema.ts";
import { parsePlan, planDigest } from "../../src/plan/plan.ts";
import { Quota } from "../../src/plan/quota.ts";
import { ceilOfShare, parseShare } from "../../src/plan/share.ts";
import { assetText } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";

const provincial = assetText("templates", "rounds", "provincial.yaml");

/** The problems of a plan as `line path message`. */
function faults(yaml: string): string[] {
  try {
    parsePlan(yaml);
    return [];
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return error.problems.map(({ at, message }) => `${at.row} ${at.key ?? ""} ${message.zh}`);
  }
}

test("the example and every key of docs/plan.md are those of the schema", () => {
  const page = assetText("docs", "plan.md");
  expect(parsePlan(page.match(/```yaml\n([\s\S]*?)```/)?.[1] ?? "").quotas[0]?.reserve).toBe("0.2");
  const schema = planJsonSchema();
  const named = [...page.matchAll(/`([a-z][A-Za-z]*):?[ `}{]/g)].map(([, key]) => key);
  expect(named.length).toBeGreaterThan(20);
  for (const key of Object.keys(Quota.shape)) expect(page, key).toContain(`\`${key}`);
  for (const key of ["takeAll", "spread", "size", "areas", "cities", "exclude"]) expect(schema).toContain(`"${key}"`);
});

describe("plan.yaml", () => {
  test("the provincial template draws 50, 10, 5, 1, 1 by ticket", () => {
    const plan = parsePlan(provincial);
    expect(plan.method).toBe("ticket");
    expect(plan.quotas.map(({ class: name, count }) => [name, count])).toEqual([
      ["industrial", 50],
      ["agricultural", 10],
      ["domestic", 5],
      ["centralized", 1],
      ["mobile", 1],
    ]);
  });

  test("foresees a follow-up or does not, and says so in words", () => {
    const plan = parsePlan(`${provincial}followUp: true\n`);
    expect(plan.followUp).toBe(true);
    const said = (each: typeof plan) => planInWords({ plan: each, cities: "all" }).map(({ zh }) => zh);
    expect(said(plan).at(-1)).toContain("预计对尚不能定的市补充抽查");
    expect(said(parsePlan(provincial)).join()).not.toContain("补充抽查");
    expect(faults(`${provincial}followUp: false\n`)[0]).toContain("followUp 只能写 true");
  });

  test("the county template has no rate and asks for one in each line", () => {
    const asked = faults(assetText("templates", "rounds", "county.yaml").replaceAll("{{rate}}", ""));
    expect(asked).toHaveLength(5);
    for (const fault of asked) expect(fault).toContain("请填写抽取比例 rate");
  });

  test.each([
    ["method: ticket\nquotas:\n  - { class: 工业源, count: -5 }\n", "3 quotas[0].count 抽取数量 count 应为正整数"],
    ["method: ticket\nquotas:\n  - { class: 核电站, count: 5 }\n", "3 quotas[0].class 不认识的污染源类别“核电站”"],
    ["method: dice\nquotas:\n  - { class: 工业源, count: 5 }\n", "1 method 抽签方法 method 应为 ticket 或 seedrandom"],
    [
      "method: ticket\nquotas:\n  - { class: 工业源, count: 5, rate: 5% }\n",
      "3 quotas[0] count（抽取数量）和 rate（抽取比例）必须且只能写一个",
    ],
    [
      "method: ticket\nquotas:\n  - { class: 工业源, count: 5 }\n  - { class: industrial, count: 6 }\n",
      "4 quotas[1].class 同一类别写了两次",
    ],
    [
      "method: ticket\nquotas:\n  - { class: 工业源, rate: 120% }\n",
      "3 quotas[0].rate 抽取比例“120%”应大于 0、不超过 100%",
    ],
    [
      "method: ticket\nquotas:\n  - { class: 工业源, count: 5 }\nexclude:\n  - { ids: [A] }\n",
      "5 exclude[0].reason 必须写明排除理由",
    ],
    ["method: ticket\nquotas: []\n", "2 quotas 至少写一类污染源的抽取数量"],
    ["method: ticket\nqoutas: []\n", "2 qoutas "],
    ["method: ticket\nmethod: ticket\nquotas: []\n", "2  同一个键写了两次"],
  ])("%j is refused, naming line and key", (yaml, expected) => {
    expect(faults(yaml).some((fault) => fault.startsWith(expected))).toBe(true);
  });

  test("comments and layout do not enter the digest, every number does", () => {
    const digestOf = (yaml: string) => planDigest({ plan: parsePlan(yaml), cities: "all" });
    expect(digestOf(provincial.replace(/#.*$/gm, ""))).toBe(digestOf(provincial));
    expect(digestOf(provincial.replaceAll("\n", "\r\n"))).toBe(digestOf(provincial));
    expect(digestOf(provincial.replace("count: 50", "count: 51"))).not.toBe(digestOf(provincial));
    expect(digestOf(provincial.replace("reserve: 10", "reserve: 11"))).not.toBe(digestOf(provincial));
    const plan = parsePlan(provincial);
    expect(planDigest({ plan, cities: ["440100", "440200"] })).toBe(planDigest({ plan, cities: ["440200", "440100"] }));
    expect(planDigest({ plan, cities: ["440100"] })).not.toBe(planDigest({ plan, cities: "all" }));
  });

  test("is said in plain words", () => {
    expect(planInWords({ plan: parsePlan(provincial), cities: "all" })[0]?.zh).toBe(
      "工业源：每个市抽取 50 家，备选 10 家",
    );
    const county = assetText("templates", "rounds", "county.yaml").replaceAll("{{rate}}", "2.5%");
    expect(planInWords({ plan: parsePlan(county), cities: "all" })[0]?.zh).toBe(
      "工业源：每个县区按 2.5% 抽取（进位取整，至少 1 家），备选 2 家",
    );
  });
});

describe("shares", () => {
  test.each([
    ["5%", "0.05"],
    ["0.05", "0.05"],
    [".5", "0.5"],
    ["100%", "1"],
    ["1", "1"],
    ["12.50 %", "0.125"],
    ["５％", "0.05"],
    ["0.0001", "0.0001"],
    ["0", undefined],
    ["0%", undefined],
    ["101%", undefined],
    ["-5%", undefined],
    ["5e-2", undefined],
    ["", undefined],
    ["五", undefined],
  ])("%j is %j", (text, decimal) => expect(parseShare(text)).toBe(decimal));

  test("⌈share·N⌉ is exact where floating point is not", () => {
    expect(Math.ceil(0.07 * 100)).toBe(8);
    expect(ceilOfShare("0.07", 100)).toBe(7);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(1_000_000), (perMyriad, N) => {
        const n = ceilOfShare(parseShare(`${perMyriad / 100}%`) ?? "", N);
        expect(n * 10_000).toBeGreaterThanOrEqual(perMyriad * N);
        expect((n - 1) * 10_000).toBeLessThan(perMyriad * N);
      }),
    );
  });
});

test("an allocation never exceeds its stratum, and what it lacks is stated", () => {
  const quotas = fc.oneof(
    fc.record({ class: fc.constant("mobile" as const), count: fc.integer({ min: 1, max: 99 }), reserve: fc.nat(20) }),
    fc.record({
      class: fc.constant("mobile" as const),
      rate: fc.constantFrom("0.05", "0.5", "1"),
      min: fc.nat(9),
      reserve: fc.nat(20),
    }),
  );
  fc.assert(
    fc.property(quotas, fc.nat(300), (quota, N) => {
      const { n, reserve, shortfall } = allocate(quota, N);
      expect(n + reserve).toBeLessThanOrEqual(N);
      expect(Math.min(n, reserve, shortfall)).toBeGreaterThanOrEqual(0);
      if (shortfall > 0) expect(n).toBe(N);
    }),
  );
});
