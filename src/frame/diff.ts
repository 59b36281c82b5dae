/** What changed between two locked frames, unit by unit. Reads two rounds, writes nothing. */
import { existsSync } from "node:fs";
import type { SourceClass } from "../reference/classes.ts";
import type { Round } from "../round/round.ts";
import { openEngine, sqlName } from "./engine.ts";
import type { LockedColumn } from "./lock-record.ts";
import { notLocked, readLock } from "./locked.ts";

/** How a unit differs: only in the new frame, only in the old one, in another block, or in its other columns. */
export const CHANGE_KINDS = ["added", "removed", "moved", "changed"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface UnitChange {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly name: string;
  /** Block of the new frame, of the old one where the unit is gone. */
  readonly city: string;
  readonly sourceClass: SourceClass;
  /** Columns whose values differ, with both values. */
  readonly columns: readonly { readonly name: string; readonly old: string; readonly new: string }[];
}

export interface FrameDiff {
  readonly oldDigest: string;
  readonly newDigest: string;
  /** Sorted by id in byte order. */
  readonly changes: readonly UnitChange[];
  /** Columns that only one of the frames has; they are not compared. */
  readonly onlyOld: readonly string[];
  readonly onlyNew: readonly string[];
}

/**
 * Compares the locked frames of two rounds by id, over the columns that both have.
 * @throws ChouqianError E-FRAME-NOT-LOCKED
 */
export async function diffFrames(oldRound: Round, newRound: Round): Promise<FrameDiff> {
  const [before, after] = [lockOf(oldRound), lockOf(newRound)];
  const names = (columns: readonly LockedColumn[]) => columns.map(({ name }) => name);
  const [oldNames, newNames] = [names(before.columns), names(after.columns)];
  const shared = oldNames.filter((name) => newNames.includes(name));
  const engine = await openEngine();
  try {
    await engine.run("SET VARIABLE old_frame = $path", { path: oldRound.paths.parquet });
    await engine.run("SET VARIABLE new_frame = $path", { path: newRound.paths.parquet });
    const rows = await engine.query<PairRow>(differentUnits(shared));
    return {
      oldDigest: before.frameDigest,
      newDigest: after.frameDigest,
      changes: rows.map((row) => changeOf(row, shared)),
      onlyOld: oldNames.filter((name) => !shared.includes(name)),
      onlyNew: newNames.filter((name) => !shared.includes(name)),
    };
  } finally {
    engine.close();
  }
}

function lockOf(round: Round) {
  const lock = readLock(round);
  if (lock === undefined || !existsSync(round.paths.parquet)) throw notLocked();
  return lock;
}

/** A unit of either frame: values of both by position of the shared columns, null where the frame lacks the unit. */
type PairRow = { readonly [column: `${"o" | "n"}${number}`]: string | null };

/** Units that are not the same in both frames. */
const differentUnits = (shared: readonly string[]) => {
  const both = shared.map((name, at) => `a.${sqlName(name)} AS o${at}, b.${sqlName(name)} AS n${at}`);
  const isDifferent = shared.map((name) => `a.${sqlName(name)} IS DISTINCT FROM b.${sqlName(name)}`);
  return `
    SELECT ${both.join(", ")}
    FROM read_parquet(getvariable('old_frame')) a
    FULL JOIN read_parquet(getvariable('new_frame')) b USING ("id")
    WHERE ${isDifferent.join(" OR ")}
    ORDER BY coalesce(a."id", b."id")`;
};

function changeOf(row: PairRow, shared: readonly string[]): UnitChange {
  const value = (frame: "o" | "n", column: string) => row[`${frame}${shared.indexOf(column)}`] ?? null;
  const frame = value("n", "id") === null ? "o" : "n";
  const columns = shared.flatMap((name) => {
    const [old, now] = [value("o", name), value("n", name)];
    return old === null || now === null || old === now ? [] : [{ name, old, new: now }];
  });
  const isMoved = columns.some(({ name }) => name === "city" || name === "class");
  const kind =
    value("o", "id") === null ? "added" : value("n", "id") === null ? "removed" : isMoved ? "moved" : "changed";
  return {
    id: value(frame, "id") ?? "",
    kind,
    name: value(frame, "name") ?? "",
    city: value(frame, "city") ?? "",
    sourceClass: value(frame, "class") as SourceClass,
    columns,
  };
}
