import { expect, test } from "vitest";
import { numbered, numeral } from "../../src/text/numerals.ts";

test.each([
  [1, "一"],
  [9, "九"],
  [10, "十"],
  [11, "十一"],
  [20, "二十"],
  [35, "三十五"],
  [99, "九十九"],
])("%i is %s", (value, words) => {
  expect(numeral(value)).toBe(words);
});

test("headings are numbered as they stand, those without a number too; a list without numbers stays as it is", () => {
  expect(numbered(["一、基本信息", "状态核实", "三、锅炉", "五、佐证材料"])).toEqual([
    "一、基本信息",
    "二、状态核实",
    "三、锅炉",
    "四、佐证材料",
  ]);
  expect(numbered(["种植业", "水产"])).toEqual(["种植业", "水产"]);
});
