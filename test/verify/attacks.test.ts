/**
 * Ways to cheat, each made on a copy of a finished round: none passes. docs/threats.md is the same list for people, and is
 * compared with it.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JournalLine, lastLineOf } from "../../src/round/journal.ts";
import { openRound, type Round } from "../../src/round/round.ts";
import { assetPath } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { type Attack, prepare, problemCodes, quietly, RECORDED, sceneIn } from "./attacks/attack.ts";
import { FORMS, JOURNAL, MANIFEST, PAPERS } from "./attacks/draw-and-journal.ts";
import { LEDGER_AND_FRAME } from "./attacks/ledger-and-frame.ts";
import { PLAN, SEED } from "./attacks/plan-and-seed.ts";
import { bringIn, RECORDS } from "./attacks/records.ts";

const CHAPTERS: readonly (readonly [string, readonly Attack[]])[] = [
  ["Ledger and frame", LEDGER_AND_FRAME],
  ["Plan", PLAN],
  ["Seed", SEED],
  ["Manifest", MANIFEST],
  ["Papers", [...PAPERS, ...FORMS]],
  ["Journal", JOURNAL],
  ["Records", RECORDS],
];

let scratch = "";
let number = 0;
beforeAll(async () => {
  scratch = scratchFolder("attacks");
  await prepare(join(scratch, "good"), bringIn);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const sceneOfOwn = (name?: string) => sceneIn(join(scratch, "good"), join(scratch, `case-${number++}`), name);
const findings = (round: Round, journalLines: readonly JournalLine[] = []) =>
  verifyRound(round, { ledgers: undefined, withoutLedger: false, journalLines }, quietly);

test("a round that nobody touched is proven", async () => {
  const { round, other } = sceneOfOwn();
  for (const each of [round, other]) {
    expect((await findings(each)).filter(({ outcome }) => outcome !== "passed")).toEqual([]);
  }
});

test("a round whose records came in is proven, by the journal's line on paper too", async () => {
  const { round } = sceneOfOwn(RECORDED);
  const paper = lastLineOf(readFileSync(round.paths.journal, "utf8"));
  const told = await findings(round, [paper]);
  expect(told.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  const of = (check: string) => told.filter((each) => each.check === check).map(({ outcome }) => outcome);
  expect([of("records"), of("follow-up"), of("evaluation"), of("reports"), of("journal-line")]).toEqual([
    ["passed"],
    ["passed"],
    ["skipped"],
    ["passed"],
    ["passed"],
  ]);
});

describe.each(CHAPTERS)("%s", (chapter, attacks) => {
  test.each(attacks.map((attack) => [attack.title, attack] as const))("%s", async (_, attack) => {
    if (attack.becomes === "warned") {
      expect(await problemCodes(scratch, attack.ledger)).toContain(attack.by);
      return;
    }
    const scene = sceneOfOwn(chapter === "Records" ? RECORDED : undefined);
    if (attack.becomes === "refused") {
      const refusal = await attempt(() => attack.make(scene));
      expect(refusal).toBe(attack.by);
      return;
    }
    const paper = await attack.make(scene);
    const lines = Array.isArray(paper) ? (paper as JournalLine[]) : [];
    const found = await findings(openRound(scene.round.folder), lines);
    const failures = found.filter(({ outcome }) => outcome === "failed");
    if (attack.becomes === "void") {
      expect(failures).toEqual([]);
      return;
    }
    const named = failures.map(({ check, title, detail }) => `${check}: ${title.zh} ${detail.zh}`);
    expect(named.filter((line) => line.startsWith(`${attack.by}: `)).join("\n"), named.join("\n")).toContain(
      attack.says,
    );
  });
});

/** Code of the refusal that an attempt meets; undefined where it succeeds. */
async function attempt(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return error.code;
  }
}

const OUTCOMES: Readonly<Record<Attack["becomes"], (by: string) => string>> = {
  found: (by) => `found: \`${by}\``,
  refused: (by) => `refused: \`${by}\``,
  warned: (by) => `warned of: \`${by}\``,
  void: (by) => `changes nothing: ${by}`,
};

test("the table of docs/threats.md lists these attacks, each with what becomes of it, and no other", () => {
  const table = CHAPTERS.flatMap(([chapter, attacks]) => [
    `### ${chapter}`,
    ...attacks.map(({ title, becomes, by }) => `| ${title} | ${OUTCOMES[becomes](by)} |`),
  ]);
  const [written = ""] = readFileSync(assetPath("docs", "threats.md"), "utf8").split("## What cannot be prevented");
  const rows = written.split("\n").filter((line) => /^### |^\| /.test(line) && !line.startsWith("| attack "));
  expect(rows).toEqual(table);
  expect(new Set(table).size).toBe(table.length);
});
