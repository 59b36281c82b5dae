/** `plan size`: numbers and pictures of what a sample can show, for a population or for each block of a locked frame. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plainText, readPdf } from "../pdf/read-pdf.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";

test("the published anchor, 143 of 3,000, and its curve on one page", async () => {
  const folder = scratchFolder("size");
  const output = join(folder, "曲线.pdf");
  const { stdout, status } = await chouqian(["plan", "size", "--population", "3000", "--output", output]);
  expect([status, stdout.split("\n")[0]]).toEqual([
    0,
    "3000 家里抽 143 家，一家差错也没有，就有 95% 的把握说差错单位不超过 2%",
  ]);
  const { pages } = await readPdf(readFileSync(output));
  expect(pages).toHaveLength(1);
  expect(plainText(pages)).toContain("总体3,000家，抽143家");
});

test("of a locked frame: what each block needs beside what the plan draws, and a page for each block drawn", async () => {
  const folder = scratchFolder("size");
  const round = join(folder, "轮次");
  writeFileSync(join(folder, "名录.csv"), smallLedger());
  await chouqian(["new", round, "--template", "provincial"]);
  writeFileSync(join(round, "plan.yaml"), SMALL_PLAN);
  await chouqian(["-C", round, "frame", "lock", join(folder, "名录.csv")]);
  const output = join(folder, "曲线.pdf");
  const { stdout } = await chouqian(["-C", round, "plan", "size", "--json", "--output", output]);
  const { blocks } = JSON.parse(stdout) as { blocks: { key: string; N: number; planned: number; sizes: number[] }[] };
  expect(blocks.map(({ key, N, planned, sizes }) => [key, N, planned, sizes[0]])).toEqual([
    ["440500/industrial", 12, 4, 12],
    ["440500/agricultural", 5, 2, 5],
    ["440500/domestic", 4, 1, 4],
    ["440500/centralized", 2, 1, 2],
    ["440500/mobile", 2, 1, 2],
  ]);
  const { pages } = await readPdf(readFileSync(output));
  expect(pages).toHaveLength(5);
  expect(plainText(pages)).toContain("汕头市工业源12家，抽4家");
});
