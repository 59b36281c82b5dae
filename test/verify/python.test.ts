/** The second verifier, which shares no line with this program, agrees on every kind of plan and finds damage. */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assetPath } from "../../src/text/assets.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";

/** The plan whose parties commit before they disclose. */
const COMMITTED = "whole blocks by ticket";
const PLANS: Readonly<Record<string, string>> = {
  "whole blocks by ticket": `
method: ticket
quotas:
  - { class: 工业源, count: 20, reserve: 5 }
  - { class: 移动源, count: 60, reserve: 5 }
`,
  "counties by rate and shuffle": `
method: seedrandom
quotas:
  - { class: 工业源, by: county, rate: 7%, min: 2, max: 9, reserve: 30% }
  - { class: 农业源, by: county, rate: 0.5, reserve: 1 }
exclude:
  - { where: { column: 运行状态, values: [关闭, 其他] }, reason: 另行核查 }
`,
  "divided quotas, a list for certain": `
method: ticket
quotas:
  - class: 工业源
    count: 40
    reserve: 10%
    spread: { column: 行业代码, rule: min, min: 1, digits: 1 }
    takeAll: { list: 重点.csv }
  - { class: 生活源, count: 300, spread: { column: 县区, rule: proportional }, reserve: 1 }
exclude:
  - { where: { column: 废水排放量, atLeast: 1000, atMost: 30000 }, reason: 已查 }
`,
  "chances by size": `
method: ticket
quotas:
  - class: 工业源
    count: 12
    reserve: 3
    size: { column: 化学需氧量排放量, least: 0.05 }
    takeAll: { where: { column: 化学需氧量排放量, atLeast: 20 } }
  - { class: 农业源, count: 500, reserve: 2, size: { column: 用电量 }, spread: { column: 县区, rule: equal } }
`,
  "two stages": `
method: seedrandom
areas: { column: 县区, count: 2 }
quotas:
  - { class: 工业源, count: 5, reserve: 1 }
  - { class: 生活源, rate: 10%, reserve: 1, takeAll: { where: { column: 运行状态, values: [其他] } } }
`,
  "cities by lot, several populations, two stages by ticket": `
method: ticket
cities: { random: 2 }
areas: { column: 县区, count: 3 }
quotas:
  - { class: 工业源, population: 停产, only: { column: 运行状态, values: [停产] }, count: 2, reserve: 1 }
  - { class: 工业源, population: 关闭, only: { column: 运行状态, values: [关闭] }, count: 2, reserve: 0 }
  - { class: 生活源, count: 3, size: { column: 取水量 } }
`,
};

