/**
 * Thousands of generated ledgers, texts and workbooks: every row is found again, as a unit or as a row that stays out, with just the
 * problems that the checks find in it. Nothing is lost in silence, whatever encoding, quoting, headings and dirt.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { utils, write } from "@e965/xlsx";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { type CheckedRow, checkRow } from "../../src/frame/check-row.ts";
import { isRefusal } from "../../src/frame/checks.ts";
import { CORE_COLUMNS, corePositions } from "../../src/frame/columns.ts";
import type { ExcludedRow } from "../../src/frame/lock-record.ts";
import { ProblemLog } from "../../src/frame/problem-log.ts";
import { type LedgerTable, openTables } from "../../src/frame/tables.ts";
import { takeTable } from "../../src/frame/take-table.ts";
import { UnitStore } from "../../src/frame/unit-store.ts";
import { NO_VALUE_MAPS } from "../../src/frame/value-maps.ts";
import { creditCodeCheckCharacter } from "../../src/reference/credit-code.ts";
import { loadLedgerFields } from "../../src/reference/ledger-fields.ts";
import { withTemporaryFolder } from "../../src/round/files.ts";

const HEADINGS = [
  "统一社会信用代码",
  "单位名称",
  "污染源类别",
  "地市",
  "县区",
  "地址",
  "运行状态",
  "状态说明",
  "行业代码",
  "区划代码",
  "经度",
  "纬度",
  "用电量",
  "备注",
];

/** Mostly what belongs into a column, now and then what does not. */
const mostly = (right: readonly string[], wrong: readonly string[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
const id = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 10 ** 9 - 1 }).map((number) => creditCode(number)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      "L123",
      "9.1E+17",
      "914405151931358000",
      "91440511ma513yla1a",
      "９１",
      " 91",
      "94440511MA513YLA1A",
      "12345678901234567Z",
    ),
  },
);
const row = fc
  .tuple(
    id,
    mostly(
      ["甲厂", "广州市乙厂（东区）", "丙 厂", "A.B-3号"],
      ["", "ＡＢ厂", "丁\u200B厂", "戊厂 ", '己"厂"', "一行\n二行", "𠮷厂", "#REF!"],
    ),
    mostly(["工业源", "农业源", "移动源"], ["", "火力", "1", "工业 源"]),
    mostly(["广州", "广州市", "440500"], ["", "长沙", "广州县"]),
    mostly(["天河区", "番禺"], ["", "龙湖区", "440106", "开发区"]),
    mostly(["一路1号", "二路,3号"], ["", "长\t路"]),
    mostly(["运行", ""], ["关闭", "其它", "营业中"]),
    mostly(["", "搬迁"], ["　"]),
    mostly(["1711", ""], ["4620", "9999", "0111", "17 11"]),
    mostly(["440106", ""], ["440507", "x"]),
    mostly(["113.3", "113.25"], ["", "23.1", "113°", "无", "116.7", "-1", "1.1.1"]),
    mostly(["23.1", "23"], ["", "113.3", "0"]),
    mostly(["", "12", "0.5", ".5"], ["-1", "1,000", "约3", "1e3", "."]),
    mostly(["", "好", "a b"], ["é", "e\u0301", "\uFEFF", "“引”", "—", "\u0007"]),
  )
  .map((cells): string[] => cells);
const rows = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: row },
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constant(HEADINGS) },
    { weight: 1, arbitrary: row.map((cells) => cells.slice(0, 6)) },
    { weight: 1, arbitrary: row.map((cells) => [...cells, "", "多"]) },
    { weight: 1, arbitrary: fc.constant(["合计", "12"]) },
  ),
  { maxLength: 12 },
);

function creditCode(number: number): string {
  const first = `91440101${String(number).padStart(9, "0")}`;
  return first + (creditCodeCheckCharacter(first) ?? "");
}

interface Form {
  readonly encoding: "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "utf-16le-bare" | "utf-16be-bare" | "gb18030";
  readonly delimiter: "," | "\t" | ";";
  readonly lineEnd: "\n" | "\r\n";
  readonly quotesAll: boolean;
  readonly hasTitle: boolean;
  readonly hasEnd: boolean;
}
const form = fc.record<Form>({
  encoding: fc.constantFrom("utf-8", "utf-8-bom", "utf-16le", "utf-16be", "utf-16le-bare", "utf-16be-bare", "gb18030"),
  delimiter: fc.constantFrom(",", "\t", ";"),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  quotesAll: fc.boolean(),
  hasTitle: fc.boolean(),
  hasEnd: fc.boolean(),
});

