/** Faults of an edited YAML file are all named, with line and key, in both languages. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ChouqianError } from "../../src/text/errors.ts";
import { parseYaml } from "../../src/text/yaml-file.ts";

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
    ["broken syntax", "name: [某\nsizes: 1\n", [[2, undefined]]],
    ["an empty file", "", [[1, undefined]]],
    ["a list in place of a map", "- 1\n", [[1, undefined]]],
    ["an alias", "name: &a 某\nsizes: *a\n", [[1, undefined]]],
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
    expect(found.map(({ at }) => [at.row, at.column])).toEqual(expect.arrayContaining(places));
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
});
