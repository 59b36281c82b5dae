import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assignRound } from "../../src/assign/assign-round.ts";
import type { AssignmentManifest } from "../../src/assign/assignment.ts";
import { type TeamWork, teamForReplacement } from "../../src/assign/newcomer.ts";
import { newcomerTeams } from "../../src/assign/newcomer-teams.ts";
import { drawRound } from "../../src/draw/draw-round.ts";
import { lockFrame } from "../../src/frame/lock-frame.ts";
import { sealedAssign } from "../../src/plan/assign-plan.ts";
import { readPlan } from "../../src/plan/seal.ts";
import { replaceUnit } from "../../src/replace/replace-round.ts";
import { newRound } from "../../src/round/new-round.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { assetPath } from "../../src/text/assets.ts";
import { canonicalJson, digest } from "../../src/text/canonical.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { readSheet } from "../../src/xlsx/read.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { inspector, source } from "../support/inspectors.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";

const actor = { name: "测试员", now: () => new Date(0) };
const OPTIONS = { perDay: 4, waive: undefined };
const SECTION = "assign: { roster: inspectors.csv, skills: { 工业源: [工业], 农业源: [农业] } }\n";

/** A drawn round of two cities with the sample roster, or another. */
async function drawn(section = SECTION, roster?: string): Promise<Round> {
  const folder = scratchFolder("assign");
  const ledger = join(scratchFolder("ledger"), "名录.csv");
  writeFileSync(ledger, smallLedger(["汕头", "云浮"]));
  const round = newRound(folder, actor, { template: "provincial", name: "R1", cities: [], rate: undefined });
  writeFileSync(round.paths.plan, SMALL_PLAN + section);
  if (roster === undefined) copyFileSync(assetPath("samples", "inspectors.csv"), join(folder, "inspectors.csv"));
  else writeFileSync(join(folder, "inspectors.csv"), roster);
  const reading = {
    map: new Map(),
    constants: new Map(),
    values: { class: new Map(), status: new Map() },
    sheet: undefined,
    encoding: undefined,
    names: new Map(),
  };
  await lockFrame(round, actor, [ledger], reading, false, silent);
  await drawRound(round, actor, "20190930", silent);
  return round;
}

async function sheetText(path: string, sheet: string): Promise<string> {
  const rows: string[] = [];
  for await (const batch of readSheet(path, sheet)) rows.push(...batch.map(({ cells }) => cells.join("\t")));
  return rows.join("\n");
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ChouqianError ? error : undefined),
  );
const findings = async (round: Round) =>
  (await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent)).filter(
    ({ outcome }) => outcome === "failed",
  );

test("a round is assigned, verified to the byte, and assigned only once", async () => {
  const round = await drawn();
  const first = await assignRound(round, actor, OPTIONS, silent);
  const { assignment } = first;
  expect(assignment.seed).toBe(digest("R1/assign\nseed=20190930"));
  expect(assignment.sources).toHaveLength(18);
  expect(assignment.teams).toHaveLength(6);
  expect(await findings(round)).toEqual([]);
  const text = readFileSync(round.paths.assignment, "utf8");
  expect(digest(text)).toBe(journalOf(round).entries.at(-1)?.about.assignmentDigest);

  const again = await assignRound(round, actor, { ...OPTIONS, perDay: 1 }, silent);
  expect(again.days).toBe(3);
  expect(readFileSync(round.paths.assignment, "utf8")).toBe(text);
  expect(journalOf(round).entries.filter(({ event }) => event === "assigned")).toHaveLength(1);
  const waive = { rule: "loads", reason: "换人" };
  expect((await refusal(assignRound(round, actor, { ...OPTIONS, waive }, silent)))?.code).toBe("E-ASSIGN-DONE");

  const texts = await sheetText(join(round.paths.assign, "分组派工单.xlsx"), "派工单");
  for (const { id } of assignment.sources) expect(texts).toContain(id);

  const tampered = JSON.parse(text) as AssignmentManifest;
  const [one] = tampered.sources;
  const swapped = tampered.sources.map((each) =>
    each === one ? { ...each, team: each.team === "T1" ? "T2" : "T1" } : each,
  );
  writeFileSync(round.paths.assignment, canonicalJson(JSON.parse(JSON.stringify({ ...tampered, sources: swapped }))));
  const [found] = await findings(round);
  expect(found?.check).toBe("assign");
  expect(found?.detail.zh).toContain("sources[rank 1].team");
});

