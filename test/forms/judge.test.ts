/** One value, one verdict: the rule, the workbook's formula in an office program, and the phone's constraint. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge } from "../../src/forms/judge.ts";
import { type ComparedCell, comparedText, judgeFormula } from "../../src/forms/judge-formula.ts";
import type { Loaded } from "../../src/forms/load-template.ts";
import { FormTemplate, type Indicator } from "../../src/forms/template.ts";
import { phoneForms } from "../../src/forms/xform/phone-forms.ts";
import { newWorkbook, put, toBytes } from "../../src/xlsx/write.ts";
import { round, source } from "../pdf/form-fixture.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { hasLibreOffice, saveByLibreOffice } from "../support/office.ts";
import { rowsOf } from "../xlsx/workbooks.ts";
import { openOnPhone, type Phone } from "./xform/phone.ts";

const scratch = scratchFolder("judge");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const KINDS = {
  text: { type: "text" },
  code: { type: "code" },
  yesno: { type: "yesno" },
  choice: { type: "choice", options: ["运行", "停产", 'A,"B"'] },
  date: { type: "date" },
  integer: { type: "integer", unit: "个" },
  exact: { type: "number", tolerance: "精确" },
  share: { type: "number", tolerance: "±10%", unit: "吨" },
  amount: { type: "number", tolerance: "±0.5", unit: "t/d" },
  percent: { type: "number", tolerance: "精确", unit: "%" },
  degrees: { type: "coordinate", tolerance: "±0.01" },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];
const codeOf = (kind: Kind) => `G101.${String(kinds.indexOf(kind) + 1).padStart(2, "0")}`;
const form: Loaded<FormTemplate> = {
  name: "judge",
  digest: "ab".repeat(32),
  isOwn: true,
  template: FormTemplate.parse({
    class: "industrial",
    checklist: {
      title: "清单",
      note: "注",
      sections: [{ heading: "一", items: [{ check: "a", compare: "b", evidence: "c", pitfall: "d" }] }],
    },
    record: {
      title: "记录表",
      note: "注",
      groups: [
        {
          heading: "一",
          indicators: kinds.map((kind) => ({
            code: codeOf(kind),
            name: kind,
            form: "G101",
            key: true,
            ...KINDS[kind],
          })),
        },
      ],
      evidence: ["执照"],
    },
  }),
};
const indicatorOf = (kind: Kind) => form.template.record.groups[0]?.indicators[kinds.indexOf(kind)] as Indicator;

type Verdict = "right" | "wrong" | undefined;
const PAIRS: readonly (readonly [kind: Kind, reported: string, found: string, verdict: Verdict])[] = [
  ["share", "1000", "1000", "right"],
  ["share", "1e3", "1000", "right"],
  ["share", "1E+03", "1000", "right"],
  ["share", "1e3", "2000", "wrong"],
  ["share", "1.5E-02", "0.015", "right"],
  ["share", "1,000", "1000", "right"],
  ["share", "１，０００", "1000", "right"],
  ["share", "１０００．５", "1000.5", "right"],
  ["share", " 1 000 ", "1000", "right"],
  ["share", "1000　", "1000", "right"],
  ["share", "1000\u00A0", "1000", "right"],
  ["share", "1000吨", "1000", "right"],
  ["share", "1000 吨", "1000吨", "right"],
  ["share", "1000万吨", "1000", "wrong"],
  ["share", "+1000", "1000", "right"],
  ["share", "-1000", "1000", "wrong"],
  ["share", "5.", "5", "right"],
  ["share", ".5", "0.5", "right"],
  ["share", "1000-", "1000", "wrong"],
  ["share", "50%", "0.5", "wrong"],
  ["share", "1/2", "0.5", "wrong"],
  ["share", "2010-01-01", "40179", "wrong"],
  ["share", "2010年1月1日", "40179", "wrong"],
  ["share", "12:00", "0.5", "wrong"],
  ["share", "(5)", "-5", "wrong"],
  ["share", "¥5", "5", "wrong"],
  ["share", "约1000", "1000", "wrong"],
  ["share", "不详", "1000", "wrong"],
  ["share", "空", "1000", "wrong"],
  ["share", "空", "0", "wrong"],
  ["share", "空", "", undefined],
  ["share", "", "1000", undefined],
  ["share", "1000", "", undefined],
  ["share", "1000", " ", undefined],
  ["share", " ", "1000", undefined],
  ["share", "", "", undefined],
  // a tenth of the value found
  ["share", "110", "100", "right"],
  ["share", "90", "100", "right"],
  ["share", "110.01", "100", "wrong"],
  ["share", "89.99", "100", "wrong"],
  ["share", "100", "111", "right"],
  ["share", "100", "111.2", "wrong"],
  ["share", "100", "91", "right"],
  ["share", "100", "90.9", "wrong"],
  ["share", "1.1", "1", "right"],
  ["share", "0", "0", "right"],
  ["share", "0.0001", "0", "wrong"],
  ["share", "-110", "-100", "right"],
  ["amount", "10.5", "10", "right"],
  ["amount", "9.5", "10", "right"],
  ["amount", "10.51", "10", "wrong"],
  ["amount", "10T/D", "10", "right"],
  ["amount", "0.5", "0", "right"],
  ["exact", "0.3", "0.3", "right"],
  ["exact", "0.30", "0.3", "right"],
  ["exact", "0.3001", "0.3", "wrong"],
  ["exact", "123456789012", "123456789012", "right"],
  ["percent", "95%", "95", "right"],
  ["percent", "95％", "95", "right"],
  ["integer", "7个", "7", "right"],
  ["integer", "7.0", "7", "right"],
  ["integer", "7", "8", "wrong"],
  ["degrees", "113.271", "113.265", "right"],
  ["degrees", "113.28", "113.265", "wrong"],
  ["yesno", "是", "是", "right"],
  ["yesno", " 是", "是", "right"],
  ["yesno", "否", "是", "wrong"],
  ["yesno", "空", "是", "wrong"],
  ["yesno", "", "是", undefined],
  ["choice", "运行", "运行", "right"],
  ["choice", "停产", "运行", "wrong"],
  ["choice", "a，＂ｂ＂", 'A,"B"', "right"],
  ["code", "91440101ma59abcd0x", "91440101MA59ABCD0X", "right"],
  ["code", "９１４４０１０１MA59ABCD0X", "91440101MA59ABCD0X", "right"],
  ["code", "007", "7", "wrong"],
  ["code", "1e3", "1000", "wrong"],
  ["date", "2010", "2010-01-01", "right"],
  ["date", "2010年", "2010-12-31", "right"],
  ["date", "2010", "2011-01-01", "wrong"],
  ["date", "2010-01", "2010-01-31", "right"],
  ["date", "2010-1", "2010-01-31", "right"],
  ["date", "2010年1月", "2010-01-31", "right"],
  ["date", "2010年1月", "2010-11-01", "wrong"],
  ["date", "2010.10", "2010-10-02", "right"],
  ["date", "201001", "2010-01-02", "right"],
  ["date", "2010/1/2", "2010-01-02", "right"],
  ["date", "２０１０年１月２日", "2010-01-02", "right"],
  ["date", "20100102", "2010-01-02", "right"],
  ["date", "2010-01-02", "2010-01-02", "right"],
  ["date", "2010-01-02", "2010-01-03", "wrong"],
  ["date", "2010-02-01", "2010-01-02", "wrong"],
  ["date", "10-01-02", "2010-01-02", "wrong"],
  ["date", "2010-13", "2010-01-02", "wrong"],
  ["date", "不详", "2010-01-02", "wrong"],
  ["date", "2", "2010-01-02", "wrong"],
  ["date", "空", "2010-01-02", "wrong"],
  ["date", "2010-05-01", "2010", "right"],
  ["date", "2010-05-01", "2010年5月", "right"],
  ["date", "2010-05-01", "2010年6月", "wrong"],
  ["date", "2010", "2010", "right"],
  ["date", "2010-05-01", "20100501", "right"],
  ["date", "20100501", "20100501", "right"],
  ["date", "201005", "20100501", "right"],
  ["date", "201006", "20100501", "wrong"],
  ["text", "金平区 A 路", "金平区Ａ路", "right"],
  ["text", "检修", "设备检修", "wrong"],
  ["text", "空", "检修", "wrong"],
  ["text", "空", "空", "wrong"],
];

test.each(PAIRS)("%s: reported “%s”, found “%s”", (kind, reported, found, verdict) => {
  expect(judge(indicatorOf(kind), reported, found)).toBe(verdict);
});

const WORDS = { right: "无误", wrong: "差错", uncopied: "待抄录" } as const;

test("the formulas of the workbook, for a value that was copied and for one of the ledger", async (context) => {
  if (!hasLibreOffice()) context.skip("soffice is not installed");
  const workbook = newWorkbook("judge");
  const sheet = workbook.addWorksheet("名录");
  const formula = (text: string) => {
    expect(text.length).toBeLessThan(8192 - 500);
    return { formula: text, result: "" };
  };
  for (const [i, [kind, reported, found]] of PAIRS.entries()) {
    const row = i + 1;
    const indicator = indicatorOf(kind);
    const isNumber = (text: string) => String(Number(text)) === text;
    put(sheet, row, 1, reported);
    put(sheet, row, 2, found);
    put(sheet, row, 3, isNumber(reported) ? Number(reported) : reported);
    put(sheet, row, 4, isNumber(found) && kind !== "code" ? Number(found) : found);
    // what is compared stands in cells of its own, or in the formula
    const [a, b, c, d] = ["A", "B", "C", "D"].map((column, index) => {
      const beside = `${"HIJK"[index]}${row}`;
      put(sheet, row, 8 + index, { formula: comparedText(`${column}${row}`), result: "", shape: column });
      return { cell: `${column}${row}`, text: index === 3 ? comparedText(`D${row}`) : beside };
    }) as [ComparedCell, ComparedCell, ComparedCell, ComparedCell];
    put(sheet, row, 5, formula(judgeFormula(indicator, a, b, WORDS)));
    put(sheet, row, 6, formula(judgeFormula(indicator, c, d, WORDS)));
    const known = reported.trim() === "" ? undefined : reported;
    put(sheet, row, 7, formula(judgeFormula(indicator, { ...a, known }, d, WORDS)));
  }
  const [from, to] = [join(scratch, "judge.xlsx"), join(scratch, "out")];
  writeFileSync(from, await toBytes(workbook));
  mkdirSync(to);
  saveByLibreOffice(from, to, "xlsx", join(scratch, "profile"));
  const rows = new Map((await rowsOf(join(to, "judge.xlsx"))).map(({ row, cells }) => [row, cells]));
  const shown = PAIRS.map(([kind, reported, found], i) => {
    const cells = rows.get(i + 1) ?? [];
    return [kind, reported, found, cells[4] ?? "", cells[5] ?? "", cells[6] ?? ""];
  });
  const due = PAIRS.map(([kind, reported, found, verdict]) => {
    const nothing = found.trim() === "" ? "" : WORDS.uncopied;
    const word = verdict === undefined ? nothing : WORDS[verdict];
    // 空 is no word of a ledger: what it means there is not asked
    return [kind, reported, found, word, word, reported === "空" && found === "空" ? "无误" : word];
  });
  expect(shown).toEqual(due);
}, 120_000);

describe("on the phone", () => {
  let phone: Phone;
  beforeAll(async () => {
    const files = await phoneForms(round, [source()], () => form);
    const xml = String([...files].find(([name]) => name.endsWith(".xml"))?.[1]);
    phone = await openOnPhone(xml, String(files.get("sources.csv")));
    phone.answer({ unit: source().id, team: "一", inspectors: "甲", outcome: "checked", location: "23 113 5 4" });
  });
  /** Whether 无误 is taken. */
  const takesRight = (kind: Kind, reported: string, found: string) => {
    const name = codeOf(kind).replace(".", "_");
    phone.answer({ [`${name}_reported`]: reported, [name]: found, [`${name}_result`]: "right" });
    const isTaken = !(`${name}_result` in phone.faults());
    phone.answer({ [`${name}_result`]: "wrong" });
    expect(`${name}_result` in phone.faults()).toBe(false);
    return isTaken;
  };
  /** What the phone takes as an answer at all: numbers, whole dates, choices. */
  const isAnswer = (kind: Kind, found: string) => {
    if (found !== found.trim()) return false;
    if (kind === "date") return /^\d{4}-\d\d-\d\d$/.test(found);
    return "type" in KINDS[kind] && !["number", "coordinate"].includes(KINDS[kind].type)
      ? true
      : /^-?[\d.]*$/.test(found);
  };
  const answers = PAIRS.filter(([kind, , found]) => isAnswer(kind, found));

  test.each(answers)("%s: reported “%s”, found “%s”", (kind, reported, found, verdict) => {
    const isRuled = kind === "text" || found === "";
    const isRight = isRuled ? !["", "空"].includes(reported.trim()) : verdict === "right";
    expect(takesRight(kind, reported, found)).toBe(isRight);
  });

  test("numbers of any size near the tolerance's edge, however the one reported is written", () => {
    const spellings: readonly ((text: string) => string)[] = [
      (text) => text,
      (text) => ` ${text} `,
      (text) => text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
      (text) => Number(text).toExponential().toUpperCase(),
      (text) => `${text}吨`,
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(0, 0.05, 0.0999, 0.1, 0.1001, 0.2, -0.0999, -0.1, -0.1001),
        fc.constantFrom(...spellings),
        (digits, places, off, spelt) => {
          const found = (digits / 10 ** places).toFixed(places);
          const reported = spelt(((digits * (1 + off)) / 10 ** places).toFixed(places + 5));
          const verdict = judge(indicatorOf("share"), reported, found);
          expect(takesRight("share", reported, found)).toBe(verdict === "right");
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("a tolerance is one of the value found, not of the value reported", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (found) => {
      expect(judge(indicatorOf("share"), String(found * 1.1), String(found))).toBe("right");
      expect(judge(indicatorOf("share"), String(found), String(found * 1.105))).toBe("right");
      expect(judge(indicatorOf("share"), String(found), String(found * 1.112))).toBe("wrong");
    }),
  );
});
