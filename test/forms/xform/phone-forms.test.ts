import { beforeAll, describe, expect, test } from "vitest";
import { type Loaded, loadForm } from "../../../src/forms/load-template.ts";
import type { FormSource } from "../../../src/forms/source.ts";
import { indicatorsOf } from "../../../src/forms/tailor.ts";
import { FormTemplate, type Indicator } from "../../../src/forms/template.ts";
import { nameOfTemplate, templateStore } from "../../../src/forms/template-store.ts";
import { PHONE_RESULTS } from "../../../src/forms/xform/indicator.ts";
import { phoneForms } from "../../../src/forms/xform/phone-forms.ts";
import { nodesOf, PHONE_OUTCOMES } from "../../../src/forms/xform/record-survey.ts";
import { OUTCOMES, RESULTS } from "../../../src/records/record.ts";
import { round, source } from "../../pdf/form-fixture.ts";
import { loaded } from "../../xlsx/workbooks.ts";
import { openOnPhone, type Phone } from "./phone.ts";
import { danglingReferences } from "./references.ts";

const store = templateStore();
const shipped = store.list("forms").map((path) => loadForm(store, nameOfTemplate(path)));
const ID = "91440101MA59ABCD0X";
const OTHER = "91440101MA59EFGH1Y";

async function filesOf(form: Loaded<FormTemplate>, sources: readonly FormSource[] = [source(), source({ id: OTHER })]) {
  const files = await phoneForms(round, sources, () => form);
  const text = (ending: string) => String([...files].find(([name]) => name.endsWith(ending))?.[1]);
  const workbook = [...files].find(([name]) => name.endsWith(".xlsx"))?.[1];
  return { names: [...files.keys()], xml: text(".xml"), csv: text(".csv"), workbook: workbook as Uint8Array };
}
const columnsOf = (csv: string) => (csv.split("\n")[0] ?? "").split(",");

test.each(shipped)("every reference of the form $name resolves", async (form) => {
  const { xml, csv, names } = await filesOf(form);
  expect(danglingReferences(xml, columnsOf(csv))).toEqual([]);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+\.(xml|xlsx|csv)$/);
});

/** A value that an indicator takes. */
function valueFor({ type, options = [], min = 0, field }: Indicator): string {
  const byType = { number: "12.5", integer: "3", coordinate: "23.1", date: "2019-09-01", yesno: "是", text: "甲" };
  if (type === "choice") return options[0] ?? "";
  if (type === "code") return { division: "440113", industryCode: "2319" }[field ?? ""] ?? ID;
  return type === "number" && min > 12.5 ? String(min) : byType[type];
}

test.each(shipped)("a team fills in the form $name, and what it sends says so", async (form) => {
  const { xml, csv } = await filesOf(form);
  const phone = await openOnPhone(xml, csv);
  phone.answer({ unit: ID, team: "第一组", inspectors: "甲、乙", outcome: "checked", location: "23.1 113.2 5 4" });
  const asked = indicatorsOf(form.template).filter(({ code }) => phone.isRelevant(nodesOf(code).found));
  expect(asked.length).toBeGreaterThan(3);
  expect(Object.keys(phone.faults()).sort()).toEqual(asked.map(({ code }) => nodesOf(code).result).sort());
  for (const indicator of asked) {
    const nodes = nodesOf(indicator.code);
    if (!phone.isRelevant(nodes.found)) continue;
    phone.answer({ [nodes.found]: valueFor(indicator), [nodes.result]: "wrong", [nodes.cause]: "与凭证不符" });
  }
  for (const { code } of indicatorsOf(form.template)) {
    const { found, result } = nodesOf(code);
    if (phone.isRelevant(found) && phone.value(result) === "") phone.answer({ [result]: "notApplicable" });
  }
  expect(phone.faults()).toEqual({});
  const sent = await phone.submission();
  expect(sent).toContain(`id="cq_${round.manifestDigest.slice(0, 8)}_440100_${form.name}"`);
  expect(sent).toContain(`<manifest_digest>${round.manifestDigest}</manifest_digest>`);
  expect(sent).toContain(`<round_id>${round.roundId}</round_id>`);
  expect(sent).toContain(`<template_digest>${form.digest}</template_digest>`);
  expect(sent).toContain(`<unit>${ID}</unit>`);
  for (const indicator of asked) {
    const { found, result } = nodesOf(indicator.code);
    if (!phone.isRelevant(found)) continue;
    expect(sent).toContain(`<${found}>${phone.value(found)}</${found}>`);
    expect(sent).toContain(`<${result}>wrong</${result}>`);
  }
});

