import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { creditCodeCheckCharacter, creditCodeDefect } from "../../src/reference/credit-code.ts";
import { creditCodeIsClean } from "../../src/reference/credit-code-bytes.ts";
import { CITIES, DIVISIONS, findCity, findCounty } from "../../src/reference/divisions.ts";
import { INDUSTRIES } from "../../src/reference/industries.ts";
import { loadLedgerFields } from "../../src/reference/ledger-fields.ts";
import { findClass, findStatus } from "../../src/reference/ledger-values.ts";

describe("divisions", () => {
  test("21 cities, 122 counties, towns for Dongguan and Zhongshan only", () => {
    expect(CITIES).toHaveLength(21);
    expect(DIVISIONS.filter(({ level }) => level === "county")).toHaveLength(122);
    const towns = DIVISIONS.filter(({ level }) => level === "town");
    expect(new Set(towns.map(({ parent }) => parent))).toEqual(new Set(["441900", "442000"]));
  });

  test.each([
    ["汕头", "440500"],
    ["汕头市", "440500"],
    ["广东省汕头市", "440500"],
    ["广东汕头", "440500"],
    ["440500", "440500"],
    ["4405", "440500"],
    ["440507", "440500"],
    ["440507001002", "440500"],
    ["４４０５００", "440500"],
    [" 汕 头 ", "440500"],
    ["长沙", undefined],
    ["441000", undefined],
    ["44", undefined],
    ["", undefined],
  ])("city %j is %j", (text, code) => expect(findCity(text)).toBe(code));

  test.each([
    ["440500", "龙湖区", "440507"],
    ["440500", "龙湖", "440507"],
    ["440500", "440507", "440507"],
    ["440500", "汕头市龙湖区", "440507"],
    ["441500", "城区", "441502"],
    ["441900", "虎门镇", "441900121"],
    ["441900", "虎门", "441900121"],
    ["441800", "连山", undefined],
    ["441800", "连山壮族瑶族自治县", "441825"],
    ["440500", "天河区", undefined],
    ["441300", "仲恺高新区", undefined],
    ["440500", "", undefined],
  ])("county of %s: %j is %j", (city, text, code) => expect(findCounty(city, text)).toBe(code));

  test("every county is found in its own city by its full name", () => {
    for (const { code, name, parent, level } of DIVISIONS) {
      if (level === "county" || level === "town") expect(findCounty(parent, name), name).toBe(code);
    }
  });
});

describe("credit codes (GB 32100-2015)", () => {
  function withCheck(first17: string): string {
    return first17 + (creditCodeCheckCharacter(first17) ?? "");
  }

  test("the short way over bytes finds nothing wrong exactly where the long one does", () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
    const heads = fc.oneof(fc.constantFrom("91", "12", "94", "A1"), digits(2));
    const divisions = fc.oneof(
      fc.constantFrom(...DIVISIONS.map(({ code }) => code.slice(0, 6)), "441283", "000000", "000001", "4401A1"),
      digits(4).map((end) => `44${end}`),
      digits(6),
    );
    fc.assert(
      fc.property(heads, divisions, (head, division) => {
        const code = withCheck(`${head}${division}MA513YLA1`);
        const bytes = Buffer.from(code);
        expect(creditCodeIsClean(bytes, 0, bytes.length)).toBe(creditCodeDefect(code) === undefined);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["91440511MA513YLA1A", undefined],
    ["91440500X1754934XB", undefined],
    ["91440511MA513YLA1B", "check"],
    ["91440511MA513YLA1", "length"],
    ["91440511MA513YLI1A", "alphabet"],
    [withCheck("94440511MA513YLA1"), "category"],
    [withCheck("91449911MA513YLA1"), "division"],
    [withCheck("91160000MA513YLA1"), "division"],
    [withCheck("911101A5MA513YLA1"), "division"],
    [withCheck("91440199MA513YLA1"), "county"],
    [withCheck("91441283MA513YLA1"), undefined], // 高要市, a district of another code since 2015
    [withCheck("91440000MA513YLA1"), undefined],
    [withCheck("91440301MA513YLA1"), undefined],
    [withCheck("91100000MA513YLA1"), undefined],
    [withCheck("91310115MA513YLA1"), undefined],
  ])("%s: %j", (code, defect) => expect(creditCodeDefect(code)).toBe(defect));

  test("any single wrong character is found", () => {
    const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 17, maxLength: 17 }),
        fc.nat(16),
        fc.nat(30),
        (values, at, other) => {
          const first = `91440100${values
            .map((value) => alphabet[value])
            .join("")
            .slice(8)}`;
          const code = first + (creditCodeCheckCharacter(first) ?? "");
          fc.pre(code[at] !== alphabet[other]);
          expect(creditCodeDefect(code)).toBeUndefined();
          expect(creditCodeDefect(code.slice(0, at) + alphabet[other] + code.slice(at + 1))).toBe("check");
        },
      ),
    );
  });
});

test.each([
  ["工业源", "industrial"],
  ["集中式", "centralized"],
  ["industrial", "industrial"],
  [" 移动源 ", "mobile"],
  ["核电", undefined],
])("class %j is %j", (text, found) => expect(findClass(text)).toBe(found));

test.each([
  ["运行", "运行"],
  ["1", "运行"],
  ["其它", "其他"],
  ["装修", undefined],
])("status %j is %j", (text, found) => expect(findStatus(text)).toBe(found));

test("industry codes are four digits, with cotton mills and sewage works among them", () => {
  expect(INDUSTRIES.size).toBeGreaterThan(1300);
  expect([...INDUSTRIES.keys()].every((code) => /^\d{4}$/.test(code))).toBe(true);
  expect(INDUSTRIES.has("1711") && INDUSTRIES.has("4620")).toBe(true);
});

test("no ledger field is named twice", () => {
  const fields = loadLedgerFields();
  expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length);
  expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
});
