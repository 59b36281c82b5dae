/** One changed digit anywhere is found by `verify` and named. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";

let scratch = "";
let number = 0;
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
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function verifyAfter(file: string, edit: (text: string) => string | Uint8Array) {
  const folder = join(scratch, `case-${number++}`);
  cpSync(join(scratch, "good"), folder, { recursive: true });
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  const after = edit(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  const { status, stdout, stderr } = await chouqian(["-C", join(folder, "轮次"), "verify"], { cwd: folder });
  return { status, said: stdout + stderr };
}

const swap = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);

describe.concurrent("verify", () => {
  test("a round that nobody touched is proven", async () => {
    const { status, stdout } = await chouqian(["-C", join(scratch, "good", "轮次"), "verify"]);
    expect(stdout).toContain("全部相符");
    expect(stdout).not.toMatch(/[✗－]/);
    expect(status).toBe(0);
  });

  test.each<[string, string, (text: string) => string | Uint8Array, string]>([
    ["a digit of the ledger", "名录.csv", swap("某路1号", "某路2号"), "440500/industrial"],
    [
      "a unit added to the ledger",
      "名录.csv",
      (text) => `${text}${text.split("\n")[1]?.replace(/^\w+/, "91000000000000999X")}\n`,
      "440500/industrial",
    ],
    [
      "a unit gone from the ledger",
      "名录.csv",
      (text) => text.replace(/\n[^\n]*移动源单位[^\n]*\n/, "\n"),
      "440500/mobile",
    ],
    ["a digit of the plan", "轮次/plan.yaml", swap("count: 4", "count: 5"), "plan.yaml"],
    ["the plan's reserve", "轮次/plan.yaml", swap("reserve: 2", "reserve: 3"), "plan.yaml"],
    ["the plan's method", "轮次/plan.yaml", swap("ticket", "seedrandom"), "plan.yaml"],
    ["the cities of the round", "轮次/round.yaml", swap("cities: all", "cities: [汕头]"), "plan.yaml"],
    ["the round's id", "轮次/round.yaml", swap('id: "原轮次"', 'id: "新轮次"'), "轮次编号"],
    ["a digit of the seed", "轮次/seed.json", swap("3 6 1 4 2", "3 6 1 4 3"), "seed.json"],
    [
      "a disclosed nonce",
      "轮次/seed.json",
      (text) => text.replace(/("nonce":")(.)/, (_, key, c) => `${key}${c === "0" ? "1" : "0"}`),
      "seed.json",
    ],
    [
      "a ticket of the manifest",
      "轮次/draw/manifest.json",
      (text) => text.replace(/("ticket":")(.)/, (_, key, c) => `${key}${c === "0" ? "1" : "0"}`),
      "rank",
    ],
    ["two ranks of the manifest", "轮次/draw/manifest.json", swap('"rank":1,', '"rank":9,'), "rank"],
    ["a drawn unit's name", "轮次/draw/manifest.json", swap(/第\d+工业源/, "第99工业源"), "440500/industrial"],
    ["white space in the manifest", "轮次/draw/manifest.json", (text) => `${text}\n`, "manifest.json"],
    ["a count in the lock", "轮次/frame/lock.json", swap('"units":25', '"units":26'), "units"],
    [
      "a block digest in the lock",
      "轮次/frame/lock.json",
      (text) => text.replace(/("digest":")(.)/, (_, key, c) => `${key}${c === "0" ? "1" : "0"}`),
      "440500/",
    ],
    ["the frame's own file", "轮次/frame/frame.parquet", () => "PAR1", "frame.parquet"],
    [
      "a time in the journal",
      "轮次/journal.jsonl",
      (text) => text.replace(/"time":"(\d)/, (_, c) => `"time":"${c === "2" ? "3" : "2"}`),
      "第 1 行",
    ],
    [
      "the last line of the journal",
      "轮次/journal.jsonl",
      (text) => text.replace(/(.*)"actor":"测试员"/s, '$1"actor":"测试元"'),
      "journal" /* named with its line */,
    ],
    [
      "the journal's tail",
      "轮次/journal.jsonl",
      (text) => text.split("\n").slice(0, -3).join("\n").concat("\n"),
      "日志",
    ],
    [
      "the journal's last line",
      "轮次/journal.jsonl",
      (text) => text.split("\n").slice(0, -2).join("\n").concat("\n"),
      "日志没有制表记录",
    ],
    [
      "a line out of the journal",
      "轮次/journal.jsonl",
      (text) =>
        text
          .split("\n")
          .filter((_, i) => i !== 2)
          .join("\n"),
      "第 3 行",
    ],
    ["the sample list", "轮次/draw/抽样名单.xlsx", () => "gone", "抽样名单.xlsx"],
  ])("%s is found and named", async (_, file, edit, named) => {
    const { status, said } = await verifyAfter(file, edit);
    expect(said).toContain("✗");
    if (named !== "journal") expect(said).toContain(named);
    else expect(said).toMatch(/日志的链条和次序：第 \d+ 行内容被改动/);
    expect(said).not.toMatch(/^\s+at /m);
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
