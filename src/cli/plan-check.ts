/** `chouqian plan check`: what the plan will draw and what such a sample can show, before any seed exists. */
import type { Command } from "commander";
import { planInWords } from "../plan/in-words.ts";
import { type BlockOutlook, outlook, type PlanOutlook } from "../plan/outlook.ts";
import { percentOfShare } from "../plan/share.ts";
import { CLASS_NAMES, SHORT_CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { shareOption } from "./plan-options.ts";
import type { Terminal } from "./terminal.ts";

export function checkCommand(say: Say, language: Language): Command {
  return makeCommand(
    "check",
    say,
    words(
      "对照锁定的抽样框检查方案：各市各类抽多少、缺多少、能说明什么",
      "check the plan against the locked frame: what it draws, lacks and can show",
    ),
    "chouqian -C 2019年9月核查 plan check",
  )
    .option(
      "--expect <share>",
      say("预计的差错单位比例，用于估算精度", "share of units in error that is expected"),
      "2%",
    )
    .action(async (options: { expect: string }, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      const expected = shareOption("--expect", options.expect);
      const found = await outlook(round(), expected);
      terminal.result({ planDigest: found.digest, blocks: found.blocks });
      for (const line of planInWords(found.sealed)) terminal.line(line);
      if (found.sealed.plan.quotas.some(({ by }) => by === undefined) && found.sealed.plan.areas === undefined) {
        terminal.line(words("以下按“对每个市分别抽取”理解工作方案：", "drawn in each city by itself:"));
      }
      if (found.sealed.plan.cities?.random !== undefined) {
        terminal.line(words("城市由抽签决定，下面列出全部候选城市：", "cities are drawn by lot; all candidates:"));
      }
      showTable(terminal, found.blocks);
      showTotals(terminal, found.blocks);
      explain(terminal, expected);
      for (const warning of warnings(found)) terminal.line(warning);
      terminal.line(words(`方案摘要 ${found.digest}`, `plan digest ${found.digest}`));
    });
}

function showTable(terminal: Terminal, blocks: readonly BlockOutlook[]): void {
  const hasStrata = blocks.some(({ strata }) => strata > 1);
  const hasExcluded = blocks.some(({ excluded }) => excluded > 0);
  const hasCertain = blocks.some(({ certain }) => certain > 0);
  const optional = (isShown: boolean, value: string | number) => (isShown ? [value] : []);
  terminal.table(
    [
      words("地市", "city"),
      words("类别", "class"),
      ...(hasStrata ? [words("层数", "strata")] : []),
      words("总数 N", "N"),
      ...(hasExcluded ? [words("排除", "excluded")] : []),
      ...(hasCertain ? [words("必查", "certain")] : []),
      words("样本 n", "n"),
      words("备选", "reserve"),
      words("缺额", "short"),
      words("抽样率", "rate"),
      words("查得出", "detects"),
      words("半宽", "half-width"),
    ],
    blocks.map((block) => [
      divisionName(block.city),
      `${terminal.say(SHORT_CLASS_NAMES[block.sourceClass])}${block.population === undefined ? "" : ` ${block.population}`}`,
      ...optional(hasStrata, block.strata),
      block.units,
      ...optional(hasExcluded, block.excluded),
      ...optional(hasCertain, block.certain),
      block.areas === undefined ? block.n : `${block.areas.least}–${block.areas.most}`,
      block.reserve,
      block.shortfall,
      percent(block.n / Math.max(1, block.units - block.excluded - block.certain)),
      block.shows === undefined ? "—" : percent(block.shows.detectable),
      block.shows === undefined ? "—" : percent((block.shows.expected.upper - block.shows.expected.lower) / 2),
    ]),
  );
}

function showTotals(terminal: Terminal, blocks: readonly BlockOutlook[]): void {
  const sum = (key: "n" | "reserve" | "shortfall" | "certain") =>
    blocks.reduce((total, block) => total + block[key], 0);
  const certain = sum("certain");
  const average = blocks.some(({ areas }) => areas !== undefined) ? words("（平均）", " (on average)") : words("", "");
  terminal.line(
    words(
      `合计：样本 ${sum("n")} 家${average.zh}${certain > 0 ? `，必查 ${certain} 家` : ""}，备选 ${sum("reserve")} 家，缺额 ${sum("shortfall")} 家`,
      `total: sample ${sum("n")}${average.en}${certain > 0 ? `, certain ${certain}` : ""}, reserve ${sum("reserve")}, shortfall ${sum("shortfall")}`,
    ),
  );
}

function explain(terminal: Terminal, expected: string): void {
  terminal.line(
    words(
      `查得出：差错单位占到这个比例时，有 95% 的把握至少抽中一家；比例更低的，可能一家也抽不到。\n半宽：若样本里差错单位约占 ${percentOfShare(expected)}，推到全市的 95% 区间宽度的一半（精确超几何法）。`,
      `detects: share of units in error of which at least one is found with 95% confidence.\nhalf-width: half the exact 95% interval if about ${percentOfShare(expected)} of the sample are in error.`,
    ),
  );
}

/** Shortfalls that are told one by one. */
const MOST_SHORT = 5;

/** What makes a figure weak, a line for each kind and class. */
function warnings({ blocks, sealed }: PlanOutlook) {
  const lines = SOURCE_CLASSES.flatMap((sourceClass) => {
    const tiny = blocks.filter((block) => block.sourceClass === sourceClass && block.n > 0 && block.n <= TINY);
    if (tiny.length === 0) return [];
    const { zh, en } = CLASS_NAMES[sourceClass];
    return [
      words(
        `! ${zh}：${tiny.length} 个市只抽 ${TINY} 家或更少，只能逐家看问题，不能推断该类的差错率`,
        `! ${en}: in ${tiny.length} cities ${TINY} units or fewer are drawn, which says nothing of the class's error rate`,
      ),
    ];
  });
  const short = blocks.filter(({ shortfall }) => shortfall > 0);
  if (short.length > 0) {
    const named = short.slice(0, MOST_SHORT).map(({ city, sourceClass, units, shortfall }) => {
      const { zh, en } = SHORT_CLASS_NAMES[sourceClass];
      const place = divisionName(city);
      return words(
        `${place}${zh}只有 ${units} 家，缺 ${shortfall} 家`,
        `${place} ${en}: ${units} units, ${shortfall} short`,
      );
    });
    const more = short.length - named.length;
    lines.push(
      words(
        `! 名录里的家数不够抽：${named.map(({ zh }) => zh).join("；")}${more > 0 ? `；等 ${short.length} 处` : ""}`,
        `! fewer units than are to be drawn: ${named.map(({ en }) => en).join("; ")}${more > 0 ? `; ${more} more` : ""}`,
      ),
    );
  }
  const sum = (key: "unknownCounties" | "withoutSize") => blocks.reduce((total, block) => total + block[key], 0);
  const unknown = sum("unknownCounties");
  if (unknown > 0) {
    lines.push(
      words(
        `! ${unknown} 个层的县区未填或不在区划表中（如功能区），按名录原文各自成层；如不合适，请改正名录后重新建轮次锁定`,
        `! ${unknown} strata are named by a county that is empty or no division, each a stratum as the ledger writes it`,
      ),
    );
  }
  const withoutSize = sum("withoutSize");
  if (withoutSize > 0) {
    const columns = sealed.plan.quotas.flatMap(({ size }) => (size === undefined ? [] : [size.column]));
    lines.push(
      words(
        `! ${withoutSize} 家没有“${[...new Set(columns)].join("”“")}”的数字，按规模抽不到它们；要给机会请在 size 里写 least`,
        `! ${withoutSize} units have no ${columns.join(", ")} and cannot be drawn; give size.least to include them`,
      ),
    );
  }
  return lines;
}

/** So few units say nothing of a rate. */
const TINY = 2;

function percent(share: number | undefined): string {
  if (share === undefined) return "—";
  const percentage = share * 100;
  return `${percentage >= 99.95 || percentage === 0 ? Math.round(percentage) : percentage.toFixed(1)}%`;
}
