/**
 * The catalogue of checks on ledger rows. `E-` keeps a row out of the frame, for it cannot be identified or placed;
 * `W-` warns and leaves it in, for faulty rows are what an inspection looks for; `N-` only notes.
 */
import type { Place, Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

interface Check {
  readonly message: Words;
  readonly advice: Words;
}

const check = (zh: string, en: string, zhAdvice: string, enAdvice: string): Check => ({
  message: words(zh, en),
  advice: words(zhAdvice, enAdvice),
});

export const CHECKS = {
  "E-FRAME-NO-ID": check(
    "没有统一社会信用代码（或普查对象识别码）",
    "the row has no id",
    "补填代码；没有信用代码的对象填普查对象识别码",
    "fill in the code; objects without a credit code carry a census id",
  ),
  "E-FRAME-DUPLICATE-ID": check(
    "代码重复：同一代码出现在多行",
    "the same id stands in several rows",
    "核对是否重复报送；确属同一单位的只留一行，不同厂址请加两位识别码",
    "keep one row; for several sites of one firm add a two-digit suffix",
  ),
  "E-FRAME-ID-DAMAGED": check(
    "代码被 Excel 变成了科学计数法，后几位已经丢失",
    "the id was turned into a rounded number by a spreadsheet program",
    "把该列设为“文本”格式，从原系统重新导出",
    "export again with the column set to text",
  ),
  "E-FRAME-CITY": check(
    "不认识的地市",
    "unknown city",
    "填写广东省 21 个地级以上市之一的名称（可不带“市”）或六位代码",
    "give the name or six-digit code of one of Guangdong's 21 cities",
  ),
  "E-FRAME-CLASS": check(
    "不认识的污染源类别",
    "unknown class of source",
    "填写工业源、农业源、生活源、集中式污染治理设施或移动源",
    "give one of the five classes",
  ),
  "E-FRAME-SURPLUS-CELLS": check(
    "这一行的单元格比表头多，各列可能错位",
    "the row has more cells than there are headings, so its columns may be shifted",
    "检查是否有多余的逗号或分隔符，对齐各列",
    "look for a surplus separator and put the columns right",
  ),
  "W-FRAME-CREDIT-CODE": check(
    "统一社会信用代码的校验位不对（GB 32100-2015）",
    "the credit code's check character is wrong (GB 32100-2015)",
    "对照营业执照核对；该行仍留在抽样框中",
    "compare with the licence; the row stays in the frame",
  ),
  "W-FRAME-NOT-CREDIT-CODE": check(
    "不是 18 位统一社会信用代码",
    "not an 18-character credit code",
    "有信用代码的请改正；确无代码的对象可用普查对象识别码，该行仍留在抽样框中",
    "correct it where there is one; the row stays in the frame",
  ),
  "W-FRAME-COUNTY": check(
    "县区不在该市的区划代码表中",
    "the county is not one of this city's divisions",
    "改为法定县区名称；功能区请注明所在县区，该行仍留在抽样框中",
    "give the statutory county; the row stays in the frame",
  ),
  "W-FRAME-NO-COUNTY": check(
    "没有填写县区",
    "the row names no county",
    "补填县区；按县区抽样时这些行单独成层",
    "fill it in; draws by county put such rows into a stratum of their own",
  ),
  "W-FRAME-NO-NAME": check(
    "没有单位名称",
    "the row has no name",
    "补填单位详细名称；该行仍留在抽样框中",
    "fill it in; the row stays in the frame",
  ),
  "W-FRAME-STATUS": check(
    "运行状态不是运行、停产、关闭、其他之一",
    "the operating status is none of the four",
    "改为规定的四种状态之一；该行仍留在抽样框中",
    "correct it; the row stays in the frame",
  ),
  "W-FRAME-INDUSTRY": check(
    "行业代码不在 GB/T 4754-2017 小类中",
    "the industry code is no class of GB/T 4754-2017",
    "核对行业代码版本；该行仍留在抽样框中",
    "check the edition of the code; the row stays in the frame",
  ),
  "W-FRAME-GARBLED": check(
    "含乱码字符（U+FFFD），原字已经丢失",
    "the text holds U+FFFD: characters were lost before",
    "从原系统按正确编码重新导出；该行仍留在抽样框中",
    "export again in the right encoding; the row stays in the frame",
  ),
  "W-FRAME-INVISIBLE": check(
    "含看不见的控制字符",
    "the text holds invisible characters",
    "删除该字符；该行仍留在抽样框中",
    "remove them; the row stays in the frame",
  ),
  "N-FRAME-ID-FOLDED": check(
    "代码中的全角或小写字符已按半角大写处理",
    "full-width or lower-case characters of the id were folded",
    "建议在名录中改为半角大写",
    "write it in half-width capitals",
  ),
  "N-FRAME-FULL-WIDTH": check(
    "单位名称含全角字母或数字",
    "the name holds full-width letters or digits",
    "建议改为半角；名称按原样保留",
    "write them half-width; the name is kept as it is",
  ),
} as const satisfies Record<`${"E" | "W" | "N"}-FRAME-${string}`, Check>;

export type CheckCode = keyof typeof CHECKS;

/** A problem of the catalogue at a place; `detail` is added to the message. */
export function problemOf(code: CheckCode, at: Place, detail?: Words): Problem {
  const { message, advice } = CHECKS[code];
  const full = detail === undefined ? message : words(`${message.zh}（${detail.zh}）`, `${message.en} (${detail.en})`);
  return { code, message: full, at, advice };
}

/** Whether a problem keeps its row out of the frame. */
export function isRefusal(problem: Problem): boolean {
  return problem.code.startsWith("E-");
}
