/** One city proves its part with its own ledger; one unit learns why it was drawn or was not; the report is one page. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isOfSample, type Manifest } from "../../src/draw/manifest.ts";
import { parseSealedPlan, planText } from "../../src/plan/plan.ts";
import { replaceUnit } from "../../src/replace/replace-round.ts";
import { openRound, type Round } from "../../src/round/round.ts";
import { canonicalJson, digest } from "../../src/text/canonical.ts";
import { silent } from "../../src/text/progress.ts";
import { exportPart } from "../../src/verify/part.ts";
import { verifyCity } from "../../src/verify/verify-city.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { verifyUnit } from "../../src/verify/verify-unit.ts";
import { writeReport } from "../../src/verify/write-report.ts";
import { readPdf } from "../pdf/read-pdf.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { LEDGER_HEAD, SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, copyOf, drawnRound } from "../support/round.ts";

const CITY = "440500";
let scratch = "";
let round: Round;
let part = "";
let own = "";
/** Every other unit has a number that can serve as its size. */
const PROVINCE = smallLedger(["汕头", "佛山", "深圳"]).replace(/000-0000(\d*[02468]),/g, "$1,");
const rowsOf = (city: string) => PROVINCE.split("\n").filter((row) => row.includes(`,${city},`));

beforeAll(async () => {
  scratch = scratchFolder("city");
  mkdirSync(join(scratch, "省"));
  round = await drawnRound(join(scratch, "省", "轮次"), PROVINCE, SMALL_PLAN);
  part = join(scratch, "part");
  await exportPart(round, CITY, part);
  own = join(scratch, "汕头名录.csv");
  writeFileSync(own, `${[LEDGER_HEAD, ...rowsOf("汕头").reverse()].join("\n")}\n`);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const outcomes = async (folder: string, ledger = own) =>
  Object.fromEntries(
    (await verifyCity(openRound(folder), CITY, [ledger], silent)).map(({ check, outcome }) => [check, outcome]),
  );
const manifest = () => JSON.parse(readFileSync(round.paths.manifest, "utf8")) as Manifest;

describe("a city", () => {
  test("proves its part with its own ledger alone, in any order of its rows", async () => {
    const passed = {
      journal: "passed",
      frame: "passed",
      plan: "passed",
      seed: "passed",
      ledger: "passed",
      draw: "passed",
    };
    expect(await outcomes(part)).toEqual(passed);
    expect(await outcomes(round.folder)).toEqual(passed);
  });

  test("is handed nothing of other cities' units", () => {
    const files = readdirSync(part, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const text = files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
    const others = [...rowsOf("佛山"), ...rowsOf("深圳")].map((row) => row.split(","));
    expect(others.length).toBe(50);
    for (const [id = "", name = ""] of others) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(name);
    }
    expect(text).toContain(rowsOf("汕头")[0]?.split(",")[1]?.slice(0, 2));
  });

  test("is not proven by files that are missing, no JSON, or have a member twice", async () => {
    const without = (file: string) => {
      const folder = copyOf(openRound(part), join(scratch, `part-${Math.random().toString(36).slice(2)}`));
      rmSync(join(folder, file));
      return folder;
    };
    expect(await outcomes(without("frame/lock.json"))).toMatchObject({ frame: "failed" });
    expect(await outcomes(without("draw/manifest.json"))).toMatchObject({ draw: "failed" });
    for (const text of ["null", "{}", "[]", "1e999"]) {
      const folder = damage("frame/lock.json", () => text);
      expect(Object.values(await outcomes(folder))).toContain("failed");
      expect(
        (await verifyRound(openRound(folder), { ledgers: [own], withoutLedger: false }, silent)).map(
          ({ outcome }) => outcome,
        ),
      ).toContain("failed");
    }
    for (const file of ["frame/lock.json", "seed.json", "draw/manifest.json", "draw/plan.json"]) {
      const twice = (text: string) => text.replace(/^\{"(\w+)":/, '{"$1":"x","$1":');
      expect(await outcomes(damage(file, twice))).toMatchObject({ form: "failed" });
    }
  }, 180_000);

  const damage = (file: string, edit: (text: string) => string) => {
    const folder = copyOf(openRound(part), join(scratch, `part-${Math.random().toString(36).slice(2)}`));
    const path = join(folder, file);
    const before = readFileSync(path, "utf8");
    expect(edit(before)).not.toBe(before);
    writeFileSync(path, edit(before));
    return folder;
  };

  test.each<[string, string, string, (text: string) => string]>([
    [
      "another city's block",
      "frame/lock.json",
      "frame",
      (text) => text.replace(/("digest":")(.)/, (_, a, c) => `${a}${c === "0" ? "1" : "0"}`),
    ],
    ["the sealed plan", "draw/plan.json", "plan", (text) => text.replace('"count":4', '"count":5')],
    ["the seed", "seed.json", "seed", (text) => text.replace("20190930", "20190931")],
    ["a drawn unit", "draw/manifest.json", "draw", (text) => text.replace(/"id":"9100/, '"id":"9101')],
    [
      "the digest of the whole manifest",
      "draw/manifest.json",
      "draw",
      (text) => text.replace(/("manifestDigest":")./, "$1x"),
    ],
  ])("finds a change of %s", async (_, file, check, edit) => {
    expect(await outcomes(damage(file, edit))).toMatchObject({ [check]: "failed" });
  });

  test("reads a sealed plan that holds inspectors, chosen cities and shares back to the same bytes, and no other text", () => {
    const text = canonicalJson({
      assign: { avoid: "city", inspectors: [{ name: "甲" }], skills: {}, teamSize: 2 },
      cities: ["440500", "440600"],
      cityChoice: { column: "问题数", table: "problems.csv", top: 2 },
      cityFigures: [{ city: "440500", figure: 3 }],
      exclude: [{ ids: ["A1"], reason: "已核查" }],
      method: "ticket",
      quotas: [{ class: "industrial", rate: "0.05", reserve: "0.2", spread: { column: "行业", rule: "equal" } }],
    });
    expect(planText(parseSealedPlan(text))).toBe(text);
    for (const other of [`${text} `, text.replace("0.05", "5%"), "{}", "no JSON"]) {
      expect(() => parseSealedPlan(other)).toThrow("E-PLAN-INVALID");
    }
  });

  test("whose ledger is another is told the block, and by how many units", async () => {
    const other = join(scratch, "另一份.csv");
    writeFileSync(other, readFileSync(own, "utf8").replace(/\n[^\n]*,移动源,[^\n]*/, ""));
    const findings = await verifyCity(openRound(part), CITY, [other], silent);
    const finding = findings.find(({ check }) => check === "ledger");
    expect([finding?.outcome, finding?.detail.zh]).toEqual([
      "failed",
      "440500/mobile 锁定的是 2 个对象，这份名录是 1 个",
    ]);
  });
});

test("a city's part is refused where a whole round is expected, by the name of the city", async () => {
  const { status, stderr } = await chouqian(["-C", part, "verify"]);
  expect(status).toBe(2);
  expect(stderr).toContain("E-VERIFY-PART");
  expect(stderr).toContain("--city 汕头市");
});

describe("one unit", () => {
  test("of a sample, of the reserves and of the rest is told its rank, as the manifest has it", async () => {
    const stratum = manifest().strata.find(({ key }) => key === `${CITY}/industrial`);
    for (const drawn of stratum?.units ?? []) {
      const { outcome, agrees, standing } = await verifyUnit(round, drawn.id);
      expect([outcome, agrees]).toEqual([isOfSample(drawn) ? "sample" : "reserve", true]);
      expect(standing).toMatchObject({
        kind: "ranked",
        rank: drawn.rank,
        ticket: drawn.ticket,
        N: 12,
        n: 4,
        reserve: 2,
      });
    }
    const drawn = new Set(stratum?.units.map(({ id }) => id));
    const id =
      rowsOf("汕头")
        .map((row) => row.split(",")[0] ?? "")
        .find((each) => !drawn.has(each)) ?? "";
    const { outcome, agrees, lines, standing } = await verifyUnit(round, ` ${id.toLowerCase()} `);
    expect([outcome, agrees]).toEqual(["not-drawn", true]);
    const said = lines.map(({ zh }) => zh).join("\n");
    expect(said).toContain(`printf '%s:%s' ${manifest().seed} ${id} | sha256sum`);
    expect(said).toContain(digest(`${manifest().seed}:${id}`));
    expect(said).toContain(stratum?.units[3]?.ticket);
    expect(standing.kind === "ranked" && standing.rank > 6).toBe(true);
  });

  test("that was replaced, and the one that came in, are told so", async () => {
    const folder = copyOf(round, join(scratch, "replaced"));
    const [first] = manifest().strata.find(({ key }) => key === `${CITY}/industrial`)?.units ?? [];
    const opened = openRound(folder);
    const asked = { unit: first?.id ?? "", reason: "不存在", evidence: ["已注销"] };
    const { by } = (await replaceUnit(opened, ACTOR, asked, silent)).replacement;
    const said = async (id: string) => {
      const { lines, agrees, now } = await verifyUnit(opened, id);
      return { agrees, now: now?.isInSample, said: lines.map(({ zh }) => zh).join("\n") };
    };
    const [gone, come] = [await said(first?.id ?? ""), await said(by?.id ?? "")];
    expect([gone.agrees, gone.now]).toEqual([true, false]);
    expect(gone.said).toContain(`其后因“不存在”被替换，由 ${by?.id} 递补`);
    expect([come.agrees, come.now]).toEqual([true, true]);
    expect(come.said).toContain(`其后递补，替换 ${first?.id}`);
  });

  test("that the manifest lists otherwise is told so", async () => {
    const folder = copyOf(round, join(scratch, "other-manifest"));
    const [first] = manifest().strata[0]?.units ?? [];
    const text = readFileSync(join(folder, "draw", "manifest.json"), "utf8");
    writeFileSync(join(folder, "draw", "manifest.json"), text.replace(first?.id ?? "", "910000000000009999"));
    expect((await verifyUnit(openRound(folder), first?.id ?? "")).agrees).toBe(false);
  });

  test("that is not in the frame is told so", async () => {
    expect((await verifyUnit(round, "无此代码")).standing).toEqual({ kind: "not-in-frame", excludedAt: [] });
  });

  test.each<[string, string, string, string]>([
    [
      "left out by the plan",
      `method: ticket\nquotas: [{ class: 工业源, count: 4 }]\nexclude: [{ ids: ["#1"], reason: 已核查 }]\n`,
      "excluded",
      "已核查",
    ],
    [
      "of a class that is not drawn",
      "method: ticket\nquotas: [{ class: 移动源, count: 1 }]\n",
      "class-not-planned",
      "不抽这一类",
    ],
    [
      "taken for certain",
      `method: ticket\nquotas: [{ class: 工业源, count: 4, takeAll: { ids: ["#1"] } }]\n`,
      "taken-for-certain",
      "必查",
    ],
    [
      "of a city that the lot left out",
      "method: ticket\ncities: { random: 1 }\nquotas: [{ class: 工业源, count: 4 }]\n",
      "city-not-drawn",
      "这个市没有抽中",
    ],
    [
      "of an area that was not drawn",
      "method: ticket\nareas: { column: 详细地址, count: 1 }\nquotas: [{ class: 工业源, count: 1 }]\n",
      "area-not-drawn",
      "片区",
    ],
    ["drawn by shuffling", "method: seedrandom\nquotas: [{ class: 工业源, count: 4 }]\n", "ranked", "洗牌"],
    [
      "drawn by size",
      "method: ticket\nquotas: [{ class: 工业源, count: 4, size: { column: 联系电话, least: 2 } }]\n",
      "ranked",
      "u/λ",
    ],
    [
      "without a size",
      "method: ticket\nquotas: [{ class: 工业源, count: 1, size: { column: 联系电话 } }]\n",
      "without-size",
      "大于 0",
    ],
  ])("%s is told why", async (name, plan, kind, word) => {
    mkdirSync(join(scratch, name));
    const ids = rowsOf("汕头").map((row) => row.split(",")[0] ?? "");
    const other = await drawnRound(join(scratch, name, "r"), PROVINCE, plan.replace("#1", ids[0] ?? ""));
    const wanted =
      kind.startsWith("city") || kind.startsWith("area")
        ? PROVINCE.split("\n")
            .slice(1)
            .map((row) => row.split(",")[0] ?? "")
        : ids;
    let found = "";
    for (const id of wanted.filter((each) => each !== "")) {
      const report = await verifyUnit(other, id);
      expect(report.agrees).toBe(true);
      if (report.standing.kind !== kind) continue;
      found = report.lines.map(({ zh }) => zh).join("\n");
      break;
    }
    expect(found).toContain(word);
  });
});

describe("the report", () => {
  test("is one page that names every check and every digest, the same bytes each time", async () => {
    const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: false }, silent);
    const forScripts = { ok: true, findings: [] };
    const paths = [join(scratch, "a.pdf"), join(scratch, "b.pdf")] as const;
    for (const path of paths) expect(await writeReport(round, path, findings, undefined, forScripts)).toEqual([path]);
    const [bytes, again] = paths.map((path) => readFileSync(path));
    expect(bytes?.equals(again ?? Buffer.alloc(0))).toBe(true);
    const { pages } = await readPdf(new Uint8Array(bytes ?? []));
    expect(pages).toHaveLength(1);
    const text = pages
      .flat()
      .map((item) => item.text)
      .join("")
      .replace(/\s/g, "");
    for (const { title } of findings) expect(text).toContain(title.zh.replace(/\s/g, "").slice(0, 6));
    for (const known of [manifest().frameDigest, manifest().planDigest, manifest().seed]) expect(text).toContain(known);
  });

  test("in a folder stands as page and as JSON", async () => {
    const folder = join(scratch, "报告");
    const findings = await verifyCity(openRound(part), CITY, [own], silent);
    const files = await writeReport(round, folder, findings, CITY, { ok: true, findings: [] });
    expect(files).toEqual([join(folder, "验证报告.pdf"), join(folder, "验证报告.json")]);
    expect(JSON.parse(readFileSync(files[1] ?? "", "utf8"))).toEqual({ ok: true, findings: [] });
  });
});
