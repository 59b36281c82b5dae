/** Redraw, unlock, late change of plan, sealed seed, rehearsal: what is voided stays on record, and nothing leaks. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawRound } from "../../src/draw/draw-round.ts";
import type { Manifest } from "../../src/draw/manifest.ts";
import { openSeed } from "../../src/draw/open-seed.ts";
import { rehearseDraw } from "../../src/draw/rehearse.ts";
import { drawAgain, startAgain } from "../../src/draw/start-again.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { lockFrame } from "../../src/frame/lock-frame.ts";
import { appendEntry, type JournalEntry } from "../../src/round/journal.ts";
import { newRound } from "../../src/round/new-round.ts";
import { type Actor, journalOf, openRound, type Round } from "../../src/round/round.ts";
import { addCommitment, addContribution } from "../../src/seed/contribute.ts";
import { commitmentTo, deriveSeed } from "../../src/seed/derive.ts";
import { readSeed } from "../../src/seed/record.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { silent } from "../../src/text/progress.ts";
import type { Finding } from "../../src/verify/finding.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";

const actor: Actor = { name: "测试员", now: () => new Date(Date.UTC(2019, 8, 30)) };
const READING = {
  map: new Map(),
  constants: new Map(),
  values: { class: new Map(), status: new Map() },
  sheet: undefined,
  encoding: undefined,
  names: new Map(),
};
const SECRET = { by: "检查组", value: "5e".repeat(32), nonce: "a7".repeat(32) };
const DICE = { by: "省普查办", value: "3 6 1 4 2 5 6 6 1 3" };

let scratch = "";
let number = 0;
beforeAll(async () => {
  scratch = scratchFolder("again");
  const template = { template: "provincial", name: "R1", cities: [], rate: undefined } as const;
  const round = newRound(join(scratch, "base", "R1"), actor, template);
  writeFileSync(round.paths.plan, SMALL_PLAN);
  const ledger = join(scratch, "base", "名录.csv");
  writeFileSync(ledger, smallLedger());
  await lockFrame(round, actor, [ledger], READING, false, silent);
  const drawn = copyOf("base");
  await addContribution(drawn, actor, DICE);
  await drawRound(drawn, actor, undefined, silent);
  await writeForms(drawn, actor, undefined, silent);
  renameSync(join(drawn.folder, ".."), join(scratch, "drawn"));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function copyOf(name: string): Round {
  const folder = join(scratch, `case-${number++}`);
  cpSync(join(scratch, name), folder, { recursive: true });
  return openRound(join(folder, "R1"));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof ChouqianError) return error.code;
    throw error;
  }
}

function verify(round: Round, secret?: typeof SECRET): Promise<Finding[]> {
  return verifyRound(round, { ledgers: undefined, withoutLedger: false, secret }, silent);
}
const failures = (findings: readonly Finding[]) => findings.filter(({ outcome }) => outcome === "failed");
const detail = (findings: readonly Finding[], check: string) =>
  findings.find((each) => each.check === check)?.detail.zh ?? "";
const bytesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name)).toString("base64")]),
  );
const textOfPdf = async (path: string) => plainText((await readPdf(readFileSync(path))).pages).replace(/\s/g, "");

describe("a redraw", () => {
  test("keeps what stood, needs a new seed under an id of its own, and is told by certificate and verify", async () => {
    const round = copyOf("drawn");
    const before = { draw: bytesOf(round.paths.draw), forms: bytesOf(round.paths.forms) };
    const first = JSON.parse(readFileSync(round.paths.manifest, "utf8")) as Manifest;
    expect(await codeOf(drawRound(round, actor, "x", silent))).toBe("E-DRAW-DONE");
    expect(await codeOf(startAgain(round, actor, "draw.voided", " "))).toBe("E-REASON-MISSING");
    expect(await codeOf(drawAgain(round, actor, "理由", { seedText: DICE.value }, silent))).toBe("E-SEED-STALE");
    expect(existsSync(round.paths.manifest)).toBe(true);
    await startAgain(round, actor, "draw.voided", "骰子掉到桌下");
    expect(bytesOf(join(round.paths.history, "1", "draw"))).toEqual(before.draw);
    expect(bytesOf(join(round.paths.history, "1", "forms"))).toEqual(before.forms);
    execFileSync("bash", ["-c", "sha256sum -c --quiet SHA256SUMS"], { cwd: join(round.paths.history, "1") });
    expect(await codeOf(addContribution(round, actor, { ...DICE, by: "别人" }))).toBe("E-SEED-STALE");
    expect(await codeOf(drawRound(round, actor, undefined, silent))).toBe("E-SEED-MISSING");
    expect(failures(await verify(round))).toEqual([]);
    const { manifest } = await drawRound(round, actor, "6 6 2 1 3 3 4 1 5 2", silent);
    expect([manifest.roundId, manifest.drawId]).toEqual(["R1", "R1/redraw-1"]);
    expect(manifest.seed).toBe(deriveSeed("R1/redraw-1", [{ by: "seed", value: "6 6 2 1 3 3 4 1 5 2" }]));
    expect(manifest.seed).not.toBe(first.seed);
    const findings = await verify(round);
    expect(failures(findings)).toEqual([]);
    expect(detail(findings, "journal")).toContain("重抽 1 次（“骰子掉到桌下”）");
    expect(detail(findings, "history")).toContain("1 次");
    const certificate = await textOfPdf(round.paths.certificate);
    expect(certificate).toContain("骰子掉到桌下");
    expect(certificate).toContain("R1/redraw-1");
    expect(certificate).toContain(String(journalOf(round).all.at(-3)?.about.filesDigest));
  });

  test.each<[string, (round: Round) => void, string]>([
    ["a manifest changed", (round) => append(round, "history/1/draw/manifest.json"), "manifest.json 被改动"],
    ["a file added", (round) => append(round, "history/1/draw/多.txt"), "多.txt 被改动、增加"],
    ["a file removed", (round) => rmSync(join(round.folder, "history/1/seed.json")), "seed.json 被改动、增加或删除"],
    ["the list changed", (round) => append(round, "history/1/SHA256SUMS"), "SHA256SUMS"],
    ["all removed", (round) => rmSync(round.paths.history, { recursive: true }), "history/1 不见了"],
  ])("what was kept cannot change unnoticed: %s", async (_, damage, named) => {
    const round = copyOf("drawn");
    await startAgain(round, actor, "draw.voided", "理由");
    damage(round);
    expect(detail(failures(await verify(round)), "history")).toContain(named);
  });

  test("a redraw that the journal gives no reason for, or a second draw without one, is out of order", async () => {
    const round = copyOf("drawn");
    const text = readFileSync(round.paths.journal, "utf8");
    const more = (entries: readonly Pick<JournalEntry, "event" | "about">[]) =>
      entries.reduce((so, each) => appendEntry(so, { time: "", actor: "", ...each }), text);
    const drawn = journalOf(round).entries.find(({ event }) => event === "drawn")?.about ?? {};
    writeFileSync(round.paths.journal, more([{ event: "drawn", about: drawn }]));
    expect(detail(failures(await verify(round)), "journal")).toContain("重复出现");
    writeFileSync(round.paths.journal, more([{ event: "draw.voided", about: {} }]));
    expect(detail(failures(await verify(round)), "journal")).toContain("没有理由");
    writeFileSync(round.paths.journal, more([{ event: "plan.sealed", about: {} }]));
    expect(detail(failures(await verify(round)), "journal")).toContain("重复出现");
    writeFileSync(round.paths.journal, more([{ event: "seed.added", about: DICE }]));
    expect(detail(failures(await verify(round)), "journal")).toContain("次序不对");
  });
});

function append(round: Round, name: string): void {
  writeFileSync(join(round.folder, name), "x", { flag: "a" });
}

describe("an unlock and a late change of plan", () => {
  test("void all that follows; the old frame and plan are kept although the plan was edited already", async () => {
    const round = copyOf("drawn");
    const frame = bytesOf(round.paths.frame);
    const sealed = readFileSync(round.paths.planAsSealed, "utf8");
    writeFileSync(round.paths.plan, SMALL_PLAN.replace("count: 4", "count: 5"));
    await startAgain(round, actor, "plan.unsealed", "增加一家");
    expect(readFileSync(join(round.paths.history, "1", "plan.sealed.json"), "utf8")).toBe(sealed);
    expect(existsSync(round.paths.draw) || existsSync(round.paths.seed)).toBe(false);
    expect(await codeOf(startAgain(round, actor, "plan.unsealed", "再改"))).toBe("E-PLAN-NOT-SEALED");
    await startAgain(round, actor, "frame.unlocked", "更正名录");
    expect(bytesOf(join(round.paths.history, "2", "frame"))).toEqual(frame);
    expect(await codeOf(startAgain(round, actor, "frame.unlocked", "再解锁"))).toBe("E-FRAME-NOT-LOCKED");
    await lockFrame(round, actor, [join(round.folder, "..", "名录.csv")], READING, false, silent);
    await addContribution(round, actor, { by: "见证人", value: "4 4 1 6 2 5" });
    const { manifest } = await drawRound(round, actor, undefined, silent);
    expect(manifest.drawId).toBe("R1/redraw-1");
    const findings = await verify(round);
    expect(failures(findings)).toEqual([]);
    expect(detail(findings, "journal")).toContain("解锁抽样框 1 次（“更正名录”），启封方案 1 次（“增加一家”）");
    const certificate = await textOfPdf(round.paths.certificate);
    for (const reason of ["增加一家", "更正名录"]) expect(certificate).toContain(reason);
  });
});

describe("a crash", () => {
  test("between journal and seed.json is no difference, and the next step mends it", async () => {
    const round = copyOf("base");
    await addContribution(round, actor, DICE);
    const one = readFileSync(round.paths.seed);
    await addContribution(round, actor, { by: "市普查办", value: "2 2 5" });
    const two = readFileSync(round.paths.seed);
    writeFileSync(round.paths.seed, one);
    expect(failures(await verify(round))).toEqual([]);
    expect(readSeed(round)?.contributions).toHaveLength(2);
    const { manifest } = await drawRound(round, actor, undefined, silent);
    expect(manifest.contributions).toHaveLength(2);
    expect(readFileSync(round.paths.seed)).toEqual(two);
    writeFileSync(round.paths.seed, one);
    expect(detail(failures(await verify(round)), "seed")).toContain("seed.json 与日志不符");
    expect(await codeOf(Promise.resolve().then(() => readSeed(round)))).toBe("E-SEED-CHANGED");
  });

  test("before the journal tells of a redraw takes it back, after it finishes it", async () => {
    const round = copyOf("drawn");
    const whole = bytesOf(round.folder);
    const pending = join(round.paths.history, "pending");
    mkdirSync(pending, { recursive: true });
    for (const name of ["draw", "seed.json"]) renameSync(join(round.folder, name), join(pending, name));
    expect(failures(await verify(round))).toEqual([]);
    expect(bytesOf(round.folder)).toEqual(whole);
    await startAgain(round, actor, "draw.voided", "理由");
    const done = bytesOf(round.folder);
    renameSync(join(round.paths.history, "1"), pending);
    expect(failures(await verify(round))).toEqual([]);
    expect(bytesOf(round.folder)).toEqual(done);
  });
});

describe("a sealed seed", () => {
  async function sealedRound(): Promise<Round> {
    const round = copyOf("base");
    await addCommitment(round, actor, SECRET.by, commitmentTo(SECRET, SECRET.nonce), true);
    await addContribution(round, actor, DICE);
    return round;
  }

  test("is drawn by its secret alone, and nothing that a city may see leads to it", async () => {
    const round = await sealedRound();
    expect(await codeOf(drawRound(round, actor, undefined, silent))).toBe("E-SEED-SECRET-NEEDED");
    const wrong = { ...SECRET, value: "5f".repeat(32) };
    expect(await codeOf(drawRound(round, actor, undefined, silent, wrong))).toBe("E-SEED-MISMATCH");
    const { manifest } = await drawRound(round, actor, undefined, silent, SECRET);
    await writeForms(round, actor, undefined, silent);
    expect(manifest.seed).toBe(deriveSeed("R1", [DICE, SECRET]));
    const secrets = [SECRET.value, SECRET.nonce, manifest.seed];
    const drawn = manifest.strata.flatMap(({ units }) => units).flatMap(({ id, ticket }) => [id, ticket ?? "-"]);
    const seen = {
      certificate: await textOfPdf(round.paths.certificate),
      journal: readFileSync(round.paths.journal, "utf8"),
      record: readFileSync(round.paths.seed, "utf8"),
    };
    for (const [name, text] of Object.entries(seen)) {
      for (const secret of [...secrets, ...drawn]) expect(text.includes(secret), `${name}: ${secret}`).toBe(false);
    }
    const forms = await textOfPdf(join(round.paths.forms, "汕头市", "核查记录表.pdf"));
    for (const secret of secrets) expect(forms.includes(secret)).toBe(false);
    expect(seen.certificate).toContain("封存，核查结束后公布");
    expect(seen.certificate).toContain(commitmentTo(SECRET, SECRET.nonce));
  });

  test("is provable by the team, said to be unprovable without the secret, and provable by all once it is opened", async () => {
    const round = await sealedRound();
    await drawRound(round, actor, undefined, silent, SECRET);
    expect(failures(await verify(round))).toEqual([]);
    const manifest = readFileSync(round.paths.manifest);
    rmSync(round.paths.manifest);
    const without = await verify(round);
    expect(failures(without)).toEqual([]);
    for (const check of ["seed", "draw"]) expect(detail(without, check)).toContain("尚不能证明");
    expect(detail(await verify(round, SECRET), "draw")).toContain("摘要与日志一致");
    const wrong = { ...SECRET, nonce: "0" };
    expect(failures(await verify(round, wrong)).map(({ check }) => check)).toContain("E-SEED-MISMATCH");
    writeFileSync(round.paths.manifest, manifest);
    expect(await codeOf(openSeed(round, actor, wrong))).toBe("E-SEED-MISMATCH");
    await openSeed(round, actor, SECRET);
    expect(readFileSync(round.paths.manifest)).toEqual(manifest);
    const findings = await verify(round);
    expect(failures(findings)).toEqual([]);
    expect(detail(findings, "seed")).toContain(deriveSeed("R1", [DICE, SECRET]));
    expect(await textOfPdf(round.paths.openedCertificate)).toContain(SECRET.value);
    expect(await codeOf(openSeed(round, actor, SECRET))).toBe("E-SEED-NOT-SEALED");
  });

  test("does not decide alone, and comes once", async () => {
    const round = copyOf("base");
    await addCommitment(round, actor, SECRET.by, commitmentTo(SECRET, SECRET.nonce), true);
    expect(await codeOf(drawRound(round, actor, undefined, silent, SECRET))).toBe("E-SEED-SEALED-ALONE");
    expect(await codeOf(addCommitment(round, actor, "另一方", "0".repeat(64), true))).toBe("E-SEED-SEALED-TWICE");
  });
});

describe("a rehearsal", () => {
  test("leaves the journal and draw/ alone, says 演练, and never runs on a real seed", async () => {
    const round = copyOf("base");
    const journal = readFileSync(round.paths.journal, "utf8");
    const { manifest } = await rehearseDraw(round, "7 7 1", silent);
    expect(manifest.seed).toBe(deriveSeed("REHEARSAL", [{ by: "演练", value: "7 7 1" }]));
    expect(readFileSync(round.paths.journal, "utf8")).toBe(journal);
    expect(existsSync(round.paths.draw) || existsSync(round.paths.seed)).toBe(false);
    const { pages } = await readPdf(readFileSync(join(round.paths.rehearsal, "演练-抽签见证单.pdf")));
    for (const page of pages) expect(plainText([page])).toContain("演练");
    await addContribution(round, actor, DICE);
    expect(await codeOf(rehearseDraw(round, DICE.value, silent))).toBe("E-REHEARSAL-SEED");
    expect(await codeOf(rehearseDraw(round, undefined, silent))).toBe("E-REHEARSAL-LATE");
    expect(failures(await verify(round))).toEqual([]);
    const config = join(round.folder, "round.yaml");
    writeFileSync(config, readFileSync(config, "utf8").replace('id: "R1"', 'id: "REHEARSAL"'));
    expect(() => openRound(round.folder)).toThrow("E-ROUND-CONFIG");
  });
});
