/** What the shipped forms print for particular kinds of objects. */
import { expect, test } from "vitest";
import { renderChecklists } from "../../src/forms/checklist-pdf.ts";
import { loadForms } from "../../src/forms/load-template.ts";
import { renderRecordForms } from "../../src/forms/record-pdf.ts";
import { tailor } from "../../src/forms/tailor.ts";
import { templateStore } from "../../src/forms/template-store.ts";
import type { SourceClass } from "../../src/reference/classes.ts";
import { round, source } from "../pdf/form-fixture.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";

const forms = loadForms(templateStore(undefined));

async function printed(render: typeof renderChecklists, sourceClass: SourceClass, values: Record<string, string>) {
  const own = source({ sourceClass, values: new Map(Object.entries(values)) });
  const form = tailor(forms(sourceClass, values.subclass ?? "").template, own.values);
  return plainText((await readPdf((await render(round, [own], () => form)).bytes)).pages);
}

test("sections are numbered as printed: those of other kinds leave no gap", async () => {
  const boiler = await printed(renderChecklists, "domestic", { subclass: "非工业企业单位锅炉", status: "运行" });
  expect(boiler).toContain("二、非工业企业单位锅炉（S103）");
  expect(boiler).toContain("三、佐证材料");
  const stopped = await printed(renderChecklists, "domestic", { subclass: "行政村", status: "停产" });
  expect(stopped).toContain("二、状态核实");
  expect(stopped).toContain("三、行政村（S102）");
});

test("a transport firm is not asked for tanks and sales", async () => {
  const firm = await printed(renderChecklists, "mobile", { subclass: "油品运输企业", status: "运行" });
  expect(firm).toContain("油罐车数、回收改造和运输量属实");
  for (const word of ["罐容", "进销存一致", "油气回收阶段"]) expect(firm).not.toContain(word);
});

test("only an industry that the ledger names has its row", async () => {
  expect(await printed(renderChecklists, "mobile", { subclass: "加油站" })).not.toContain("行业");
  expect(await printed(renderChecklists, "mobile", { subclass: "加油站", industryName: "机动车燃油零售" })).toContain(
    "行业机动车燃油零售",
  );
});

test("a department's table names the department, and no unit that is found, closed or replaced", async () => {
  for (const render of [renderChecklists, renderRecordForms]) {
    const text = await printed(render, "mobile", { subclass: "市级综合表" });
    expect(text).toContain("填报部门");
    for (const word of ["单位名称", "替换情况", "核查去向", "运行状态"]) expect(text).not.toContain(word);
  }
});

test("a unit that the ledger does not tell is written by hand", async () => {
  const plant = { subclass: "集中式污水处理厂", status: "关闭" };
  expect(await printed(renderRecordForms, "centralized", plant)).toContain("年实际处理量（单位＿＿＿）J100.10");
  expect(await printed(renderRecordForms, "centralized", { ...plant, treatedUnit: "万立方米" })).toContain(
    "年实际处理量（万立方米）J100.10",
  );
});
