/** `chouqian plan followup`: further sources that settle undecided cities, drawn as the next of each ranking. */
import type { Command } from "commander";
import { stratumInWords } from "../draw/strata.ts";
import type { PlannedFollowUp } from "../evaluate/follow-up-round.ts";
import { CLASS_NAMES, SHORT_CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName, findCity } from "../reference/divisions.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import type { Terminal } from "./terminal.ts";

interface Options {
  readonly city?: string;
  readonly class?: string;
  readonly number?: string;
  readonly draw?: boolean;
  readonly reason?: string;
}

export function followupCommand(say: Say, language: Language): Command {
  return makeCommand(
    "followup",
    say,
    words(
      "补充抽查：尚不能定的市再查多少家可定，按排序接着抽，两次合并评定",
      "follow-up: the next units that would settle undecided cities, evaluated together with the first",
    ),
    "chouqian -C 2019年9月核查 plan followup --draw --reason 定论不足",
  )
    .option("--city <city>", say("只补充此市，已有定论的也可", "only this city, a settled one too"))
    .option("--class <class>", say("只补充此类污染源", "only sources of this class"))
    .option(
      "--number <n>",
      say("每市补充的家数（默认：可定为止）", "further sources of each city (default: as settle it)"),
    )
    .option("--draw", say("抽取并记入日志；不加则只显示", "draw them, on record; without it they are only shown"))
    .option("--reason <text>", say("理由，记入日志", "why, for the journal"))
    .action(async (options: Options, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const asked = {
        city: options.city === undefined ? undefined : cityOption(options.city),
        sourceClass: options.class === undefined ? undefined : classOption(options.class),
        number: options.number === undefined ? undefined : numberOption(options.number),
      };
      // Loaded only here: the evaluation's quantiles are needed by few commands.
      const { drawFollowUp, planFollowUp } = await import("../evaluate/follow-up-round.ts");
      const opened = round();
      if (options.draw !== true) {
        sayFollowUp(await planFollowUp(opened, asked, terminal.progress), false, terminal);
        return;
      }
      const drawn = await drawFollowUp(opened, actor, { ...asked, reason: options.reason }, terminal.progress);
      const { refreshCurrentList } = await import("../replace/replace-round.ts");
      await refreshCurrentList(opened);
      sayFollowUp(drawn, true, terminal);
    });
}

function sayFollowUp(planned: PlannedFollowUp, isDrawn: boolean, terminal: Terminal): void {
  terminal.done();
  terminal.result({ followUp: planned, isDrawn });
  const rows = planned.cities.flatMap(({ shares }) =>
    shares.map(({ stratum, N, reached, further, reserves }) => [
      stratumInWords(stratum),
      N,
      reached,
      further,
      reserves,
      further - reserves,
    ]),
  );
  terminal.table(
    [
      words("层", "stratum"),
      words("总数 N", "N"),
      words("已抽", "drawn"),
      words("补充", "further"),
      words("用备选", "reserves"),
      words("顺延", "beyond"),
    ],
    rows,
  );
  for (const { city, wanted, further } of planned.cities.filter((each) => each.further < each.wanted)) {
    terminal.line(
      words(
        `! ${divisionName(city)} 需 ${wanted} 家，可抽 ${further} 家：其余的层已抽完、必查或按规模抽取`,
        `! ${divisionName(city)} wants ${wanted}, has ${further}: the rest is drawn, certain or drawn by size`,
      ),
    );
  }
  const total = planned.cities.reduce((sum, { further }) => sum + further, 0);
  const cities = planned.cities.filter(({ further }) => further > 0);
  terminal.line(words(`${cities.length} 个市补充 ${total} 家`, `${total} further sources in ${cities.length} cities`));
  terminal.line(
    isDrawn
      ? words(
          "✓ 已抽取，见 replace/样本现状.xlsx；再运行 forms，核查后回收，evaluate 合并评定",
          "✓ drawn: replace/样本现状.xlsx; run forms, import the records, evaluate both together",
        )
      : words("抽取：加 --draw --reason 理由", "to draw them: --draw --reason TEXT"),
  );
}

function cityOption(text: string): string {
  const city = findCity(text);
  if (city !== undefined) return city;
  throw usage(
    words(`没有名为“${text}”的市`, `there is no city "${text}"`),
    words("写市名或代码", "give its name or code"),
  );
}

function classOption(text: string): (typeof SOURCE_CLASSES)[number] {
  const names = (code: (typeof SOURCE_CLASSES)[number]) => [code, CLASS_NAMES[code].zh, SHORT_CLASS_NAMES[code].zh];
  const found = SOURCE_CLASSES.find((code) => names(code).includes(text));
  if (found !== undefined) return found;
  throw usage(
    words(`没有“${text}”这一类`, `there is no class "${text}"`),
    words(SOURCE_CLASSES.join("、"), SOURCE_CLASSES.join(", ")),
  );
}

function numberOption(text: string): number {
  if (/^[1-9][0-9]{0,6}$/.test(text)) return Number(text);
  throw usage(
    words(`--number 要正整数，不能是“${text}”`, `--number takes a whole number, not "${text}"`),
    words("例如 --number 20", "--number 20"),
  );
}

function usage(message: ReturnType<typeof words>, advice: ReturnType<typeof words>): ChouqianError {
  return new ChouqianError("E-USAGE-OPTION", { message, advice });
}
