/** What a lock of a large ledger leaves behind when it is killed, and what one needs where every row is wrong. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assetPath } from "../../src/text/assets.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { LEDGER_HEAD, madeUpCode } from "../support/ledger.ts";

const ROWS = 300_000;

let folder = "";
let round = "";
beforeAll(async () => {
  folder = scratchFolder("limits");
  round = join(folder, "轮次");
  expect((await chouqian(["new", round, "--template", "provincial", "--name", "R1"])).status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ledger(name: string, idOf: (row: number) => string): string {
  const row = (index: number) =>
    `${idOf(index)},第${index}厂,${index % 2 === 0 ? "工业源" : "生活源"},汕头,龙湖区,某路1号,陈某,000,运行`;
  const path = join(folder, name);
  writeFileSync(path, `${[LEDGER_HEAD, ...Array.from({ length: ROWS }, (_, index) => row(index))].join("\n")}\n`);
  return path;
}

test("a ledger whose rows all carry one id ends in exact counts, in memory that does not grow with them", async () => {
  const path = ledger("一码.csv", () => madeUpCode(1));
  const env = { NODE_OPTIONS: "--max-old-space-size=128" };
  const { status, stderr } = await chouqian(["-C", round, "frame", "lock", path, "--exclude-problem-rows"], { env });
  expect(status).toBe(2);
  expect(stderr).toContain(`${ROWS - 1} 行无法识别或归类`);
  // Of each kind 20,000 are kept, the first of them named with its row and the one that stays.
  expect(stderr).toContain("第 3 行");
  expect(stderr).toContain("另有 39980 处");
  expect(readdirSync(round)).not.toContain("frame");
}, 180_000);

test("a lock that is killed leaves no row of the ledger behind", async () => {
  const path = ledger("名录.csv", madeUpCode);
  const before = readdirSync(round);
  const script = assetPath("dist", "cli", "main.js");
  const child = spawn(process.execPath, [script, "-C", round, "frame", "lock", path], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", (_, signal) => resolve(signal)));
  const staging = join(round, `frame.${child.pid}.tmp`);
  const lines = join(staging, "lines");
  const hasRows = () => existsSync(lines) && readdirSync(lines).some((name) => statSync(join(lines, name)).size > 0);
  await expect.poll(hasRows, { timeout: 60_000, interval: 5 }).toBe(true);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  await expect.poll(() => existsSync(staging), { timeout: 30_000, interval: 20 }).toBe(false);
  // The mark of the dead process holds its number alone; the next command takes it away.
  expect(readdirSync(round).filter((name) => name !== ".lock")).toEqual(before);
}, 180_000);