test.each(shipped)("the workbook of $name asks the same as its XForm", async (form) => {
  const { xml, workbook } = await filesOf(form);
  const book = await loaded(workbook);
  const rows: string[][] = [];
  book.getWorksheet("survey")?.eachRow((row) => {
    const cells = (row.values as unknown[]).slice(1);
    rows.push(Array.from(cells, (cell) => (cell === undefined || cell === null ? "" : String(cell))));
  });
  const [head = [], ...body] = rows;
  const cell = (row: readonly string[], heading: string) => row[head.indexOf(heading)] ?? "";
  const open: string[] = [];
  const paths = body.flatMap((row) => {
    const [type, name] = [cell(row, "type"), cell(row, "name")];
    if (type === "end_group") {
      expect(open.pop()).toBe(name);
      return [];
    }
    const path = ["/data", ...open, name].join("/");
    if (type === "begin_group") open.push(name);
    return type === "begin_group" && cell(row, "relevant") === "" ? [] : [path];
  });
  expect(open).toEqual([]);
  const bound = [...xml.matchAll(/<bind nodeset="([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(paths).toEqual(bound.filter((path) => !path.includes("orx:")));
  const names = new Set(body.map((row) => cell(row, "name")));
  const used = body.flatMap((row) =>
    row.flatMap((text) => [...text.matchAll(/\$\{([^}]*)\}/g)].map((m) => m[1] ?? "")),
  );
  expect(used.filter((name) => !names.has(name))).toEqual([]);
  const lists = new Set<string>();
  book.getWorksheet("choices")?.eachRow((row, i) => {
    if (i > 1) lists.add(String(row.getCell(1).value));
  });
  const needed = body.flatMap((row) => /^select_(?:one|multiple) (\w+)$/.exec(cell(row, "type"))?.[1] ?? []);
  expect(needed.filter((list) => !lists.has(list))).toEqual([]);
  expect(book.getWorksheet("settings")?.getCell("B2").value).toBe(/<data id="([^"]+)"/.exec(xml)?.[1]);
});

test("results and outcomes are those of the records", () => {
  expect(PHONE_RESULTS.map(({ value }) => value)).toEqual([...RESULTS]);
  expect(PHONE_OUTCOMES.map(({ value }) => value)).toEqual([...OUTCOMES]);
});

const indicator = (code: string, name: string, more: object) => ({ code, name, form: "G101", key: true, ...more });
const small: Loaded<FormTemplate> = {
  name: "小表",
  digest: "ab".repeat(32),
  isOwn: true,
  template: FormTemplate.parse({
    class: "industrial",
    checklist: {
      title: "清单",
      note: "注",
      sections: [{ heading: "一", items: [{ check: "a", compare: "b", evidence: "c", pitfall: "d" }] }],
    },
    record: {
      title: `记录表 <甲> & ${"$"}{乙}`,
      note: '先看"总貌"',
      groups: [
        {
          heading: "一",
          indicators: [
            indicator("G101.01", "运行状态", { type: "choice", options: ["运行", "停产"], field: "status" }),
            indicator("G101.02", "停产原因", { type: "text", when: { field: "status", isNot: "运行" } }),
            indicator("G101.03", "产量", {
              type: "number",
              field: "output",
              unitField: "outputUnit",
              min: 0,
              max: 5000,
            }),
            indicator("G101.04", "是否产生废水", { type: "yesno" }),
            indicator("G101.05", "行业代码", { type: "code", field: "industryCode" }),
            indicator("G101.06", "台数", { type: "integer", tolerance: "±2" }),
          ],
        },
        {
          heading: "二",
          when: { indicator: "G101.04", is: "是" },
          indicators: [
            indicator("G102.01", "废水量", { type: "number", unit: "吨", field: "wastewater" }),
            indicator("G102.02", "直排", {
              type: "yesno",
              when: { indicator: "G102.01", above: 100 },
              ifUnknown: "hide",
            }),
            indicator("G102.03", "日期", { type: "date" }),
          ],
        },
      ],
      evidence: ["执照", { name: "停产证明", photo: true, when: { field: "status", isNot: "运行" } }],
    },
  }),
};

