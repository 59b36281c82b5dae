/** `chouqian plan followup`: further sources that settle undecided cities or tell of the worst indicators, the next of each ranking. */
import type { Command } from "commander";
import { MOST_FOLLOW_UPS } from "../draw/follow-up.ts";
import { stratumInWords } from "../draw/strata.ts";
import type { FollowUpAsked } from "../evaluate/follow-up.ts";
import type { DrawnFollowUp, PlannedFollowUp } from "../evaluate/follow-up-round.ts";
import { confidence } from "../evaluate/in-words.ts";
import { KNOWN_WELL } from "../evaluate/worst.ts";
import { CLASS_NAMES, SHORT_CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { cityOption, sayMissing } from "./shared.ts";
import { sayStaleSinceChange } from "./stale-forms.ts";
import type { Terminal } from "./terminal.ts";

interface Options {
  readonly city?: string;
  readonly class?: string;
  readonly number?: string;
  readonly worst?: string;
  readonly draw?: boolean;
  readonly reason?: string;
}

export function followupCommand(say: Say, language: Language): Command {
  return makeCommand(
    "followup",
    say,
    words(
      "补充抽查：尚不能定的市再查多少家可定，或跟踪差错率最高的指标；按排序接着抽，两次合并评定",
      "follow-up: the next units that would settle undecided cities or tell of the worst indicators, evaluated with the first",
    ),
    "chouqian -C 2019年9月核查 plan followup --draw --reason 定论不足",
  )
    .option("--city <city>", say("只补充此市，已有定论的也可", "only this city, a settled one too"))
    .option("--class <class>", say("只补充此类污染源", "only sources of this class"))
    .option(
      "--number <n>",
      say(
        "每市补充的家数（默认：可定为止）；与 --worst 同用则为每个指标再查的家数",
        "further sources of each city (default: as settle it), or with each of the worst indicators",
      ),
    )
    .option(
      "--worst <n>",
      say("改为跟踪差错率最高的 n 个指标，不问各市定否", "follow the n worst indicators in place of undecided cities"),
    )
    .option("--draw", say("抽取并记入日志；不加则只显示", "draw them, on record; without it they are only shown"))
    .option("--reason <text>", say("理由，记入日志", "why, for the journal"))
    .action(async (options: Options, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const asked = {
        city: options.city === undefined ? undefined : cityOption(options.city),
        sourceClass: options.class === undefined ? undefined : classOption(options.class),
        number: options.number === undefined ? undefined : wholeOption("--number", options.number),
        worst: options.worst === undefined ? undefined : wholeOption("--worst", options.worst),
      };
      // Loaded only here: the evaluation's quantiles are needed by few commands.
      const { drawFollowUp, planFollowUp } = await import("../evaluate/follow-up-round.ts");
      const opened = round();
      if (options.draw !== true) {
        sayFollowUp(await planFollowUp(opened, asked, terminal.progress), asked, false, terminal);
        return;
      }
      const drawn = await drawFollowUp(opened, actor, { ...asked, reason: options.reason }, terminal.progress);
      sayFollowUp(drawn, asked, true, terminal);
      sayPapers(drawn, terminal);
      await sayStaleSinceChange(opened, terminal);
      sayTeams(drawn, terminal);
    });
}

function sayFollowUp(planned: PlannedFollowUp, asked: FollowUpAsked, isDrawn: boolean, terminal: Terminal): void {
  terminal.done();
  terminal.result({ followUp: planned, isDrawn });
  sayIndicators(planned, asked, terminal);
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
  sayConfidence(planned, terminal);
  const total = planned.cities.reduce((sum, { further }) => sum + further, 0);
  const cities = planned.cities.filter(({ further }) => further > 0);
  terminal.line(words(`${cities.length} 个市补充 ${total} 家`, `${total} further sources in ${cities.length} cities`));
  terminal.line(
    isDrawn
      ? words(
          "✓ 已抽取，见 replace/样本现状.xlsx；核查后回收，evaluate 把两次合并评定",
          "✓ drawn: replace/样本现状.xlsx; import the records, evaluate both together",
        )
      : words("抽取：加 --draw --reason 理由", "to draw them: --draw --reason TEXT"),
  );
}

/** How sure the next verdicts have to be, and which cities that are settled would be judged again. */
function sayConfidence({ cities, ended }: PlannedFollowUp, terminal: Terminal): void {
  const drawn = cities.filter(({ further }) => further > 0);
  const isSettled = ({ verdict }: (typeof drawn)[number]) => verdict === "met" || verdict === "notMet";
  const open = drawn.filter((each) => !isSettled(each));
  const sure = [...new Set(open.map(({ alpha }) => confidence(alpha)))];
  if (sure.length > 0) {
    terminal.line(
      words(
        `补充后的评定把握须有 ${sure.join("、")}：再看一次结果，误判的机会也多一次`,
        `the verdicts after it need a confidence of ${sure.join(", ")}: another look is another chance to be wrong`,
      ),
    );
  }
  const settled = drawn.filter(isSettled);
  if (settled.length > 0) {
    const names = settled.map(({ city }) => divisionName(city));
    terminal.line(
      words(
        `! ${names.join("、")}已有定论：补充后按原来的把握复核，不再成立的变为尚不能定`,
        `! ${names.join(", ")}: settled already; what stands is judged again with its own confidence, and may become undecided`,
      ),
    );
  }
  const out = drawn.filter(({ outstanding }) => outstanding > 0);
  if (out.length > 0) {
    const names = out.map(({ city, outstanding }) => `${divisionName(city)} ${outstanding}`);
    terminal.line(
      words(
        `! 还有没有记录的：${names.join("、")}；先收齐（records missing），再定补充才准`,
        `! without a record yet: ${names.join(", ")}; bring them in first (records missing)`,
      ),
    );
  }
  if (ended.length > 0) {
    const names = ended.map(divisionName);
    terminal.line(
      words(
        `! ${names.join("、")}已补充 ${MOST_FOLLOW_UPS} 次，不再补充`,
        `! ${names.join(", ")}: followed up ${MOST_FOLLOW_UPS} times, no more`,
      ),
    );
  }
}

/** Which forms were made anew, and how only those of the further sources are made. */
function sayPapers({ papers }: DrawnFollowUp, terminal: Terminal): void {
  const made = papers.filter(({ hasForms }) => hasForms);
  if (made.length === 0) {
    terminal.line(
      words("  核查表还没有制作：chouqian -C 轮次文件夹 forms", "  make the forms: chouqian -C ROUND forms"),
    );
    return;
  }
  const kept = papers.reduce((sum, each) => sum + each.kept.length, 0);
  terminal.line(
    words(
      `  ${made.length} 个市的核查表已重做，在 forms 文件夹；只要补充的：forms --only 补充抽查`,
      `  forms of ${made.length} cities made anew; those of the further sources alone: forms --only followup`,
    ),
  );
  if (kept > 0) {
    terminal.line(
      words(
        `  原来填写或改动过的 ${kept} 个文件留在 replace/换下的记录表`,
        `  ${kept} files that had been filled in or changed are kept in replace/换下的记录表`,
      ),
    );
  }
  sayMissing(terminal, [...new Set(papers.flatMap(({ missingCharacters }) => missingCharacters))]);
}

/** Who goes there, where inspectors are assigned. */
function sayTeams({ teams }: DrawnFollowUp, terminal: Terminal): void {
  const given = Object.values(teams).filter((team) => team !== null);
  const counts = new Map<string, number>();
  for (const team of given) counts.set(team, (counts.get(team) ?? 0) + 1);
  const loads = [...counts.values()];
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  if (given.length > 0) {
    terminal.line(
      words(
        `  分给 ${counts.size} 个组，每组 ${least === most ? least : `${least} 至 ${most}`} 家；按组的核查表：forms --split team`,
        `  given to ${counts.size} teams, ${least === most ? least : `${least} to ${most}`} each; forms by team: forms --split team`,
      ),
    );
  }
  const none = Object.keys(teams).length - given.length;
  if (none === 0) return;
  terminal.line(
    words(
      `  ! 按回避和专长规则，有 ${none} 家没有一组能查`,
      `  ! ${none} may be inspected by no team, by the rules on conflicts and skills`,
    ),
  );
}

/** Which indicators are followed, and why so many sources. */
function sayIndicators(
  { indicators }: PlannedFollowUp,
  { city, sourceClass, number }: FollowUpAsked,
  terminal: Terminal,
): void {
  if (indicators.length === 0) return;
  const share = (value: number | null) => (value === null ? "—" : (value * 100).toFixed(2));
  terminal.table(
    [
      words("差错率最高的指标", "worst indicators"),
      words("源", "n"),
      words("估计%", "est.%"),
      words("收缩%", "shrunk%"),
      words("相对误差%", "rel. error%"),
      words("再查", "wanted"),
      words("可得", "expected"),
    ],
    indicators.map(({ code, name, n, rate, shrunk, relativeError, wanted, expected }) => [
      [...`${code} ${name}`].slice(0, 14).join(""),
      n,
      share(rate),
      share(shrunk),
      share(relativeError),
      wanted,
      Math.round(expected),
    ]),
  );
  const percent = KNOWN_WELL * 100;
  const rule =
    number === undefined
      ? words(
          `使差错率的标准误不超过它的 ${percent}%（差错率和各家差别不变时）`,
          `until the standard error is ${percent}% of the rate, if rate and spread stay`,
        )
      : words(`指定的 ${number} 家`, `the ${number} asked for`);
  const lines = [
    words(
      "取评定排名最高的指标：差错率已向均值收缩，查得少的不因偶然居前",
      "the highest of the evaluation's ranking, whose rates are drawn towards their mean",
    ),
    words(`再查：${rule.zh}`, `wanted: ${rule.en}`),
    words(
      "按查到该指标的家数分到各市各类；一家查全部指标，各层取所需最多者",
      "spread by the sources that had it; each stratum gets what its most demanding one wants",
    ),
    words("可得：各层预计能查到该指标的家数", "expected: sources with the indicator among them"),
  ];
  if (city !== undefined || sourceClass !== undefined) {
    lines.push(words("只抽其中所指定的市或类别的部分", "only the part of the city or class asked for is drawn"));
  }
  for (const line of lines) terminal.line(line);
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

function wholeOption(option: string, text: string): number {
  if (/^[1-9][0-9]{0,6}$/.test(text)) return Number(text);
  throw usage(
    words(`${option} 要正整数，不能是“${text}”`, `${option} takes a whole number, not "${text}"`),
    words(`例如 ${option} 20`, `${option} 20`),
  );
}

function usage(message: ReturnType<typeof words>, advice: ReturnType<typeof words>): ChouqianError {
  return new ChouqianError("E-USAGE-OPTION", { message, advice });
}
