/** Builds commands with the options that all share, Chinese and English help, and an example each. */

import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { Command, Option } from "commander";
import stringWidth from "string-width";
import { useOfficeFonts } from "../pdf/office-fonts.ts";
import { type Actor, openRound, type Round } from "../round/round.ts";
import type { Language, Words } from "../text/words.ts";
import { helpLines } from "./help-lines.ts";
import { Terminal } from "./terminal.ts";

/** What an action gets besides its own arguments and options. */
export interface Context {
  readonly terminal: Terminal;
  readonly actor: Actor;
  /** The folder named by `-C`, or the current one. */
  readonly folder: string;
  /** Whether a round is meant: `-C` names one, or this folder is one. */
  readonly isRoundMeant: boolean;
  /** Opens that folder as a round. */
  readonly round: () => Round;
}

/** Options that every command takes. */
interface SharedOptions {
  readonly C?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly redact?: boolean;
  /** Of commands that read the frame where it lies: address of its database. */
  readonly from?: string;
}

/** Says one text in the language of this run. */
export type Say = (zh: string, en: string) => string;

export function sayIn(language: Language): Say {
  return (zh, en) => (language === "zh" ? zh : en);
}

/** A command with the shared options and, below its help, one example. */
export function makeCommand(name: string, say: Say, about: Words, example: string): Command {
  return shareOptions(new Command(name), say)
    .description(say(about.zh, about.en))
    .addHelpText("after", `\n${say("示例：", "Example:")}\n  ${example}`);
}

/** Adds the shared options and the language's own headings to a command. */
export function shareOptions(command: Command, say: Say): Command {
  return command
    .addOption(
      new Option("-C <round>", say("轮次文件夹（默认为当前文件夹）", "folder of the round (default: this one)")),
    )
    .addOption(new Option("--json", say("输出 JSON，供程序读取", "print JSON for scripts")))
    .addOption(
      new Option("--lang <lang>", say("语言：zh 或 en（默认 zh）", "language: zh or en (default: zh)")).choices([
        "zh",
        "en",
      ]),
    )
    .addOption(new Option("--quiet", say("只输出结果和错误", "print results and errors only")))
    .addOption(
      new Option(
        "--redact",
        say("屏幕上不显示名录里的任何内容（值、名称）", "show nothing of a ledger's rows on the screen"),
      ),
    )
    .helpOption("-h, --help", say("显示帮助", "show help"))
    .helpCommand(false)
    .configureHelp({
      styleTitle: (title) => HEADINGS[title]?.[say("zh", "en") as Language] ?? title,
      styleUsage: (usage) =>
        usage.replace("[options]", say("[选项]", "[options]")).replace("[command]", say("命令", "COMMAND")),
      displayWidth: (text) => stringWidth(text),
      boxWrap: helpLines,
      subcommandTerm: (command) => command.name(),
      optionDescription: ({ description, defaultValue }) =>
        typeof defaultValue === "string" || typeof defaultValue === "number"
          ? `${description}${say(`（默认 ${defaultValue}）`, ` (default: ${defaultValue})`)}`
          : description,
    })
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

const HEADINGS: Readonly<Record<string, Words>> = {
  "Usage:": { zh: "用法：", en: "Usage:" },
  "Arguments:": { zh: "参数：", en: "Arguments:" },
  "Options:": { zh: "选项：", en: "Options:" },
  "Commands:": { zh: "命令：", en: "Commands:" },
};

/** What an action works with, from the options of its command and of the commands above it. */
export function contextOf(command: Command, language: Language): Context {
  const { C, json, quiet, redact, from } = command.optsWithGlobals<SharedOptions>();
  const folder = C ?? ".";
  const shown = roundShown(C);
  return {
    terminal: new Terminal({
      language,
      json: json === true,
      quiet: quiet === true,
      redact: redact === true,
      round: shown,
    }),
    actor: { name: actorName(), now: () => new Date() },
    folder,
    isRoundMeant: shown !== undefined,
    round: () => {
      const round = openRound(folder, from ?? process.env.CHOUQIAN_DATABASE);
      useOfficeFonts(round.config.fonts, folder);
      return round;
    },
  };
}

/** The round's folder as messages show it: as `-C` names it, `.` where this folder is one, else undefined. */
export function roundShown(given: string | undefined): string | undefined {
  return given ?? (existsSync("round.yaml") ? "." : undefined);
}

/** Who is at work: named by CHOUQIAN_ACTOR, else the user of the machine. Stands in the journal only. */
function actorName(): string {
  const named = process.env.CHOUQIAN_ACTOR;
  if (named !== undefined && named !== "") return named;
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
