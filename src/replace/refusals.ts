/** What a replacement refuses, and why, in words an office can act on. */
import type { CurrentSample, CurrentUnit, Replacement } from "../draw/replacement.ts";
import {
  findReason,
  REPLACEMENT_REASONS,
  type ReplacementReason,
  reasonInWords,
  saysNotFoundOrRefuses,
} from "../reference/replacement-reasons.ts";
import type { Recorded } from "../round/recorded.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

/**
 * The reason that was given.
 * @param allowed the plan's list; all reasons where it has none
 * @throws ChouqianError E-REPLACE-NOT-A-REASON where a unit was not found or refuses, E-REPLACE-REASON for any other word
 */
export function parseReason(
  text: string | undefined,
  allowed: readonly ReplacementReason[] = REPLACEMENT_REASONS,
): ReplacementReason {
  const reason = text === undefined ? undefined : findReason(text);
  if (reason !== undefined && allowed.includes(reason)) return reason;
  const listed = allowed.map(reasonInWords);
  const advice = words(
    `可用的理由：${listed.map(({ zh }) => zh).join("、")}`,
    `reasons: ${listed.map(({ en }) => en).join(", ")}`,
  );
  if (reason !== undefined) {
    const { zh, en } = reasonInWords(reason);
    throw refusal("E-REPLACE-REASON", words(`方案不允许以“${zh}”为由替换`, `the plan does not allow ${en}`), advice);
  }
  if (text === undefined || text.trim() === "") {
    throw refusal("E-REPLACE-REASON", words("没有写替换理由 --reason", "there is no --reason"), advice);
  }
  if (saysNotFoundOrRefuses(text)) {
    throw refusal(
      "E-REPLACE-NOT-A-REASON",
      words(
        `“${text}”不是替换理由：找不到或拒绝核查的单位留在样本里，按差错计`,
        `"${text}" is no reason: a unit that is not found or refuses stays in the sample and counts as in error`,
      ),
      words(
        `在核查记录表里照实记录；评定时另列含与不含这类单位的两种结果。${advice.zh}`,
        `record it on its form; results are shown with and without such units. ${advice.en}`,
      ),
    );
  }
  throw refusal("E-REPLACE-REASON", words(`“${text}”不是替换理由`, `"${text}" is no reason`), advice);
}

/**
 * The unit, if it is one that can be replaced.
 * @throws ChouqianError E-REPLACE-UNIT, E-REPLACE-CERTAIN
 */
export function refuseUnit({ strata }: CurrentSample, id: string): CurrentUnit {
  const unit = strata.flatMap(({ units }) => units).find((each) => each.id === id);
  const see = words("draw/抽样名单.xlsx 列有全部样本单位及其代码", "draw/抽样名单.xlsx lists the units with their ids");
  if (unit === undefined) {
    throw refusal("E-REPLACE-UNIT", words(`${id} 没有被抽中`, `${id} was not drawn`), see);
  }
  if (unit.role === "certainty") {
    throw refusal(
      "E-REPLACE-CERTAIN",
      words(
        `${id} ${unit.name}是必查单位，不能替换：它不是抽签抽出的，只代表自己，没有单位能代表它`,
        `${id} is in the sample for certain and stands for itself alone: no other unit can stand in for it`,
      ),
      words("在它的核查记录表里照实记录情况和佐证", "record on its form what was found, with evidence"),
    );
  }
  if (unit.replaced !== undefined) {
    const by = unit.replaced.by?.id;
    throw refusal(
      "E-REPLACE-UNIT",
      words(
        `${id} 已经替换${by === undefined ? "，且该层已无单位可递补" : `，由 ${by} 递补`}`,
        `${id} is replaced already${by === undefined ? "; its stratum is exhausted" : ` by ${by}`}`,
      ),
      words(
        by === undefined ? "缺额列在样本现状.xlsx 中" : "要替换的若是递补单位，请写它的代码；要撤销请用 --undo",
        "give the id of the replacement to replace that one; --undo takes it back",
      ),
    );
  }
  if (!unit.isInSample) {
    throw refusal(
      "E-REPLACE-UNIT",
      words(`${id} 是备选，还没有进入样本，不用替换`, `${id} is a reserve that is not in the sample`),
      words("写样本中无法核查的那个单位的代码", "give the id of the unit of the sample that is to be replaced"),
    );
  }
  return unit;
}

