/** The ceremony in a real terminal, driven by keys (tmux). Skipped where tmux is not installed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assetPath } from "../../src/text/assets.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { lockedRound } from "../support/round.ts";

const hasTmux = spawnSync("tmux", ["-V"]).status === 0;
const note = hasTmux ? "" : " (skipped: tmux is not installed)";
const SERVER = `chouqian-${process.pid}`;
const PROGRAM = assetPath("dist", "cli", "main.js");
let scratch = "";
let folder = "";

const tmux = (...args: string[]) =>
  spawnSync("tmux", ["-u", "-L", SERVER, "-f", "/dev/null", ...args], {
    encoding: "utf8",
    env: { ...process.env, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" },
  }).stdout;
const shown = () => tmux("capture-pane", "-p");
const keys = (...names: string[]) => tmux("send-keys", ...names);
const type = (text: string) => tmux("send-keys", "-l", text);
const stateOf = (format: string) => tmux("display-message", "-p", format).trim();

/** Waits until the screen shows a text; fails with what it shows instead. */
async function until(text: string | RegExp): Promise<string> {
  const end = Date.now() + 40_000;
  for (;;) {
    const screen = shown();
    if (typeof text === "string" ? screen.includes(text) : text.test(screen)) return screen;
    if (Date.now() > end) throw new Error(`no "${text}" on the screen:\n${screen}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  scratch = scratchFolder("ceremony");
  mkdirSync(join(scratch, "a"));
  folder = join(scratch, "a", "轮次");
  await lockedRound(folder, smallLedger(["汕头", "佛山"]), SMALL_PLAN);
}, 180_000);
afterAll(() => {
  if (hasTmux) tmux("kill-server");
  rmSync(scratch, { recursive: true, force: true });
});

test("without a terminal it refuses with words", async () => {
  const { status, stderr } = await chouqian(["-C", folder, "ceremony"]);
  expect(status).toBe(2);
  expect(stderr).toContain("E-CEREMONY-TERMINAL");
});

describe.skipIf(!hasTmux)(`in a terminal of 80 columns and 24 rows${note}`, () => {
  test("contribution, quitting and coming back, draw, cities, end; the terminal is left as it was", async () => {
    tmux("new-session", "-d", "-x", "80", "-y", "24", "env PS1='ready> ' bash --norc");
    await until("ready>");
    const start = () => {
      type(`'${process.execPath}' '${PROGRAM}' -C '${folder}' ceremony`);
      keys("Enter");
    };
    start();
    expect(await until("抽样框摘要")).toContain("1/3");
    keys("a");
    await until("提供者");
    type("省普查办");
    keys("Enter");
    await until("内容：");
    type("3 6 1 4");
    keys("Enter");
    expect(await until("已记录")).toContain("省普查办　3 6 1 4");
    keys("q");
    await until("接着做");
    expect([stateOf("#{alternate_on}"), stateOf("#{cursor_flag}")]).toEqual(["0", "1"]);

    start();
    expect(await until("D 抽签")).toContain("省普查办　3 6 1 4");
    keys("d");
    await until("现在抽吗");
    expect(existsSync(join(folder, "draw", "manifest.json"))).toBe(false);
    keys("y");
    await until("由 1 方提供的内容合成");
    keys("Right");
    expect(await until("汕 头 市")).toContain("抽中 9 家");
    tmux("resize-window", "-x", "60", "-y", "20");
    await until("窗口太小");
    tmux("resize-window", "-x", "100", "-y", "30");
    await until("汕 头 市");
    keys("End");
    expect(await until("样本清单摘要")).toContain("draw/抽签见证单.pdf");
    keys("q");
    const after = await until(/样本清单摘要 [0-9a-f]{64}/);
    expect(after).toContain("见证单 draw/抽签见证单.pdf");
    type("stty -a | tr ';' '\\n' | grep -c -e '-icanon' -e '-echo '");
    keys("Enter");
    await until(/^0$/m);
    expect([stateOf("#{alternate_on}"), stateOf("#{cursor_flag}")]).toEqual(["0", "1"]);
    const events = readFileSync(join(folder, "journal.jsonl"), "utf8").match(/"event":"[a-z.]+"/g);
    expect(events?.slice(-3)).toEqual(['"event":"plan.sealed"', '"event":"seed.added"', '"event":"drawn"']);
  }, 180_000);
});
