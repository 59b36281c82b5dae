/** `chouqian frame`: checks and locks ledgers. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { keepAnswered } from "../frame/answered-list.ts";
import { namedLedgers } from "../frame/ledger-paths.ts";
import { checkLedgers, lockFrame, writeProblemList } from "../frame/lock-frame.ts";
import { roundPaths } from "../round/round.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { lockTableCommand } from "./database-options.ts";
import { diffCommand } from "./frame-diff.ts";
import { mapCommand } from "./frame-map.ts";
import { profileCommand } from "./frame-profile.ts";
import { type ReadingFlags, reading, readingOptions, sayMapping } from "./frame-reading.ts";
import { sayProblems, sayReading, summaryForScripts } from "./frame-report.ts";
import { checksCommand, exportCommand, showCommand } from "./frame-show.ts";
import { outputFile } from "./output-file.ts";
import { unlockCommand } from "./start-again.ts";

export function frameCommand(say: Say, language: Language): Command {
  const frame = makeCommand(
    "frame",
    say,
    words("抽样框：检查、锁定、查看、导出名录", "the sampling frame: check, lock, show, export"),
    "chouqian -C 2019年9月核查 frame lock 名录.csv",
  );
  frame.addCommand(checkCommand(say, language));
  frame.addCommand(lockCommand(say, language));
  frame.addCommand(unlockCommand(say, language));
  frame.addCommand(lockTableCommand(say, language));
  frame.addCommand(mapCommand(say, language));
  frame.addCommand(showCommand(say, language));
  frame.addCommand(exportCommand(say, language));
  frame.addCommand(checksCommand(say, language));
  frame.addCommand(profileCommand(say, language));
  frame.addCommand(diffCommand(say, language));
  return frame;
}

function checkCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "check",
    say,
    words("检查名录，列出全部问题，不改动轮次", "check ledgers and list every problem; changes nothing"),
    "chouqian frame check 名录.csv --output 问题清单.xlsx",
  );
  return reading(command, say)
    .option(
      "--output <file>",
      say("问题清单的文件名（默认当前文件夹的 问题清单.xlsx）", "file for the list of problems"),
    )
    .action(async (files: string[], flags: ReadingFlags & { readonly output?: string }, self: Command) => {
      const { terminal, folder } = contextOf(self, language);
      const output = flags.output ?? join(existsSync(roundPaths(folder).config) ? folder : ".", "问题清单.xlsx");
      outputFile(output, "xlsx", { inputs: namedLedgers(files).map(({ path }) => path), rounds: [folder] });
      sayMapping(terminal, flags, folder);
      const built = await checkLedgers(files, readingOptions(flags, folder), terminal.progress);
      terminal.done();
      // A list of an earlier check would pass for this one's.
      const kept = await keepAnswered(output);
      if (built.problems.length > 0) await writeProblemList(output, built);
      else rmSync(output, { force: true });
      const { problems, excludedRows } = built;
      terminal.result({
        ...summaryForScripts(built.lock, excludedRows),
        problemList: problems.length > 0 ? output : null,
        problems: problems
          .map((problem) => terminal.shown(problem))
          .map(({ code, at, message }) => ({ code, at, message: terminal.say(message) })),
      });
      sayReading(terminal, built.lock, excludedRows);
      sayProblems(terminal, built);
      if (problems.length > 0) terminal.line(words(`全部问题写在：${output}`, `all problems: ${output}`));
      if (kept !== undefined) {
        terminal.line(
          words(`  原有的清单填过处理结果，改名为 ${kept}`, `  the list that had been filled in is now ${kept}`),
        );
      }
      if (excludedRows === 0) {
        const clean = words("✓ 没有发现问题，可以锁定", "✓ no problem found: it can be locked");
        const usable = words(
          "✓ 可以锁定：提醒的行仍留在抽样框中",
          "✓ it can be locked: rows that are warned of stay in the frame",
        );
        terminal.output(`${terminal.say(problems.length === 0 ? clean : usable)}\n`);
        return;
      }
      const refused = words(
        `✗ ${excludedRows} 行无法识别或归类，锁定前须改正，或用 frame lock --exclude-problem-rows 排除`,
        `✗ ${excludedRows} rows must be mended, or left out by frame lock --exclude-problem-rows`,
      );
      terminal.output(`${terminal.say(refused)}\n`);
      process.exitCode = 3;
    });
}

function lockCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "lock",
    say,
    words("读入名录并锁定为抽样框", "read ledgers and lock them as the frame"),
    "chouqian -C 2019年9月核查 frame lock 广州.csv 汕头.xlsx --exclude-problem-rows",
  );
  return reading(command, say)
    .option(
      "--exclude-problem-rows",
      say(
        "把无法识别或归类的行排除在外（逐行记录）",
        "leave out rows that cannot be identified or placed, each recorded",
      ),
    )
    .action(async (files: string[], flags: ReadingFlags & { readonly excludeProblemRows?: boolean }, self: Command) => {
      const { terminal, actor, round, folder } = contextOf(self, language);
      const exclude = flags.excludeProblemRows === true;
      sayMapping(terminal, flags, folder);
      const built = await lockFrame(round(), actor, files, readingOptions(flags, folder), exclude, terminal.progress);
      terminal.done();
      terminal.result(summaryForScripts(built.lock));
      sayReading(terminal, built.lock);
      sayProblems(terminal, built);
      terminal.line(
        words(
          `✓ 抽样框已锁定：${built.lock.units} 个对象，摘要 ${built.lock.frameDigest}`,
          `✓ frame locked: ${built.lock.units} units, digest ${built.lock.frameDigest}`,
        ),
      );
      if (built.problems.length > 0) {
        terminal.line(words("  问题清单：frame/问题清单.xlsx", "  list of problems: frame/问题清单.xlsx"));
      }
      terminal.line(
        words(
          "下一步：plan check 看方案，seed add 收集种子，或直接 draw --seed 文字",
          "next: plan check, seed add, or draw --seed TEXT",
        ),
      );
    });
}
