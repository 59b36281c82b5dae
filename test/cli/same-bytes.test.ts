/** The same round, made anywhere, is the same to the byte. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digest } from "../../src/text/canonical.ts";
import { chouqian, type RunOptions, scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";

let scratch = "";
let reference: ReadonlyMap<string, string> = new Map();
beforeAll(async () => {
  scratch = scratchFolder("same");
  reference = await makeRound("reference", smallLedger(["汕头", "东莞"]), {});
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Makes a whole round and returns the digest of each of its files. */
async function makeRound(name: string, ledger: string, options: RunOptions): Promise<ReadonlyMap<string, string>> {
  const folder = join(scratch, name);
  const round = join(folder, "某轮次");
  mkdirSync(folder);
  writeFileSync(join(folder, "名录.csv"), ledger);
  const run = async (...args: string[]) => {
    const { status, stderr } = await chouqian(args, { ...options, cwd: folder });
    expect(status, `${args.join(" ")}\n${stderr}`).toBe(0);
  };
  await run("new", round, "--template", "provincial", "--name", "同一轮次");
  writeFileSync(join(round, "plan.yaml"), SMALL_PLAN);
  await run("-C", round, "frame", "lock", join(folder, "名录.csv"));
  await run("-C", round, "seed", "add", "--by", "省普查办", "3 6 1 4 2");
  await run("-C", round, "draw");
  await run("-C", round, "forms");
  await run("-C", round, "verify");
  return digests(round);
}

/** Digests of all files of a round but the journal, which holds the time. */
function digests(round: string): ReadonlyMap<string, string> {
  const files = readdirSync(round, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "journal.jsonl")
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [file.slice(round.length + 1), digest(readFileSync(file))]));
}

describe("a round made twice gives the same bytes", () => {
  test("it has all its products", () => {
    expect([...reference.keys()]).toEqual(
      expect.arrayContaining([
        "draw/manifest.json",
        "draw/抽样名单.xlsx",
        "draw/抽签见证单.pdf",
        "forms/汕头市/核查清单.pdf",
        "forms/东莞市/核查记录表.pdf",
        "forms/东莞市/核查记录表.xlsx",
        "frame/frame.parquet",
        "frame/lock.json",
        "frame/问题清单.xlsx",
        "seed.json",
      ]),
    );
  });

  test.each<[string, Record<string, string>]>([
    ["in another folder, time zone and locale", { TZ: "America/St_Johns", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }],
    [
      "in Asia/Shanghai with the C locale, by another person",
      { TZ: "Asia/Shanghai", LC_ALL: "C", CHOUQIAN_ACTOR: "别人" },
    ],
  ])("%s", async (name, env) => {
    const again = await makeRound(name.replaceAll(/\W/g, "-"), smallLedger(["汕头", "东莞"]), { env });
    expect(Object.fromEntries(again)).toEqual(Object.fromEntries(reference));
  });

  const nodes = (process.env.CHOUQIAN_NODES ?? "").split(":").filter((path) => existsSync(path));
  const note = nodes.length > 0 ? "" : " (skipped: CHOUQIAN_NODES names no other Node; .ci/run does)";
  test.skipIf(nodes.length === 0).each(nodes.length > 0 ? nodes : [""])(`on another Node${note}: %s`, async (node) => {
    const again = await makeRound(`node-${digest(node).slice(0, 8)}`, smallLedger(["汕头", "东莞"]), { node });
    expect(Object.fromEntries(again)).toEqual(Object.fromEntries(reference));
  });

  test("with the ledger's rows shuffled: everything but what names the file itself by its digest", async () => {
    const [head = "", ...rows] = smallLedger(["汕头", "东莞"]).trimEnd().split("\n");
    const shuffled = rows.map((row) => ({ row, key: digest(row) })).sort((a, b) => (a.key < b.key ? -1 : 1));
    const again = await makeRound("shuffled", `${[head, ...shuffled.map(({ row }) => row)].join("\n")}\n`, {});
    const aboutTheFile = new Set(["frame/lock.json", "frame/问题清单.xlsx", "draw/抽签见证单.pdf"]);
    for (const [file, expected] of reference) {
      if (!aboutTheFile.has(file)) expect(again.get(file), file).toBe(expected);
    }
  });
});
