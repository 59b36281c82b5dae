/** Options that say how ledgers are read, shared by `frame check`, `frame lock` and `frame map`. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { parseColumnMap, parseConstants } from "../frame/columns.ts";
import { parseMapping } from "../frame/mapping.ts";
import { ENCODINGS, type Encoding } from "../frame/source-file.ts";
import type { ReadingOptions } from "../frame/tables.ts";
import { NO_VALUE_MAPS } from "../frame/value-maps.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { readTextFile, roundPaths } from "../round/round.ts";
import { words } from "../text/words.ts";
import type { Say } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export interface ReadingFlags {
  readonly map: readonly string[];
  readonly set: readonly string[];
  readonly sheet?: string;
  readonly encoding?: Encoding;
  readonly mapping?: string;
}

/** Adds the ledgers and the options of reading to a command. */
export function reading(command: Command, say: Say): Command {
  return command
    .argument(
      "<file...>",
      say(
        "名录：CSV（UTF-8、UTF-16、GB18030）、XLSX、XLS、Parquet 或普查系统导出表，可写多个，也可写文件夹",
        "ledgers: CSV (UTF-8, UTF-16, GB18030), XLSX, XLS, Parquet, official exports, or folders of them",
      ),
    )
    .option(
      "--map <field=heading>",
      say("指定列名，可重复，如 --map id=社会信用代码；多列相连写 id=代码+顺序码", "name a column; may be repeated"),
      collect,
      [] as readonly string[],
    )
    .option(
      "--set <field=value>",
      say(
        "名录没有这一列时整份取同一值，可重复，如 --set class=工业源 --set city=汕头",
        "value of a column that the ledgers lack; may be repeated",
      ),
      collect,
      [] as readonly string[],
    )
    .option(
      "--mapping <file>",
      say(
        "对照表（默认用轮次文件夹里的 mapping.yaml，没有则不用；由 frame map 生成）",
        "mapping file (default: mapping.yaml of the round; frame map writes it)",
      ),
    )
    .option(
      "--sheet <name>",
      say("只读工作簿的这张表（默认读每张有表头的可见表）", "read this sheet of workbooks only"),
    )
    .addOption(
      new Option("--encoding <name>", say("指定 CSV 的编码（默认自动识别）", "encoding of CSV files")).choices(
        ENCODINGS,
      ),
    );
}

/** Gathers an option that may be repeated. */
function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}

/** How to read: by the options, else by the mapping file. */
export function readingOptions(flags: ReadingFlags, folder: string): ReadingOptions {
  const fields = loadLedgerFields();
  const path = mappingPath(flags, folder);
  const mapping = path === undefined ? undefined : parseMapping(readTextFile(path), basename(path), fields);
  return {
    map: new Map([...(mapping?.map ?? []), ...parseColumnMap(flags.map, fields)]),
    constants: new Map([...(mapping?.constants ?? []), ...parseConstants(flags.set, fields)]),
    values: mapping?.values ?? NO_VALUE_MAPS,
    sheet: flags.sheet ?? mapping?.sheet,
    encoding: flags.encoding ?? mapping?.encoding,
    names: new Map(),
  };
}

/** Says which mapping file is used. */
export function sayMapping(terminal: Terminal, flags: ReadingFlags, folder: string): void {
  const path = mappingPath(flags, folder);
  if (path !== undefined) terminal.line(words(`按对照表 ${path} 读取`, `reading by the mapping file ${path}`));
}

function mappingPath({ mapping }: ReadingFlags, folder: string): string | undefined {
  if (mapping !== undefined) return mapping;
  const { config, mapping: own } = roundPaths(folder);
  return existsSync(config) && existsSync(own) ? own : undefined;
}
