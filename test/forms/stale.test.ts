/** Forms that are to be made again: made before the assignment, or by other templates than the round has now. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawRound } from "../../src/draw/draw-round.ts";
import { readCurrentSample } from "../../src/draw/fates.ts";
import { type StaleForms, staleForms } from "../../src/forms/stale.ts";
import { staleDetail } from "../../src/forms/stale-words.ts";
import { copyTemplate } from "../../src/forms/templates.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { replaceUnit } from "../../src/replace/replace-round.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { assetPath } from "../../src/text/assets.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { drawnRound, lockedRound } from "../support/round.ts";

const scratch = scratchFolder("stale");
// the program runs beside it, by the clock
const actor = { name: "测试员", now: () => new Date() };
let round: Round;
beforeAll(async () => {
  const plan = `${SMALL_PLAN}assign: { roster: inspectors.csv }\n`;
  round = await lockedRound(join(scratch, "R1"), smallLedger(["汕头", "云浮"]), plan, actor);
  copyFileSync(assetPath("samples", "inspectors.csv"), join(round.folder, "inspectors.csv"));
  await drawRound(round, actor, "20190930", silent);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const stale = async (): Promise<string[]> =>
  (await staleForms(round, journalOf(round).entries)).map(({ why, division, cities }: StaleForms) =>
    [why, division, ...cities].join(" "),
  );
const inVerify = async () => {
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  return findings.filter(({ check }) => check === "forms-stale").map(({ detail }) => detail.zh);
};
const cli = async (...args: string[]) => {
  const { status, stdout, stderr } = await chouqian(["-C", "R1", ...args], { cwd: scratch });
  expect([status, stderr.split("\n").filter((line) => line.startsWith("✗"))]).toEqual([0, []]);
  return stdout;
};

test("forms made before the assignment are named by assign, status and verify until they are made again", async () => {
  await writeForms(round, actor, undefined, silent);
  await writeForms(round, actor, { cities: ["445300"] }, silent, { split: "county" });
  expect(await cli("status")).not.toContain("应重做");
  const said = await cli("assign");
  const whole = "forms 汕头市、云浮市：在分派之前制作，没有核查组；应重做：chouqian -C R1 forms\n";
  const county =
    "forms/按县区 云浮市：在分派之前制作，没有核查组；应重做：chouqian -C R1 forms --split county --city 云浮市\n";
  for (const text of [said, await cli("status")]) {
    expect(text).toContain(whole);
    expect(text).toContain(county);
  }
  expect(await inVerify()).toHaveLength(2);
  expect(await cli("forms", "--city", "汕头")).toContain("forms 云浮市：在分派之前制作");
  expect(await stale()).toEqual(["assignment city 云浮市", "assignment county 云浮市"]);
  await writeForms(round, actor, undefined, silent);
  await writeForms(round, actor, { cities: ["445300"] }, silent, { split: "county" });
  expect([await stale(), await inVerify()]).toEqual([[], []]);
}, 180_000);

test("a replacement in one city leaves what is divided for another as it is", async () => {
  const units = readCurrentSample(round).sample.strata.find(({ key }) => key === "440500/industrial")?.units ?? [];
  await replaceUnit(round, actor, { unit: units[0]?.id ?? "", reason: "不存在", evidence: ["注销"] }, silent);
  expect(await stale()).toEqual([]);
  await writeForms(round, actor, undefined, silent, { split: "team" });
  await replaceUnit(round, actor, { unit: units[1]?.id ?? "", reason: "不存在", evidence: ["注销"] }, silent);
  expect(await stale()).toEqual(["sample team"]);
  rmSync(join(round.paths.forms, "按组"), { recursive: true });
  expect(await stale()).toEqual([]);
}, 180_000);

test("forms of other templates than the round has now are named, for the cities that have such sources", async () => {
  copyTemplate(round, "parts/common.yaml");
  expect(await stale()).toEqual([]);
  const common = join(round.paths.templates, "parts", "common.yaml");
  writeFileSync(common, readFileSync(common, "utf8").replace("label: 拒签说明", "label: 拒签情况"));
  expect(await stale()).toEqual(["templates city 汕头市 云浮市", "templates county 云浮市"]);
  const said = await cli("forms", "--city", "汕头");
  expect(said).toContain("forms 云浮市：所用模板与本轮次现在的不同；应重做：chouqian -C R1 forms --city 云浮市");
  expect(await cli("status")).toContain("所用模板与本轮次现在的不同");
  expect(await inVerify()).toEqual(
    (await staleForms(round, journalOf(round).entries)).map((each) => staleDetail(each).zh),
  );
  // one that cannot be used makes no forms, and says nothing of those that are there
  const mobile = join(round.paths.templates, "forms", "mobile.yaml");
  mkdirSync(join(round.paths.templates, "forms"), { recursive: true });
  writeFileSync(mobile, "class: 无\n");
  expect(await stale()).toEqual([]);
  rmSync(mobile);
  rmSync(common);
  expect(await stale()).toEqual(["templates city 汕头市"]);
  await writeForms(round, actor, { cities: ["440500"] }, silent);
  expect(await stale()).toEqual([]);
}, 180_000);

test("a form of the office's own that came since is told where a source drawn is of its kind", async () => {
  const plan = SMALL_PLAN.replace(/count: \d+(, reserve: \d+)?/g, "count: 1");
  const [head = "", ...rows] = smallLedger(["汕头", "云浮"]).trimEnd().split("\n");
  const kinds = rows.map((row) => `${row},${row.includes("移动源,汕头") ? "加油站" : ""}`);
  const ledger = `${[`${head},普查对象类型`, ...kinds].join("\n")}\n`;
  round = await drawnRound(join(scratch, "another", "R2"), ledger, plan, "1", actor);
  await writeForms(round, actor, undefined, silent);
  copyTemplate(round, "mobile");
  const folder = join(round.paths.templates, "forms");
  const text = readFileSync(join(folder, "mobile.yaml"), "utf8");
  rmSync(join(folder, "mobile.yaml"));
  writeFileSync(join(folder, "farm.yaml"), text.replace(/^class: .*$/m, "class: mobile\nkinds: [码头]"));
  expect(await stale()).toEqual([]);
  writeFileSync(join(folder, "farm.yaml"), text.replace(/^class: .*$/m, "class: mobile\nkinds: [码头, 加油站]"));
  expect(await stale()).toEqual(["templates city 汕头市"]);
  await writeForms(round, actor, { cities: ["440500"] }, silent);
  expect(await stale()).toEqual([]);
}, 180_000);
