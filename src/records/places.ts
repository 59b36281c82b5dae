/** Where the parts of a form stand, and what people call them. Pure. */
import type { Place } from "../text/errors.ts";
import { columnLetters } from "../xlsx/layout.ts";
import type { FilledSheet, HeadPart, ItemPart } from "./filled.ts";

export function placeOf(file: string, { name }: FilledSheet, row: number, column?: number, heading?: string): Place {
  const cell = column === undefined || name === undefined ? undefined : `${columnLetters(column + 1)}${row}`;
  return { file, sheet: name, row, column: heading, cell };
}

export const HEAD_NAMES: Readonly<Record<HeadPart, string>> = {
  outcome: "核查去向",
  date: "核查日期",
  inspectors: "核查人员",
  team: "核查组",
  conclusion: "核查结论",
  note: "差错原因和说明",
};
export const PART_NAMES: Readonly<Record<ItemPart, string>> = {
  reported: "填报值",
  found: "核查值",
  way: "核查方式",
  ruling: "人工判定",
  cause: "差错原因",
  note: "说明",
};

/** The heading of the results. */
export const RESULT_NAME = "结果";

/** What `of` gives for each key, where it gives anything. */
export function some<Key extends string, T>(
  keys: readonly Key[],
  of: (key: Key) => T | undefined,
): Partial<Record<Key, T>> {
  const found: Partial<Record<Key, T>> = {};
  for (const key of keys) {
    const value = of(key);
    if (value !== undefined) found[key] = value;
  }
  return found;
}
