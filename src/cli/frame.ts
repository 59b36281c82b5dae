/** `chouqian frame`: checks and locks ledgers, shows and exports the frame. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type Command, Option } from "commander";
import type { BuiltFrame } from "../frame/build.ts";
import { CHECKS } from "../frame/checks.ts";
import { parseColumnMap } from "../frame/columns.ts";
import { checkLedgers, lockFrame, writeProblemList } from "../frame/lock-frame.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import { openFrame, parseBlockKey } from "../frame/locked.ts";
import { ENCODINGS, type Encoding } from "../frame/source-file.ts";
import type { ReadingOptions } from "../frame/tables.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { roundPaths } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, type Words, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { CLASS_HEADINGS } from "./shared.ts";
import type { Terminal } from "./terminal.ts";

interface ReadingFlags {
  readonly map: readonly string[];
  readonly encoding?: Encoding;
}

export function frameCommand(say: Say, language: Language): Command {
  const frame = makeCommand(
    "frame",
    say,
    words("抽样框：检查、锁定、查看、导出名录", "the sampling frame: check, lock, show, export"),
    "chouqian -C 2019年9月核查 frame lock 名录.csv",
  );
  frame.addCommand(checkCommand(say, language));
  frame.addCommand(lockCommand(say, language));
  frame.addCommand(showCommand(say, language));
  frame.addCommand(exportCommand(say, language));
  frame.addCommand(checksCommand(say, language));
  return frame;
}

function reading(command: Command, say: Say): Command {
  return command
    .argument(
      "<file...>",
      say("名录文件：CSV（UTF-8、GB18030）或 XLSX，可写多个", "ledgers: CSV (UTF-8, GB18030) or XLSX"),
    )
    .option(
      "--map <field=heading>",
      say("指定列名，可重复，如 --map id=社会信用代码；多列相连写 id=代码+顺序码", "name a column; may be repeated"),
      (value: string, all: readonly string[]) => [...all, value],
      [] as readonly string[],
    )
    .addOption(
      new Option("--encoding <name>", say("指定 CSV 的编码（默认自动识别）", "encoding of CSV files")).choices(
        ENCODINGS,
      ),
    );
}

function readingOptions({ map, encoding }: ReadingFlags): ReadingOptions {
  return { map: parseColumnMap(map, loadLedgerFields()), encoding, names: new Map() };
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
      const built = await checkLedgers(files, readingOptions(flags), terminal.progress);
      terminal.done();
      const output = flags.output ?? join(existsSync(roundPaths(folder).config) ? folder : ".", "问题清单.xlsx");
      if (built.problems.length > 0) await writeProblemList(output, built);
      const { lock, problems } = built;
      terminal.result({
        ...summaryForScripts(lock),
        problemList: problems.length > 0 ? output : null,
        problems: problems.map(({ code, at, message }) => ({ code, at, message: terminal.say(message) })),
      });
      sayReading(terminal, lock);
      sayProblems(terminal, built);
      if (problems.length > 0) terminal.line(words(`全部问题写在：${output}`, `all problems: ${output}`));
      if (lock.excluded.length === 0) return;
      terminal.line(
        words(
          `✗ ${lock.excluded.length} 行无法识别或归类，锁定前须改正，或用 frame lock --exclude-problem-rows 排除`,
          `✗ ${lock.excluded.length} rows must be mended, or left out by frame lock --exclude-problem-rows`,
        ),
      );
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
      const { terminal, actor, round } = contextOf(self, language);
      const exclude = flags.excludeProblemRows === true;
      const built = await lockFrame(round(), actor, files, readingOptions(flags), exclude, terminal.progress);
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

function showCommand(say: Say, language: Language): Command {
  return makeCommand(
    "show",
    say,
    words("显示锁定的抽样框：各市各类的数量和摘要", "show the locked frame: units by city and class"),
    "chouqian -C 2019年9月核查 frame show",
  ).action(async (_: object, self: Command) => {
    const { terminal, round } = contextOf(self, language);
    const frame = await openFrame(round());
    frame.close();
    const { lock } = frame;
    terminal.result({ ...summaryForScripts(lock), blocks: lock.blocks });
    sayReading(terminal, lock);
    const cities = [...new Set(lock.blocks.map(({ key }) => key.slice(0, 6)))];
    const count = (key: string) => lock.blocks.find((block) => block.key === key)?.count ?? 0;
    terminal.table(
      [words("地市", "city"), ...CLASS_HEADINGS, words("合计", "total")],
      cities.map((city) => {
        const counts = SOURCE_CLASSES.map((name) => count(`${city}/${name}`));
        return [`${city} ${divisionName(city)}`, ...counts, counts.reduce((sum, n) => sum + n, 0)];
      }),
    );
    terminal.line(words(`抽样框摘要 ${lock.frameDigest}`, `frame digest ${lock.frameDigest}`));
  });
}

function exportCommand(say: Say, language: Language): Command {
  return makeCommand(
    "export",
    say,
    words(
      "导出一个块（市/类别）的规范文本表，其 SHA-256 即块摘要",
      "print a block's canonical table; its SHA-256 is the block digest",
    ),
    "chouqian -C 2019年9月核查 frame export 440500/industrial | sha256sum",
  )
    .argument("<block>", say("块，如 440500/industrial", "block, such as 440500/industrial"))
    .action(async (key: string, _: object, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      const frame = await openFrame(round());
      try {
        const block = parseBlockKey(key);
        const locked = frame.lock.blocks.find((known) => known.key === key);
        if (block === undefined || locked === undefined) throw unknownBlock(key, frame.lock);
        const text = await frame.exportBlock(block.city, block.sourceClass);
        terminal.result({ block: key, count: locked.count, digest: locked.digest, table: text });
        terminal.output(text);
      } finally {
        frame.close();
      }
    });
}

function checksCommand(say: Say, language: Language): Command {
  return makeCommand(
    "checks",
    say,
    words(
      "列出对名录的全部检查：编号、轻重、含义、例子、处理办法",
      "list every check of a ledger, with an example and advice",
    ),
    "chouqian frame checks",
  ).action((_: object, self: Command) => {
    const { terminal } = contextOf(self, language);
    const checks = Object.entries(CHECKS).map(([code, { message, advice, example }]) => ({
      code,
      severity: SEVERITIES[code.slice(0, 2)] ?? words("", ""),
      message,
      advice,
      example,
    }));
    terminal.result({
      checks: checks.map(({ code, severity, message, advice, example }) => ({
        code,
        severity: terminal.say(severity),
        message: terminal.say(message),
        advice: terminal.say(advice),
        example,
      })),
    });
    for (const { code, severity, message, advice, example } of checks) {
      terminal.output(`${code}  ${terminal.say(severity)}\n`);
      terminal.output(`  ${terminal.say(message)}\n  ${say("例：", "e.g. ")}${example}\n  → ${terminal.say(advice)}\n`);
    }
  });
}

const SEVERITIES: Readonly<Record<string, Words>> = {
  "E-": words("拒绝：不能进入抽样框", "refused: cannot enter the frame"),
  "W-": words("提醒：留在抽样框", "warning: stays in the frame"),
  "N-": words("说明", "note"),
};

function unknownBlock(key: string, lock: FrameLock): ChouqianError {
  const known = lock.blocks.map((block) => block.key);
  return new ChouqianError("E-FRAME-NO-BLOCK", {
    message: words(`抽样框里没有块“${key}”`, `the frame has no block "${key}"`),
    advice: words(
      `块写成 市代码/类别，可选：${known.slice(0, 8).join("、")}${known.length > 8 ? " 等" : ""}（frame show 可看全部）`,
      `a block is CITY/CLASS: ${known.slice(0, 8).join(", ")}`,
    ),
  });
}

function summaryForScripts(lock: FrameLock) {
  const { frameDigest, units, rowsRead, excluded, problemCounts } = lock;
  return { frameDigest, units, rowsRead, excluded: excluded.length, problemCounts };
}

function sayReading(terminal: Terminal, lock: FrameLock): void {
  for (const { name, encoding, tables } of lock.sources) {
    for (const { sheet, headerRow, rows } of tables) {
      const what = sheet === null ? (encoding ?? "") : `工作表“${sheet}”`;
      terminal.line(
        words(
          `${basename(name)}（${what}，表头在第 ${headerRow} 行）：${rows} 行`,
          `${basename(name)} (${sheet ?? encoding}, headings in row ${headerRow}): ${rows} rows`,
        ),
      );
    }
  }
  terminal.line(
    words(
      `读入 ${lock.rowsRead} 行 = ${lock.units} 个对象 + ${lock.excluded.length} 行排除`,
      `${lock.rowsRead} rows read = ${lock.units} units + ${lock.excluded.length} excluded`,
    ),
  );
}

/** Refused rows one by one; warnings and notes by kind, for there may be thousands. */
function sayProblems(terminal: Terminal, { problems, lock }: BuiltFrame): void {
  if (terminal.voice.quiet || terminal.voice.json) return;
  terminal.problems(problems.filter(({ code }) => code.startsWith("E-")));
  for (const [code, count] of Object.entries(lock.problemCounts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const first = problems.find((problem) => problem.code === code);
    if (first === undefined || code.startsWith("E-")) continue;
    const kind = code.startsWith("W-") ? words("提醒", "warning") : words("说明", "note");
    terminal.line(
      words(
        `  ${kind.zh}：${first.message.zh}，${count} 处  [${code}]`,
        `  ${kind.en}: ${first.message.en}, ${count} times  [${code}]`,
      ),
    );
  }
}
