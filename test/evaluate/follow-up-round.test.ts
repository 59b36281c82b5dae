/** A follow-up in a round with forms and teams: what is made anew, who goes there, and what `verify` says. */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assignRound } from "../../src/assign/assign-round.ts";
import { teamName } from "../../src/assign/assignment.ts";
import { brokenBy } from "../../src/assign/newcomer.ts";
import { newcomerTeams, teamsOf } from "../../src/assign/newcomer-teams.ts";
import { RULES } from "../../src/assign/rules.ts";
import { drawRound } from "../../src/draw/draw-round.ts";
import { readCurrentSample } from "../../src/draw/fates.ts";
import { blockOfStratum, manifestDigest } from "../../src/draw/manifest.ts";
import { computeEvaluation } from "../../src/evaluate/evaluate-round.ts";
import type { Verdict } from "../../src/evaluate/evaluation.ts";
import { drawFollowUp, planFollowUp } from "../../src/evaluate/follow-up-round.ts";
import { cityFindings, provinceFindings } from "../../src/evaluate/report/words.ts";
import { IDENTITY_SHEET } from "../../src/forms/record-marks.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { openFrame } from "../../src/frame/locked.ts";
import { sealedAssign } from "../../src/plan/assign-plan.ts";
import { readPlan } from "../../src/plan/seal.ts";
import { compareRecords } from "../../src/records/record.ts";
import { writeRecords } from "../../src/records/store.ts";
import { currentListWorkbook, unitsInOrder } from "../../src/replace/current-list.ts";
import { replaceUnit } from "../../src/replace/replace-round.ts";
import type { Round } from "../../src/round/round.ts";
import { roundStatus } from "../../src/round/status.ts";
import { assetPath } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { filledBy } from "../support/filled-round.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, lockedRound } from "../support/round.ts";
import { rowsOf } from "../xlsx/workbooks.ts";

let round: Round;
const scratch = scratchFolder("follow-up");
const SECTION = "assign: { roster: inspectors.csv, skills: { 工业源: [工业], 农业源: [农业] } }\n";