describe("on the phone", () => {
  let files: Awaited<ReturnType<typeof filesOf>>;
  beforeAll(async () => {
    const stopped = new Map([...source().values, ["status", "已停产"], ["wastewater", "不详"]]);
    stopped.delete("output");
    files = await filesOf(small, [source(), source({ id: OTHER, name: '"乙", 厂\'<&', values: stopped })]);
  });
  const checked = async (unit = ID): Promise<Phone> => {
    const phone = await openOnPhone(files.xml, files.csv);
    phone.answer({ unit, team: "一组", inspectors: "甲、乙", outcome: "checked", location: "23.1 113.2 5 4" });
    return phone;
  };

  test("choosing a source fills in what the ledger knows, choosing another fills in the other's", async () => {
    const phone = await checked();
    expect(phone.value("G101_03_reported")).toBe("1250.5");
    expect(phone.isRelevant("G101_03_copied")).toBe(false);
    expect(phone.value("G101_04_reported")).toBe("");
    phone.answer({ unit: OTHER });
    expect(phone.value("f_name")).toBe('"乙", 厂\'<&');
    expect(phone.isRelevant("G101_03_copied")).toBe(true);
    phone.answer({ G101_03_copied: "88" });
    expect(phone.value("G101_03_reported")).toBe("88");
  });

  test("only the form's own sources are offered", async () => {
    const other: Loaded<FormTemplate> = { ...small, name: "other", template: { ...small.template } };
    const sources = [source(), source({ id: OTHER })];
    const both = await phoneForms(round, sources, ({ id }) => (id === OTHER ? other : small));
    const phone = await openOnPhone(String(both.get("440100-other.xml")), String(both.get("sources.csv")));
    const offered: readonly { readonly value: string }[] = phone.node("unit").currentState.valueOptions ?? [];
    expect(offered.map(({ value }) => value)).toEqual([OTHER]);
  });

  test("a part is shown unless its condition is known not to hold, by ledger values and by answers", async () => {
    const phone = await checked();
    expect(phone.isRelevant("G101_02")).toBe(false);
    expect(phone.isRelevant("photo_e2")).toBe(false);
    expect(phone.isRelevant("G102_01")).toBe(true);
    phone.answer({ G101_04: "否" });
    expect(phone.isRelevant("G102_01")).toBe(false);
    phone.answer({ G101_04: "是" });
    expect(phone.isRelevant("G102_02")).toBe(true);
    phone.answer({ G102_01: "100" });
    expect(phone.isRelevant("G102_02")).toBe(false);
    phone.answer({ unit: OTHER, G102_01: "" });
    expect(phone.isRelevant("G101_02")).toBe(true);
    expect(phone.isRelevant("photo_e2")).toBe(true);
    expect(phone.isRelevant("G102_02")).toBe(false);
    expect(phone.node("evidence").currentState.valueOptions?.length).toBe(2);
    phone.answer({ unit: ID });
    expect(phone.node("evidence").currentState.valueOptions?.length).toBe(1);
  });

  test.each([
    ["G101_03", "-1", "应不小于 0、不大于 5000"],
    ["G101_03", "5000.1", "应不小于 0、不大于 5000"],
    ["G101_05", "23-19", "应为四位数字（行业小类）"],
    ["G102_03", "2999-01-01", "日期不能晚于今天"],
    ["visit_date", "2999-01-01", "日期不能晚于今天"],
  ])("%s does not take %s", async (name, value, message) => {
    const phone = await checked();
    phone.answer({ [name]: value });
    expect(phone.faults()[name]).toBe(message);
  });

  test.each([
    ["G101_03", "1250.5", "1136.9", true],
    ["G101_03", "1250.5", "1136.8", false],
    ["G101_06", "7", "9", true],
    ["G101_06", "7", "10", false],
    ["G101_06", "", "9", false],
    ["G101_01", "运行", "停产", false],
    ["G101_01", "运行", "运行", true],
    ["G101_05", "2319", "2311", false],
    ["G101_02", "检修", "设备检修", true],
  ])("%s reported as %s and found to be %s: right is %s", async (name, reported, value, isTaken) => {
    const phone = await checked(name === "G101_02" ? OTHER : ID);
    if (phone.node(`${name}_reported`).nodeType === "input") phone.answer({ [`${name}_reported`]: reported });
    expect(phone.value(`${name}_reported`)).toBe(reported);
    phone.answer({ [name]: value, [`${name}_result`]: "right" });
    expect(`${name}_result` in phone.faults()).toBe(!isTaken);
    phone.answer({ [`${name}_result`]: "wrong" });
    expect(`${name}_result` in phone.faults()).toBe(false);
  });

  test("what is wrong needs the value found or a word", async () => {
    const phone = await checked();
    phone.answer({ G101_04_result: "wrong" });
    expect(phone.faults()).toHaveProperty("G101_04_note");
    phone.answer({ G101_04_note: "无记录" });
    expect(phone.faults()).not.toHaveProperty("G101_04_note");
  });

  test("of a source that is not found nothing is asked but why", async () => {
    const phone = await checked();
    phone.answer({ outcome: "notFound", location: "" });
    expect(Object.keys(phone.faults())).toEqual(["outcome_reason"]);
    expect(phone.isRelevant("check")).toBe(false);
  });

  test("texts of templates and ledgers are not taken for markup or references", async () => {
    expect(files.xml).toContain("记录表 &lt;甲&gt; &amp;");
    expect(danglingReferences(files.xml, columnsOf(files.csv))).toEqual([]);
  });

  test("the same input gives the same bytes, another list of sources another version", async () => {
    const again = await filesOf(small, [source()]);
    expect(await filesOf(small, [source()])).toEqual(again);
    const version = (xml: string) => /<data id="[^"]+" version="([^"]+)"/.exec(xml)?.[1];
    expect(version(again.xml)).not.toBe(version(files.xml));
  });

  test("an office's own template in Chinese gets names of ASCII letters", () => {
    expect(files.names).toEqual(["sources.csv", "440100-t3340a9de.xml", "440100-t3340a9de.xlsx"]);
  });
});

test("what an answer is repeated from is found missing too", async () => {
  const { xml, csv } = await filesOf(small);
  const broken = xml.replace(/(<output value=" [^"]*)G101_03_reported /, "$1G101_03_report ");
  expect(danglingReferences(broken, columnsOf(csv))).toHaveLength(1);
});

test("the checker of references finds what is missing", async () => {
  const { xml, csv } = await filesOf(small);
  const faultsAfter = (from: string | RegExp, to: string) => {
    const broken = xml.replace(from, to);
    expect(broken).not.toBe(xml);
    return danglingReferences(broken, columnsOf(csv));
  };
  expect(faultsAfter("<G101_03/>", "")).not.toEqual([]);
  expect(faultsAfter("/f_status", "/f_state")).not.toEqual([]);
  expect(faultsAfter(/<instance id="ways">.*?<\/instance>/, "")).not.toEqual([]);
  expect(faultsAfter(/<text id="\/data\/visit\/team:label">.*?<\/text>/, "")).not.toEqual([]);
  expect(faultsAfter("[form = ", "[kind = ")).not.toEqual([]);
  expect(danglingReferences(xml, columnsOf(csv).slice(1))).not.toEqual([]);
});
