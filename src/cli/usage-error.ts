/** Turns what the command-line library refuses into words. */
import type { CommanderError } from "commander";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

/** A refusal of the command line, exit code 2. */
export function usageError(error: CommanderError): ChouqianError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  return new ChouqianError("E-USAGE", {
    message: MESSAGES[error.code]?.(quoted, error.message) ?? words(`命令写法不对：${error.message}`, error.message),
    advice: words(
      "查看用法：chouqian --help 或 chouqian 命令 --help",
      "see chouqian --help or chouqian COMMAND --help",
    ),
  });
}

const MESSAGES: Readonly<Record<string, (quoted: string, message: string) => Words>> = {
  "commander.unknownCommand": (quoted) => words(`没有命令“${quoted}”`, `unknown command "${quoted}"`),
  "commander.unknownOption": (quoted) => words(`没有选项“${quoted}”`, `unknown option "${quoted}"`),
  "commander.missingArgument": (quoted) => words(`缺少参数 <${quoted}>`, `missing argument <${quoted}>`),
  "commander.missingMandatoryOptionValue": (quoted) =>
    words(`必须写选项 ${quoted}`, `the option ${quoted} is required`),
  "commander.optionMissingArgument": (quoted) =>
    words(`选项 ${quoted} 后面缺少内容`, `the option ${quoted} needs a value`),
  "commander.invalidArgument": (quoted, message) => {
    const allowed = /Allowed choices are (.*)\.$/.exec(message)?.[1];
    return words(`选项 ${quoted} 的值不对${allowed === undefined ? "" : `，可选：${allowed}`}`, message);
  },
  "commander.conflictingOption": (quoted, message) => {
    const other = /with option '([^']*)'/.exec(message)?.[1] ?? "";
    return words(`选项 ${quoted} 和 ${other} 不能一起用，请分两次做`, message);
  },
  "commander.excessArguments": () =>
    words("参数太多；含空格的文件名或文字请加引号", "too many arguments; quote what holds spaces"),
  "commander.help": () => words("请写出命令", "name a command"),
};
