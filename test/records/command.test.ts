/** `chouqian records` as people and scripts call it. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Round } from "../../src/round/round.ts";
import { roundStatus } from "../../src/round/status.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { loaded } from "../xlsx/workbooks.ts";
import { type Filled, filledWorkbook, formOf, roundWithForms, sign } from "./fixture.ts";

const scratch = scratchFolder("records-command");
let round: Round;
let filled: Filled;
beforeAll(async () => {
  round = await roundWithForms(join(scratch, "R1"));
  filled = await filledWorkbook(round, join(scratch, "回收"));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const records = (...args: string[]) => chouqian(["-C", round.folder, "records", ...args]);

test("import, a refused version, double entry, settling and status, in words and as JSON", async () => {
  expect(roundStatus(round).next.zh).toContain("records import");
  const first = await records("import", join(scratch, "回收"), "--json");
  expect([first.status, JSON.parse(first.stdout)]).toMatchObject([0, { ok: true, files: 1, unchanged: 0 }]);
  expect(roundStatus(round).steps.slice(-2)).toMatchObject([
    { step: "records", isDone: true, detail: { zh: "已收 9 家" } },
    { step: "evaluation", isDone: false },
  ]);
  expect(roundStatus(round).next.zh).toContain("evaluate");

  const book = await loaded(readFileSync(filled.path));
  const [form, ...others] = book.worksheets.flatMap(formOf);
  if (form === undefined) throw new Error("there is no form");
  for (const { sheet } of others) book.removeWorksheet(sheet.id);
  sign(form, "复核组", "丙、丁");
  const [code = ""] = form.codes;
  form.cell(code, "ruling").value = "差错";
  const path = join(scratch, "复核.xlsx");
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));

  const refused = await records("import", path);
  expect(refused.status).toBe(2);
  expect(refused.stdout).toMatch(/未替换 \S+ \S+单位，\d 格不同/);
  expect(refused.stdout).toContain("复核组");
  expect(refused.stderr).toContain("E-RECORDS-EXISTS");

  const told = JSON.parse((await records("import", path, "--json")).stdout);
  expect(told).toMatchObject({ ok: false, error: { code: "E-RECORDS-REFUSED" }, added: [], files: 1 });
  expect(told.returned).toEqual(["records/退回_复核.xlsx"]);
  expect(existsSync(join(round.folder, told.returned[0]))).toBe(true);

  const stray = await records("import", path, "--second", "--reason", "改正");
  expect([stray.status, stray.stderr]).toEqual([2, expect.stringContaining("--reason 只与 --replace 同用")]);
  expect((await records("import", path, "--second")).stdout).toContain("✓ 新收 1 家");
  const compared = await records("compare");
  expect(compared.stdout).toMatch(new RegExp(`${form.unit} \\S+：1 格不同，未裁定`));
  expect(compared.stdout).toMatch(
    /两次记录 1 家，\d+ 个指标，一致率 \d+\.\d%（\d+\/\d+），κ = (-?\d\.\d{3}|无法计算)；待裁定 1 家/,
  );
  expect((await records("settle", form.unit, "--use", "second")).stdout).toContain("已裁定，以复核.xlsx为准");

  const dropped = JSON.parse((await records("drop", form.unit, "--second", "--reason", "复核组填错", "--json")).stdout);
  expect(dropped).toMatchObject({ ok: true, unit: form.unit, dropped: [{ visit: "second", team: "复核组" }, {}] });
  expect(existsSync(join(round.folder, dropped.kept))).toBe(true);
  expect((await records("drop", form.unit)).stderr).toContain("E-REASON-MISSING");
  expect((await records("drop", "440511001002", "--area", "--reason", "误收")).stderr).toContain("E-RECORDS-NO-RECORD");
  expect((await records("drop", form.unit, "--area", "--second", "--reason", "误收")).status).toBe(2);
  expect((await records("import", path, "--second")).stdout).toContain("✓ 新收 1 家");

  const output = join(scratch, "进度.pdf");
  const status = await records("status", "--json", "--output", output);
  expect(JSON.parse(status.stdout)).toMatchObject({ whole: { total: 9, done: 9, missing: 0 }, pairs: 1 });
  expect(readFileSync(output).subarray(0, 5).toString()).toBe("%PDF-");
  expect((await records("missing", "--xlsx", join(scratch, "未交.xlsx"))).stdout).toContain("未收到合格记录的 0 家");
  expect(existsSync(join(scratch, "未交.xlsx"))).toBe(true);
}, 180_000);
