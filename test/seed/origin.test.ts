import { describe, expect, test } from "vitest";
import { canonicalOrigin } from "../../src/seed/origin.ts";
import type { Kind } from "../../src/seed/record.ts";
import { ChouqianError } from "../../src/text/errors.ts";

function codeOf(value: string, origin: Parameters<typeof canonicalOrigin>[1]): string {
  try {
    canonicalOrigin(value, origin);
    return "taken";
  } catch (error) {
    if (error instanceof ChouqianError) return error.code;
    throw error;
  }
}

describe("where a value comes from", () => {
  test.each<[string, string, Parameters<typeof canonicalOrigin>[1], string]>([
    ["dice", "3 6 1 4", { kind: "dice" }, "taken"],
    ["dice without spaces", "3614", { kind: "dice" }, "taken"],
    ["a die with a seven", "3 7 1 4", { kind: "dice" }, "E-SEED-DICE"],
    ["full-width dice, whose digest nobody would reproduce", "３ ６", { kind: "dice" }, "E-SEED-DICE"],
    ["a lottery", "0 4 7 1 8", { kind: "lottery", what: "排列五 19233 期", when: "2019-09-30" }, "taken"],
    ["a lottery of no day", "0 4 7 1 8", { kind: "lottery", what: "排列五 19233 期" }, "E-SEED-ORIGIN"],
    ["a lottery of no name", "0 4 7 1 8", { kind: "lottery", when: "2019-09-30" }, "E-SEED-ORIGIN"],
    ["a lottery without numbers", "大奖", { kind: "lottery", what: "a", when: "2019-09-30" }, "E-SEED-NUMBERS"],
    ["an index of no day", "2905.19", { kind: "index", what: "上证指数" }, "E-SEED-ORIGIN"],
    ["a day that does not exist", "2905.19", { kind: "index", what: "上证指数", when: "2019-02-30" }, "E-SEED-DATE"],
    ["a word", "水清岸绿", { kind: "word" }, "taken"],
    ["an unknown kind", "1", { kind: "coin" as Kind }, "E-SEED-KIND"],
    ["nothing said", "1", {}, "taken"],
  ])("%s", (_, value, origin, code) => expect(codeOf(value, origin)).toBe(code));
});
