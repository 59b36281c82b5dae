/** The mapping file: found in a ledger, completed by a person, used by the next reading, recorded in the lock. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseMapping } from "../../src/frame/mapping.ts";
import { loadLedgerFields } from "../../src/reference/ledger-fields.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";

let scratch = "";
beforeAll(() => {
  scratch = scratchFolder("mapping");
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const LEDGER = [
  "社会信用代码,厂名,源类别,运行状态,自定列",
  "91440511MA513YLA1A,甲厂,规上企业,倒闭,x",
  "91440500192875062E,乙厂,规上企业,运行,y",
  "91441224MA4X1Y7741,丙场,规模场,运行,",
].join("\n");

test("from a ledger that says everything in its own words to a locked frame", async () => {
  const round = join(scratch, "轮次");
  writeFileSync(join(scratch, "名录.csv"), LEDGER);
  const run = (...args: string[]) => chouqian(["-C", "轮次", ...args], { cwd: scratch });
  expect((await chouqian(["new", "轮次", "--template", "provincial", "--name", "试"], { cwd: scratch })).status).toBe(
    0,
  );
  expect((await run("frame", "lock", "名录.csv")).stderr).toContain("E-FRAME-NO-COLUMN");

  const mapped = await run("frame", "map", "名录.csv");
  expect(mapped.stdout).toContain("有 3 种类别或状态写法不认识");
  const file = join(round, "mapping.yaml");
  const yaml = readFileSync(file, "utf8");
  expect(yaml).toContain('  id: "社会信用代码" # 统一社会信用代码');
  expect(yaml).toContain("  # city: ？");
  expect(yaml).toContain('    # "规上企业": ？ # 2 行这样写');
  expect(yaml).toContain("其余列原样保留：厂名、自定列");
  expect((await run("frame", "map", "名录.csv")).stderr).toContain("E-FRAME-MAPPING-EXISTS");
  expect((await run("frame", "map", "名录.csv", "--force")).status).toBe(0);

  writeFileSync(
    file,
    'columns:\n  name: 厂名\nconstants:\n  地市: 汕头\nvalues:\n  class: { 规上企业: 工业源, 规模场: agricultural }\n  status: { 倒闭: "3" }\n',
  );
  const locked = await run("frame", "lock", "名录.csv");
  expect(locked.status).toBe(0);
  expect(locked.stdout).toContain("按对照表");
  expect(locked.stdout).toContain("读入 3 行 = 3 个对象 + 0 行排除");
  const lock = JSON.parse(readFileSync(join(round, "frame", "lock.json"), "utf8"));
  expect(lock.options).toMatchObject({
    map: { name: ["厂名"] },
    set: { city: "汕头" },
    values: { class: { 规上企业: "industrial", 规模场: "agricultural" }, status: { 倒闭: "关闭" } },
  });
  const profile = await run("frame", "profile");
  expect(profile.stdout).toContain("关闭 1 家");
  expect(existsSync(join(round, "抽样框概况.pdf")) && existsSync(join(round, "抽样框概况.xlsx"))).toBe(true);

  // The lock holds all that the reading depends on, so the file may go.
  rmSync(file);
  const verified = await run("verify");
  expect(verified.stdout).toContain("✓ 原始名录 → 抽样框");
});

test.each([
  ["columns: { 怪列: x }", "没有字段“怪列”"],
  ["constants: { name: x }", "constants 里不能写“name”"],
  ["values: { class: { 甲: 怪 }, status: {} }", "values.class 里的“怪”不是污染源类别"],
])("what a mapping file cannot say is named: %s", (yaml, said) => {
  try {
    parseMapping(yaml, "mapping.yaml", loadLedgerFields());
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ChouqianError);
    expect((error as ChouqianError).words.zh).toContain(said);
  }
});

test("an empty mapping file says nothing", () => {
  const mapping = parseMapping("columns:\nconstants:\nvalues:\n", "mapping.yaml", loadLedgerFields());
  expect([mapping.map.size, mapping.constants.size, mapping.values.class.size]).toEqual([0, 0, 0]);
});

test("under --redact nothing of a row is on the screen", async () => {
  const rows = [
    "统一社会信用代码,单位名称,污染源类别,地市",
    "秘代码,秘名称,秘类别,秘地市",
    "秘代码,秘名称,工业源,汕头",
    "秘代码,秘二,工业源,汕头",
  ];
  writeFileSync(join(scratch, "密.csv"), rows.join("\n"));
  const shown = await chouqian(["frame", "check", "密.csv"], { cwd: scratch });
  expect(shown.stdout + shown.stderr).toContain("秘地市");
  for (const args of [[], ["--json"], ["--lang", "en"]]) {
    const hidden = await chouqian(["frame", "check", "密.csv", "--redact", ...args], { cwd: scratch });
    expect(hidden.status).toBe(3);
    expect(hidden.stdout + hidden.stderr).toContain("E-FRAME-DUPLICATE-ID");
    expect(hidden.stdout + hidden.stderr).not.toContain("秘");
  }
  expect((await chouqian(["frame", "lock", "密.csv", "--redact"], { cwd: scratch })).stderr).not.toContain("秘");
});
