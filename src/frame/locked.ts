/** The locked frame as later steps see it: its lock, its blocks, its units. The only door into `frame/`. */
import { existsSync, readFileSync } from "node:fs";
import { SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { CORE_COLUMNS } from "./columns.ts";
import { areSameBlocks, canonicalLine, digestBlocks, digestBlocksAsTheyStand } from "./digests.ts";
import { type Engine, openEngine, sqlName } from "./engine.ts";
import type { FrameLock, LockedBlock } from "./lock-record.ts";
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

/** Number of units of a block, and those first by ticket, in no order. */
export interface FirstUnits {
  readonly N: number;
  readonly units: readonly { readonly id: string; readonly name: string; readonly county: string }[];
}

export interface LockedFrame {
  readonly lock: FrameLock;
  /** All units of a block in byte order of their ids, with the columns named besides id, name and county. */
  units(city: string, sourceClass: SourceClass, columns?: readonly string[]): Promise<FrameUnit[]>;
  /**
   * Of every block the units whose tickets come first (draw-spec, "Method `ticket`"), by key `<city code>/<class>`: the
   * engine goes over all units, so that a draw of few among millions need not.
   * @param take how many of each block
   */
  firstByTicket(seed: string, take: number): Promise<ReadonlyMap<string, FirstUnits>>;
  /** The units with these ids, all columns, in no order. */
  unitsById(ids: readonly string[]): Promise<FrameUnit[]>;
  /** The canonical table of a block, as its digest is taken from it. */
  exportBlock(city: string, sourceClass: SourceClass): Promise<string>;
  /** Whether the file holds the very units of the lock in canonical order; false says nothing of which differ. */
  standsAsLocked(): Promise<boolean>;
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
    return JSON.parse(readFileSync(round.paths.lock, "utf8")) as FrameLock;
  } catch {
    throw damaged("lock.json");
  }
}

/**
 * Opens the locked frame of a round.
 * @throws ChouqianError E-FRAME-NOT-LOCKED, E-FRAME-DAMAGED
 */
export async function openFrame(round: Round): Promise<LockedFrame> {
  const lock = readLock(round);
  if (lock === undefined || !existsSync(round.paths.parquet)) throw notLocked();
  const engine = await openEngine();
  try {
    await openParquet(engine, round.paths.parquet);
  } catch {
    engine.close();
    throw damaged("frame.parquet");
  }
  return lockedFrame(engine, lock);
}

const FIRST_BY_TICKET = `
  SELECT "city", "class", count(*)::INTEGER AS "N",
    arg_min({ id: "id", name: "name", county: "county" }, sha256($seed || ':' || "id"), $take::INTEGER) AS units
  FROM units GROUP BY "city", "class"`;

/** A frame over the engine's view `units`. */
export function lockedFrame(engine: Engine, lock: FrameLock): LockedFrame {
  const standsAsLocked = async () => areSameBlocks(await digestBlocksAsTheyStand(engine, lock.columns), lock.blocks);
  return {
    lock,
    units: (city, sourceClass, columns = []) => {
      const wanted = [...new Set([...CORE_COLUMNS, ...columns])].map(sqlName).join(", ");
      return engine.query<FrameUnit>(
        `SELECT ${wanted} FROM units WHERE "city" = $city AND "class" = $class ORDER BY "id"`,
        { city, class: sourceClass },
      );
    },
    firstByTicket: async (seed, take) => {
      const rows = await engine.query<FirstUnits & { city: string; class: string }>(FIRST_BY_TICKET, {
        seed,
        take,
      });
      return new Map(rows.map((row) => [`${row.city}/${row.class}`, { N: row.N, units: row.units }]));
    },
    unitsById: async (ids) => {
      await engine.run(`CREATE OR REPLACE TEMP TABLE wanted ("id" VARCHAR)`);
      const appender = await engine.appender("wanted");
      for (const id of ids) appender.append([id]);
      appender.close();
      return engine.query<FrameUnit>(`SELECT units.* FROM units SEMI JOIN wanted USING ("id")`);
    },
    exportBlock: async (city, sourceClass) => {
      const lines = await engine.query<{ line: string }>(
        `SELECT ${canonicalLine(lock.columns)} AS line FROM units WHERE "city" = $city AND "class" = $class ORDER BY "id"`,
        { city, class: sourceClass },
      );
      return lines.map(({ line }) => `${line}\n`).join("");
    },
    standsAsLocked,
    digests: async () => ((await standsAsLocked()) ? lock.blocks : digestBlocks(engine, lock.columns)),
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

function damaged(file: string): ChouqianError {
  return new ChouqianError("E-FRAME-DAMAGED", {
    message: words(`frame/${file} 已损坏，无法读取`, `frame/${file} is damaged and cannot be read`),
    advice: words("请从备份恢复 frame 文件夹", "restore the folder frame/ from a copy"),
    at: { file: `frame/${file}` },
    exitCode: 3,
  });
}
