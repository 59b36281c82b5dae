/** Frames and plans made for the tests of databases, and a PostgreSQL cluster of the test's own. */
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrawnStratum } from "../../src/draw/manifest.ts";
import { type Engine, openEngine } from "../../src/frame/engine.ts";
import type { FrameLock } from "../../src/frame/lock-record.ts";
import { type LockedFrame, openFrame } from "../../src/frame/locked.ts";
import { writeFileAtomically } from "../../src/round/files.ts";
import { roundPaths } from "../../src/round/round.ts";
import { canonicalJson, type JsonValue } from "../../src/text/canonical.ts";

/** Columns of the frames made here, in order. */
export const COLUMNS = ["id", "class", "city", "county", "name", "行业", "规模", "状态"] as const;

/**
 * Units with ids of one to four bytes a character, which UTF-16 and a dictionary would put into another order;
 * few counties, some without any and some with signs that keys must not hold; sizes of all kinds, some none.
 */
export const unitsSql = (rows: number) => `
  SELECT ['编号', '𠮷', 'É', '﨑', 'Z'][1 + i % 5] || (i * 7919 % ${rows}) AS "id",
    ['industrial', 'industrial', 'agricultural', 'domestic', 'centralized', 'mobile'][1 + i % 6] AS "class",
    ['440100', '440300', '440500'][1 + (i // 6) % 3] AS "city",
    ['', '+甲', '乙/丙', '440103', '440104', '440105', '440106'][1 + (hash(i) % 7)::INTEGER] AS "county",
    '单位''' || i AS "name",
    (2600 + (hash(i + 1) % 900)::INTEGER * (hash(i + 2) % 2)::INTEGER)::VARCHAR AS "行业",
    CASE hash(i + 3) % 9 WHEN 0 THEN '' WHEN 1 THEN '无' WHEN 2 THEN '+' || i || '.' WHEN 3 THEN i || '.1234567'
      WHEN 4 THEN '0' WHEN 5 THEN '.5' WHEN 6 THEN '9000000' ELSE (hash(i) % 1000)::VARCHAR END AS "规模",
    ['运行', '关闭', '停产'][1 + (hash(i + 4) % 3)::INTEGER] AS "状态"
  FROM range(${rows}) AS r(i)`;

/** A frame on the disk, as `frame lock` leaves it, and the engine that holds its units as the table `units`. */
export async function frameOf(folder: string, sql: string): Promise<{ frame: LockedFrame; engine: Engine }> {
  const engine = await openEngine();
  const paths = roundPaths(folder);
  mkdirSync(paths.frame, { recursive: true });
  await engine.run(`CREATE TABLE units AS ${sql}`);
  await engine.run(`COPY (SELECT * FROM units ORDER BY "city", "class", "id") TO '${paths.parquet}' (FORMAT parquet)`);
  const blocks = await engine.query<{ key: string; count: number }>(
    `SELECT "city" || '/' || "class" AS "key", count(*)::INTEGER AS "count" FROM units GROUP BY ALL ORDER BY "key"`,
  );
  const lock: Partial<FrameLock> = {
    frameDigest: "f".repeat(64),
    columns: COLUMNS.map((name) => ({ name, field: COLUMNS.indexOf(name) < 5 ? name : null })),
    blocks: blocks.map((block) => ({ ...block, digest: "" })),
    options: {
      map: {},
      set: {},
      values: { class: {}, status: {} },
      sheet: null,
      excludeProblemRows: false,
      encoding: null,
    },
    sources: [],
    excluded: [],
  };
  writeFileAtomically(paths.lock, canonicalJson(lock as unknown as JsonValue));
  const frame = await openFrame({ folder, paths } as Parameters<typeof openFrame>[0]);
  return { frame, engine };
}

/** A unit of a sample as a query gives it. */
export interface SampleRow {
  readonly stratum: string;
  readonly rank: number;
  readonly role: string;
  readonly id: string;
  readonly name: string;
  readonly ticket: string;
  readonly inclusion_probability: number;
  readonly stratum_units: number;
  readonly stratum_drawn: number;
}

/** The manifest's units in the form of a query's rows. */
export function sampleRows(strata: readonly DrawnStratum[]): SampleRow[] {
  return strata.flatMap(({ key, N, n, units }) =>
    units.map(({ id, name, rank, role, ticket, inclusionProbability }) => ({
      stratum: key,
      rank,
      role,
      id,
      name,
      ticket: ticket ?? "",
      inclusion_probability: inclusionProbability,
      stratum_units: N,
      stratum_drawn: n,
    })),
  );
}

