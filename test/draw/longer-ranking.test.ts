/** Used-up reserves: the ranking goes on as the same draw with more reserves has it, for every kind of plan. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readingOptions } from "../../src/cli/frame-reading.ts";
import { computeManifest, longerRanking } from "../../src/draw/compute.ts";
import { lockFrame } from "../../src/frame/lock-frame.ts";
import { type LockedFrame, openFrame } from "../../src/frame/locked.ts";
import { parsePlan } from "../../src/plan/plan.ts";
import { newRound } from "../../src/round/new-round.ts";
import { openRound } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { smallLedger } from "../support/ledger.ts";

const actor = { name: "测试员", now: () => new Date("2019-10-01T00:00:00Z") };
const CONTRIBUTIONS = [{ by: "seed", value: "x" }];
let scratch = "";
let frame: LockedFrame;
beforeAll(async () => {
  scratch = scratchFolder("longer");
  const folder = join(scratch, "轮次");
  newRound(folder, actor, { template: "provincial", name: "R1", cities: [], rate: undefined });
  const ledger = join(scratch, "名录.csv");
  const [head, ...rows] = smallLedger(["汕头", "佛山"]).trim().split("\n");
  writeFileSync(ledger, [`${head},规模`, ...rows.map((row, i) => `${row},${(i % 7) + 1}`)].join("\n"));
  await lockFrame(openRound(folder), actor, [ledger], readingOptions({ map: [], set: [] }, "."), false, silent);
  frame = await openFrame(openRound(folder));
}, 180_000);
afterAll(() => {
  frame.close();
  rmSync(scratch, { recursive: true, force: true });
});

const LONGER = 4;
test.each<[string, string]>([
  ["tickets of whole blocks", "method: ticket\nquotas: [{ class: 工业源, count: 3, reserve: 1 }]"],
  ["a shuffle", "method: seedrandom\nquotas: [{ class: 工业源, count: 3, reserve: 1 }]"],
  ["a share of reserves", "method: ticket\nquotas: [{ class: 工业源, rate: 20%, reserve: 10% }]"],
  ["sizes", "method: ticket\nquotas: [{ class: 工业源, count: 4, reserve: 1, size: { column: 规模 } }]"],
  ["strata", "method: ticket\nquotas: [{ class: 工业源, count: 4, spread: { column: 规模, rule: equal } }]"],
  [
    "populations and exclusions",
    `method: ticket
quotas:
  - { class: 工业源, population: 小, only: { column: 规模, values: ["1", "2", "3"] }, count: 2 }
  - { class: 工业源, population: 大, only: { column: 规模, values: ["4", "5"] }, count: 1 }
exclude: [{ where: { column: 规模, values: ["2"] }, reason: 试 }]`,
  ],
  ["cities by lot", "method: ticket\ncities: { random: 1 }\nquotas: [{ class: 工业源, count: 3, reserve: 1 }]"],
  ["two stages", "method: ticket\nareas: { column: 规模, count: 3 }\nquotas: [{ class: 工业源, count: 1 }]"],
  [
    "units taken for certain",
    'method: ticket\nquotas: [{ class: 工业源, count: 2, takeAll: { where: { column: 规模, values: ["7"] } } }]',
  ],
])("%s", async (_, yaml) => {
  const plan = parsePlan(yaml);
  const longerPlan = { ...plan, quotas: plan.quotas.map((quota) => ({ ...quota, reserve: LONGER })) };
  const draw = (asked: typeof plan) =>
    computeManifest("R1", frame, { plan: asked, cities: "all" }, CONTRIBUTIONS, silent);
  const [short, long] = [await draw(plan), await draw(longerPlan)];
  let further = 0;
  for (const { key, n, units } of short.strata) {
    const due = long.strata.find((stratum) => stratum.key === key)?.units ?? [];
    const found = await longerRanking("R1", frame, { plan, cities: "all" }, CONTRIBUTIONS, key, LONGER);
    expect(found).toEqual(due);
    expect(due.slice(0, units.length)).toEqual(units);
    expect(due.slice(0, n).map(({ role }) => role)).not.toContain("reserve");
    further += due.length - units.length;
  }
  expect(further).toBeGreaterThan(0);
});
