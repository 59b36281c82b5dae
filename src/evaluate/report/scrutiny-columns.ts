/** The sheets of 评定汇总.xlsx on what a reader should look at twice. */
import { teamInWords } from "../../records/team.ts";
import { divisionName } from "../../reference/divisions.ts";
import { REASONS } from "../../reference/replacement-reasons.ts";
import type { Column } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import type { ReplacedRecord, ScrutinySource } from "../evaluation.ts";
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

export const REPLACED_NOTE = "替换时已有核查记录的单位：记录不计入，由递补的单位代替。";
export const REPLACED_COLUMNS: readonly Column<ReplacedRecord>[] = [
  { heading: "市", width: 12, value: ({ city }) => divisionName(city) },
  { heading: "单位代码", width: 24, style: STYLES.code, value: ({ unit }) => unit },
  { heading: "记录的导入日期", width: 14, style: STYLES.centred, value: ({ imported }) => imported },
  { heading: "替换理由", width: 14, style: STYLES.centred, value: ({ reason }) => REASONS[reason].name.zh },
  { heading: "递补单位", width: 24, style: STYLES.code, value: ({ by }) => by ?? "无" },
  { heading: "为何仍替换", width: 52, value: ({ why }) => why || "没有写明" },
];
