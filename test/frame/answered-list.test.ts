/** A list of problems that an office has filled in is never written over. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepAnswered } from "../../src/frame/answered-list.ts";
import { problemWorkbook } from "../../src/frame/problem-list.ts";
import { words } from "../../src/text/words.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { loaded } from "../xlsx/workbooks.ts";

test("a list with an answer is put aside under a new name each time, one without stays to be written over", async () => {
  const path = join(scratchFolder("answered"), "问题清单.xlsx");
  expect(await keepAnswered(path)).toBeUndefined();
  const problem = {
    code: "W-FRAME-NO-NAME",
    message: words("没有名称", "no name"),
    advice: words("补上", "add it"),
    at: { file: "名录.csv", row: 3 },
  };
  const bytes = await problemWorkbook([problem], { files: [{ name: "名录.csv", rows: 3 }] });
  writeFileSync(path, bytes);
  expect(await keepAnswered(path)).toBeUndefined();
  const book = await loaded(bytes);
  const [sheet] = book.worksheets;
  if (sheet === undefined) throw new Error("no sheet");
  sheet.getCell(4, 12).value = "已改";
  for (const name of ["问题清单-已填1.xlsx", "问题清单-已填2.xlsx"]) {
    const filled = Buffer.from(await book.xlsx.writeBuffer());
    writeFileSync(path, filled);
    expect(await keepAnswered(path)).toBe(name);
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(path, "..", name))).toEqual(filled);
  }
  writeFileSync(path, "no workbook");
  expect(await keepAnswered(path)).toBe("问题清单-已填3.xlsx");
});
