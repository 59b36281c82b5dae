/** Every command explains itself in both languages, with an example, within 80 columns where it can. */
import { expect, test } from "vitest";
import { chouqian } from "../support/chouqian.ts";

const COMMANDS = [
  "new",
  "frame",
  "frame check",
  "frame lock",
  "frame show",
  "frame export",
  "frame checks",
  "frame diff",
  "plan",
  "plan check",
  "seed",
  "seed add",
  "seed commit",
  "seed reveal",
  "seed show",
  "draw",
  "forms",
  "verify",
  "status",
];

test.concurrent.each(COMMANDS)("chouqian %s --help", async (command) => {
  const chinese = await chouqian([...command.split(" "), "--help"]);
  expect(chinese.status).toBe(0);
  expect(chinese.stdout).toMatch(/^用法：/);
  expect(chinese.stdout).toContain("示例：\n  chouqian ");
  for (const option of ["--json", "--lang", "--quiet"]) expect(chinese.stdout).toContain(option);
  const english = await chouqian([...command.split(" "), "--help", "--lang", "en"]);
  expect(english.stdout).toMatch(/^Usage:/);
  expect(english.stdout.split("Example:")[0]).not.toMatch(/[\u4e00-\u9fff]/);
});

test("every command of the program is in that list", async () => {
  const { stdout } = await chouqian(["--help"]);
  const listed = [...(stdout.split("命令：")[1] ?? "").matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
  expect(listed).toEqual([...new Set(COMMANDS.map((command) => command.split(" ")[0]))]);
});
