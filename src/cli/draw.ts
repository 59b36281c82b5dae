/** `chouqian draw`: draws the sample. */
import { type Command, Option } from "commander";
import { drawRound } from "../draw/draw-round.ts";
import { blockOfStratum, type DrawnStratum } from "../draw/manifest.ts";
import { DIALECTS, type DialectName } from "../draw/sql-dialects.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { type DatabaseFlags, fromOption, roundInDatabase, tableOptions } from "./database-options.ts";
import { roundQuery } from "./draw-sql.ts";
import { CLASS_HEADINGS, sayMissing } from "./shared.ts";

export function drawCommand(say: Say, language: Language): Command {
  const draw = makeCommand(
    "draw",
    say,
    words(
      "按方案和种子抽签，写出样本清单、抽样名单、见证单",
      "draw by plan and seed: manifest, sample list, certificate",
    ),
    'chouqian -C 2019年9月核查 draw --seed "20190930 排列五 0 4 7 1 8"',
  )
    .option("--seed <text>", say("一次给定种子（未用 seed add 收集时）", "give the seed at once"))
    .addOption(
      new Option(
        "--sql <dialect>",
        say("不抽签，只打印能在数据库里抽出同一样本的查询", "print the query that draws the same sample in a database"),
      ).choices(Object.keys(DIALECTS)),
    );
  tableOptions(fromOption(draw, say), say);
  return draw.action(
    async ({ seed, sql, ...flags }: DatabaseFlags & { seed?: string; sql?: DialectName }, self: Command) => {
      const context = contextOf(self, language);
      const { terminal, actor, round } = context;
      if (sql !== undefined) {
        const query = await roundQuery(round(), sql, seed, flags);
        terminal.result({ query });
        if (!terminal.voice.json) terminal.output(query);
        return;
      }
      const opened = await roundInDatabase(flags, context);
      const { manifest, manifestDigest, missingCharacters } = await drawRound(opened, actor, seed, terminal.progress);
      terminal.done();
      const sum = (key: "n" | "reserve" | "shortfall") =>
        manifest.strata.reduce((total, stratum) => total + stratum[key], 0);
      const totals = { sample: sum("n"), reserve: sum("reserve"), shortfall: sum("shortfall") };
      terminal.result({ manifestDigest, seed: manifest.seed, method: manifest.method, ...totals });
      terminal.table(
        [words("地市", "city"), ...CLASS_HEADINGS, words("备选", "reserve"), words("缺额", "short")],
        byCity(manifest.strata),
      );
      terminal.line(
        words(
          `✓ 抽取 ${totals.sample} 家，备选 ${totals.reserve} 家，缺额 ${totals.shortfall} 家`,
          `✓ drawn ${totals.sample}, reserve ${totals.reserve}, shortfall ${totals.shortfall}`,
        ),
      );
      terminal.line(words(`  种子 ${manifest.seed}`, `  seed ${manifest.seed}`));
      terminal.line(words(`  样本清单摘要 ${manifestDigest}`, `  manifest digest ${manifestDigest}`));
      terminal.line(
        words(
          "  draw/抽样名单.xlsx  draw/抽签见证单.pdf（请打印签字）  draw/manifest.json",
          "  draw/抽样名单.xlsx  draw/抽签见证单.pdf (to be signed)  draw/manifest.json",
        ),
      );
      sayMissing(terminal, missingCharacters);
      terminal.line(words("下一步：chouqian -C 轮次文件夹 forms", "next: chouqian -C ROUND forms"));
    },
  );
}

function byCity(strata: readonly DrawnStratum[]): (string | number)[][] {
  const cities = [...new Set(strata.map(({ key }) => blockOfStratum(key).city))].sort();
  return cities.map((city) => {
    const own = strata.filter(({ key }) => blockOfStratum(key).city === city);
    const sum = (key: "n" | "reserve" | "shortfall", members = own) =>
      members.reduce((total, stratum) => total + stratum[key], 0);
    const counts = SOURCE_CLASSES.map((name) =>
      sum(
        "n",
        own.filter(({ key }) => blockOfStratum(key).sourceClass === name),
      ),
    );
    return [divisionName(city), ...counts, sum("reserve"), sum("shortfall")];
  });
}
