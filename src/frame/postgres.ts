/** A PostgreSQL database behind a small face: one snapshot, read only. Its faults are told in words, never with a password. */
import type Pg from "pg";
import { ChouqianError } from "../text/errors.ts";
import { lazily } from "../text/lazily.ts";
import { type Words, words } from "../text/words.ts";

export interface Snapshot {
  query<Row>(sql: string, values?: readonly (string | number | readonly string[])[]): Promise<Row[]>;
  /** Rows of an answer that may be larger than memory, batch by batch. */
  stream<Row>(sql: string, values: readonly string[]): AsyncIterable<readonly Row[]>;
  close(): Promise<void>;
}

const pg = lazily<typeof Pg>("pg");
const CONNECT_WITHIN = 15_000;
const BATCH = 5_000;

/** All that turns values into text is fixed, so that the same table gives the same text under any setting of the server. */
const SETTINGS = `
  SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC';
  SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL statement_timeout = 0`;

/**
 * Opens a snapshot: all that is read through it is of one moment, and nothing can be written.
 * @param url `postgres://user@host:port/database`; a password rather by PGPASSWORD or the password file of PostgreSQL
 * @throws ChouqianError E-DATABASE
 */
export async function openSnapshot(url: string): Promise<Snapshot> {
  if (!/^postgres(ql)?:\/\//.test(url)) throw refusal("address");
  const client = await telling(async () => {
    const made = new (pg().Client)({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN, keepAlive: true });
    // A connection that breaks between two queries must not end the program; the next query tells of it.
    made.on("error", () => {});
    await made.connect();
    return made;
  });
  const query = <Row>(sql: string, values: readonly unknown[] = []) =>
    telling(async () => (await client.query(sql, [...values])).rows as Row[]);
  const close = async () => {
    await client.end().catch(() => {});
  };
  try {
    await query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await telling(() => client.query(SETTINGS));
    await query("SET client_encoding = 'UTF8'");
    const [{ encoding } = { encoding: "" }] = await query<{ encoding: string }>(
      "SELECT current_setting('server_encoding') AS encoding",
    );
    if (encoding !== "UTF8") throw refusal("encoding");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    query,
    close,
    stream: async function* <Row>(sql: string, values: readonly string[]) {
      await query(`DECLARE lines NO SCROLL CURSOR FOR ${sql}`, values);
      for (;;) {
        const rows = await query<Row>(`FETCH ${BATCH} FROM lines`);
        if (rows.length === 0) break;
        yield rows;
      }
      await query("CLOSE lines");
    },
  };
}

async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof ChouqianError) throw error;
    throw refusal("code" in error ? String(error.code) : error.message, error.message);
  }
}

/** What went wrong, and what helps; by SQLSTATE, code of the network, or beginning of the driver's own words. */
const FAULTS: Readonly<Record<string, readonly [Words, Words]>> = {
  address: [
    words("数据库地址看不懂", "cannot read the address of the database"),
    words("写成 postgres://用户@主机:5432/数据库", "write postgres://user@host:5432/database"),
  ],
  encoding: [
    words("数据库的编码不是 UTF8", "the database's encoding is not UTF8"),
    words("导入编码为 UTF8 的数据库后再试", "copy the table into a database of encoding UTF8"),
  ],
  ECONNREFUSED: [
    words("数据库拒绝连接：该主机的端口上没有 PostgreSQL", "connection refused: no PostgreSQL listens there"),
    words("核对主机和端口，确认数据库已启动并允许远程连接", "check host and port, and that the server runs"),
  ],
  ENOTFOUND: [
    words("找不到数据库主机", "the host of the database is not known"),
    words("核对主机名，检查网络", "check the name and the network"),
  ],
  ETIMEDOUT: [
    words("连接数据库超时", "the database did not answer in time"),
    words("检查网络和防火墙", "check network and firewall"),
  ],
  ECONNRESET: [
    words("数据库中断了连接", "the database broke the connection"),
    words("检查网络后重试；轮次没有改动", "check the network and try again; nothing was changed"),
  ],
  "28P01": [
    words("数据库的用户名或密码不对", "wrong user or password"),
    words("用环境变量 PGPASSWORD 或密码文件 .pgpass 给出密码", "give the password by PGPASSWORD or .pgpass"),
  ],
  "28000": [
    words("数据库不允许这个用户从这台计算机登录", "the database does not let this user in from this machine"),
    words("请数据库管理员在 pg_hba.conf 里放行，或换用户", "ask its administrator, or use another user"),
  ],
  "3D000": [words("没有这个数据库", "there is no such database"), words("核对数据库名", "check its name")],
  "42P01": [
    words("数据库里没有这张表", "there is no such table"),
    words("核对 --table；不在默认模式里的写成 模式.表", "check --table; name the schema as SCHEMA.TABLE"),
  ],
  "42703": [
    words("表里没有要用的列", "the table lacks a column"),
    words("用 --column id=表中的列名 指定", "name it with --column id=NAME"),
  ],
  "42501": [
    words("这个用户没有读取该表的权限", "this user may not read the table"),
    words("请管理员授予 SELECT 权限", "ask for SELECT on it"),
  ],
  "57P01": [
    words("数据库正在关闭", "the database is shutting down"),
    words("等它重新启动后再试；轮次没有改动", "try again when it runs; nothing was changed"),
  ],
  "57014": [
    words("数据库取消了查询", "the database cancelled the query"),
    words("请管理员放宽时间限制后重试", "ask for a longer time limit"),
  ],
};

/** @param detail the server's own words, for faults that are not known here */
function refusal(code: string, detail = ""): ChouqianError {
  const isTimeout = /timeout/i.test(detail);
  const isPassword = /password must be a string|no password supplied/i.test(detail);
  const known = FAULTS[code] ?? (isTimeout ? FAULTS.ETIMEDOUT : isPassword ? FAULTS["28P01"] : undefined);
  const [message, advice] = known ?? [
    words(`数据库出错：${detail}`, `the database reports: ${detail}`),
    words("请数据库管理员查看；轮次没有改动", "ask its administrator; nothing was changed"),
  ];
  return new ChouqianError("E-DATABASE", { message, advice, at: { value: code } });
}
