/** What was changed behind the program's back between import, evaluation and verification. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { evaluateRound, issuedReports } from "../../src/evaluate/evaluate-round.ts";
import { filesOf } from "../../src/records/read-file.ts";
import { journalOf, openRound, type Round } from "../../src/round/round.ts";
import { roundStatus } from "../../src/round/status.ts";
import { silent } from "../../src/text/progress.ts";
import { journalLineIn } from "../../src/verify/journal-line-findings.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { filledWorkbook, imported, roundWithForms } from "../records/fixture.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { ACTOR } from "../support/round.ts";

const scratch = scratchFolder("changed-records");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const failures = async (round: Round) =>
  (await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent))
    .filter(({ outcome }) => outcome === "failed")
    .map(({ check, detail }) => `${check} ${detail.zh}`);

test("records edited by hand are not evaluated; reports that no evaluation made and originals that are gone are found", async () => {
  const round = await roundWithForms(join(scratch, "R"));
  await imported(round, [(await filledWorkbook(round, join(scratch, "回收"))).path]);
  const records = readFileSync(round.paths.records, "utf8");
  writeFileSync(round.paths.records, records.replaceAll('"result":"wrong"', '"result":"right"'));
  await expect(evaluateRound(round, ACTOR, silent)).rejects.toMatchObject({ code: "E-RECORDS-CHANGED" });
  writeFileSync(round.paths.records, records);

  await evaluateRound(round, ACTOR, silent);
  expect(await failures(round)).toEqual([]);
  expect(issuedReports(round).every((path) => existsSync(join(round.paths.results, path)))).toBe(true);
  const copy = join(scratch, "R-copy");
  cpSync(round.folder, copy, { recursive: true });
  const { stdout } = await chouqian(["-C", copy, "evaluate", "--no-reports"]);
  expect(stdout).toContain("上一次评定的报告已失效，删去");
  await evaluateRound(round, ACTOR, silent, false);
  expect([issuedReports(round), readdirSync(round.paths.results)]).toEqual([[], ["evaluation.json"]]);
  expect(await failures(round)).toEqual([]);
  const evaluation = readFileSync(round.paths.evaluation, "utf8");
  const stepOf = () => roundStatus(openRound(round.folder)).steps.find(({ step }) => step === "evaluation");
  expect(stepOf()?.isDone).toBe(true);
  writeFileSync(round.paths.evaluation, evaluation.replace('"notMet"', '"met"'));
  expect(stepOf()).toMatchObject({ isDone: false, detail: { zh: expect.stringContaining("被改动，与日志第") } });
  rmSync(round.paths.evaluation);
  expect(stepOf()).toMatchObject({ isDone: false, detail: { zh: expect.stringContaining("不见了") } });
  writeFileSync(round.paths.evaluation, evaluation);
  const report = join(round.paths.results, "核查评定报告.pdf");
  writeFileSync(report, "forged");
  expect(await failures(round)).toEqual(["reports results/核查评定报告.pdf 不是这次评定制作的"]);
  rmSync(report);

  const first = journalOf(round).entries.find(({ event }) => event === "records.imported")?.about.files;
  await imported(round, [(await filledWorkbook(round, join(scratch, "更正"), "2")).path], { replace: true });
  await evaluateRound(round, ACTOR, silent, false);
  expect(await failures(round)).toEqual([]);
  const { sha256 } = (first as { sha256: string }[])[0] as { sha256: string };
  rmSync(join(round.folder, "records", "originals", `${sha256}.xlsx`));
  expect(await failures(round)).toEqual([
    expect.stringMatching(/^records 日志第 \d+ 行的原表 汕头市_核查记录表.xlsx 不见了$/),
  ]);
}, 300_000);

test("reports keep the date that they were issued with, and verify tells where round.yaml has another since", async () => {
  const round = await roundWithForms(join(scratch, "D"));
  await imported(round, [(await filledWorkbook(round, join(scratch, "收回"))).path]);
  await evaluateRound(round, ACTOR, silent);
  const text = readFileSync(round.paths.config, "utf8");
  writeFileSync(round.paths.config, text.replace(/^date:.*$/m, "date: 2019-10-31"));
  const changed = openRound(round.folder);
  expect(changed.config.date).toBe("2019-10-31");
  // The certificate of draw is held against round.yaml as it stands; the reports are not.
  expect(await failures(changed)).toEqual([expect.stringMatching(/^certificate-made .*round.yaml/)]);
  const told = await verifyRound(changed, { ledgers: undefined, withoutLedger: true }, silent);
  expect(told.find(({ check }) => check === "reports")?.outcome).toBe("passed");
  expect(told.find(({ check }) => check === "issued")).toMatchObject({
    outcome: "skipped",
    detail: { zh: expect.stringContaining("日期评定时为“”，现在为“2019-10-31”") },
  });
}, 300_000);

test("a line of the journal on paper is taken as people type it, and refused where it is none", () => {
  const line = { line: 57, digest: "3fa9c2d1e0b44a6f" };
  for (const text of ["57:3fa9c2d1e0b44a6f", " 57：3FA9 C2D1 E0B4 4A6F"]) expect(journalLineIn(text)).toEqual(line);
  for (const text of ["57", "57:3fa9c2d1e0b44a6", "x:3fa9c2d1e0b44a6f", `57:${"a".repeat(65)}`]) {
    expect(() => journalLineIn(text)).toThrowError(
      expect.objectContaining({ code: "E-USAGE-JOURNAL-LINE", exitCode: 2 }),
    );
  }
});

test("a link that leads nowhere is passed over by its name", () => {
  const folder = join(scratch, "混杂");
  mkdirSync(folder);
  writeFileSync(join(folder, "好.csv"), "a");
  symlinkSync(join(scratch, "没有"), join(folder, "断.csv"));
  const { files, passedOver } = filesOf([folder]);
  expect([files.map(({ name }) => name), passedOver]).toEqual([["好.csv"], ["断.csv"]]);
});