const hasPython = (() => {
  try {
    execFileSync("python3", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

interface Answer {
  readonly status: number;
  readonly said: string;
}

function python(script: string, draw: string, tables: string): Promise<Answer> {
  return new Promise((resolve) => {
    execFile("python3", [script, draw, tables], (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

describe.skipIf(!hasPython)(`the second verifier${hasPython ? "" : " (skipped: python3 is not installed)"}`, () => {
  let scratch = "";
  const run = async (...args: string[]) => {
    const { status, stderr } = await chouqian(args, { cwd: scratch });
    expect(status, `${args.join(" ")}\n${stderr}`).toBe(0);
  };
  const drawn = async (name: string) => {
    const folder = join(scratch, name);
    cpSync(join(scratch, "locked"), folder, { recursive: true });
    writeFileSync(join(folder, "plan.yaml"), PLANS[name] ?? "");
    writeFileSync(join(folder, "重点.csv"), `代码\n${keyIds().join("\n")}\n`);
    if (name !== COMMITTED) {
      await run("-C", name, "draw", "--seed", name);
      return join(folder, "draw");
    }
    await run("-C", name, "seed", "commit", "--by", "市普查办", "--secret", join(folder, "承诺.json"));
    await run("-C", name, "seed", "add", "--by", "省普查办", "3 6 1 4 2");
    await run("-C", name, "seed", "reveal", "--by", "市普查办", "--secret", join(folder, "承诺.json"));
    await run("-C", name, "draw");
    return join(folder, "draw");
  };
  const keyIds = () =>
    readFileSync(join(scratch, "tables", "440100-industrial.tsv"), "utf8")
      .split("\n")
      .slice(0, 3)
      .map((line) => line.split("\t")[0] ?? "");
  const script = () => join(scratch, "chouqian_verify.py");

  beforeAll(async () => {
    scratch = scratchFolder("python");
    await run("new", "locked", "--template", "provincial", "--name", "第二验证", "--cities", "广州,汕头,佛山,云浮");
    await run("-C", "locked", "frame", "lock", assetPath("samples", "province-ledger.csv"));
    await run("-C", "locked", "frame", "export", "--all", "tables");
    await run("verify", "--python", "chouqian_verify.py");
  }, 180_000);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test("stays readable in one sitting", () => {
    expect(readFileSync(script(), "utf8").split("\n").length).toBeLessThanOrEqual(250);
  });

  test.each(Object.keys(PLANS))(
    "agrees: %s",
    async (name) => {
      const { status, said } = await python(script(), await drawn(name), join(scratch, "tables"));
      expect(said).toContain("OK: ");
      expect(status).toBe(0);
      const { status: own, stdout } = await chouqian(["-C", name, "verify", "--without-ledger"], { cwd: scratch });
      expect(stdout).not.toContain("✗");
      expect(own).toBe(0);
    },
    60_000,
  );

  test.each<[string, string, string, (text: string) => string, string]>([
    ["a unit's name", "draw", "manifest.json", (text) => text.replace(/"name":"./, '"name":"甲'), "rank"],
    ["a chance", "draw", "manifest.json", (text) => text.replace(/Probability":0\.0/, 'Probability":0.1'), "rank"],
    ["the seed", "draw", "manifest.json", (text) => text.replace(/"value":"3/, '"value":"4'), "seed"],
    ["a disclosed value", "draw", "manifest.json", (text) => text.replace(/"nonce":"./, '"nonce":"x'), "commitment"],
    ["a member more", "draw", "manifest.json", (text) => text.replace(/^\{/, '{"extra":1,'), "members"],
    ["the plan", "draw", "plan.json", (text) => text.replace('"reserve":5', '"reserve":6'), "plan digest"],
    ["a cell", "tables", "440100-industrial.tsv", (text) => text.replace("\t", "\tx"), "frame digest"],
    ["a line", "tables", "440500-mobile.tsv", (text) => text.replace(/^.*\n/, ""), "frame digest"],
  ])("finds damage: %s", async (what, folder, file, edit, named) => {
    const name = COMMITTED;
    const copy = join(scratch, `damaged ${what}`);
    cpSync(join(scratch, name, "draw"), join(copy, "draw"), { recursive: true });
    cpSync(join(scratch, "tables"), join(copy, "tables"), { recursive: true });
    const path = join(copy, folder, file);
    const before = readFileSync(path, "utf8");
    expect(edit(before)).not.toBe(before);
    writeFileSync(path, edit(before));
    const { status, said } = await python(script(), join(copy, "draw"), join(copy, "tables"));
    expect(said).toContain("DIFFERENCE");
    expect(said).toContain(named);
    expect(status).toBe(3);
  });

  describe("samples/round", () => {
    let sample = "";
    beforeAll(async () => {
      sample = join(scratch, "sample");
      cpSync(assetPath("samples", "round", "draw"), join(sample, "draw"), { recursive: true });
      await run("-C", assetPath("samples", "round"), "frame", "export", "--all", join(sample, "tables"));
    });

    test("is proven", async () => {
      const { status, said } = await python(script(), join(sample, "draw"), join(sample, "tables"));
      expect(said).toContain("OK: ");
      expect(status).toBe(0);
    });

    /** A table of the sample that a stratum is drawn from. */
    const TABLE = "445300-industrial.tsv";
    const swapUnits = (text: string) => {
      const [first = "", second = ""] = text.match(/\{"id":"[^}]*\}/g) ?? [];
      return text.replace(first, "#").replace(second, first).replace("#", second);
    };
    test.each<[string, "draw" | "tables", string, (text: string) => string, string]>([
      ["a digit of the manifest", "draw", "manifest.json", (text) => text.replace(/"N":(\d)/, '"N":9$1'), "445300/"],
      ["a digit of a ticket", "draw", "manifest.json", (text) => text.replace(/"ticket":"./, '"ticket":"x'), "rank 1"],
      ["two units swapped", "draw", "manifest.json", swapUnits, "rank 1"],
      ["a row gone from a table", "tables", TABLE, (text) => text.replace(/^.*\n/, ""), "frame digest"],
      ["two rows of a table swapped", "tables", TABLE, (text) => text.replace(/^(.*\n)(.*\n)/, "$2$1"), "frame digest"],
      ["another seed", "draw", "manifest.json", (text) => text.replace(/("seed":")./, "$1x"), "seed"],
      ["another contribution", "draw", "manifest.json", (text) => text.replace("20190930", "20191001"), "seed"],
      ["white space in the manifest", "draw", "manifest.json", (text) => `${text}\n`, "canonical"],
      [
        "a member twice in the manifest",
        "draw",
        "manifest.json",
        (text) => text.replace("{", '{"seed":"0",'),
        "canonical",
      ],
    ])("damaged: %s", async (what, folder, file, edit, named) => {
      const copy = join(scratch, `sample ${what}`);
      cpSync(sample, copy, { recursive: true });
      const path = join(copy, folder, file);
      const before = readFileSync(path, "utf8");
      expect(edit(before)).not.toBe(before);
      writeFileSync(path, edit(before));
      const { status, said } = await python(script(), join(copy, "draw"), join(copy, "tables"));
      expect(said).toContain("DIFFERENCE");
      expect(said).toContain(named);
      expect(status).toBe(3);
    });
  });
});
