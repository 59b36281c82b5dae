/** What can be wrong with a filled form: one table of stable codes and what to do about each. */
import type { Place, Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

const CORRECT = words("改正标出的单元格后重新导入", "correct the marked cell and import again");
const RIGHT_FORM = words(
  "请用本轮次 forms 文件夹里的核查记录表填写；确属本轮次的，核对单位代码",
  "fill in the forms of this round (folder forms), or check the unit's id",
);
const LOOK = words("请核实；确无问题的不必处理", "look at it; nothing need be done where it is right");

/** Advice by code. Codes in W- are warned of; the record is taken. */
const ADVICE = {
  "E-RECORDS-OTHER-ROUND": RIGHT_FORM,
  "E-RECORDS-OLD-DRAW": words(
    "样本已重抽，旧表作废：把核查结果填到本次抽签的记录表上",
    "the draw was made again: fill in the forms of the present draw",
  ),
  "E-RECORDS-NOT-DRAWN": words(
    "只收抽中的单位；核对单位代码是否抄错",
    "only drawn units are taken; is the id written right?",
  ),
  "E-RECORDS-REPLACED": words("核查并填报递补的单位", "inspect the unit that stands in for it"),
  "E-RECORDS-RESERVE": words(
    "备选单位只在递补后核查：先 chouqian replace",
    "a reserve is inspected after a replacement only: chouqian replace",
  ),
  "E-RECORDS-NO-UNIT": words("补上单位代码后重新导入", "write the unit's id and import again"),
  "E-RECORDS-MIXED": words(
    "行与隐藏的标记错位或标记被清掉，多为只对部分列排序、清除或粘贴整行所致：撤销，或从原表重填",
    "rows and their hidden marks fell apart or marks were cleared, mostly by sorting some columns alone, clearing or pasting rows: undo it, or fill in a fresh form",
  ),
  "E-RECORDS-TORN": words("把另一次抽签的部分从这张表移走", "take the other draw's part out of the sheet"),
  "E-RECORDS-SHEET": words(
    "隐藏的标识被删去；旧版 .xls 只有 256 列，一行一家的表请存为 .xlsx",
    "its hidden marks are gone; an .xls has but 256 columns: save it as .xlsx",
  ),
  "E-RECORDS-VERSION": words(
    "请用本轮次 forms 文件夹里的记录表填写；表是新版程序发的，先升级本程序",
    "fill in the forms of this round; where a newer program made them, use that one",
  ),
  "E-RECORDS-LONG": words("写短些；详细情况另附材料", "write less; what is longer goes into a paper of its own"),
  "E-RECORDS-UNIT-UNCLEAR": words(
    "表内单位代码与工作簿的隐藏标识不一致：从原表重填这一家",
    "the id on the sheet is not that of the hidden identity: fill in a fresh form",
  ),
  "E-RECORDS-CODE": words("指标代码照记录表抄写，如 G101-1.01", "copy the code from the form, such as G101-1.01"),
  "E-RECORDS-INDICATOR": words("核对指标代码是否属于这一类污染源", "does the code belong to this class of source?"),
  "E-RECORDS-TEMPLATE": words(
    "用本轮次 forms 文件夹里的手机表单重新填写；表单文件不要改动",
    "fill in the phone form of this round (folder forms), and do not change its file",
  ),
  "E-RECORDS-ITEM-TWICE": words("同一指标只留一行", "keep one row for each indicator"),
  "E-RECORDS-CELL-ERROR": words(
    "单元格是公式错误值，改为直接填写结果",
    "the cell shows an error: type the value instead of a formula",
  ),
  "E-RECORDS-VALUE": CORRECT,
  "E-RECORDS-RANGE": words(
    "核对小数点和计量单位，改正后重新导入",
    "check decimal point and unit, correct it and import again",
  ),
  "E-RECORDS-OPTION": CORRECT,
  "E-RECORDS-RESULT": words("结果只填：无误、差错、不适用", "write 无误, 差错 or 不适用"),
  "E-RECORDS-NONE-APPLIES": words(
    "逐项填写核查值；没有查到的写核查去向：未找到、拒绝核查、已关停",
    "write the values found; where it was not checked, say so: 未找到, 拒绝核查, 已关停",
  ),
  "E-RECORDS-OUTCOME": words(
    "核查去向只填：已核查、未找到、拒绝核查、已关停",
    "write 已核查, 未找到, 拒绝核查 or 已关停",
  ),
  "E-RECORDS-DATE": words("日期写成 2019-09-30", "write a date as 2019-09-30"),
  "E-RECORDS-DATE-AHEAD": words(
    "核对年份；电脑的日期不对的，先改电脑的日期",
    "check the year; where the computer's own date is wrong, set that first",
  ),
  "E-RECORDS-TWICE": words(
    "同一家在这次导入中出现两次且内容不同：只留一份；另一组的复核用 --second 另行导入",
    "the unit stands twice with different contents: keep one; import another team's record with --second",
  ),
  "E-RECORDS-EXISTS": words(
    "确认以新的为准：加 --replace --reason 理由；另一组的复核：加 --second",
    "take the later one with --replace --reason TEXT; for another team's record use --second",
  ),
  "E-RECORDS-NO-FIRST": words("先导入第一组的记录", "import the first team's record first"),
  "E-RECORDS-NO-TEAM": words(
    "在“核查组”填上实际去的一组后重新导入；没有组别看不出是另一组核查的",
    "fill in the team that went there and import again: without it nobody sees that it is another one",
  ),
  "E-RECORDS-SAME-TEAM": words(
    "复核、裁定的记录应由另一组核查；表上印着原来那一组的，在“核查组”写上实际去的一组",
    "each record is another team's: where the form was printed for the first one, write the team that went there",
  ),
  "E-RECORDS-SAME-PERSONS": words(
    "复核、裁定的记录应由另外的人核查，至少有一人是另一次没有的，那一次也一样；“核查人员”写错的，改正后重新导入",
    "each record is made by other people, each of the two by somebody that the other has not: where the names are wrong, correct them and import again",
  ),
  "E-RECORDS-AREA-EXISTS": words(
    "确认以新的为准：加 --replace --reason 理由",
    "take the later one with --replace --reason TEXT",
  ),
  "E-RECORDS-AREA": words("小区的各项数目填整数", "write whole numbers"),
  "E-RECORDS-AREA-TWICE": words(
    "一个小区只有一份记录：核对后只留一份",
    "an area has one record: find out which holds, and keep that",
  ),
  "E-RECORDS-AREA-CITY": words(
    "地市写全名；与小区代码不符的，核对哪一个抄错",
    "write the city's name; where it is not the code's, which of the two is wrong?",
  ),
  "E-RECORDS-AREA-OUTSIDE": words(
    "只收本轮次各市的小区；核对地市和小区代码",
    "only areas of the round's cities are taken; are city and code right?",
  ),
  "E-RECORDS-AREA-SUM": words(
    "核对四项数目：发现合计里不是漏报的都在名录里，名录里的减去重复的是实有的家数",
    "look at the four counts: what was found is omitted or listed, and listed less duplicates are sources",
  ),
  "E-RECORDS-NOTHING": words(
    "请给出填好的核查记录表、手机表单（XML）或有表头的 CSV",
    "give filled record workbooks, phone submissions (XML) or a CSV with a head row",
  ),
  "W-RECORDS-CONTRADICTION": words(
    "以核查人员的判定计；请核实是否选错",
    "the inspector's judgement counts; was it chosen by mistake?",
  ),
  "W-RECORDS-OVERWRITTEN": words(
    "结果是算出来的，手工改写不算数；要改判请填“人工判定”栏，再导入",
    "results are reckoned, and what is typed over one does not count: write rulings into 人工判定 and import again",
  ),
  "W-RECORDS-REPORTED": words("以名录的填报值计；填报值不应改动", "the ledger's value counts: it is not to be changed"),
  "W-RECORDS-UNCOPIED": words(
    "填报值从普查表照抄后重新导入；普查表上应填未填的写“空”，计为差错。没有抄的，判了无误也按未核查计，不计对错",
    "copy the values from the census form and import again; write 空 where it was left empty, which is wrong. Until then they count as not checked, though they be said to be right",
  ),
  "W-RECORDS-UNCHECKED": words("未核查的指标不计对错；请补查", "what was not checked is neither right nor wrong"),
  "W-RECORDS-WAIVED": words(
    "查过的填核查值；确不适用的，在说明里写明理由：可照此收，进度和评定报告按家、市、组计数",
    "write the value found, or say why it does not apply: it may be taken so, and is counted by source, city and team",
  ),
  "W-RECORDS-ANSWERED": words(
    "以核查去向为准：全部关键指标按差错计，所填的结果不算。其实核查了的，把去向改为已核查后重新导入",
    "the outcome counts: all key indicators are wrong, whatever is filled in. Where it was checked, say 已核查 and import again",
  ),
  "W-RECORDS-CLOSED": words(
    "核实是否确已关停并留存证据；查得到的指标照填。已收下，不计入差错率，进度和评定报告按市、组计数",
    "see that it is closed, keep the proof, and fill in what can be checked: it was taken, is in no error rate, and is counted by city and team",
  ),
  "W-RECORDS-WAY": LOOK,
  "W-RECORDS-HEAD": words("请补填；没有核查去向的按已核查计", "fill it in; without an outcome it counts as checked"),
  "W-RECORDS-DATE-EARLY": words(
    "请核对年份；所填无误的不必处理",
    "check the year; nothing need be done where it is right",
  ),
  "W-RECORDS-ODD": words(
    "请再核对：与填报值不符的照此计为差错",
    "look again: where the reported value differs, it counts as wrong",
  ),
  "W-RECORDS-TEAM": words(
    "核对组别；临时另派的组可照此收，按所写的组名计数",
    "is the team right? One sent out besides may stand, and is counted by the name that is written",
  ),
  "W-RECORDS-INVISIBLE": words(
    "已去掉再比较，工作簿里自动判定的可能不同；最好在原表重新键入",
    "they are taken away before comparing, so that the workbook may judge otherwise; best type it anew",
  ),
  "W-RECORDS-BLANK": words("没有填写的单位不导入，仍列为未完成", "sources not filled in stay missing"),
} as const satisfies Readonly<Record<string, Words>>;

export type FaultCode = keyof typeof ADVICE;

/** @param plain the message without anything of the ledger, where it tells such a thing */
export function fault(code: FaultCode, zh: string, en: string, at: Place, plain?: Words): Problem {
  return { code, message: words(zh, en), at, advice: ADVICE[code], ...(plain === undefined ? {} : { plain }) };
}

/**
 * A fault that names a unit: by its id and its name, the name being left out of `plain`.
 * @param say the message, given the unit, and whether it must tell no names
 */
export function unitFault(
  code: FaultCode,
  { id, name }: { readonly id: string; readonly name: string },
  say: (unit: string, isPlain: boolean) => Words,
  at: Place,
): Problem {
  const { zh, en } = say(name === "" ? id : `${id} ${name}`, false);
  return fault(code, zh, en, at, say(id, true));
}

export function adviceOf(code: FaultCode): Words {
  return ADVICE[code];
}

export function isError({ code }: Problem): boolean {
  return code.startsWith("E-");
}
