/** `chouqian records import`: takes filled forms back, and says what was taken and what not. */
import type { Command } from "commander";
import { gistOf } from "../records/gist.ts";
import { type Imported, importRecords } from "../records/import-records.ts";
import type { Versions } from "../records/merge.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, type Words, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { dayOf, sayCells, shownCells, unitLabel } from "./records-cells.ts";
import type { Terminal } from "./terminal.ts";

interface ImportFlags {
  readonly replace?: true;
  readonly reason?: string;
  readonly second?: true;
  readonly acceptGood?: true;
}

export function importCommand(say: Say, language: Language): Command {
  return makeCommand(
    "import",
    say,
    words(
      "导入填好的核查记录表（xlsx）、手机表单（XML）或 CSV；文件怎样改名、拆并都行",
      "import filled workbooks, phone submissions (XML) or CSV, in any arrangement",
    ),
    "chouqian -C 2019年9月核查 records import 回收/ 汕头补报.xlsx",
  )
    .argument("<files...>", say("文件或文件夹", "files or folders"))
    .option(
      "--replace",
      say("已有的记录以这次的为准，逐格列出不同；须写理由", "let these take the place of what is there"),
    )
    .option(
      "--reason <text>",
      say("替换的理由，写入日志（与 --replace 同用）", "why, with --replace; goes into the journal"),
    )
    .option("--second", say("这是另一组的复核记录，与第一次的并存", "another team's records, beside the first"))
    .option("--accept-good", say("有错的退回，没有错误的先收下（默认一家也不收）", "take the sources without fault"))
    .action(async (files: string[], flags: ImportFlags, self: Command) => {
      if (flags.reason !== undefined && flags.replace !== true) throw strayReason();
      const { terminal, round, actor } = contextOf(self, language);
      const options = {
        replace: flags.replace === true,
        reason: flags.reason,
        second: flags.second === true,
        acceptGood: flags.acceptGood === true,
        today: dayOf(actor),
      };
      const imported = await importRecords(round(), actor, files, options, terminal.progress);
      terminal.done();
      sayImported(imported, terminal);
      if (imported.refusal !== undefined) throw imported.refusal;
    });
}

/** A reason that would go nowhere: whoever gives one means to replace. */
function strayReason(): ChouqianError {
  return new ChouqianError("E-USAGE-OPTION", {
    message: words("--reason 只与 --replace 同用", "--reason goes with --replace alone"),
    advice: words(
      "以这次的为准：加 --replace；不替换已有记录的，去掉 --reason",
      "to let these take the place of what is there add --replace, else leave --reason out",
    ),
  });
}

function sayImported(imported: Imported, terminal: Terminal): void {
  const { added, unchanged, replaced, unsettled, areas, replacedAreas, warnings, refusal, conflicts, returned } =
    imported;
  const result = resultOf(imported, terminal);
  if (refusal === undefined) terminal.result(result);
  else refusal.result = result;
  const label = (unit: string) => unitLabel(unit, imported.nameOf(unit), terminal);
  sayChanges(replaced, words("已替换", "replaced"), label, terminal);
  sayChanges(conflicts, words("未替换", "not replaced"), label, terminal);
  sayPassedOver(imported.passedOver, terminal);
  for (const path of returned) terminal.line(words(`退回：${path}`, `goes back: ${path}`));
  if (refusal !== undefined && added.length + replaced.length + replacedAreas.length + areas === 0) return;
  const parts = [
    [added.length, "新收 ", " 家", "new"],
    [replaced.length, "替换 ", " 家", "replaced"],
    [unchanged, "与已有的相同 ", " 家", "unchanged"],
    [areas, "普查小区 ", " 个", "areas"],
    [replacedAreas.length, "替换普查小区 ", " 个", "areas replaced"],
  ] as const;
  const told = parts.filter(([count], i) => count > 0 || i === 0);
  terminal.line(
    words(
      `✓ ${told.map(([count, before, after]) => `${before}${count}${after}`).join("，")}`,
      `✓ ${told.map(([count, , , name]) => `${count} ${name}`).join(", ")}`,
    ),
  );
  for (const unit of unsettled) {
    terminal.line(words(`  ! ${label(unit)} 的裁定已失效，须重新裁定`, `  ! ${label(unit)} has to be settled again`));
  }
  if (refusal === undefined && warnings.length > 0) {
    terminal.line(words(`请核实 ${warnings.length} 处：`, `${warnings.length} things to look at:`));
    terminal.problems(warnings, words("加 --json 列出全部", "--json lists them all"), gistOf(warnings));
  }
  terminal.line(
    words("  看进度：chouqian -C 轮次文件夹 records status", "  progress: chouqian -C ROUND records status"),
  );
}

/** Pictures come with forms by the hundred. */
const PICTURE = /\.(jpe?g|png|gif|bmp|webp|heic|tiff?|mp4|mov)$/i;

/** Files that were not read: each by name, for a form may be among them; pictures by number. */
function sayPassedOver(names: readonly string[], terminal: Terminal): void {
  const others = names.filter((name) => !PICTURE.test(name));
  const pictures = names.length - others.length;
  if (pictures > 0) terminal.line(words(`图片未读：${pictures} 个`, `pictures, not read: ${pictures}`));
  for (const name of others) {
    terminal.line(
      words(`不是表格，未读：${name}（是记录表的，另存为 xlsx）`, `no table, not read: ${name} (save a form as xlsx)`),
    );
  }
}

/** What scripts get, whether all was taken or not. */
function resultOf(imported: Imported, terminal: Terminal): object {
  const { files, passedOver, added, unchanged, replaced, unsettled, areas, replacedAreas, warnings, returned } =
    imported;
  return {
    files,
    passedOver,
    added,
    unchanged,
    replaced: replaced.map(({ after: { unit }, changes }) => ({ unit, changes: shownCells(changes, terminal) })),
    unsettled,
    areas,
    replacedAreas,
    warnings: warnings.map((problem) => {
      const { code, message, at } = terminal.shown(problem);
      return { code, message: terminal.say(message), at };
    }),
    returned,
  };
}

function sayChanges(
  versions: readonly Versions[],
  what: Words,
  label: (unit: string) => string,
  terminal: Terminal,
): void {
  for (const { after, changes } of versions) {
    const named = label(after.unit);
    terminal.line(words(`${what.zh} ${named}，${changes.length} 格不同：`, `${what.en}: ${named}`));
    sayCells(changes, terminal);
  }
}
