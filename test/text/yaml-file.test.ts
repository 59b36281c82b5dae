/** Faults of an edited YAML file are all named, with line and key, in both languages. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ChouqianError } from "../../src/text/errors.ts";
import { type FaultParams, parseYaml } from "../../src/text/yaml-file.ts";

const Schema = z.strictObject({
  name: z.string(),
  sizes: z.array(z.int().min(1, { error: "应为正整数" })).default([]),
  choice: z.union([z.literal("all"), z.array(z.enum(["甲", "乙"]))]).default("all"),
});

function faults(text: string) {
  try {
    parseYaml(Schema, text, "例.yaml", "E-TEST");
    return [];
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return error.problems;
  }
}

describe("parseYaml", () => {
  test("gives the schema's output, defaults filled in", () => {
    expect(parseYaml(Schema, "# 注释\nname: 某\n", "例.yaml", "E-TEST")).toEqual({
      name: "某",
      sizes: [],
      choice: "all",
    });
  });

  test.each<[string, string, [number, string | undefined][]]>([
    ["a wrong value in a list", "name: 某\nsizes:\n  - 1\n  - 0\n", [[4, "sizes[1]"]]],
    ["a missing key", "sizes: []\n", [[1, "name"]]],
    ["an unknown key", "name: 某\nnmae: 某\n", [[2, "nmae"]]],
    [
      "two unknown keys",
      "name: 某\na: 1\nb: 2\n",
      [
        [2, "a"],
        [3, "b"],
      ],
    ],
    ["a value inside one form of a choice", "name: 某\nchoice: [甲, 丙]\n", [[2, "choice[1]"]]],
    ["a value of no form of a choice", "name: 某\nchoice: 3\n", [[2, "choice"]]],
    ["a key that stands twice", "name: 某\nname: 某\n", [[2, undefined]]],
    ["broken syntax", "name: [某\nsizes: 1\n", [[1, undefined]]],
    [
      "a key that stands twice, and what else is wrong",
      "name: 某\nname: 3\nsizes: [0]\n",
      [
        [2, undefined],
        [2, "name"],
        [3, "sizes[0]"],
      ],
    ],
    ["an empty file", "", [[1, undefined]]],
    ["a list in place of a map", "- 1\n", [[1, undefined]]],
    ["an alias", "name: &a 某\nsizes: *a\n", [[2, undefined]]],
    [
      "aliases, each where it stands",
      "name: &a 某\nsizes:\n  - *a\n  - *a\n",
      [
        [3, undefined],
        [4, undefined],
      ],
    ],
    ["an alias of nothing", "name: *a\n", [[1, undefined]]],
    ["a merge key", "name: 某\n<<: { sizes: [1] }\n", [[2, "<<"]]],
    ["a tag", "name: 某\nsizes: !!js/function 1\n", [[2, undefined]]],
    ["a second document", "name: 某\n---\nname: 乙\n", [[2, undefined]]],
    ["a tab for indentation", "name: 某\nsizes:\n\t- 1\n", [[3, undefined]]],
    ["a colon without a space", "name: 某\nsizes:1\n", [[2, undefined]]],
    ["an empty list item", "name: 某\nsizes:\n  - 1\n  -\n", [[4, "sizes[1]"]]],
    ["Windows line ends and a byte order mark", "\ufeff# 注释\r\nname: 某\r\nsizes: [0]\r\n", [[3, "sizes[0]"]]],
    [
      "several faults at once",
      "name: 3\nsizes: [0, -1]\n",
      [
        [1, "name"],
        [2, "sizes[0]"],
        [2, "sizes[1]"],
      ],
    ],
  ])("%s", (_, text, places) => {
    const found = faults(text);
    expect(found.map(({ at }) => [at.row, at.key])).toEqual(expect.arrayContaining(places));
    expect(found.length).toBeGreaterThanOrEqual(places.length);
    for (const { message, at } of found) {
      expect(message.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(message.en).not.toBe("");
      expect(at.file).toBe("例.yaml");
    }
  });

  test("a message of the schema's own is kept, others are in both languages", () => {
    expect(faults("name: 某\nsizes: [0]\n")[0]?.message.zh).toBe("应为正整数");
    const [wrongType] = faults("name: 3\n");
    expect(wrongType?.message.en).toMatch(/expected string/);
    expect(wrongType?.message.zh).not.toBe(wrongType?.message.en);
  });

  test("a missing key is called missing, in both languages", () => {
    expect(faults("sizes: []\n").map(({ message }) => message)).toEqual([
      { zh: "缺少“name”", en: '"name" is missing' },
    ]);
  });

  test("faults come in the order of the lines, whatever the order of the schema", () => {
    expect(faults("sizes: [0]\nchoice: 3\nname: 3\nage: 3\n").map(({ at }) => at.row)).toEqual([1, 2, 3, 4]);
  });

  test("words are YAML 1.2: yes and 010 are what they look like, also under a 1.1 directive", () => {
    const Plain = z.strictObject({ a: z.string(), b: z.number() });
    for (const head of ["", "%YAML 1.1\n---\n"]) {
      expect(parseYaml(Plain, `${head}a: yes\nb: 010\n`, "例.yaml", "E-TEST")).toEqual({ a: "yes", b: 10 });
    }
  });

  test("aliases that would unfold to a billion values are refused at once", () => {
    const levels = Array.from({ length: 30 }, (_, i) => `k${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`);
    const found = faults(`k0: &a0 [x]\n${levels.join("")}`);
    expect(found.filter(({ message }) => message.zh.includes("别名"))).toHaveLength(30);
    expect(found).toHaveLength(30 + 31 + 1);
  });

  test("the value of an alias is not judged, what stands beside it is", () => {
    const found = faults("choice: &a 3\nname: *a\nsizes: [*a, 0]\n");
    expect(found.map(({ at }) => [at.row, at.key])).toEqual([
      [1, "choice"],
      [2, undefined],
      [3, undefined],
      [3, "sizes[1]"],
    ]);
  });

  test("a bracket left open is told where it opens", () => {
    for (const [text, row, bracket] of [
      ["name: [某\nsizes: 1\n", 1, "["],
      ["name: 某\nsizes: { a: [1],\nchoice: all\n", 2, "{"],
    ] as const) {
      const [found] = faults(text);
      expect([found?.at.row, found?.message.zh.slice(0, 6)]).toEqual([row, `这里的 ${bracket} `]);
    }
  });

  test.each([
    [z.boolean(), "name: 是", "应为 true 或 false，写成了“是”"],
    [z.boolean(), "name:", "应为 true 或 false，这里空着"],
    [z.string(), "name: 3", "应为文字，写成了数字；请加引号"],
    [z.string(), "name: [甲]", "应为文字，写成了列表"],
    [z.number(), "name: 三", "应为数字，写成了“三”"],
    [z.int(), "name: 1.5", "应为整数，写成了数字"],
    [z.array(z.string()), "name: 甲", "应为列表，写成了文字"],
    [z.array(z.string()).min(2), "name: [甲]", "应至少有 2 项"],
    [z.string().min(1), 'name: ""', "不能空着"],
    [z.strictObject({}), "name: 甲", "应为若干行“键: 值”，写成了“甲”"],
    [z.enum(["甲", "乙"]), "name: 丙", "应为 甲、乙 之一"],
    [z.number().positive(), "name: 0", "应大于 0"],
    [z.int().max(5), "name: 6", "应不大于 5"],
  ])("a wrong value is told in the words of an office, %#", (schema, text, message) => {
    try {
      parseYaml(z.strictObject({ name: schema }), `${text}\n`, "例.yaml", "E-TEST");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ChouqianError)) throw error;
      expect(error.problems.map((problem) => problem.message.zh)).toEqual([message]);
      expect(error.problems[0]?.message.en).not.toMatch(/应|空着/);
    }
  });

  test("brackets nested without end are refused in few words", () => {
    for (const text of ["[".repeat(5000), `${"[".repeat(5000)}${"]".repeat(5000)}`]) {
      const found = faults(`name: ${text}`);
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThan(10);
    }
  });

  test("a schema may name a second place, give English words and its own advice", () => {
    const advice = { zh: "删去一行", en: "delete one" };
    const params: FaultParams = { en: "stands twice", seeAlso: [0], advice };
    const Distinct = z.array(z.string()).superRefine(([first, second], context) => {
      if (first === second) context.addIssue({ code: "custom", path: [1], message: "重复", params: { ...params } });
    });
    try {
      parseYaml(Distinct, "# 例\n- a\n- a\n", "例.yaml", "E-TEST");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ChouqianError)) throw error;
      const message = { zh: "重复（另见第 2 行）", en: "stands twice (see line 2)" };
      expect(error.problems).toEqual([
        { code: "E-TEST", message, at: { file: "例.yaml", row: 3, key: "[1]" }, advice },
      ]);
    }
  });
});
