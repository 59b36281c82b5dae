/** The program as commander knows it: its commands in the order of the work. */
import { Command } from "commander";
import { assetText } from "../text/assets.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { assignCommand } from "./assign.ts";
import { ceremonyCommand } from "./ceremony.ts";
import { type Say, shareOptions } from "./command.ts";
import { drawCommand } from "./draw.ts";
import { evaluateCommand } from "./evaluate.ts";
import { formsCommand } from "./forms.ts";
import { frameCommand } from "./frame.ts";
import { newCommand } from "./new.ts";
import { planCommand } from "./plan.ts";
import { recordsCommand } from "./records.ts";
import { replaceCommand } from "./replace.ts";
import { replayCommand } from "./replay.ts";
import { seedCommand } from "./seed.ts";
import { keyCommand, signCommand } from "./sign.ts";
import { stampCommand } from "./stamp.ts";
import { statusCommand } from "./status.ts";
import { templatesCommand } from "./templates.ts";
import { verifyCommand } from "./verify.ts";

const COMMANDS = [
  newCommand,
  frameCommand,
  planCommand,
  stampCommand,
  seedCommand,
  drawCommand,
  ceremonyCommand,
  assignCommand,
  keyCommand,
  signCommand,
  templatesCommand,
  formsCommand,
  replaceCommand,
  recordsCommand,
  evaluateCommand,
  verifyCommand,
  replayCommand,
  statusCommand,
];

export function program(say: Say, language: Language): Command {
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
  refuseRepeated(root);
  return root;
}

/** An option that is given twice would count once, without a word; those that take several values may. */
function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    if (option.variadic || Array.isArray(option.defaultValue) || !(option.required || option.optional)) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) throw repeated(option.long ?? option.short ?? option.flags);
      isGiven = true;
    });
  }
  for (const each of command.commands) refuseRepeated(each);
}

function repeated(option: string): ChouqianError {
  return new ChouqianError("E-USAGE-OPTION", {
    message: words(`选项 ${option} 写了两次，只能写一次`, `the option ${option} is given twice and may be given once`),
    advice: words("留下一个；要分别做的，分几次运行", "keep one, or run the command for each"),
  });
}
