/** The locked frame as later steps see it: its lock, its blocks, its units. The only door into `frame/`. */
import { existsSync, readFileSync } from "node:fs";
import { SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { fileDigest, withTemporaryFolder } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type AlikeUnits, alikeUnits, placesInLine } from "./alike.ts";
import { CORE_COLUMNS } from "./columns.ts";
import { databaseFrame } from "./database-frame.ts";
import { areSameBlocks, canonicalLine, digestBlocks, standAsDigested } from "./digests.ts";
import { type Engine, openEngine, sqlName } from "./engine.ts";
import type { FrameLock, LockedBlock, LockedDatabase } from "./lock-record.ts";
import { openSnapshot } from "./postgres.ts";
import { type FrameProfile, profileFrame } from "./profile.ts";
import { openParquet } from "./unit-table.ts";
import { valueMapsOf } from "./value-maps.ts";

/** A unit of the locked frame: core columns, and all other columns by name. */
export interface FrameUnit {
  readonly id: string;
  readonly class: SourceClass;
  readonly city: string;
  readonly county: string;
  readonly name: string;
  readonly [column: string]: string;
}

/** The part of a block whose units have one value in a column; the whole block, and no value, where there is no column. */
export interface BlockPart {
  /** `<city code>/<class>` */
  readonly block: string;
  readonly value: string;
}

/** How many units a part holds. */
export interface PartCount extends BlockPart {
  readonly count: number;
}

/** A part, and the text that its tickets must come before. */
export interface TicketLimit extends BlockPart {
  readonly below: string;
}

export interface TicketedUnit extends BlockPart {
  readonly id: string;
  readonly name: string;
}

export interface LockedFrame {
  readonly lock: FrameLock;
  /** All units of a block in byte order of their ids, with the columns named besides id, name and county. */
  units(city: string, sourceClass: SourceClass, columns?: readonly string[]): Promise<FrameUnit[]>;
  /** How many units there are of each value of a column in each block. */
  counts(column: string): Promise<PartCount[]>;
  /**
   * The units of these parts whose tickets (draw-spec, "Method `ticket`") come before the part's limit, in no order: the
   * engine goes over all units, so that a draw of few among millions need not.
   * @param column that divides the blocks into parts; undefined for whole blocks
   */
  ticketsBelow(seed: string, column: string | undefined, limits: readonly TicketLimit[]): Promise<TicketedUnit[]>;
  /** The units with these ids, all columns, in no order. */
  unitsById(ids: readonly string[]): Promise<FrameUnit[]>;
  /** The units with these ids, each once, by what stands in some columns: far quicker than all columns of each. */
  alike(ids: readonly string[], columns: readonly string[]): Promise<AlikeUnits[]>;
  /** The canonical table of a block, as its digest is taken from it. */
  exportBlock(city: string, sourceClass: SourceClass): Promise<string>;
  /** Counts and digests of all blocks, computed anew from the file. */
  digests(): Promise<readonly LockedBlock[]>;
  /** The frame in figures, for people. */
  profile(): Promise<FrameProfile>;
  close(): void;
}

/** The lock of a round, or undefined where the frame is not locked yet. */
export function readLock(round: Round): FrameLock | undefined {
  if (!existsSync(round.paths.lock)) return undefined;
  try {
    const lock = JSON.parse(readFileSync(round.paths.lock, "utf8")) as FrameLock;
    if (isLock(lock)) return lock;
  } catch {
    // told below
  }
  throw damaged("lock.json");
}

/** Whether a value has the members of a lock that every reader goes by. */
function isLock(value: FrameLock | null): boolean {
  const isRecord = (member: unknown) => typeof member === "object" && member !== null;
  return (
    isRecord(value) &&
    Array.isArray(value?.columns) &&
    Array.isArray(value?.blocks) &&
    Array.isArray(value?.sources) &&
    Array.isArray(value?.excluded) &&
    isRecord(value?.options) &&
    [...value.columns, ...value.blocks, ...value.sources, ...value.excluded].every(isRecord)
  );
}