beforeAll(async () => {
  round = await lockedRound(join(scratch, "R1"), smallLedger(["汕头", "云浮"]), SMALL_PLAN + SECTION);
  copyFileSync(assetPath("samples", "inspectors.csv"), join(round.folder, "inspectors.csv"));
  await drawRound(round, ACTOR, "20190930", silent);
  await assignRound(round, ACTOR, { perDay: 4, waive: undefined }, silent);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function fill(most = Number.POSITIVE_INFINITY): void {
  const { manifest, sample } = readCurrentSample(round);
  const own = manifestDigest(manifest);
  const robot = { seed: 3, errorRate: () => 0.05 };
  const records = filledBy(robot, own, manifest.roundId, sample).sort(compareRecords).slice(0, most);
  const units = records.map(({ unit }) => unit);
  writeRecords(round, ACTOR, "records.imported", records, [], { manifestDigest: own, units });
}
const asked = { city: "440500", sourceClass: undefined, number: 6, worst: undefined, reason: "定论不足" };
const idsIn = async (folder: string) => {
  const path = join(round.paths.forms, folder, "核查记录表.xlsx");
  const rows = (await rowsOf(path, IDENTITY_SHEET)).map(({ cells }) => cells);
  return rows.slice(rows.findIndex(([first]) => first === "sheet") + 1).map(([, id]) => id ?? "");
};
const inSample = (city: string) =>
  readCurrentSample(round)
    .sample.strata.filter(({ key }) => key.startsWith(city))
    .flatMap(({ units }) => units.filter((unit) => unit.isInSample));
/** What fails, but for the records, which come from no file. */
async function failures(): Promise<string[]> {
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  return findings
    .filter(({ check, outcome }) => outcome === "failed" && check !== "records")
    .map(({ detail }) => detail.zh);
}

test("forms are made anew for the city alone, and none where there were none", async () => {
  fill(1);
  await expect(planFollowUp(round, { ...asked, city: undefined, number: undefined }, silent)).rejects.toMatchObject({
    code: "E-FOLLOWUP-NOTHING",
    words: { zh: expect.stringMatching(/^记录没有收齐，还不知道要补充多少：汕头市缺 \d+ 家、云浮市缺 \d+ 家$/) },
  });
  fill();
  await writeForms(round, ACTOR, { cities: ["440500"] }, silent);
  expect(roundStatus(round).steps.some(({ step }) => step === "followUp")).toBe(false);
  const drawn = await drawFollowUp(round, ACTOR, asked, silent);
  const { steps, next } = roundStatus(round);
  expect(steps.find(({ step }) => step === "followUp")).toMatchObject({
    isDone: false,
    detail: { zh: "1 次共 6 家，已收 0 家" },
  });
  expect(next.zh).toContain("收回补充抽查的记录");
  expect(drawn.papers).toEqual([{ city: "汕头市", hasForms: true, kept: [], missingCharacters: [] }]);
  // With the further sources still out the verdict is one for the time being.
  const evaluation = await computeEvaluation(round, silent);
  const [own, other] = evaluation.verdicts;
  expect([own?.outstanding, other?.outstanding, evaluation.counts.followUp]).toEqual([6, 0, 6]);
  expect(cityFindings(evaluation, own as Verdict).join()).toContain(
    "还有 6 家没有记录，按所在层的无回答处理；评定是暂时的",
  );
  expect(provinceFindings(evaluation).join()).toContain("还有 6 家没有记录，汕头市 6 家按所在层的无回答处理");
  const ids = inSample("440500").map(({ id }) => id);
  expect(ids).toHaveLength(15);
  expect((await idsIn("汕头市")).sort()).toEqual([...ids].sort());
  expect(existsSync(join(round.paths.forms, "云浮市"))).toBe(false);
  expect(await failures()).toEqual([]);
}, 180_000);

test("each further source has a team that may inspect it, and loads stay as even as they were", async () => {
  const further = inSample("440500").filter(({ fate }) => fate === "followUp");
  const teams = await newcomerTeams(round);
  expect([...teams.keys()].sort()).toEqual(further.map(({ id }) => id).sort());
  const assignment = JSON.parse(readFileSync(round.paths.assignment, "utf8"));
  const loads = new Map<string, number>(
    assignment.teams.map(({ key, load }: { key: string; load: number }) => [key, load]),
  );
  for (const team of teams.values()) loads.set(team?.team ?? "", (loads.get(team?.team ?? "") ?? 0) + 1);
  const plan = sealedAssign((await readPlan(round)).plan);
  if (plan === undefined) throw new Error("no roster");
  const frame = await openFrame(round);
  const counties = new Map((await frame.unitsById([...teams.keys()])).map(({ id, county }) => [id, county]));
  frame.close();
  for (const { id, name, stratum } of further) {
    const source = { id, name, county: counties.get(id) ?? "", ...blockOfStratum(stratum) };
    const team = assignment.teams.find(({ key }: { key: string }) => key === teams.get(id)?.team);
    const members = plan.inspectors.filter((person) =>
      team.members.some((each: { id: string }) => each.id === person.id),
    );
    expect(brokenBy(members, source, plan, new Set(RULES)), id).toEqual([]);
  }
  const counts = [...loads.values()];
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  // The list says who goes where, and verify reads it.
  const rows = (await rowsOf(round.paths.currentList, "样本现状")).map(({ cells }) => cells);
  for (const { id } of further) {
    expect(rows.find((cells) => cells.includes(id))).toContain(teamName(teams.get(id)?.team ?? ""));
  }
});

test("a replacement of a further source keeps its team", async () => {
  const [one] = inSample("440500").filter(({ fate, stratum }) => fate === "followUp" && stratum.endsWith("industrial"));
  const before = await newcomerTeams(round);
  const request = { unit: one?.id ?? "", reason: "不存在", evidence: ["现场照片"] };
  const { replacement } = await replaceUnit(round, ACTOR, request, silent);
  const after = await newcomerTeams(round);
  expect(after.get(replacement.by?.id ?? "")).toEqual({ team: before.get(one?.id ?? "")?.team, forbidden: [] });
  expect(await failures()).toEqual([]);
}, 180_000);

test("the further sources have a package of their own, packed anew with it", async () => {
  const { parts } = await writeForms(round, ACTOR, { followUps: true }, silent, { zip: true });
  const further = inSample("440500").filter(({ fate }) => fate === "followUp");
  expect(parts).toMatchObject([{ title: "汕头市", folder: "forms/补充抽查/汕头市", sources: further.length }]);
  expect((await idsIn("补充抽查/汕头市")).sort()).toEqual(further.map(({ id }) => id).sort());
  expect(existsSync(join(round.paths.forms, "补充抽查", "汕头市.zip"))).toBe(true);
  expect(existsSync(join(round.paths.forms, "补充抽查", "汕头市", "核查清单.pdf"))).toBe(true);
  expect((await idsIn("汕头市")).length).toBe(15);
  const byTeam = await writeForms(round, ACTOR, { followUps: true }, silent, { split: "team" });
  expect(byTeam.parts.every(({ folder }) => folder.startsWith("forms/补充抽查/按组/"))).toBe(true);
  expect(byTeam.parts.reduce((sum, { sources }) => sum + sources, 0)).toBe(further.length);
  expect(await failures()).toEqual([]);
}, 180_000);

test("verify finds another team in the list, and there is no package without a follow-up", async () => {
  const bytes = readFileSync(round.paths.currentList);
  const { manifest, sample } = readCurrentSample(round);
  const teams = await teamsOf(round);
  const [one] = [...(await newcomerTeams(round)).keys()].slice(-1);
  teams.set(one ?? "", teams.get(one ?? "") === "T1" ? "T2" : "T1");
  const frame = await openFrame(round);
  const units = await frame.unitsById(unitsInOrder(sample).map(({ id }) => id));
  const input = { title: round.config.name, manifest, sample, lock: frame.lock, units, teams };
  writeFileSync(round.paths.currentList, await currentListWorkbook(input));
  frame.close();
  expect(await failures()).toEqual([expect.stringMatching(new RegExp(`家应为 ${one} .*组，实为 ${one} .*组`))]);
  writeFileSync(round.paths.currentList, bytes);
  const other = await lockedRound(join(scratch, "R2"), smallLedger(), SMALL_PLAN);
  await drawRound(other, ACTOR, "1", silent);
  const refused = await writeForms(other, ACTOR, { followUps: true }, silent).catch((error: unknown) => error);
  expect(refused instanceof ChouqianError && refused.code).toBe("E-FORMS-FOLLOWUP");
}, 180_000);
