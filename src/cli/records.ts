/** `chouqian records`: what came back from the inspections. */
import type { Command } from "commander";
import { Option } from "commander";
import { inOrderOfWeight } from "../records/agreement.ts";
import { missingWorkbook } from "../records/missing-workbook.ts";
import { settleSource } from "../records/settle.ts";
import { isOutstanding, type Part, type RecordsStatus, recordsStatus, stateInWords } from "../records/status.ts";
import { inWords, statusPdf } from "../records/status-pdf.ts";
import { teamInWords } from "../records/team.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { outputFile } from "./output-file.ts";
import { dayOf, sayCells, shownCells, unitLabel } from "./records-cells.ts";
import { dropCommand } from "./records-drop.ts";
import { importCommand } from "./records-import.ts";
import { fitted, type Terminal } from "./terminal.ts";

export function recordsCommand(say: Say, language: Language): Command {
  const records = makeCommand(
    "records",
    say,
    words(
      "回收核查记录：导入、进度、未交、比对、裁定、撤回",
      "records of inspections: import, status, missing, compare, settle, drop",
    ),
    "chouqian -C 2019年9月核查 records import 回收/",
  );
  for (const command of [importCommand, statusCommand, missingCommand, compareCommand, settleCommand, dropCommand]) {
    records.addCommand(command(say, language));
  }
  return records;
}

function statusCommand(say: Say, language: Language): Command {
  return makeCommand(
    "status",
    say,
    words("各市、各组已收、退回、未交多少家", "what is done, sent back and missing, by city and team"),
    "chouqian -C 2019年9月核查 records status --output 回收进度.pdf",
  )
    .option("--output <file>", say("另存一份带进度条的 PDF", "also write a PDF with bars"))
    .action(async ({ output }: { output?: string }, self: Command) => {
      if (output !== undefined) outputFile(output, "pdf", { rounds: [contextOf(self, language).folder] });
      const { terminal, round } = contextOf(self, language);
      const opened = round();
      const status = await recordsStatus(opened);
      const { whole, cities, teams, areas, unread, revisions } = status;
      const twice = { pairs: status.pairs.length, agreement: status.agreement };
      terminal.result({ whole, cities, teams, areas, unread, revisions, ...twice });
      sayParts(words("地市", "city"), cities, terminal);
      if (teams.length > 0) sayParts(words("核查组", "team"), teams, terminal);
      terminal.line(
        words(
          inWords(whole, areas),
          `${whole.done} of ${whole.total} done (${whole.partial} not complete), ${whole.missing} missing`,
        ),
      );
      if (unread.length > 0) {
        const names = unread.join("、");
        terminal.line(
          words(
            `另有 ${unread.length} 个文件退回而认不出是哪些单位的，这些单位仍计作未交：${names}`,
            `${unread.length} files were sent back that could not be read; their sources count as missing: ${names}`,
          ),
        );
      }
      sayRevisions(status, terminal);
      if (status.pairs.length > 0) sayAgreement(status, terminal);
      if (output === undefined) return;
      writeFileAtomically(output, await statusPdf(opened.config.name, status));
      terminal.line(words(`已写 ${output}`, `written: ${output}`));
    });
}

const BAR = 20;

function sayParts(heading: { zh: string; en: string }, parts: readonly Part[], terminal: Terminal): void {
  const none = terminal.say(words("（未分组）", "(none)"));
  terminal.table(
    [
      heading,
      words("进度", "progress"),
      words("已收", "done"),
      words("应收", "of"),
      words("退回", "back"),
      words("未交", "missing"),
      words("未填全", "partial"),
      words("替换", "replaced"),
      words("改录", "revised"),
      words("未找到、拒查", "no answer"),
    ],
    parts.map((part) => {
      const done = part.total === 0 ? 0 : Math.floor((BAR * part.done) / part.total);
      const back = part.total === 0 ? 0 : Math.ceil((BAR * part.returned) / part.total);
      const bar = `${"█".repeat(done)}${"▒".repeat(Math.min(back, BAR - done))}`.padEnd(BAR, "░");
      return [
        part.name === "" ? none : teamInWords(part.name),
        bar,
        part.done,
        part.total,
        part.returned,
        part.missing,
        part.partial,
        part.replaced,
        part.revised,
        part.nonResponse,
      ];
    }),
  );
}

/** Records that are not those that came in first: which, how and why. */
function sayRevisions({ revisions, sources }: RecordsStatus, terminal: Terminal): void {
  if (revisions.length === 0) return;
  const names = new Map(sources.map(({ source }) => [source.id, source.name]));
  terminal.line(words(`改录 ${revisions.length} 次：`, `${revisions.length} revisions:`));
  terminal.table(
    [
      words("  单位或小区", "  unit or area"),
      words("怎样", "how"),
      words("格数", "cells"),
      words("理由", "reason"),
      words("日志行", "line"),
    ],
    revisions.map(({ id, how, cells, reason, seq }) => [
      `  ${unitLabel(id, fitted(names.get(id) ?? "", NAME_WIDTH), terminal)}`,
      terminal.say(how === "replaced" ? words("替换", "replaced") : words("撤回后重录", "taken back, entered anew")),
      cells ?? "",
      reason,
      seq,
    ]),
  );
}

/** Columns of a terminal that a name may take, so that a line of the missing fits eighty. */
const NAME_WIDTH = 28;

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
      sayCells(changes, terminal, [words("第一次", "first"), words("第二次", "second")]);
    }
    const same = pairs.length - others.length;
    if (same > 0) terminal.line(words(`两次相同 ${same} 家`, `${same} the same both times`));
    sayAgreement(status, terminal);
  });
}

function sayAgreement({ pairs, agreement }: RecordsStatus, terminal: Terminal): void {
  const { judged, same, rate, kappa } = agreement;
  const open = pairs.filter(({ differs, settled }) => differs && settled === undefined).length;
  if (rate === undefined) {
    terminal.line(words("没有两组都判定的指标", "no indicator was judged twice"));
    return;
  }
  const percent = `${(100 * rate).toFixed(1)}%`;
  const k = kappa === undefined ? words("无法计算", "undefined") : words(kappa.toFixed(3), kappa.toFixed(3));
  terminal.line(
    words(
      `两次记录 ${pairs.length} 家，${judged} 个指标，一致率 ${percent}（${same}/${judged}），κ = ${k.zh}；待裁定 ${open} 家`,
      `${pairs.length} sources entered twice, ${judged} indicators, agreement ${percent}, kappa ${k.en}; ${open} to settle`,
    ),
  );
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
