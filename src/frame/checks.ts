/**
 * The catalogue of checks on ledger rows. `E-` keeps a row out of the frame, for it cannot be identified or placed;
 * `W-` warns and leaves it in, for faulty rows are what an inspection looks for; `N-` only notes.
 */
import type { Place, Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

interface Check {
  readonly message: Words;
  readonly advice: Words;
  /** A value of which it speaks. */
  readonly example: string;
}

const check = (zh: string, en: string, zhAdvice: string, enAdvice: string, example: string): Check => ({
  message: words(zh, en),
  advice: words(zhAdvice, enAdvice),
  example,
});

export const CHECKS = {
  "E-FRAME-NO-ID": check(
    "没有统一社会信用代码（或普查对象识别码）",
    "the row has no id",
    "补填代码；没有信用代码的对象填普查对象识别码",
    "fill in the code; objects without a credit code carry a census id",
    "（空）",
  ),
  "E-FRAME-DUPLICATE-ID": check(
    "代码重复：同一代码出现在多行",
    "the same id stands in several rows",
    "核对是否重复报送；确属同一单位的只留一行，不同厂址请加两位识别码",
    "keep one row; for several sites of one firm add a two-digit suffix",
    "91440511MA513YLA1A 出现在第 17 行和第 4021 行",
  ),
  "E-FRAME-ID-DAMAGED": check(
    "代码被 Excel 变成了科学计数法，后几位已经丢失",
    "the id was turned into a rounded number by a spreadsheet program",
    "把该列设为“文本”格式，从原系统重新导出",
    "export again with the column set to text",
    "9.14405E+17；914405151931358000",
  ),
  "E-FRAME-CITY": check(
    "不认识的地市",
    "unknown city",
    "填写广东省 21 个地级以上市之一的名称（可不带“市”）或六位代码",
    "give the name or six-digit code of one of Guangdong's 21 cities",
    "广州县",
  ),
  "E-FRAME-CLASS": check(
    "不认识的污染源类别",
    "unknown class of source",
    "填写工业源、农业源、生活源、集中式污染治理设施或移动源",
    "give one of the five classes",
    "噪声源",
  ),
  "E-FRAME-SURPLUS-CELLS": check(
    "这一行的单元格比表头多，各列可能错位",
    "the row has more cells than there are headings, so its columns may be shifted",
    "检查是否有多余的逗号或分隔符，对齐各列",
    "look for a surplus separator and put the columns right",
    "表头 10 列，这一行 11 格",
  ),
  "E-FRAME-HEADING-ROW": check(
    "这一行是重复的表头",
    "the row repeats the headings",
    "多半是几份表首尾相接时留下的；删去该行",
    "it was left when tables were put together; delete it",
    "统一社会信用代码，单位详细名称，…",
  ),
  "E-FRAME-TOTAL-ROW": check(
    "这一行是合计或小计，不是普查对象",
    "the row holds totals, not a unit",
    "删去该行",
    "delete it",
    "合计，12000，…",
  ),
  "W-FRAME-CREDIT-CODE": check(
    "统一社会信用代码的校验位不对（GB 32100-2015）",
    "the credit code's check character is wrong (GB 32100-2015)",
    "对照营业执照核对；该行仍留在抽样框中",
    "compare with the licence; the row stays in the frame",
    "91440511MA513YLA1B",
  ),
  "W-FRAME-NOT-CREDIT-CODE": check(
    "不是 18 位统一社会信用代码",
    "not an 18-character credit code",
    "有信用代码的请改正；确无代码的对象可用普查对象识别码，该行仍留在抽样框中",
    "correct it where there is one; the row stays in the frame",
    "L123",
  ),
  "W-FRAME-CREDIT-CATEGORY": check(
    "统一社会信用代码的前两位不是已有的登记管理部门和机构类别",
    "the credit code's first two characters name no registering authority and category",
    "对照营业执照核对；该行仍留在抽样框中",
    "compare with the licence; the row stays in the frame",
    "94440511MA513YLA1A",
  ),
  "W-FRAME-CREDIT-DIVISION": check(
    "统一社会信用代码第 3–8 位不是已有的登记地区划",
    "characters 3 to 8 of the credit code are no registration division",
    "对照营业执照核对；该行仍留在抽样框中",
    "compare with the licence; the row stays in the frame",
    "91449911MA513YLA1A",
  ),
  "W-FRAME-MISSING-CELLS": check(
    "这一行的单元格比表头少，各列可能错位",
    "the row has fewer cells than there are headings, so its columns may be shifted",
    "检查是否漏了分隔符，或一行被断成两行；该行仍留在抽样框中",
    "look for a missing separator or a broken row; the row stays in the frame",
    "表头 10 列，这一行 7 格",
  ),
  "W-FRAME-CELLS-BESIDE": check(
    "表头以外的列有内容，没有读入",
    "cells stand in columns without a heading; they are not read",
    "给这一列加上列名，或删去旁边的批注；该行仍留在抽样框中",
    "give the column a heading or delete what stands beside the table; the row stays in the frame",
    "表头到 J 列，L17 写着“待核”",
  ),
  "W-FRAME-COUNTY": check(
    "县区不在该市的区划代码表中",
    "the county is not one of this city's divisions",
    "改为法定县区名称；功能区请注明所在县区，该行仍留在抽样框中",
    "give the statutory county; the row stays in the frame",
    "仲恺高新区",
  ),
  "W-FRAME-NO-COUNTY": check(
    "没有填写县区",
    "the row names no county",
    "补填县区；按县区抽样时这些行单独成层",
    "fill it in; draws by county put such rows into a stratum of their own",
    "（空）",
  ),
  "W-FRAME-NO-NAME": check(
    "没有单位名称",
    "the row has no name",
    "补填单位详细名称；该行仍留在抽样框中",
    "fill it in; the row stays in the frame",
    "（空）",
  ),
  "W-FRAME-STATUS": check(
    "运行状态不是运行、停产、关闭、其他之一",
    "the operating status is none of the four",
    "改为规定的四种状态之一；该行仍留在抽样框中",
    "correct it; the row stays in the frame",
    "营业中",
  ),
  "W-FRAME-NO-STATUS": check(
    "没有填写运行状态",
    "the row has no operating status",
    "填运行、停产、关闭或其他；该行仍留在抽样框中",
    "fill it in; the row stays in the frame",
    "（空）",
  ),
  "W-FRAME-INDUSTRY-ZERO": check(
    "行业代码丢了开头的 0（被当作数字保存）",
    "the industry code has lost its leading zero, as numbers do",
    "把该列设为“文本”格式，补上 0；该行仍留在抽样框中",
    "set the column to text and put the zero back; the row stays in the frame",
    "610，应为 0610",
  ),
  "W-FRAME-INDUSTRY": check(
    "行业代码不在 GB/T 4754-2017 小类中",
    "the industry code is no class of GB/T 4754-2017",
    "核对行业代码版本；该行仍留在抽样框中",
    "check the edition of the code; the row stays in the frame",
    "9999",
  ),
  "W-FRAME-STATUS-REASON": check(
    "关闭或其他状态没有说明原因",
    "a closed or other unit has no reason",
    "逐一写明原因并备好佐证材料；该行仍留在抽样框中",
    "state the reason; the row stays in the frame",
    "其他，原因（空）",
  ),
  "W-FRAME-NO-REASON-COLUMN": check(
    "名录有关闭或其他状态的单位，却没有说明原因的列",
    "the ledger has closed or other units, but no column for the reason",
    "补一列“状态说明”，逐一写明原因；这些行仍留在抽样框中",
    "add a column for the reason; the rows stay in the frame",
    "关闭 120 行，名录只有“运行状态”列",
  ),
  "W-FRAME-INDUSTRY-CLASS": check(
    "行业代码与类别不符：工业源应在 06–46 大类（4620 污水处理属集中式），农业源应在 01–05 大类",
    "the industry does not fit the class: industrial sources are of divisions 06–46 less sewage treatment, agricultural ones of 01–05",
    "核对类别和行业代码；该行仍留在抽样框中",
    "check class and code; the row stays in the frame",
    "工业源，4620；农业源，1711",
  ),
  "W-FRAME-DIVISION": check(
    "区划代码不存在或不属于所填地市",
    "the area code is unknown or not of the row's city",
    "核对区划代码和地市；该行仍留在抽样框中",
    "check code and city; the row stays in the frame",
    "地市 汕头，区划代码 440106",
  ),
  "W-FRAME-NO-COORDINATES": check(
    "缺少经度或纬度",
    "longitude or latitude is missing",
    "补填坐标；该行仍留在抽样框中",
    "fill it in; the row stays in the frame",
    "（空）",
  ),
  "W-FRAME-COORDINATES-DMS": check(
    "经纬度写成了度分秒",
    "the coordinates are in degrees, minutes, seconds",
    "换算为十进制度；该行仍留在抽样框中",
    "write decimal degrees; the row stays in the frame",
    "113°15′20″；113 15 20",
  ),
  "W-FRAME-COORDINATES-SWAPPED": check(
    "经度和纬度写反了",
    "longitude and latitude are swapped",
    "对调两列；该行仍留在抽样框中",
    "swap them; the row stays in the frame",
    "经度 23.1，纬度 113.3",
  ),
  "W-FRAME-COORDINATES-OUTSIDE": check(
    "坐标在广东省范围（东经 109.6–117.4，北纬 20.1–25.6）之外",
    "the coordinates lie outside Guangdong (109.6–117.4 E, 20.1–25.6 N)",
    "现场重新定位；该行仍留在抽样框中",
    "locate it again; the row stays in the frame",
    "经度 13.3，纬度 23.1",
  ),
  "W-FRAME-COORDINATES-CITY": check(
    "坐标不在所填地市范围内",
    "the coordinates lie outside the row's city",
    "核对坐标和地市（按各市外接矩形放宽约 5 公里判断）；该行仍留在抽样框中",
    "check coordinates and city (judged by the box around the city); the row stays in the frame",
    "地市 汕头，经度 113.3，纬度 23.1",
  ),
  "W-FRAME-NUMBER": check(
    "数值列不是纯数字（含单位、千分位或文字）",
    "a figure is no plain number",
    "只填数字，单位写在表头；该行仍留在抽样框中",
    "write the number alone; the row stays in the frame",
    "约300头；1,234.5",
  ),
  "W-FRAME-NEGATIVE": check(
    "数值为负",
    "a figure is negative",
    "核对原始凭证；该行仍留在抽样框中",
    "check it; the row stays in the frame",
    "-5",
  ),
  "W-FRAME-FORMULA-ERROR": check(
    "单元格是出错的公式",
    "the cell holds a formula that failed",
    "在原表中改正公式或填入数值；该行仍留在抽样框中",
    "mend the formula; the row stays in the frame",
    "#N/A",
  ),
  "W-FRAME-SAME-PLACE": check(
    "同名同址的单位有不同代码，疑似重复报送",
    "a unit of the same name at the same address has another id",
    "核对是否同一单位；确属重复的删去一行，该行仍留在抽样框中",
    "check whether they are one unit; the row stays in the frame",
    "91440511MA513YLA1A 与 91440500192875062E",
  ),
  "W-FRAME-ID-TWO-NAMES": check(
    "同一代码有两个单位名称",
    "one id carries two names",
    "核对哪个名称属于该代码，另一行改正代码或名称",
    "find out which name belongs to the id and mend the other row",
    "91440511MA513YLA1A：甲厂、乙厂",
  ),
  "W-FRAME-LIKE-NAME": check(
    "同一县区里有名称相近的单位，疑似重复报送",
    "a unit of the same county has a like name",
    "对照“疑似重复”表逐对判断；该行仍留在抽样框中",
    "judge the pairs in the list; the row stays in the frame",
    "广州甲厂（有限责任公司）与 甲厂有限公司",
  ),
  "W-FRAME-GARBLED": check(
    "含乱码字符（U+FFFD），原字已经丢失",
    "the text holds U+FFFD: characters were lost before",
    "从原系统按正确编码重新导出；该行仍留在抽样框中",
    "export again in the right encoding; the row stays in the frame",
    "汕头��厂",
  ),
  "W-FRAME-INVISIBLE": check(
    "含看不见的控制字符",
    "the text holds invisible characters",
    "删除该字符；该行仍留在抽样框中",
    "remove them; the row stays in the frame",
    "甲厂〔U+200B〕",
  ),
  "N-FRAME-ID-FOLDED": check(
    "代码中的全角或小写字符已按半角大写处理",
    "full-width or lower-case characters of the id were folded",
    "建议在名录中改为半角大写",
    "write it in half-width capitals",
    "91440500x1754934xB",
  ),
  "N-FRAME-CREDIT-COUNTY": check(
    "统一社会信用代码第 3–8 位不是广东省现有或曾有的县区",
    "characters 3 to 8 of the credit code are no county of Guangdong, present or former",
    "对照营业执照核对；开发区等功能区登记的代码可能如此",
    "compare with the licence; zones register under such codes",
    "91440199MA513YLA1X",
  ),
  "N-FRAME-FULL-WIDTH": check(
    "单位名称含全角字母或数字",
    "the name holds full-width letters or digits",
    "建议改为半角；名称按原样保留",
    "write them half-width; the name is kept as it is",
    "ＡＢＣ甲厂",
  ),
} as const satisfies Record<`${"E" | "W" | "N"}-FRAME-${string}`, Check>;

export type CheckCode = keyof typeof CHECKS;

/** A problem of the catalogue at a place; `detail` is added to the message. */
export function problemOf(code: CheckCode, at: Place, detail?: Words): Problem {
  const { message, advice } = CHECKS[code];
  const full = detail === undefined ? message : words(`${message.zh}（${detail.zh}）`, `${message.en} (${detail.en})`);
  return detail === undefined ? { code, message, at, advice } : { code, message: full, at, advice, plain: message };
}

/** Whether a problem of this code keeps its row out of the frame. */
export function isRefusal(code: string): boolean {
  return code.startsWith("E-");
}
