/** `chouqian records`: what came back from the inspections. */
import type { Command } from "commander";
import { Option } from "commander";
import { inOrderOfWeight } from "../records/agreement.ts";
import { missingWorkbook } from "../records/missing-workbook.ts";
import { VISIT_NAMES } from "../records/record.ts";
import { settleSource } from "../records/settle.ts";
import { isOutstanding, recordsStatus, stateInWords } from "../records/status.ts";
import { teamInWords } from "../records/team.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { dayOf, NAME_WIDTH, sayAgreement, sayCells, shownCells, unitLabel } from "./records-cells.ts";
import { dropCommand } from "./records-drop.ts";
import { importCommand } from "./records-import.ts";
import { restoreCommand } from "./records-restore.ts";
import { statusCommand } from "./records-status.ts";
import { fitted } from "./terminal.ts";

export function recordsCommand(say: Say, language: Language): Command {
  const records = makeCommand(
    "records",
    say,
    words(
      "回收核查记录：导入、进度、未交、比对、裁定、撤回、恢复",
      "records of inspections: import, status, missing, compare, settle, drop, restore",
    ),
    "chouqian -C 2019年9月核查 records import 回收/",
  );
  for (const command of [
    importCommand,
    statusCommand,
    missingCommand,
    compareCommand,
    settleCommand,
    dropCommand,
    restoreCommand,
  ]) {
    records.addCommand(command(say, language));
  }
  return records;
}

function missingCommand(say: Say, language: Language): Command {
  return makeCommand(
    "missing",
    say,
    words("列出未交、退回待改和未填全的单位", "sources whose records are missing or not complete"),
    "chouqian -C 2019年9月核查 records missing --xlsx 未交清单.xlsx",
  )
    .option("--xlsx <file>", say("写成工作簿，可发各市催交", "write a workbook to send out"))
    .action(async ({ xlsx }: { xlsx?: string }, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      const opened = round();
      const { sources } = await recordsStatus(opened);
      const missing = sources.filter(isOutstanding);
      const partial = missing.filter(({ state }) => state === "done").length;
      const name = (text: string) => (terminal.voice.redact ? "…" : text);
      terminal.result({
        missing: missing.map(({ source: { id, cityName }, state, uncheckedKeys, team }) => ({
          unit: id,
          city: cityName,
          team,
          state: state === "done" ? "partial" : state,
          uncheckedKeys,
        })),
      });
      if (xlsx === undefined) {
        terminal.table(
          [
            words("地市", "city"),
            words("组", "team"),
            words("单位代码", "unit"),
            words("名称", "name"),
            words("情况", "state"),
          ],
          missing.map((each) => [
            each.source.cityName,
            teamInWords(each.team),
            each.source.id,
            fitted(name(each.source.name), NAME_WIDTH),
            terminal.say(stateInWords(each)),
          ]),
        );
      } else {
        writeFileAtomically(xlsx, await missingWorkbook(opened.config.name, missing));
        terminal.line(words(`已写 ${xlsx}`, `written: ${xlsx}`));
      }
      const out = missing.length - partial;
      const more =
        partial === 0 ? words("", "") : words(`；已收而未填全的 ${partial} 家`, `; ${partial} not filled in fully`);
      terminal.line(words(`未收到合格记录的 ${out} 家${more.zh}`, `${out} sources without a record${more.en}`));
    });
}

function compareCommand(say: Say, language: Language): Command {
  return makeCommand(
    "compare",
    say,
    words("两组记录的一致率和 κ 系数，逐格列出不同", "agreement of sources entered twice, and where they differ"),
    "chouqian -C 2019年9月核查 records compare",
  ).action(async (_: object, self: Command) => {
    const { terminal, round } = contextOf(self, language);
    const status = await recordsStatus(round());
    const pairs = inOrderOfWeight(status.pairs);
    const names = new Map(status.sources.map(({ source: { id, name } }) => [id, name]));
    const shown = pairs.map(({ unit, first, second, settled, differs, changes }) => ({
      unit,
      teams: [first.team, second.team],
      differs,
      settled: settled !== undefined,
      changes: shownCells(changes, terminal),
    }));
    terminal.result({ pairs: shown, agreement: status.agreement });
    const others = pairs.filter(({ changes }) => changes.length > 0);
    for (const { unit, changes, settled, differs } of others) {
      const open = settled === undefined ? words("未裁定", "not settled") : words("已裁定", "settled");
      const state = differs ? open : words("判定相同，不必裁定", "the same judgements, nothing to settle");
      const named = unitLabel(unit, names.get(unit) ?? "", terminal);
      terminal.line(
        words(
          `${named}：${changes.length} 格不同，${state.zh}`,
          `${named}: ${changes.length} cells differ, ${state.en}`,
        ),
      );
      sayCells(changes, terminal, [VISIT_NAMES.first, VISIT_NAMES.second]);
    }
    const same = pairs.length - others.length;
    if (same > 0) terminal.line(words(`两次相同 ${same} 家`, `${same} the same both times`));
    sayAgreement(status, terminal);
  });
}

function settleCommand(say: Say, language: Language): Command {
  return makeCommand(
    "settle",
    say,
    words("裁定两次记录不同的一家：用第一次、第二次，或第三份记录", "settle a source that was entered twice"),
    "chouqian -C 2019年9月核查 records settle 91440511MA513YLA1A --use second",
  )
    .argument("<unit>", say("单位代码", "id of the unit"))
    .addOption(
      new Option(
        "--use <which>",
        say("first、second，或第三份记录的文件", "first, second, or a file"),
      ).makeOptionMandatory(),
    )
    .action(async (unit: string, { use }: { use: string }, self: Command) => {
      const { terminal, round, actor } = contextOf(self, language);
      const { unit: id, source } = await settleSource(round(), actor, unit, use, dayOf(actor));
      terminal.result({ unit: id, use, source });
      terminal.line(words(`✓ ${id} 已裁定，以${source.file}为准`, `✓ ${id} is settled by ${source.file}`));
    });
}