/** Rows of an engine that gives whole numbers as numbers, bigints or text. */
export function asSampleRows(rows: readonly Record<string, unknown>[]): SampleRow[] {
  return rows.map((row) => ({
    ...(row as unknown as SampleRow),
    rank: Number(row.rank),
    inclusion_probability: Number(row.inclusion_probability),
    stratum_units: Number(row.stratum_units),
    stratum_drawn: Number(row.stratum_drawn),
  }));
}

const BIN = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"].find((folder) =>
  existsSync(join(folder, "initdb")),
);
export const hasPostgres = BIN !== undefined;
/** Ends the name of a describe block, so that a skip says why. */
export const postgresNote = hasPostgres ? "" : " (skipped: no PostgreSQL server is installed, see .ci/run)";

export const PASSWORD = "geheim-0451";

export interface Cluster {
  /** With the user's password. */
  readonly url: string;
  /** Runs psql in the database. */
  psql(...args: readonly string[]): string;
  /** Loads a CSV file without a heading. */
  load(table: string, file: string): void;
  stop(): void;
}

/** Starts a cluster in a folder of its own, its order of text being a dictionary's, with a password for its one user. */
export async function startPostgres(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "chouqian-postgres-"));
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync("chown", ["postgres", folder]);
  const run = (program: string, ...args: string[]) => runWith("ignore", program, ...args);
  const runWith = (input: "ignore" | number, program: string, ...args: string[]) => {
    const path = join(BIN ?? "", program);
    const [command, all] = isRoot ? ["runuser", ["-u", "postgres", "--", path, ...args]] : [path, args];
    return execFileSync(command as string, all as string[], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: [input, "pipe", "pipe"],
    });
  };
  const data = join(folder, "data");
  writeFileSync(join(folder, "password"), PASSWORD, { mode: 0o644 });
  run(
    "initdb",
    "-D",
    data,
    "-U",
    "tester",
    "-E",
    "UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=icu",
    "--icu-locale=zh",
    "--auth-local=trust",
    "--auth-host=scram-sha-256",
    `--pwfile=${join(folder, "password")}`,
    "--no-sync",
  );
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=256MB -c work_mem=64MB`;
  run("pg_ctl", "-D", data, "-w", "-s", "-o", settings, "-l", join(folder, "log"), "start");
  const client = [
    "-X",
    "-q",
    "-h",
    folder,
    "-p",
    String(port),
    "-U",
    "tester",
    "-d",
    "postgres",
    "-v",
    "ON_ERROR_STOP=1",
  ];
  const psql = (...args: readonly string[]) => run("psql", ...client, ...args);
  return {
    url: `postgres://tester:${PASSWORD}@127.0.0.1:${port}/postgres`,
    psql,
    load: (table, file) => {
      const input = openSync(file, "r");
      runWith(input, "psql", ...client, "-c", `COPY ${table} FROM STDIN (FORMAT csv)`);
      closeSync(input);
    },
    stop: () => {
      run("pg_ctl", "-D", data, "-m", "immediate", "-s", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Where a folder holds a file whose bytes contain a text: its name. */
export function filesWith(folder: string, text: string, read: (path: string) => Buffer): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => read(path).includes(text));
}

/** Everything that a query can say, at once. */
export const EVERYTHING = `method: ticket
quotas:
  - { class: 工业源, rate: 1.5%, min: 3, max: 40, by: county, reserve: 20% }
  - class: 农业源
    count: 41
    reserve: 2
    spread: { column: 行业, rule: proportional, digits: 2 }
    takeAll: { where: { column: 规模, atLeast: 8999999.5 } }
  - { class: 生活源, count: 30, reserve: 5, size: { column: 规模, least: 0.000001 } }
  - { class: 集中式污染治理设施, population: 新/增, only: { column: 状态, values: [运行] }, rate: 0.07%, size: { column: 规模 }, reserve: 1 }
  - { class: 集中式污染治理设施, population: 删除, only: { column: 状态, values: [关闭] }, count: 7 }
  - { class: 移动源, count: 17, spread: { column: county, rule: equal } }
exclude:
  - { where: { column: 状态, values: ["停产", "it's \\\\ closed"] }, reason: 停产 }
  - { where: { column: 规模, atMost: 3, atLeast: 0.5 }, reason: 太小 }
  - { ids: [编号5, 𠮷24], reason: 重复 }
`;
