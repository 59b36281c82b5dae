/** Options that say where in a database the units lie, shared by `draw`, `verify` and `frame lock`. */
import type { Command } from "commander";
import { parseTableColumns, type TableOptions } from "../frame/database-table.ts";
import { lockDatabase } from "../frame/lock-database.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import { readLock } from "../frame/locked.ts";
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { type Context, contextOf, makeCommand, type Say } from "./command.ts";

export interface DatabaseFlags {
  readonly from?: string;
  readonly table?: string;
  readonly column: readonly string[];
}

/** Adds `--from`. */
export function fromOption(command: Command, say: Say): Command {
  return command.option(
    "--from <address>",
    say(
      "名录在 PostgreSQL 里：postgres://用户@主机/数据库（密码用 PGPASSWORD 或 .pgpass；也可设 CHOUQIAN_DATABASE）",
      "the ledger lies in PostgreSQL: postgres://user@host/database (password by PGPASSWORD or .pgpass)",
    ),
  );
}

/** Adds `--table` and `--column`. */
export function tableOptions(command: Command, say: Say): Command {
  return command
    .option("--table <name>", say("表名，可写 模式.表", "name of the table, or schema.table"))
    .option(
      "--column <field=column>",
      say("字段在表中的列名，可重复，如 --column id=信用代码", "the table's name of a column; may be repeated"),
      (value: string, all: readonly string[]) => [...all, value],
      [] as readonly string[],
    );
}

/** @throws ChouqianError E-USAGE-TABLE where no table is named */
export function readTable({ table, column }: DatabaseFlags): TableOptions {
  if (table !== undefined && table !== "") return { table, columns: parseTableColumns(column) };
  throw new ChouqianError("E-USAGE-TABLE", {
    message: words("没有写名录在哪张表里", "no table is named"),
    advice: words("加上 --table 表名", "add --table NAME"),
  });
}

/** The round, its frame locked where it lies if it is not locked yet and a table is named. */
export async function roundInDatabase(flags: DatabaseFlags, context: Context): Promise<Round> {
  const opened = context.round();
  const isToLock = flags.from !== undefined || flags.table !== undefined;
  if (isToLock && opened.database !== undefined && readLock(opened) === undefined)
    await lockTable(opened, flags, context);
  return opened;
}

async function lockTable(round: Round, flags: DatabaseFlags, { actor, terminal }: Context): Promise<FrameLock> {
  const lock = await lockDatabase(round, actor, round.database ?? "", readTable(flags), terminal.progress);
  terminal.done();
  const { units, frameDigest } = lock;
  terminal.line(words(`✓ 已锁定库内的 ${units} 家普查对象`, `✓ locked ${units} units where they lie`));
  terminal.line(words(`  抽样框摘要 ${frameDigest}`, `  frame digest ${frameDigest}`));
  return lock;
}

/** `frame lock-table`: locks a table, so that the ceremony of the seed can begin. */
export function lockTableCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "lock-table",
    say,
    words("把数据库里的一张表锁定为抽样框，数据不出库", "lock a table of a database as the frame, where it lies"),
    "chouqian -C 2019年9月核查 frame lock-table --from postgres://user@host/census --table 名录",
  );
  return tableOptions(fromOption(command, say), say).action(async (flags: DatabaseFlags, self: Command) => {
    const context = contextOf(self, language);
    const { units, frameDigest, blocks } = await lockTable(context.round(), flags, context);
    context.terminal.result({ units, frameDigest, blocks });
  });
}
