/** Cells that differ on the screen: values one by one, ways of checking by what became what. */
import { afterEach, expect, test, vi } from "vitest";
import { sayCells } from "../../src/cli/records-cells.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import type { Change } from "../../src/records/agreement.ts";

afterEach(() => vi.restoreAllMocks());

function said(changes: readonly Change[], redact = false): string[] {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  sayCells(changes, new Terminal({ language: "zh", json: false, quiet: false, redact }));
  return written.join("").trimEnd().split("\n");
}

const change = (i: number, column: string, before: string, after: string): Change => {
  const code = `G101-1.${String(i).padStart(2, "0")}`;
  return { unit: "U1", code, name: `指标${i}`, column, before, after };
};
const numbers = Array.from({ length: 12 }, (_, i) => i + 1);
const ways = [
  ...numbers.slice(0, 2).map((i) => change(i, "核查方式", "", "现场")),
  ...numbers.map((i) => change(i + 20, "核查方式", "资料", "现场")),
];

test("however many ways of checking differ, they take a line each kind; every value keeps its own", () => {
  const values = numbers.map((i) => change(i, "核查值", "1", String(i + 1)));
  const lines = said([...values, ...ways]);
  for (const { code, after } of values) {
    expect(
      lines.filter((line) => line.includes(code) && line.includes("核查值") && line.trim().endsWith(after)),
    ).toHaveLength(1);
  }
  expect(lines.slice(-3)).toEqual([
    "  核查方式 14 格不同",
    "    资料 → 现场：12 格（G101-1.21、G101-1.22、G101-1.23 等）",
    "    空 → 现场：2 格（G101-1.01、G101-1.02）",
  ]);
  expect(lines).toHaveLength(1 + values.length + 3);
});

test("kinds beyond the first are counted, and nothing but ways needs no table", () => {
  const kinds = numbers.slice(0, 6).map((i) => change(i, "核查方式", "资料", `方式${i}`));
  expect(said(kinds).at(0)).toBe("  核查方式 6 格不同");
  expect(said(kinds).slice(-1)).toEqual(["    其余 2 种，2 格"]);
  expect(said(kinds)).toHaveLength(6);
  expect(said([])).toEqual([""]);
});

test("what is not to be shown is counted alone", () => {
  expect(said(ways, true)).toEqual(["  核查方式 14 格不同"]);
  expect(said([change(1, "核查值", "机密", "甲")], true).join("\n")).not.toContain("机密");
});