test("a roster that is changed after sealing is refused, and found by verify", async () => {
  const round = await drawn();
  const roster = join(round.folder, "inspectors.csv");
  writeFileSync(roster, readFileSync(roster, "utf8").replace("样赵甲", "样赵申"));
  const error = await refusal(assignRound(round, actor, OPTIONS, silent));
  expect(error?.code).toBe("E-PLAN-CHANGED");
  expect((await findings(round)).map(({ check }) => check)).toContain("plan");
});

test("without a roster in the sealed plan nothing is assigned", async () => {
  expect((await refusal(assignRound(await drawn(""), actor, OPTIONS, silent)))?.code).toBe("E-ASSIGN-NO-ROSTER");
});

test("a conflict names sources, rules and people, and one rule can be given up with a reason", async () => {
  const roster = [
    "姓名,单位,市,县区,专长,证件号,回避单位,组长资格",
    "甲某,甲局,汕头市,,农业,A1,,是",
    "乙某,乙局,广州市,,工业,A2,,是",
    "丙某,丙局,广州市,,,A3,,是",
    "丁某,丁局,广州市,,,A4,,是",
  ].join("\n");
  const round = await drawn(SECTION, `${roster}\n`);
  const error = await refusal(assignRound(round, actor, OPTIONS, silent));
  expect(error?.code).toBe("E-ASSIGN-CONFLICT");
  const said = error?.problems.map(({ message }) => message.zh) ?? [];
  expect(said[0]).toMatch(/^汕头市澄海区 农业源 1 家：汕头第\d农业源单位$/);
  expect(said.slice(1)).toEqual([
    "不查本地（assign.avoid）",
    "每组有人具备所需专长（assign.skills）",
    "按这些规则，名单里没有一个人能查",
  ]);
  const waive = (rule: string, reason: string) =>
    assignRound(round, actor, { perDay: 4, waive: { rule, reason } }, silent);
  expect((await refusal(waive("ownPlace", "无人")))?.code).toBe("E-ASSIGN-WAIVE");
  expect((await refusal(waive("skills", " ")))?.code).toBe("E-ASSIGN-WAIVE");
  const { assignment } = await waive("skills", "无本专业人员");
  expect(assignment.waived).toEqual([{ rule: "skills", reason: "无本专业人员" }]);
  expect(await findings(round)).toEqual([]);
});

test("no rule is given up where all can be met", async () => {
  const waive = { rule: "skills", reason: "图省事" };
  const error = await refusal(assignRound(await drawn(), actor, { perDay: 4, waive }, silent));
  expect(error?.words.zh).toContain("不必放弃");
});

test("a unit that stands in for another is given a team, and so is the one that stands in for it", async () => {
  const round = await drawn();
  const { assignment } = await assignRound(round, actor, OPTIONS, silent);
  const unit = assignment.sources.find((each) => each.class === "industrial");
  const replace = async (id: string) => {
    const asked = { unit: id, reason: "不存在", evidence: ["现场照片"] };
    return (await replaceUnit(round, actor, asked, silent)).replacement.by?.id ?? "";
  };
  const first = await replace(unit?.id ?? "");
  const second = await replace(first);
  const teams = await newcomerTeams(round);
  expect([...teams.keys()]).toEqual([first, second]);
  expect([...teams.values()]).toEqual([0, 1].map(() => ({ team: unit?.team, forbidden: [] })));
  expect(await findings(round)).toEqual([]);
});

test("a replacement keeps its team unless a rule forbids it", async () => {
  const round = await drawn();
  const { assignment } = await assignRound(round, actor, OPTIONS, silent);
  const plan = sealedAssign((await readPlan(round)).plan);
  if (plan === undefined) throw new Error("no roster");
  const replaced = assignment.sources.find((each) => each.class === "industrial");
  const loads = new Map<string, TeamWork>();
  const next = { sourceClass: "industrial", city: replaced?.city ?? "", county: replaced?.county ?? "" } as const;
  const teamFor = (given: Parameters<typeof source>[1], people = plan.inspectors) =>
    teamForReplacement(
      assignment,
      { ...plan, inspectors: people },
      replaced?.team,
      source("N1", { ...next, ...given }),
      loads,
    );
  expect(teamFor({})).toEqual({ team: replaced?.team, forbidden: [] });
  const own = assignment.teams.find(({ key }) => key === replaced?.team);
  const member = plan.inspectors.find(({ id }) => id === own?.members[0]?.id) ?? inspector("");
  const moved = teamFor({ city: member.city, county: "" });
  expect(moved?.forbidden).toContain("ownPlace");
  expect(moved?.team).not.toBe(replaced?.team);
  const nobody = plan.inspectors.map((person) => ({ ...person, skills: [] }));
  expect(teamFor({}, nobody)).toBeUndefined();
});
