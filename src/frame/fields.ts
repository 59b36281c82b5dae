/** Reads a unit's value by field, whatever its ledger called the column. Pure. */
import type { LockedColumn } from "./lock-record.ts";
import type { FrameUnit } from "./locked.ts";

/** A reader of fields: the first value that is not empty among the columns that hold the field; else empty text. */
export function fieldReader(columns: readonly LockedColumn[]): (unit: FrameUnit | undefined, field: string) => string {
  const columnsOf = new Map<string, string[]>();
  for (const { name, field } of columns) {
    if (field !== null) columnsOf.set(field, [...(columnsOf.get(field) ?? []), name]);
  }
  return (unit, field) =>
    (columnsOf.get(field) ?? []).map((column) => unit?.[column] ?? "").find((value) => value !== "") ?? "";
}
