#!/usr/bin/env node
/** The program: finds the language, runs one command, turns what was thrown into words and an exit code. */
import { CommanderError } from "commander";
import { asMisplaced, removeUnfinished } from "../round/files.ts";
import { committedEvents } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { roundShown, sayIn } from "./command.ts";
import { program } from "./program.ts";
import { Terminal } from "./terminal.ts";
import { usageError } from "./usage-error.ts";

async function main(args: readonly string[]): Promise<void> {
  const language = languageOf(args);
  const terminal = new Terminal({
    language,
    json: args.includes("--json"),
    quiet: args.includes("--quiet"),
    redact: args.includes("--redact"),
    round: roundShown(args.includes("-C") ? args[args.indexOf("-C") + 1] : undefined),
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

function report(thrown: unknown, terminal: Terminal): number {
  const error = asMisplaced(thrown) ?? thrown;
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
  const done = committedEvents();
  const list = done.map(({ event, line }) => `${event}（第 ${line} 行）`).join("、");
  const listEn = done.map(({ event, line }) => `${event} (line ${line})`).join(", ");
  const said =
    done.length === 0
      ? words(
          "已中断，没有留下半成品，什么也没有记入日志",
          "interrupted; nothing half-written remains, nothing was recorded",
        )
      : words(
          `已中断；中断之前已经完成并记入日志：${list}。看现状：chouqian -C 轮次文件夹 status`,
          `interrupted; done and recorded before that: ${listEn}. See chouqian -C ROUND status`,
        );
  process.stderr.write(`\n${terminal.say(said)}\n`);
  process.exit(130);
}

await main(process.argv.slice(2));
