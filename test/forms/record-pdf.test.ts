import { expect, test } from "vitest";
import { renderRecordForms } from "../../src/forms/record-pdf.ts";
import { round, source, template } from "../pdf/form-fixture.ts";
import { asSeen, plainText, readPdf } from "../pdf/read-pdf.ts";

test("the record form of a printing works reads as agreed", async () => {
  const { bytes } = await renderRecordForms(round, [source()], () => template);
  await expect(asSeen((await readPdf(bytes)).pages)).toMatchFileSnapshot("golden/record-printing.txt");
});

test("an empty ledger, a long name and rare characters are printed whole", async () => {
  const name = "广东犇犇㙟䶮莞𠮷𰻝高新技术产业开发区联合环境保护科学技术研究与装备制造股份有限公司东莞松山湖第二分公司";
  const sparse = source({ id: "91440101MA59ABCD0X-02", name, countyName: "", values: new Map(), N: 0, n: 0 });
  const { bytes, missing } = await renderRecordForms(round, [sparse], () => template);
  expect(missing).toEqual([]);
  expect(plainText((await readPdf(bytes)).pages)).toContain(name);
});

test("the same sources give the same bytes", async () => {
  const [once, again] = await Promise.all([1, 2].map(() => renderRecordForms(round, [source()], () => template)));
  expect(Buffer.from(once?.bytes ?? []).equals(Buffer.from(again?.bytes ?? []))).toBe(true);
});
