/** The rule by which names are compared: examples, and SQL's answer against the definition. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openEngine } from "../../src/frame/engine.ts";
import { normalName, normalNameSql } from "../../src/frame/like-names.ts";
import { canonicalText } from "../../src/text/canonical.ts";

test.each([
  ["广东省汕头市甲厂", "甲厂"],
  ["汕头甲厂", "甲厂"],
  ["甲厂（龙湖分厂）", "甲厂龙湖分厂"],
  ["甲有限责任公司", "甲有限公司"],
  ["甲·乙, 丙", "甲乙丙"],
  ["ＡＢc１厂", "ABC1厂"],
  ["東莞市順達紙業", "顺达纸业"],
  ["汕头市", "汕头市"],
])("%s is compared as %s", (name, normal) => {
  expect(normalName(name)).toBe(normal);
});

test("SQL compares names by the same rule", async () => {
  const part = fc.constantFrom(
    "广东省",
    "广东",
    "汕头市",
    "汕头",
    "（",
    "）",
    "有限责任公司",
    "甲",
    "紙",
    "Ａ",
    "b",
    "９",
    "　",
    " ",
    "·",
    "-",
    "\\",
    "'",
    '"',
    "𠮷",
  );
  const names = fc.array(
    fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => canonicalText(parts.join(""))),
    {
      minLength: 1,
      maxLength: 30,
    },
  );
  const engine = await openEngine();
  await engine.run(`CREATE TABLE named (place INTEGER, "name" VARCHAR)`);
  await fc.assert(
    fc.asyncProperty(names, async (names) => {
      await engine.run("DELETE FROM named");
      const appender = await engine.appender("named");
      for (const [at, name] of names.entries()) appender.append([at, name]);
      appender.close();
      const rows = await engine.query<{ normal: string }>(
        `SELECT ${normalNameSql()} AS normal FROM named ORDER BY place`,
      );
      expect(rows.map(({ normal }) => normal)).toEqual(names.map(normalName));
    }),
    { numRuns: 150 },
  );
  engine.close();
});
