/** `chouqian records status`: how far the records have come, and what to look at twice. */
import type { Command } from "commander";
import { type Part, type RecordsStatus, recordsStatus } from "../records/status.ts";
import { inWords, statusPdf } from "../records/status-pdf.ts";
import { teamInWords } from "../records/team.ts";
import { writeFileAtomically } from "../round/files.ts";
import { lineOnPaper } from "../round/journal.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { outputFile } from "./output-file.ts";
import { NAME_WIDTH, sayAgreement, unitLabel } from "./records-cells.ts";
import { fitted, type Terminal } from "./terminal.ts";

export function statusCommand(say: Say, language: Language): Command {
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
      const { whole, cities, teams, areas, unread, areasBack, revisions, journal } = status;
      const twice = { pairs: status.pairs.length, agreement: status.agreement };
      const waived = status.sources.flatMap(({ source: { id, cityName }, team, waived: indicators }) =>
        indicators === 0 ? [] : [{ unit: id, city: cityName, team, indicators }],
      );
      const closed = status.sources.flatMap(({ source: { id, cityName }, team, isClosedAgainstLedger }) =>
        isClosedAgainstLedger ? [{ unit: id, city: cityName, team }] : [],
      );
      const told = { revisions, waived, closedAgainstLedger: closed };
      terminal.result({ whole, cities, teams, areas, unread, areasBack, ...told, ...twice, journal });
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
            `另有 ${unread.length} 个文件退回而认不出是哪些单位的${whole.missing > 0 ? "，这些单位仍计作未交" : ""}：${names}`,
            `${unread.length} files were sent back that could not be read${whole.missing > 0 ? "; their sources count as missing" : ""}: ${names}`,
          ),
        );
      }
      if (areasBack.length > 0) {
        const names = areasBack.join("、");
        terminal.line(words(`普查小区核查表退回待改：${names}`, `checks of census areas sent back: ${names}`));
      }
      sayWaived(status, terminal);
      sayClosed(status, terminal);
      sayRevisions(status, terminal);
      if (status.pairs.length > 0) sayAgreement(status, terminal);
      const line = lineOnPaper(journal);
      terminal.line(
        words(
          `日志末行 ${line}（记在纸上，以后 verify --journal-line ${line}）`,
          `journal ends at ${line} (verify --journal-line)`,
        ),
      );
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
      words("不适用", "waived"),
      words("关停", "closed"),
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
        part.waived.indicators,
        part.closedAgainstLedger,
        part.nonResponse,
      ];
    }),
  );
}

/** Sources of a list shown on the screen. */
const MOST_SHOWN = 20;

/** Sources of which indicators are said not to apply though the template does not say so, the most first. */
function sayWaived({ whole, sources }: RecordsStatus, terminal: Terminal): void {
  const some = sources.filter(({ waived }) => waived > 0).sort((a, b) => b.waived - a.waived);
  if (some.length === 0) return;
  const { indicators } = whole.waived;
  terminal.line(
    words(
      `把模板要求核查的指标写成不适用：${some.length} 家，${indicators} 项${some.length > MOST_SHOWN ? `，项数多的 ${MOST_SHOWN} 家（--json 列出全部）` : ""}：`,
      `said not to apply against the template: ${indicators} indicators of ${some.length} sources:`,
    ),
  );
  terminal.table(
    [words("  单位", "  unit"), words("地市", "city"), words("组", "team"), words("项数", "indicators")],
    some
      .slice(0, MOST_SHOWN)
      .map(({ source: { id, name, cityName }, team, waived }) => [
        `  ${unitLabel(id, fitted(name, NAME_WIDTH), terminal)}`,
        cityName,
        teamInWords(team),
        waived,
      ]),
  );
}

/** Sources said to be closed with nothing checked, though the ledger says that they run. */
function sayClosed({ sources }: RecordsStatus, terminal: Terminal): void {
  const some = sources.filter(({ isClosedAgainstLedger }) => isClosedAgainstLedger);
  if (some.length === 0) return;
  terminal.line(
    words(
      `已关停而名录为运行、一项也没有核查（不计入差错率）：${some.length} 家${some.length > MOST_SHOWN ? `，前 ${MOST_SHOWN} 家（--json 列出全部）` : ""}：`,
      `said to be closed with nothing checked, the ledger having them run: ${some.length} sources:`,
    ),
  );
  terminal.table(
    [words("  单位", "  unit"), words("地市", "city"), words("组", "team")],
    some
      .slice(0, MOST_SHOWN)
      .map(({ source: { id, name, cityName }, team }) => [
        `  ${unitLabel(id, fitted(name, NAME_WIDTH), terminal)}`,
        cityName,
        teamInWords(team),
      ]),
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
