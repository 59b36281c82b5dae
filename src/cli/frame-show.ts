/** `chouqian frame show|export|checks`: what a locked frame holds, and what is checked before one is locked. */
import type { Command } from "commander";
import { CHECKS } from "../frame/checks.ts";
import { exportTables } from "../frame/export.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import { openFrame, parseBlockKey } from "../frame/locked.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, type Words, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayReading, summaryForScripts } from "./frame-report.ts";
import { CLASS_HEADINGS, cityOption } from "./shared.ts";

export function showCommand(say: Say, language: Language): Command {
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

export function exportCommand(say: Say, language: Language): Command {
  return makeCommand(
    "export",
    say,
    words(
      "导出一个块（市/类别）的规范文本表，其 SHA-256 即块摘要",
      "print a block's canonical table; its SHA-256 is the block digest",
    ),
    "chouqian -C 2019年9月核查 frame export 440500/industrial | sha256sum",
  )
    .argument("[block]", say("块，如 440500/industrial", "block, such as 440500/industrial"))
    .option(
      "--all <folder>",
      say("全部块写进一个文件夹，供第二验证程序使用", "all blocks into a folder, for the second verifier"),
    )
    .option("--city <city>", say("与 --all 同用：只导出一个市", "with --all: one city only"))
    .action(async (key: string | undefined, { all, city }: { all?: string; city?: string }, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      if ((key === undefined) === (all === undefined)) throw blockOrAll();
      const frame = await openFrame(round());
      try {
        if (key === undefined) {
          const written = await exportTables(frame, all ?? "", city === undefined ? undefined : cityOption(city));
          terminal.result({ folder: all, files: written });
          terminal.line(words(`已写 ${written.length} 个文件：${all}`, `${written.length} files written: ${all}`));
          return;
        }
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

export function checksCommand(say: Say, language: Language): Command {
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
  "N-": words("提示", "note"),
};

function blockOrAll(): ChouqianError {
  return new ChouqianError("E-USAGE", {
    message: words("写一个块，或写 --all 文件夹", "name a block, or --all FOLDER"),
    advice: words(
      "例如 frame export 440500/industrial，或 frame export --all 规范表",
      "such as frame export --all tables",
    ),
  });
}

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
