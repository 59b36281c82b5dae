/** Files that are no record forms: told with what to do about record forms, not about ledgers. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { drawnRound } from "../support/round.ts";
import { imported } from "./fixture.ts";

const scratch = scratchFolder("unreadable");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("an empty or binary file, a DTD and a flat spreadsheet are told with what to do about record forms", async () => {
  const round = await drawnRound(join(scratch, "R1"), smallLedger(), SMALL_PLAN);
  const folder = join(scratch, "回收");
  mkdirSync(folder);
  const tell = async (name: string, data: string | Uint8Array) => {
    writeFileSync(join(folder, name), data);
    const { refusal } = await imported(round, [join(folder, name)]);
    return refusal?.problems.map(({ message, advice }) => `${message.zh}；${advice?.zh}`).join("；") ?? "";
  };
  for (const [name, data] of [
    ["空.csv", ""],
    ["二进制.csv", Uint8Array.from({ length: 300 }, (_, i) => (i * 7) % 256)],
  ] as const) {
    const told = await tell(name, data);
    expect(told).toContain("填好的核查记录表");
    expect(told).not.toContain("名录");
  }
  expect(await tell("题.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toContain("DTD 声明，不允许");
  const flat = '<?xml version="1.0"?>\n<office:document xmlns:office="urn:x" office:version="1.2"></office:document>';
  expect(await tell("表.fods", flat)).toContain("另存为 .xlsx 或 .ods");
}, 120_000);
