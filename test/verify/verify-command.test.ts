/** `verify` as people run it; the ways to cheat that it finds are in attacks.test.ts. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";

let scratch = "";
beforeAll(async () => {
  scratch = scratchFolder("tamper");
  const run = async (...args: string[]) => {
    const { status, stderr } = await chouqian(args, { cwd: scratch });
    expect(status, `${args.join(" ")}\n${stderr}`).toBe(0);
  };
  await run("new", "good/轮次", "--template", "provincial", "--name", "原轮次");
  writeFileSync(join(scratch, "good", "轮次", "plan.yaml"), SMALL_PLAN);
  writeFileSync(join(scratch, "good", "名录.csv"), smallLedger());
  await run("-C", "good/轮次", "frame", "lock", "good/名录.csv");
  await run("-C", "good/轮次", "seed", "commit", "--by", "市普查办", "--secret", "good/承诺.json");
  await run("-C", "good/轮次", "seed", "add", "--by", "省普查办", "3 6 1 4 2");
  await run("-C", "good/轮次", "seed", "reveal", "--by", "市普查办", "--secret", "good/承诺.json");
  await run("-C", "good/轮次", "draw");
  await run("-C", "good/轮次", "forms");
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.concurrent("verify", () => {
  test("a round that nobody touched is proven", async () => {
    const { status, stdout } = await chouqian(["-C", join(scratch, "good", "轮次"), "verify"]);
    expect(stdout).toContain("全部相符");
    expect(stdout).not.toMatch(/[✗－]/);
    expect(status).toBe(0);
  });

  test("a change is named, shown without a stack, and ends with code 3", async () => {
    const folder = join(scratch, "changed");
    cpSync(join(scratch, "good"), folder, { recursive: true });
    const path = join(folder, "名录.csv");
    writeFileSync(path, readFileSync(path, "utf8").replace("某路1号", "某路2号"));
    const { status, stdout, stderr } = await chouqian(["-C", join(folder, "轮次"), "verify"], { cwd: folder });
    expect(stdout).toMatch(/^✗ .*440500\/industrial/m);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(3);
  });

  test("a ledger that is not there is asked for, and may be left out by word only", async () => {
    const folder = join(scratch, "away");
    cpSync(join(scratch, "good"), folder, { recursive: true });
    rmSync(join(folder, "名录.csv"));
    const missing = await chouqian(["-C", join(folder, "轮次"), "verify"]);
    expect([missing.status, missing.stdout.includes("--ledger")]).toEqual([3, true]);
    const without = await chouqian(["-C", join(folder, "轮次"), "verify", "--without-ledger"]);
    expect([without.status, without.stdout.includes("未核对原始名录")]).toEqual([0, true]);
    const renamed = join(folder, "改名.csv");
    cpSync(join(scratch, "good", "名录.csv"), renamed);
    expect((await chouqian(["-C", join(folder, "轮次"), "verify", "--ledger", renamed])).status).toBe(0);
  });

  test("a round that was moved with its ledger is proven where it lies now, and with other line ends in its plan", async () => {
    const folder = join(scratch, "moved");
    cpSync(join(scratch, "good", "轮次"), join(folder, "别处", "改名的轮次"), { recursive: true });
    cpSync(join(scratch, "good", "名录.csv"), join(folder, "别处", "改名的轮次", "名录.csv"));
    const plan = join(folder, "别处", "改名的轮次", "plan.yaml");
    writeFileSync(plan, readFileSync(plan, "utf8").replaceAll("\n", "\r\n"));
    const run = await chouqian(["-C", join(folder, "别处", "改名的轮次"), "verify"], { cwd: folder });
    expect([run.status, run.stdout.includes("全部相符")]).toEqual([0, true]);
  });
});
