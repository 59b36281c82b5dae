/**
 * Ways to cheat, each made on a copy of a finished round: none passes. docs/threats.md is the same list for people, and is
 * compared with it.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRound, type Round } from "../../src/round/round.ts";
import { assetPath } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { type Attack, prepare, problemCodes, quietly, sceneIn } from "./attacks/attack.ts";
import { FORMS, JOURNAL, MANIFEST, PAPERS } from "./attacks/draw-and-journal.ts";
import { LEDGER_AND_FRAME } from "./attacks/ledger-and-frame.ts";
import { PLAN, SEED } from "./attacks/plan-and-seed.ts";

const CHAPTERS: readonly (readonly [string, readonly Attack[]])[] = [
  ["Ledger and frame", LEDGER_AND_FRAME],
  ["Plan", PLAN],
  ["Seed", SEED],
  ["Manifest", MANIFEST],
  ["Papers", [...PAPERS, ...FORMS]],
  ["Journal", JOURNAL],
];

let scratch = "";
let number = 0;
beforeAll(async () => {
  scratch = scratchFolder("attacks");
  await prepare(join(scratch, "good"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const sceneOfOwn = () => sceneIn(join(scratch, "good"), join(scratch, `case-${number++}`));
const findings = (round: Round) => verifyRound(round, { ledgers: undefined, withoutLedger: false }, quietly);

test("a round that nobody touched is proven", async () => {
  const { round, other } = sceneOfOwn();
  for (const each of [round, other]) {
    expect((await findings(each)).filter(({ outcome }) => outcome !== "passed")).toEqual([]);
  }
});

describe.each(CHAPTERS)("%s", (_, attacks) => {
  test.each(attacks.map((attack) => [attack.title, attack] as const))("%s", async (_, attack) => {
    if (attack.becomes === "warned") {
      expect(await problemCodes(scratch, attack.ledger)).toContain(attack.by);
      return;
    }
    const scene = sceneOfOwn();
    if (attack.becomes === "refused") {
      const refusal = await attempt(() => attack.make(scene));
      expect(refusal).toBe(attack.by);
      return;
    }
    await attack.make(scene);
    const failures = (await findings(openRound(scene.round.folder))).filter(({ outcome }) => outcome === "failed");
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
