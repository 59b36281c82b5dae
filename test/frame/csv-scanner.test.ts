/** The scanner against a well-kept library, and the short way for clean rows against the checks themselves. */
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCleanCell, plainDecimal } from "../../src/frame/clean-cell.ts";
import { CsvFault, CsvScanner, LONGEST_ROW, MOST_COLUMNS } from "../../src/frame/csv-scanner.ts";
import { canonicalText } from "../../src/text/canonical.ts";

/** Reads a text in pieces of the lengths given, the last of which is repeated. */
function scan(text: string, delimiter = ",", lengths: readonly number[] = [1 << 20]): string[][] {
  const bytes = Buffer.from(text);
  const scanner = new CsvScanner(delimiter, false);
  const rows: string[][] = [];
  for (let at = 0, piece = 0; at <= bytes.length; piece++) {
    const length = lengths[Math.min(piece, lengths.length - 1)] ?? 1;
    const isLast = at + length > bytes.length;
    scanner.feed(bytes.subarray(at, at + length), isLast);
    while (scanner.next()) rows.push(scanner.texts());
    if (isLast) break;
    at += length;
  }
  return rows;
}

const cell = fc.oneof(
  fc.constantFrom("", "甲厂", "12.5", '说"好"', "一,二", "一行\n二行", "一行\r\n二行", " 空 ", "\t", ";", "𠮷", "é"),
  fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => text.replace(/[\r\0]/g, "")),
);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const written = fc
  .tuple(cell, fc.boolean())
  .map(([text, quotes]) => (quotes || /[",\n\r\t;]/.test(text) ? quoted(text) : text));
const table = fc.array(fc.array(written, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });

describe("rows and cells", () => {
  test("are those that csv-parse finds, in whatever pieces the file comes", () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        (rows, delimiter, lineEnd, hasEnd, lengths) => {
          const text = rows.map((row) => row.join(delimiter)).join(lineEnd) + (hasEnd ? lineEnd : "");
          const expected: string[][] = parse(text, {
            delimiter,
            record_delimiter: lineEnd,
            relax_column_count: true,
            skip_empty_lines: false,
          });
          expect(scan(text, delimiter, lengths)).toEqual(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each(['"甲"厂,1\n', '"甲厂,1\n', '甲厂,"'])("quotation marks that do not match are a fault: %j", (text) => {
    expect(() => scan(text)).toThrow(CsvFault);
    expect(() => scan(text, ",", [1])).toThrow(CsvFault);
  });

  test("a quotation mark inside a cell without quotes is a character of it, as a spreadsheet program reads it", () => {
    const text = '广东"好运"厂,5" 管,1\n乙,"a ""b""",2"\n';
    const rows = [
      ['广东"好运"厂', '5" 管', "1"],
      ["乙", 'a "b"', '2"'],
    ];
    expect(scan(text)).toEqual(rows);
    expect(scan(text, ",", [1])).toEqual(rows);
  });

  test("LF and CR LF may be mixed; CR alone ends rows only where there is no LF", () => {
    expect(scan("a\r\nb\nc\rd\n")).toEqual([["a"], ["b"], ["c\rd"]]);
    const scanner = new CsvScanner(",", true);
    scanner.feed(Buffer.from('a,b\rc,"d\re"\r'), true);
    const rows: string[][] = [];
    while (scanner.next()) rows.push(scanner.texts());
    expect(rows).toEqual([
      ["a", "b"],
      ["c", "d\re"],
    ]);
  });

  test("a row without end and a row of a million columns are faults with their row", () => {
    const fault = (text: string, lengths?: readonly number[]) => {
      try {
        scan(text, ",", lengths);
      } catch (error) {
        return error instanceof CsvFault ? `${error.reason} ${error.row}` : error;
      }
      return undefined;
    };
    expect(fault(`a\n${"x".repeat(LONGEST_ROW + 1)}\n`)).toBe("long 2");
    expect(fault(`a\n"${"x\n".repeat(LONGEST_ROW)}`, [1 << 16])).toBe("long 2");
    expect(fault(`a\nb\n${",".repeat(999_999)}\n`)).toBe("wide 3");
    expect(fault(`${",".repeat(MOST_COLUMNS - 1)}\n`)).toBeUndefined();
  });
});

describe("a clean cell", () => {
  const characters = fc.oneof(
    fc.string({ unit: "binary", maxLength: 4 }).map((text) => text.replace(/[\r\n"]/g, "")),
    fc.constantFrom(
      "甲",
      "一",
      "龥",
      "龦",
      "中",
      "（",
      "）",
      "１",
      "Ａ",
      "、",
      "　",
      " ",
      "#N/A",
      "“",
      "—",
      "\u200B",
      "e\u0301",
    ),
  );
  const text = fc.array(characters, { maxLength: 5 }).map((parts) => parts.join(""));

  test("is canonical and holds no invisible character", () => {
    fc.assert(
      fc.property(text, (cell) => {
        fc.pre(!/\p{Surrogate}/u.test(cell) && !cell.includes(","));
        const scanner = new CsvScanner(",", false);
        scanner.feed(Buffer.from(`${cell},`), true);
        scanner.next();
        const [start, end, kinds] = [scanner.starts[0] ?? 0, scanner.ends[0] ?? 0, scanner.kinds[0] ?? 0];
        if (!isCleanCell(scanner.bytes, start, end, kinds)) return;
        expect(canonicalText(cell)).toBe(cell);
        expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD０-９Ａ-Ｚａ-ｚ]/u);
        expect(cell).not.toMatch(/^#N\/A$/);
      }),
      { numRuns: 5000 },
    );
  });

  test.each(["甲厂", "广州市甲厂（东区）", "A-1 号", "《甲》、“乙”", "12.5"])("%s is one", (cell) => {
    const bytes = Buffer.from(cell);
    expect(isCleanCell(bytes, 0, bytes.length, 64)).toBe(true);
  });

  test("a figure by its bytes is the number that JavaScript reads", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{0,9}\.?\d{0,6}$/), (figure) => {
        const scanner = new CsvScanner(",", false);
        scanner.feed(Buffer.from(`${figure},`), true);
        scanner.next();
        const value = plainDecimal(scanner.bytes, 0, scanner.ends[0] ?? 0, scanner.kinds[0] ?? 0);
        if (!/\d/.test(figure)) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(Number(figure), 9);
      }),
    );
  });
});
