/** Files and folders are replaced whole or not at all, and a killed process leaves nothing that lasts. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clearLeftovers, replaceFolder, writeFileAtomically } from "../../src/round/files.ts";
import { scratchFolder } from "../support/chouqian.ts";

let folder = "";
beforeEach(() => {
  folder = scratchFolder("files");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is replaced only when it could be filled", async () => {
  const product = join(folder, "draw");
  const fill = (text: string) => async (staging: string) => writeFileAtomically(join(staging, "a.txt"), text);
  await replaceFolder(product, fill("一"));
  const broken = replaceFolder(product, async (staging) => {
    writeFileAtomically(join(staging, "a.txt"), "二");
    throw new Error("中途出错");
  });
  await expect(broken).rejects.toThrow("中途出错");
  expect(readFileSync(join(product, "a.txt"), "utf8")).toBe("一");
  await replaceFolder(product, fill("三"));
  expect(readFileSync(join(product, "a.txt"), "utf8")).toBe("三");
  expect(readdirSync(folder)).toEqual(["draw"]);
});

test("after a kill, unfinished copies go and a product moved aside comes back", () => {
  for (const name of ["draw.4194000.tmp", "forms.4194000.old", "frame.4194000.old", "frame"])
    mkdirSync(join(folder, name));
  writeFileSync(join(folder, ".seed.json.4194000.tmp"), "半");
  writeFileSync(join(folder, "forms.4194000.old", "a.txt"), "原有");
  writeFileSync(join(folder, "名录.2019.csv"), "不是残留");
  clearLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual(["forms", "frame", "名录.2019.csv"]);
  expect(existsSync(join(folder, "forms", "a.txt"))).toBe(true);
});