function bytesOf(table: readonly (readonly string[])[], form: Form): Buffer {
  const write = (cell: string) =>
    form.quotesAll || /["\n\r,;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = table.map((cells) => cells.map(write).join(form.delimiter));
  const text = lines.join(form.lineEnd) + (form.hasEnd ? form.lineEnd : "");
  if (form.encoding === "utf-8") return Buffer.from(text);
  if (form.encoding === "utf-8-bom") return Buffer.from(`\uFEFF${text}`);
  if (form.encoding === "gb18030") return iconv.encode(text, "gb18030");
  const addBOM = !form.encoding.endsWith("-bare");
  return iconv.encode(text, form.encoding.startsWith("utf-16le") ? "utf16le" : "utf16be", { addBOM });
}

/** How a workbook holds the same rows. */
interface BookForm {
  readonly hasTitle: boolean;
  /** Column groups over the headings, as merged cells. */
  readonly hasGroups: boolean;
  /** A row that numbers the columns under the headings. */
  readonly hasNumbers: boolean;
  /** Figures as numbers rather than texts. */
  readonly areNumbers: boolean;
}
const bookForm = fc.record<BookForm>({
  hasTitle: fc.boolean(),
  hasGroups: fc.boolean(),
  hasNumbers: fc.boolean(),
  areNumbers: fc.boolean(),
});
const GROUPS = ["基本信息", "", "", "所在地", "", "", "运行", "", "行业", "所在地", "坐标", "", "能源", ""];

function bookOf(body: readonly (readonly string[])[], { hasTitle, hasGroups, hasNumbers, areNumbers }: BookForm) {
  const above = [...(hasTitle ? [["某市普查名录"]] : []), ...(hasGroups ? [GROUPS] : [])];
  const below = hasNumbers ? [["甲", "乙", "丙", ...HEADINGS.slice(3).map((_, at) => String(at + 1))]] : [];
  // Only what reads back as the same text is stored as a number.
  const cellOf = (text: string) => (areNumbers && /^(0|[1-9]\d{0,8})(\.[1-9])?$/.test(text) ? Number(text) : text);
  const rows = [...above, HEADINGS, ...below, ...body].map((cells) => cells.map(cellOf));
  const sheet = utils.aoa_to_sheet(rows.map((cells) => cells.map((cell) => (cell === "" ? null : cell))));
  const bytes: Buffer = write(utils.book_new(sheet, "名录"), { bookType: "xlsx", type: "buffer" });
  return { bytes, headerRow: above.length + 1 + below.length };
}

const fields = loadLedgerFields();
const byKey = new Map(fields.map((field) => [field.key, field]));

const OPTIONS = {
  map: new Map(),
  constants: new Map(),
  values: NO_VALUE_MAPS,
  names: new Map(),
  sheet: undefined,
  encoding: undefined,
};

/**
 * Reads a ledger and finds each of its rows again.
 * @param wanted what the checks say of each row that is not blank, under the headings that were found
 * @returns units found
 */
async function findAgain(
  folder: string,
  file: string,
  wanted: (header: LedgerTable["header"], sheet: string | undefined) => readonly CheckedRow[],
): Promise<number> {
  const [table] = await openTables({ path: join(folder, file), name: file }, fields, OPTIONS);
  if (table === undefined) throw new Error("no table");
  const core = corePositions(table.header);
  const others = table.header.headings.flatMap((name, at) => (core.has(at) ? [] : [{ name, field: null, at }]));
  const columns = [...CORE_COLUMNS.map((name) => ({ name, field: name, at: -1 })), ...others];
  const store = new UnitStore(folder);
  const log = new ProblemLog();
  const excluded: ExcludedRow[] = [];
  const taken = await takeTable(table, 0, { store, log, excluded, columns, fields: byKey, progress: () => {} });

  const checked = wanted(table.header, table.sheet ?? undefined);
  const good = checked.filter(({ problems }) => !problems.some(({ code }) => isRefusal(code)));
  expect(taken).toEqual({ rows: checked.length, excluded: checked.length - good.length, hidden: 0, filtered: 0 });
  const problems = checked.flatMap((row) => row.problems);
  const place = ({ at: { row = 0 }, code }: (typeof problems)[number]) => `${row} ${code}`;
  expect(log.kept().map(place).sort()).toEqual(problems.map(place).sort());
  expect(excluded.map(({ row }) => row)).toEqual(checked.filter((row) => !good.includes(row)).map(({ row }) => row));

  const sorted = await store.sort(true, () => undefined);
  expect(sorted.order.length + sorted.repeated.count).toBe(good.length);
  const lines = readFileSync(sorted.file ?? "", "utf8")
    .split("\n")
    .slice(0, -1);
  for (const [place, line] of lines.entries()) {
    const unit = sorted.order.at(place);
    const own = good.find(({ row }) => row === store.rowOf(unit));
    const { id = "", sourceClass = "", city = "", county = "", name = "", values = [] } = own ?? {};
    expect(line).toBe([id, sourceClass, city, county, name, ...others.map(({ at }) => values[at])].join("\t"));
  }
  store.close();
  return lines.length;
}

test("every row of a text ledger is found again", async () => {
  let found = 0;
  await withTemporaryFolder(async (folder) => {
    const property = fc.asyncProperty(rows, form, async (body, form) => {
      const title = form.hasTitle ? [["某市普查名录"], []] : [];
      writeFileSync(join(folder, "名录.csv"), bytesOf([...title, HEADINGS, ...body], form));
      found += await findAgain(folder, "名录.csv", (header) =>
        body.flatMap((cells, index) => {
          const row = { row: title.length + 2 + index, cells: cells.length === 0 ? [""] : cells };
          return checkRow(row, header, byKey, { file: "名录.csv" }, true) ?? [];
        }),
      );
    });
    await fc.assert(property, { numRuns: 2000 });
  });
  expect(found).toBeGreaterThan(2000);
}, 240_000);

test("every row of a workbook is found again", async () => {
  let found = 0;
  await withTemporaryFolder(async (folder) => {
    const property = fc.asyncProperty(rows, bookForm, async (body, form) => {
      const { bytes, headerRow } = bookOf(body, form);
      writeFileSync(join(folder, "名录.xlsx"), bytes);
      found += await findAgain(folder, "名录.xlsx", (header, sheet) => {
        expect(header.row).toBe(headerRow);
        return body.flatMap((cells, index) => {
          const row = { row: headerRow + 1 + index, cells };
          return checkRow(row, header, byKey, { file: "名录.xlsx", sheet }, false) ?? [];
        });
      });
    });
    await fc.assert(property, { numRuns: 1000 });
  });
  expect(found).toBeGreaterThan(1000);
}, 240_000);
