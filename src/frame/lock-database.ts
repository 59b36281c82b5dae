/** The edge of the frame step where the ledger is a table of a database: locks it; no copy of it is made. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFolder, withTemporaryFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock, writeJson } from "../round/round.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { blockDigests, tableFaults } from "./database-frame.ts";
import { readTableColumns, type TableColumns, type TableOptions } from "./database-table.ts";
import { frameDigestOf } from "./digests.ts";
import { openEngine } from "./engine.ts";
import type { FrameLock, LockedBlock } from "./lock-record.ts";
import type { FrameUnit } from "./locked.ts";
import { openSnapshot } from "./postgres.ts";
import { writeParquet } from "./unit-table.ts";

/** What is written about each kind of fault: what it is, and how it is mended. */
const FAULTS: Readonly<Record<string, readonly [Words, Words]>> = {
  "E-DATABASE-NO-ID": [words("没有代码", "no id"), words("补填代码", "fill in the ids")],
  "E-DATABASE-DUPLICATE-ID": [
    words("代码重复", "the same id in several rows"),
    words("同一代码只留一行", "keep one row of each"),
  ],
  "E-DATABASE-CITY": [
    words("地市不是六位代码", "the city is no code of six digits"),
    words("写成六位代码，如 440100", "write such as 440100"),
  ],
  "E-DATABASE-CLASS": [
    words("污染源类别不认识", "unknown class of source"),
    words(
      "写成 industrial、agricultural、domestic、centralized 或 mobile",
      "write industrial, agricultural, domestic, centralized or mobile",
    ),
  ],
  "E-DATABASE-TEXT": [
    words("不是规范文本（首尾空白、制表符、换行、非 NFC；代码还不得有小写和全角字母）", "not canonical text"),
    words(
      "在库内整理后重试：normalize(btrim(列), NFC)；代码再加 upper()。办法见 docs/scale.md",
      "put it right in the database, see docs/scale.md",
    ),
  ],
};

/**
 * Locks a table of a database as the round's frame: `frame/lock.json` and the journal; no row leaves the database.
 * @throws ChouqianError E-FRAME-LOCKED, E-DATABASE, E-DATABASE-COLUMN, E-DATABASE-ROWS with every kind of fault
 */
export function lockDatabase(
  round: Round,
  actor: Actor,
  url: string,
  options: TableOptions,
  progress: Progress,
): Promise<FrameLock> {
  return withRoundLock(round.folder, async () => {
    if (journalOf(round).entries.some(({ event }) => event === "frame.locked")) throw lockedAlready();
    const snapshot = await openSnapshot(url);
    try {
      const table = await readTableColumns(snapshot, options);
      progress(words("检查表", "checking the table"), 0);
      refuseFaults(await tableFaults(snapshot, table));
      progress(words("在库内计算摘要", "digesting within the database"), 0);
      const lock = lockOf(await blockDigests(snapshot, table), table);
      await replaceFolder(round.paths.frame, async (staging) => {
        writeJson(join(staging, "lock.json"), lock as unknown as JsonValue);
      });
      recordEvent(round, actor, "frame.locked", {
        frameDigest: lock.frameDigest,
        lockDigest: digest(canonicalJson(lock as unknown as JsonValue)),
        units: lock.units,
        excluded: 0,
        sources: lock.sources.map(({ name, sha256 }) => ({ name, sha256 })),
        ledgers: [],
      });
      return lock;
    } finally {
      await snapshot.close();
    }
  });
}

function lockOf(blocks: readonly LockedBlock[], { columns, database }: TableColumns): FrameLock {
  const units = blocks.reduce((sum, { count }) => sum + count, 0);
  const frameDigest = frameDigestOf(blocks);
  const headings = Object.fromEntries(
    columns.slice(0, 5).flatMap(({ name }, at) => {
      const own = database.columns[at];
      return own === null || own === undefined ? [] : [[name, own]];
    }),
  );
  return {
    spec: "draw-spec/1",
    frameDigest,
    units,
    rowsRead: units,
    columns,
    blocks,
    sources: [
      {
        name: `数据库表 ${database.table}`,
        // A table has no bytes of its own; what identifies it is the digest of its content.
        sha256: frameDigest,
        bytes: 0,
        encoding: null,
        tables: [{ sheet: null, headerRow: 0, rows: units, hiddenRows: 0, headings }],
        hiddenSheets: [],
      },
    ],
    options: {
      map: {},
      set: {},
      values: { class: {}, status: {} },
      sheet: null,
      excludeProblemRows: false,
      encoding: null,
    },
    excluded: [],
    problemCounts: {},
    database,
  };
}

/** Keeps the rows of drawn units beside the lock, for lists and forms: `frame/frame.parquet` holds these alone. */
export async function keepUnits(round: Round, { columns }: FrameLock, units: readonly FrameUnit[]): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const lines = join(folder, "drawn.lines");
    const text = units.map((unit) => `${columns.map(({ name }) => unit[name] ?? "").join("\t")}\n`);
    writeFileSync(lines, text.sort().join(""), { mode: 0o600 });
    const parquet = join(folder, "frame.parquet");
    const engine = await openEngine();
    try {
      await writeParquet(engine, lines, columns, parquet);
    } finally {
      engine.close();
    }
    writeFileAtomically(round.paths.parquet, readFileSync(parquet));
  });
}

function refuseFaults(faults: Awaited<ReturnType<typeof tableFaults>>): void {
  if (faults.length === 0) return;
  const problems = faults.map(({ code, column, rows, example }): Problem => {
    const [what, advice] = FAULTS[code] ?? [words(code, code), words("", "")];
    const message = words(`“${column}”列有 ${rows} 行${what.zh}`, `${rows} rows of column "${column}": ${what.en}`);
    return { code, message, advice, at: { column, value: example } };
  });
  throw new ChouqianError("E-DATABASE-ROWS", {
    message: words(
      "表里有不能进入抽样框的行，没有锁定",
      "the table holds rows that cannot enter a frame; nothing was locked",
    ),
    advice: words("按上面逐项在库内改正后重试", "mend the above in the database and try again"),
    problems,
  });
}

function lockedAlready(): ChouqianError {
  return new ChouqianError("E-FRAME-LOCKED", {
    message: words("抽样框已经锁定，不能再次锁定", "the frame is locked already"),
    advice: words(
      "锁定后的抽样框不可更改；确有更正时请新建轮次（chouqian new）",
      "make a new round for a changed table",
    ),
  });
}
