/** What `evaluate` says of records that do not count, or came about otherwise than by a first record of all that is asked. */
import type { Evaluation } from "../evaluate/evaluation.ts";
import { progressOf } from "../evaluate/in-words.ts";
import type { Scrutiny } from "../evaluate/scrutinised.ts";
import { wholeOf } from "../evaluate/scrutiny.ts";
import { type Words, words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

/** Units so listed before the rest is counted. */
const MOST_LISTED = 10;

/** Records that are there and do not count, or may come to count otherwise. */
export function sayNotCounted(evaluation: Evaluation, terminal: Terminal): void {
  const { verdicts, scrutiny, counts } = evaluation;
  const { unsettled, outsideSample } = counts;
  const { revised, waivedSources, waivedIndicators, closedAgainstLedger } = wholeOf(scrutiny);
  // Cities of which nothing came back are told of by themselves.
  const open = verdicts.filter(({ outstanding, recorded }) => outstanding > 0 && recorded > 0);
  if (open.length > 0) {
    const list = open.map((each) => `${each.name} ${progressOf(each)}`);
    terminal.line(
      words(
        `! 还有没有记录的，这些市的评定是暂时的（已有/应查）：${list.join("、")}`,
        `! without a record yet, verdicts are for the time being (recorded/sample): ${list.join(", ")}`,
      ),
    );
  }
  if (unsettled > 0) {
    terminal.line(
      words(
        `! ${unsettled} 家两次录入不同而未裁定，暂以第一次为准：records compare、settle`,
        `! ${unsettled} entered twice, different and not settled; the first counts: records compare, settle`,
      ),
    );
  }
  if (outsideSample > 0) {
    terminal.line(
      words(
        `! ${outsideSample} 家有记录而不在现有样本里（已替换，或未启用的备选），未计入`,
        `! ${outsideSample} recorded that are not in the sample now (replaced, or reserves not in use) do not count`,
      ),
    );
  }
  sayTakenOut(scrutiny, terminal);
  if (revised + scrutiny.revisedAreas > 0) {
    terminal.line(
      words(
        `! ${revised} 家、${scrutiny.revisedAreas} 个普查小区的记录在首次导入之后改录过：records status 列出理由`,
        `! records of ${revised} sources and ${scrutiny.revisedAreas} areas were revised: see records status`,
      ),
    );
  }
  if (waivedSources > 0) {
    terminal.line(
      words(
        `! ${waivedSources} 家把模板要求核查的 ${waivedIndicators} 项写成不适用，不计对错：records status 列出`,
        `! ${waivedIndicators} indicators of ${waivedSources} sources are said not to apply: see records status`,
      ),
    );
  }
  if (closedAgainstLedger > 0) {
    terminal.line(
      words(
        `! 已关停 ${closedAgainstLedger} 家（名录为运行），一项也没有核查，不计入差错率：records status 列出`,
        `! ${closedAgainstLedger} sources are said to be closed, unchecked; the ledger has them running: see records status`,
      ),
    );
  }
}

/** Records that count no longer because their unit left or they were taken back, and those that others settled. */
function sayTakenOut({ replaced, dropped, settled, droppedAreas }: Scrutiny, terminal: Terminal): void {
  if (replaced.length > 0) {
    terminal.line(
      words(
        `! ${replaced.length} 家在已有核查记录之后被替换，记录不计入：replace 列出理由`,
        `! ${replaced.length} were replaced though they had a record, which does not count: see replace`,
      ),
    );
    sayListed(replaced, terminal, ({ unit, imported, dropped: day }) =>
      words(
        `  ${unit}，记录 ${imported} 导入${day === null ? "" : `，${day} 撤回`}`,
        `  ${unit}, recorded on ${imported}${day === null ? "" : `, taken back on ${day}`}`,
      ),
    );
  }
  if (dropped.length > 0) {
    terminal.line(
      words(
        `! ${dropped.length} 份核查记录撤回后没有重新录入，不计入：理由见评定汇总.xlsx`,
        `! ${dropped.length} records were taken back and did not come in again: see 评定汇总.xlsx for the reasons`,
      ),
    );
    sayListed(dropped, terminal, ({ unit, isSecond, reason, dropped: day }) => {
      const [why, whyEn] = terminal.voice.redact ? ["", ""] : [`：${reason}`, `: ${reason}`];
      return words(
        `  ${unit}${isSecond ? "（第二次录入）" : ""}，${day} 撤回${why}`,
        `  ${unit}${isSecond ? " (second entry)" : ""}, taken back on ${day}${whyEn}`,
      );
    });
  }
  if (droppedAreas > 0) {
    terminal.line(
      words(
        `! ${droppedAreas} 个普查小区的核查数撤回后没有重新录入，不计入漏报重报：补录或在报告中说明`,
        `! checks of ${droppedAreas} areas were taken back and did not come in again: import them, or say why`,
      ),
    );
  }
  if (settled.length > 0) {
    const others = settled.filter(({ by }) => by !== "first").length;
    terminal.line(
      words(
        `! ${settled.length} 家两次录入后经裁定，其中 ${others} 家不以第一次为准，请复核：records compare 列出`,
        `! ${settled.length} entered twice were settled, ${others} otherwise than by the first: see records compare`,
      ),
    );
  }
}

function sayListed<Each>(all: readonly Each[], terminal: Terminal, inWords: (each: Each) => Words): void {
  for (const each of all.slice(0, MOST_LISTED)) terminal.line(inWords(each));
  const rest = all.length - MOST_LISTED;
  if (rest > 0) terminal.line(words(`  其余 ${rest} 家略`, `  and ${rest} more`));
}
