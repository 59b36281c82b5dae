/** The sheets of 评定汇总.xlsx on what a reader should look at twice. */
import { teamInWords } from "../../records/team.ts";
import { divisionName } from "../../reference/divisions.ts";
import { REASONS } from "../../reference/replacement-reasons.ts";
import type { Column } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import type { DroppedRecord, ReplacedRecord, ScrutinySource, SettledSource } from "../scrutinised.ts";
import { COUNT } from "./sheet-kit.ts";

export const SCRUTINY_NOTE =
  "改录：首次导入之后，记录又被替换，或撤回后重新录入。不适用：模板没有给适用条件，或适用条件成立，却写了不适用的指标，不计对错。已关停：名录为运行，去向写已关停而一项也没有核查，不计入差错率。";
export const SCRUTINY_COLUMNS: readonly Column<ScrutinySource>[] = [
  { heading: "市", width: 12, value: ({ city }) => divisionName(city) },
  { heading: "核查组", width: 12, value: ({ team }) => teamInWords(team) },
  { heading: "单位代码", width: 24, style: STYLES.code, value: ({ unit }) => unit },
  { heading: "改录次数", width: 9, style: COUNT, value: ({ revisions }) => revisions },
  { heading: "不适用项数", width: 10, style: COUNT, value: ({ waived }) => waived },
  {
    heading: "已关停",
    width: 8,
    style: STYLES.centred,
    value: ({ isClosedAgainstLedger }) => (isClosedAgainstLedger ? "√" : ""),
  },
  { heading: "改录的理由", width: 60, value: ({ reasons }) => reasons.join("；") },
];

export const REPLACED_NOTE =
  "退出样本时已有或有过核查记录的单位：记录不计入，由代替它的单位代替。理由为“撤销替换”的是递补单位，代替它的是回到样本的单位。";
export const REPLACED_COLUMNS: readonly Column<ReplacedRecord>[] = [
  { heading: "市", width: 12, value: ({ city }) => divisionName(city) },
  { heading: "单位代码", width: 24, style: STYLES.code, value: ({ unit }) => unit },
  { heading: "记录的导入日期", width: 14, style: STYLES.centred, value: ({ imported }) => imported },
  { heading: "退出前撤回", width: 12, style: STYLES.centred, value: ({ dropped }) => dropped ?? "" },
  {
    heading: "替换理由",
    width: 14,
    style: STYLES.centred,
    value: ({ reason }) => (reason === null ? "撤销替换" : REASONS[reason].name.zh),
  },
  { heading: "代替它的单位", width: 24, style: STYLES.code, value: ({ by }) => by ?? "无" },
  { heading: "为何仍退出", width: 48, value: ({ why }) => why || "没有写明" },
];

export const DROPPED_NOTE = "撤回（records drop）后没有重新录入的核查记录；原表和撤回的记录留存在 records 文件夹。";
export const DROPPED_COLUMNS: readonly Column<DroppedRecord>[] = [
  { heading: "市", width: 12, value: ({ city }) => divisionName(city) },
  { heading: "单位代码", width: 24, style: STYLES.code, value: ({ unit }) => unit },
  { heading: "录入", width: 10, style: STYLES.centred, value: ({ isSecond }) => (isSecond ? "第二次" : "第一次") },
  { heading: "导入日期", width: 12, style: STYLES.centred, value: ({ imported }) => imported },
  { heading: "撤回日期", width: 12, style: STYLES.centred, value: ({ dropped }) => dropped },
  { heading: "撤回的理由", width: 60, value: ({ reason }) => reason },
];

/** Whose record settles, as a sheet says it. */
const SETTLED_BY = { first: "第一次", second: "第二次", third: "第三份" } as const;

export const SETTLED_NOTE = "两次录入后经裁定的单位，以裁定的记录计入；项数为关键指标。";
export const SETTLED_COLUMNS: readonly Column<SettledSource>[] = [
  { heading: "市", width: 12, value: ({ city }) => divisionName(city) },
  { heading: "单位代码", width: 24, style: STYLES.code, value: ({ unit }) => unit },
  { heading: "以哪份为准", width: 12, style: STYLES.centred, value: ({ by }) => SETTLED_BY[by] },
  { heading: "第一次：差错", width: 12, style: COUNT, value: ({ first }) => first.e },
  { heading: "第一次：核查", width: 12, style: COUNT, value: ({ first }) => first.m },
  { heading: "裁定：差错", width: 12, style: COUNT, value: ({ settled }) => settled.e },
  { heading: "裁定：核查", width: 12, style: COUNT, value: ({ settled }) => settled.m },
];
