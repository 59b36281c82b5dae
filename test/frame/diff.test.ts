/** What changed between two locked frames. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diffFrames } from "../../src/frame/diff.ts";
import { changesByBlock } from "../../src/frame/diff-list.ts";
import { openRound } from "../../src/round/round.ts";
import { readSheet, type SheetRow } from "../../src/xlsx/read.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { madeUpCode, smallLedger } from "../support/ledger.ts";

let scratch = "";
const at = (name: string) => join(scratch, name);
beforeAll(async () => {
  scratch = scratchFolder("diff");
  const old = smallLedger();
  const [head = "", first = "", second = "", third = "", ...rest] = old.trimEnd().split("\n");
  const added = first.replace(/^\w+/, madeUpCode(999));
  const now = [head, first.replace("某路1号", "新路1号"), second.replace(",工业源,", ",移动源,"), ...rest, added].join(
    "\n",
  );
  expect(third).not.toBe("");
  for (const [name, text] of [
    ["old", old],
    ["new", now],
  ] as const) {
    writeFileSync(at(`${name}.csv`), text);
    expect((await chouqian(["new", at(name), "--template", "provincial", "--name", "比较"])).status).toBe(0);
    expect((await chouqian(["-C", at(name), "frame", "lock", at(`${name}.csv`)])).status).toBe(0);
  }
  expect((await chouqian(["-C", at("old"), "draw", "--seed", "1"])).status).toBe(0);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("added, removed, moved and changed units are told apart, with old and new values", async () => {
  const { changes } = await diffFrames(openRound(at("old")), openRound(at("new")));
  expect(Object.fromEntries(changes.map(({ id, kind }) => [id, kind]))).toEqual({
    [madeUpCode(1)]: "changed",
    [madeUpCode(2)]: "moved",
    [madeUpCode(3)]: "removed",
    [madeUpCode(999)]: "added",
  });
  const changed = changes.find(({ kind }) => kind === "changed");
  expect(changed?.columns).toEqual([{ name: "详细地址", old: "某路1号", new: "新路1号" }]);
});

test("the other way round the kinds are mirrored, and a frame does not differ from itself", async () => {
  const back = await diffFrames(openRound(at("new")), openRound(at("old")));
  expect(changesByBlock(back).reduce((sum, { counts }) => sum + counts.added, 0)).toBe(1);
  expect((await diffFrames(openRound(at("old")), openRound(at("old")))).changes).toEqual([]);
});

test("the command names the drawn units that are touched, and writes a workbook", async () => {
  const output = at("名录变化.xlsx");
  const run = await chouqian(["frame", "diff", at("old"), at("new"), "--output", output, "--json"]);
  const { drawn, changes } = JSON.parse(run.stdout);
  expect(changes).toHaveLength(4);
  // All 12 industrial units of the small ledger are drawn: 12 of 50.
  expect(drawn.map(({ id }: { id: string }) => id).sort()).toEqual([1, 2, 3].map(madeUpCode).sort());
  const rows: SheetRow[] = [];
  for await (const batch of readSheet(output, "逐户变化")) rows.push(...batch);
  expect(rows.find(({ cells }) => cells.includes(madeUpCode(1)))?.cells.at(-1)).toBe("详细地址：某路1号 → 新路1号");
});

test("a round without a frame is refused", async () => {
  expect((await chouqian(["new", at("none"), "--template", "provincial"])).status).toBe(0);
  const run = await chouqian(["frame", "diff", at("old"), at("none")]);
  expect([run.status, run.stderr.includes("E-FRAME-NOT-LOCKED")]).toEqual([2, true]);
});
