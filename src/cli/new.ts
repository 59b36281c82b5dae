/** `chouqian new`: makes a round folder. */
import { type Command, Option } from "commander";
import { parseShare } from "../plan/share.ts";
import { newRound, RATE_TEMPLATES, TEMPLATE_NAMES, type TemplateName } from "../round/new-round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";

interface Options {
  readonly template: TemplateName;
  readonly name?: string;
  readonly cities?: string;
  readonly rate?: string;
}

export function newCommand(say: Say, language: Language): Command {
  return makeCommand(
    "new",
    say,
    words("新建一个核查轮次文件夹", "make the folder of a new round"),
    "chouqian new 2019年9月核查 --template provincial --name 2019年9月省级核查",
  )
    .argument("<dir>", say("新文件夹的名称", "the new folder"))
    .addOption(
      new Option(
        "--template <name>",
        say(
          "方案模板：provincial 省级固定数量，county 县区按比例，recheck 整改复核，status 停产关闭其他，key-source 重点源",
          "plan: provincial (fixed numbers), county (by rate), recheck, status, key-source",
        ),
      )
        .choices(TEMPLATE_NAMES)
        .makeOptionMandatory(),
    )
    .option("--name <text>", say("轮次编号兼名称，各轮次应不同", "id and name of the round"))
    .option(
      "--cities <list>",
      say("只抽这些城市，用逗号隔开（默认名录中的全部城市）", "only these cities, separated by commas"),
    )
    .option(
      "--rate <share>",
      say("county、status 模板的抽取比例，如 5%", "share drawn by county and status, such as 5%"),
    )
    .action((dir: string, options: Options, command: Command) => {
      const { terminal, actor } = contextOf(command, language);
      refuseRate(options);
      const cities = options.cities?.split(/[,，、]/).filter((city) => city.trim() !== "") ?? [];
      const { template, name, rate } = options;
      const round = newRound(dir, actor, { template, name, cities, rate });
      terminal.result({ folder: round.folder, roundId: round.config.id });
      terminal.line(words(`已建立轮次“${round.config.name}”：${dir}`, `made the round "${round.config.name}": ${dir}`));
      terminal.line(
        words(
          "  round.yaml  轮次说明（编号、名称、组织单位、城市），请打开核对\n  plan.yaml   抽样方案，请打开核对",
          "  round.yaml  id, name, holder, cities: please check\n  plan.yaml   what is drawn: please check",
        ),
      );
      if (RATE_TEMPLATES.includes(template) && rate === undefined) {
        terminal.line(
          words(
            "! 还没有抽取比例：请在 plan.yaml 每个 rate: 后填写，如 5%（工作方案没有规定比例）",
            "! no rate yet: fill in each rate: of plan.yaml, such as 5%",
          ),
        );
      }
      terminal.line(
        words(`下一步：chouqian -C ${dir} frame lock 名录.csv`, `next: chouqian -C ${dir} frame lock LEDGER.csv`),
      );
    });
}

function refuseRate({ template, rate }: Options): void {
  const takesRate = RATE_TEMPLATES.includes(template);
  if (rate === undefined || (takesRate && parseShare(rate) !== undefined)) return;
  throw new ChouqianError("E-USAGE-RATE", {
    message: takesRate
      ? words(`抽取比例“${rate}”应大于 0、不超过 100%`, `the rate "${rate}" must be above 0 and at most 100%`)
      : words("--rate 只用于 county 和 status 模板", "--rate goes with the templates county and status"),
    advice: words("写成 --rate 5% 或 --rate 0.05", "write --rate 5% or --rate 0.05"),
  });
}