/**
 * A unit that was inspected leaves the sample only for a reason that is told, whether its record stands or was taken back.
 * @param id of the unit that leaves: it is replaced, or its own coming in is undone
 * @param despite what was asked for, undefined where nothing was
 * @throws ChouqianError E-REPLACE-RECORDED, E-REPLACE-NOT-RECORDED
 */
export function refuseRecorded(id: string, recorded: Recorded | undefined, despite: string | undefined): void {
  if (recorded === undefined) {
    if (despite === undefined) return;
    throw refusal(
      "E-REPLACE-NOT-RECORDED",
      id === ""
        ? words("没有递补单位退出样本，不用 --despite-record", "no unit leaves: --despite-record has no place here")
        : words(`${id} 没有核查记录，不用 --despite-record`, `${id} has no record: --despite-record has no place here`),
      words("去掉 --despite-record", "leave --despite-record out"),
    );
  }
  if (recorded.why !== "") return;
  const { day, seq, dropped } = recorded;
  throw refusal(
    "E-REPLACE-RECORDED",
    dropped === undefined
      ? words(
          `${id} 已有核查记录（${day} 导入，日志第 ${seq} 行），它退出样本后这份记录不再计入`,
          `${id} has a record (imported on ${day}, line ${seq} of the journal), which would count no longer`,
        )
      : words(
          `${id} 有过核查记录（${day} 导入，日志第 ${seq} 行；${dropped.day} 撤回，第 ${dropped.seq} 行），没有重新录入`,
          `${id} had a record (imported on ${day}, line ${seq} of the journal; taken back on ${dropped.day}, line ${dropped.seq})`,
        ),
    words(
      "确应退出样本的，加 --despite-record 理由，评定报告会列出",
      "where it has to leave all the same: --despite-record WHY, which the evaluation tells",
    ),
  );
}

export function reasonMissing(): ChouqianError {
  return refusal(
    "E-REPLACE-REASON",
    words("撤销替换也要写理由 --reason", "undoing needs a --reason too"),
    words(
      '例如：--undo 单位代码 --reason "经复查该单位存在"',
      'such as: --undo ID --reason "it was found to exist after all"',
    ),
  );
}

export function nothingToUndo(id: string, { replacements }: CurrentSample): ChouqianError {
  const units = replacements.map(({ unit }) => unit);
  return refusal(
    "E-REPLACE-UNDO",
    words(`${id} 没有被替换，无可撤销`, `${id} is not replaced`),
    units.length === 0
      ? words("本轮没有替换记录", "nothing is replaced in this round")
      : words(`写被替换单位的代码：${units.join("、")}`, `give the id of a replaced unit: ${units.join(", ")}`),
  );
}

export function notLast(undone: Replacement, last: Replacement): ChouqianError {
  return refusal(
    "E-REPLACE-UNDO",
    words(
      `${undone.unit} 不是该层最后被替换的单位，不能先撤销`,
      `${undone.unit} is not the last that was replaced in its stratum`,
    ),
    words(
      `由后往前逐个撤销，先撤销 ${last.unit}；这样递补单位始终是排序中的前几位，谁也不能挑选`,
      `undo from the last backwards, ${last.unit} first; so those in use are always the first of the ranking`,
    ),
  );
}

/** The ranking went on after the replacement: its reserve cannot go back behind those drawn since. */
export function followedUp({ unit }: Replacement, seq: number): ChouqianError {
  return refusal(
    "E-REPLACE-UNDO",
    words(
      `${unit} 被替换之后该层已补充抽查（日志第 ${seq} 行），不能撤销`,
      `a follow-up was drawn in its stratum after ${unit} was replaced (line ${seq} of the journal)`,
    ),
    words(
      "递补单位和补充抽查的单位都留在样本中；两者一起评定",
      "both the replacement and the follow-up stay in the sample and are evaluated together",
    ),
  );
}

function refusal(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice });
}