/**
 * Whether a frame is another than the one that was locked. Where the journal holds the digest of the frame's file, the
 * file's bytes are compared, which takes a second for millions of units; `verify` compares the units themselves.
 * @param locked what the journal says of the locking
 */
export async function isFrameChanged(
  round: Round,
  frame: LockedFrame,
  locked: JournalEntry["about"] | undefined,
): Promise<boolean> {
  if (frame.lock.frameDigest !== locked?.frameDigest) return true;
  if (locked.fileDigest === undefined) return !areSameBlocks(await frame.digests(), frame.lock.blocks);
  const isSameLock = digest(readFileSync(round.paths.lock)) === locked.lockDigest;
  return !isSameLock || (await fileDigest(round.paths.parquet)) !== locked.fileDigest;
}

/**
 * Opens the locked frame of a round; where its units lie in a database whose address is given, in a snapshot of it.
 * @throws ChouqianError E-FRAME-NOT-LOCKED, E-FRAME-DAMAGED, E-FRAME-IN-DATABASE, E-DATABASE
 */
export async function openFrame(round: Round): Promise<LockedFrame> {
  const lock = readLock(round);
  if (lock?.database !== undefined && round.database !== undefined) {
    const table = { columns: lock.columns, database: lock.database };
    return databaseFrame(await openSnapshot(round.database), lock, table);
  }
  if (lock?.database !== undefined && !existsSync(round.paths.parquet)) throw inDatabase(lock.database);
  if (lock === undefined || !existsSync(round.paths.parquet)) throw notLocked();
  const engine = await openEngine();
  try {
    await openParquet(engine, round.paths.parquet);
  } catch {
    engine.close();
    throw damaged("frame.parquet");
  }
  const frame = lockedFrame(engine, lock);
  return lock.database === undefined ? frame : ofDrawnUnits(frame, lock.database);
}

/** Of a frame in a database the round keeps the drawn units alone; whoever needs others must go there. */
function ofDrawnUnits(frame: LockedFrame, database: LockedDatabase): LockedFrame {
  const refuse = () => Promise.reject(inDatabase(database));
  return {
    ...frame,
    units: refuse,
    counts: refuse,
    ticketsBelow: refuse,
    exportBlock: refuse,
    digests: refuse,
    profile: refuse,
  };
}

/** Units of each value of a column. */
const countParts = (column: string) => `
  SELECT "city" || '/' || "class" AS "block", ${column} AS "value", count(*)::INTEGER AS "count"
  FROM units GROUP BY ALL`;
const LIMITS = `CREATE OR REPLACE TEMP TABLE limits ("block" VARCHAR, "value" VARCHAR, "below" VARCHAR)`;
/** Joined by one text made of all: by a bare column the engine would go by a file's own summary and pass over parts. */
const ticketsBelow = (column: string) => `
  SELECT limits."block", limits."value", "id", "name"
  FROM units JOIN limits
    ON limits."block" || chr(9) || limits."value" = "city" || '/' || "class" || chr(9) || ${column}
  WHERE sha256($seed || ':' || "id") < limits."below"`;

