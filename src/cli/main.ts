#!/usr/bin/env node
/** The program: finds the language, runs one command, turns what was thrown into words and an exit code. */
import { Command, CommanderError } from "commander";
import { removeUnfinished } from "../round/files.ts";
import { assetText } from "../text/assets.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { type Say, sayIn, shareOptions } from "./command.ts";
import { drawCommand } from "./draw.ts";
import { formsCommand } from "./forms.ts";
import { frameCommand } from "./frame.ts";
import { newCommand } from "./new.ts";
import { planCommand } from "./plan.ts";
import { seedCommand } from "./seed.ts";
import { statusCommand } from "./status.ts";
import { Terminal } from "./terminal.ts";
import { usageError } from "./usage-error.ts";
import { verifyCommand } from "./verify.ts";

const COMMANDS = [
  newCommand,
  frameCommand,
  planCommand,
  seedCommand,
  drawCommand,
  formsCommand,
  verifyCommand,
  statusCommand,
];

function program(say: Say, language: Language): Command {
  const { version } = JSON.parse(assetText("package.json")) as { version: string };
  const root = shareOptions(new Command("chouqian"), say)
    .description(say("抽签：污染源普查质量核查的抽样、制表与核对", "draws, documents and proves quality inspections"))
    .usage(say("[-C 轮次文件夹] 命令 [选项]", "[-C ROUND] COMMAND [options]"))
    .version(version, "-V, --version", say("显示版本", "show the version"))
    .addHelpText(
      "after",
      say(
        "\n示例：\n  chouqian new 2019年9月核查 --template provincial\n  chouqian -C 2019年9月核查 frame lock 名录.csv\n  chouqian -C 2019年9月核查 draw --seed 20190930\n  chouqian -C 2019年9月核查 forms\n  chouqian -C 2019年9月核查 verify\n\n每个命令的用法：chouqian 命令 --help",
        "\nExample:\n  chouqian new R1 --template provincial\n  chouqian -C R1 frame lock ledger.csv\n  chouqian -C R1 draw --seed 20190930\n  chouqian -C R1 forms\n  chouqian -C R1 verify\n\nHelp on a command: chouqian COMMAND --help",
      ),
    );
  for (const command of COMMANDS) root.addCommand(command(say, language));
  return root;
}

async function main(args: readonly string[]): Promise<void> {
  const language = languageOf(args);
  const terminal = new Terminal({
    language,
    json: args.includes("--json"),
    quiet: args.includes("--quiet"),
    redact: args.includes("--redact"),
  });
  process.on("SIGINT", () => interrupted(terminal));
  process.on("SIGTERM", () => interrupted(terminal));
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  try {
    await program(sayIn(language), language).parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = report(error, terminal);
  } finally {
    removeUnfinished();
  }
}

/** The language is needed before the options are parsed, for their help is in it. */
function languageOf(args: readonly string[]): Language {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const asked = args[at]?.split("=")[1] ?? args[at + 1];
  return at >= 0 && asked === "en" ? "en" : "zh";
}

function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    terminal.refusal(usageError(error));
    return 2;
  }
  if (error instanceof ChouqianError) {
    terminal.refusal(error);
    return error.exitCode;
  }
  terminal.refusal(defect(error));
  if (process.env.CHOUQIAN_DEBUG === "1") console.error(error);
  return 1;
}

function defect(error: unknown): ChouqianError {
  const message = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
  return new ChouqianError("E-DEFECT", {
    message: words(`程序内部出错：${message}`, `a defect of the program: ${message}`),
    advice: words(
      "已有的文件没有改动。请把这段话和所用命令告诉开发者；设环境变量 CHOUQIAN_DEBUG=1 再运行可得到详情",
      "nothing was changed. Please report this; CHOUQIAN_DEBUG=1 shows more",
    ),
  });
}

function interrupted(terminal: Terminal): void {
  removeUnfinished();
  terminal.done();
  process.stderr.write(
    `\n${terminal.say(words("已中断，没有留下半成品", "interrupted; nothing half-written remains"))}\n`,
  );
  process.exit(130);
}

await main(process.argv.slice(2));
