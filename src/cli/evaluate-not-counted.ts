/** What `evaluate` says of records that do not count, or came about otherwise than by a first record of all that is asked. */
import type { Evaluation } from "../evaluate/evaluation.ts";
import { progressOf } from "../evaluate/in-words.ts";
import { wholeOf } from "../evaluate/scrutiny.ts";
import { words } from "../text/words.ts";
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
  if (scrutiny.replaced.length > 0) {
    const listed = scrutiny.replaced.slice(0, MOST_LISTED);
    const rest = scrutiny.replaced.length - listed.length;
    terminal.line(
      words(
        `! ${scrutiny.replaced.length} 家在已有核查记录之后被替换，记录不计入：replace 列出理由`,
        `! ${scrutiny.replaced.length} were replaced though they had a record, which does not count: see replace`,
      ),
    );
    for (const { unit, imported } of listed) {
      terminal.line(words(`  ${unit}，记录 ${imported} 导入`, `  ${unit}, recorded on ${imported}`));
    }
    if (rest > 0) terminal.line(words(`  其余 ${rest} 家略`, `  and ${rest} more`));
  }
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