/** A frame over the engine's view `units`. */
export function lockedFrame(engine: Engine, lock: FrameLock): LockedFrame {
  return {
    lock,
    units: async (city, sourceClass, columns = []) => {
      const wanted = [...new Set([...CORE_COLUMNS, ...columns])].map(sqlName).join(", ");
      const units = await engine.query<FrameUnit>(
        `SELECT ${wanted} FROM units WHERE "city" = $city AND "class" = $class ORDER BY "id"`,
        { city, class: sourceClass },
      );
      // The engine passes over parts of a file whose own summary says that they hold nothing of a block.
      const held = lock.blocks.find(({ key }) => key === `${city}/${sourceClass}`)?.count ?? 0;
      if (units.length !== held) throw damaged("frame.parquet");
      return units;
    },
    counts: (column) => engine.query<PartCount>(countParts(sqlName(column))),
    ticketsBelow: async (seed, column, limits) => {
      await engine.run(LIMITS);
      const appender = await engine.appender("limits");
      for (const { block, value, below } of limits) appender.append([block, value, below]);
      appender.close();
      return engine.query<TicketedUnit>(ticketsBelow(column === undefined ? "''" : sqlName(column)), { seed });
    },
    unitsById: async (ids) => {
      await engine.run(`CREATE OR REPLACE TEMP TABLE wanted ("id" VARCHAR)`);
      const appender = await engine.appender("wanted");
      for (const id of ids) appender.append([id]);
      appender.close();
      return engine.query<FrameUnit>(`SELECT units.* FROM units SEMI JOIN wanted USING ("id")`);
    },
    alike: async (ids, columns) => {
      const groups = await engine.query<Record<string, string>>(
        `SELECT ${[...columns.map(sqlName), placesInLine('wanted."place"')].join(", ")}
        FROM units JOIN (
          SELECT unnest("ids") AS "id", generate_subscripts("ids", 1) - 1 AS "place"
          FROM (SELECT string_split($ids, chr(10)) AS "ids")
        ) AS wanted USING ("id") GROUP BY ALL`,
        { ids: ids.join("\n") },
      );
      return groups.map((group) => alikeUnits(group, columns));
    },
    exportBlock: async (city, sourceClass) => {
      const lines = await engine.query<{ line: string }>(
        `SELECT ${canonicalLine(lock.columns)} AS line FROM units WHERE "city" = $city AND "class" = $class ORDER BY "id"`,
        { city, class: sourceClass },
      );
      return lines.map(({ line }) => `${line}\n`).join("");
    },
    digests: async () => {
      const stands = await withTemporaryFolder((folder) => standAsDigested(engine, lock.columns, lock.blocks, folder));
      return stands ? lock.blocks : digestBlocks(engine, lock.columns);
    },
    profile: () => profileFrame(engine, lock.columns, valueMapsOf(lock.options.values).maps),
    close: () => engine.close(),
  };
}

/** Refusal of a step that needs a locked frame. */
export function notLocked(): ChouqianError {
  return new ChouqianError("E-FRAME-NOT-LOCKED", {
    message: words("抽样框还没有锁定", "the frame is not locked yet"),
    advice: words(
      "先锁定名录：chouqian -C 轮次文件夹 frame lock 名录.csv",
      "lock it: chouqian -C ROUND frame lock FILE",
    ),
  });
}

/** Splits `440100/industrial`; undefined where it is no block key. */
export function parseBlockKey(key: string): { city: string; sourceClass: SourceClass } | undefined {
  const [city = "", name = "", ...rest] = key.split("/");
  const sourceClass = SOURCE_CLASSES.find((known) => known === name);
  return rest.length === 0 && /^\d{6}$/.test(city) && sourceClass !== undefined ? { city, sourceClass } : undefined;
}

function inDatabase({ table }: LockedDatabase): ChouqianError {
  return new ChouqianError("E-FRAME-IN-DATABASE", {
    message: words(
      `名录在数据库的表 ${table} 里，须加 --from 才能读到`,
      `the ledger lies in the table ${table} of a database; give --from`,
    ),
    advice: words(
      "draw 和 verify 请加 --from postgres://用户@主机/数据库；其他命令须等抽签之后",
      "give draw and verify --from postgres://user@host/database; other commands work after the draw",
    ),
  });
}

function damaged(file: string): ChouqianError {
  return new ChouqianError("E-FRAME-DAMAGED", {
    message: words(`frame/${file} 已损坏，无法读取`, `frame/${file} is damaged and cannot be read`),
    advice: words("请从备份恢复 frame 文件夹", "restore the folder frame/ from a copy"),
    at: { file: `frame/${file}` },
    exitCode: 3,
  });
}
