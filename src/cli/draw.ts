/** `chouqian draw`: draws the sample. */
import { type Command, Option } from "commander";
import { type DrawResult, drawRound } from "../draw/draw-round.ts";
import { blockOfStratum, type DrawnStratum } from "../draw/manifest.ts";
import { rehearseDraw } from "../draw/rehearse.ts";
import { DIALECTS, type DialectName } from "../draw/sql-dialects.ts";
import { drawAgain } from "../draw/start-again.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { readSeed } from "../seed/record.ts";
import { SEALED_SEED } from "../seed/sealed.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { type DatabaseFlags, fromOption, roundInDatabase, tableOptions } from "./database-options.ts";
import { roundQuery } from "./draw-sql.ts";
import { readSecret } from "./secret-file.ts";
import { sayEstimate } from "./seed-words.ts";
import { CLASS_HEADINGS, sayMissing } from "./shared.ts";
import { sayVoided } from "./start-again.ts";
import type { Terminal } from "./terminal.ts";

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
    .option(
      "--secret <file>",
      say("封存的种子内容的文件：用它抽签而不公开", "file of the sealed contribution: draw without publishing it"),
    )
    .option(
      "--rehearsal",
      say("演练：写到 rehearsal 文件夹，不算数", "rehearse: writes rehearsal/, counts for nothing"),
    )
    .option(
      "--again",
      say("作废已有的抽签和种子，重新开始（须写 --reason）", "void seed and draw and start again (needs --reason)"),
    )
    .option(
      "--reason <text>",
      say("重抽的理由，永远留在日志里并印在见证单上", "why; stays on record and is printed on the certificate"),
    )
    .addOption(
      new Option(
        "--sql <dialect>",
        say("不抽签，只打印能在数据库里抽出同一样本的查询", "print the query that draws the same sample in a database"),
      ).choices(Object.keys(DIALECTS)),
    );
  tableOptions(fromOption(draw, say), say);
  return draw.action(async (flags: Flags, self: Command) => {
    refuseMixedFlags(flags);
    const context = contextOf(self, language);
    const { terminal, actor, round } = context;
    const { seed, secret, sql } = flags;
    if (sql !== undefined) {
      const query = await roundQuery(round(), sql, seed, flags);
      terminal.result({ query });
      if (!terminal.voice.json) terminal.output(query);
      return;
    }
    if (flags.rehearsal === true) {
      sayDrawn(terminal, await rehearseDraw(round(), seed, terminal.progress), true);
      return;
    }
    const given = { seedText: seed, secret: secret === undefined ? undefined : readSecret(secret) };
    if (flags.again === true) {
      const { voided, drawn } = await drawAgain(round(), actor, flags.reason ?? "", given, terminal.progress);
      terminal.done();
      if (drawn === undefined) terminal.result({ voided });
      sayVoided(terminal, voided);
      if (drawn !== undefined) sayDrawn(terminal, drawn, false);
      else
        terminal.line(words("下一步：用新的内容收集种子：seed add，再 draw", "next: a new seed (seed add), then draw"));
      return;
    }
    const opened = await roundInDatabase(flags, context);
    const drawn = await drawRound(opened, actor, seed, terminal.progress, given.secret);
    if (seed !== undefined) sayEstimate(terminal, opened, readSeed(opened));
    sayDrawn(terminal, drawn, false);
  });
}

interface Flags extends DatabaseFlags {
  readonly sql?: DialectName;
  readonly seed?: string;
  readonly secret?: string;
  readonly rehearsal?: boolean;
  readonly again?: boolean;
  readonly reason?: string;
}

function refuseMixedFlags({ seed, secret, rehearsal, again, reason }: Flags): void {
  const isMixed =
    (rehearsal === true && (again === true || secret !== undefined)) ||
    (seed !== undefined && secret !== undefined) ||
    (again === true && secret !== undefined) ||
    (reason !== undefined && again !== true);
  if (!isMixed) return;
  throw new ChouqianError("E-USAGE-DRAW", {
    message: words("这些选项不能一起用", "these options do not go together"),
    advice: words(
      "--rehearsal 只配 --seed；--secret 单独用；--reason 只配 --again；封存的种子重抽时先 draw --again，再重新封存",
      "--rehearsal goes with --seed only, --secret alone, --reason with --again",
    ),
  });
}

function sayDrawn(terminal: Terminal, drawn: DrawResult, isRehearsal: boolean): void {
  const { manifest, manifestDigest, missingCharacters, isSealed, hasRoster } = drawn;
  terminal.done();
  const sum = (key: "n" | "reserve" | "shortfall") =>
    manifest.strata.reduce((total, stratum) => total + stratum[key], 0);
  const totals = { sample: sum("n"), reserve: sum("reserve"), shortfall: sum("shortfall") };
  const seed = isSealed ? null : manifest.seed;
  terminal.result({
    manifestDigest,
    seed,
    method: manifest.method,
    ...totals,
    ...(isSealed ? { sealed: true } : {}),
    ...(isRehearsal ? { rehearsal: true } : {}),
  });
  if (isRehearsal) terminal.line(words("【演练】以下不是正式抽签结果", "REHEARSAL: this is no result"));
  terminal.table(
    [words("地市", "city"), ...CLASS_HEADINGS, words("备选", "reserve"), words("缺额", "short")],
    byCity(manifest.strata),
  );
  terminal.line(
    words(
      `✓ ${isRehearsal ? "演练" : ""}抽取 ${totals.sample} 家，备选 ${totals.reserve} 家，缺额 ${totals.shortfall} 家`,
      `✓ drawn ${totals.sample}, reserve ${totals.reserve}, shortfall ${totals.shortfall}`,
    ),
  );
  terminal.line(words(`  种子 ${seed ?? SEALED_SEED}`, `  seed ${seed ?? "sealed until the visits are over"}`));
  terminal.line(words(`  样本清单摘要 ${manifestDigest}`, `  manifest digest ${manifestDigest}`));
  if (isRehearsal) {
    terminal.line(
      words("  写在 rehearsal 文件夹，每页每表都印有“演练”", "  in rehearsal/, 演练 on every page and sheet"),
    );
    terminal.line(words("下一步：收集正式种子：seed add", "next: the real seed: seed add"));
    return;
  }
  terminal.line(
    words(
      "  draw/抽样名单.xlsx  draw/抽签见证单.pdf（请打印签字）  draw/manifest.json",
      "  draw/抽样名单.xlsx  draw/抽签见证单.pdf (to be signed)  draw/manifest.json",
    ),
  );
  if (isSealed) {
    terminal.line(
      words(
        "  核查结束之前，给外人看的只有见证单、seed.json 和 journal.jsonl；draw 里的其他文件和封存文件由检查组保管",
        "  until the visits are over show the certificate, seed.json and journal.jsonl alone; the rest of draw/ stays with the team",
      ),
    );
  }
  sayMissing(terminal, missingCharacters);
  terminal.line(
    hasRoster
      ? words("下一步：chouqian -C 轮次文件夹 assign，再 forms", "next: chouqian -C ROUND assign, then forms")
      : words("下一步：chouqian -C 轮次文件夹 forms", "next: chouqian -C ROUND forms"),
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
