/** Which units a plan speaks of: by id, by a list in a file, or by a column of the ledger. */
import { z } from "zod";
import { canonicalCode, canonicalText } from "../text/canonical.ts";

const text = z.union([z.string(), z.number().transform(String)]);
const column = z.string({ error: "column 应为名录的列名" }).transform(canonicalText).pipe(z.string().min(1));
const values = z
  .array(text.transform(canonicalText), { error: "values 应为取值的列表，如 [关闭, 其他]" })
  .min(1, { error: "values 至少写一个取值" });
const bound = z.number({ error: "atLeast、atMost 应为数字" });

/** A condition on one column: one of these values, or a number within bounds. Text that is no number is within none. */
export const Condition = z
  .strictObject({ column, values: values.optional(), atLeast: bound.optional(), atMost: bound.optional() })
  .superRefine((condition, context) => {
    const hasBound = condition.atLeast !== undefined || condition.atMost !== undefined;
    if ((condition.values !== undefined) === hasBound) {
      context.addIssue({ code: "custom", message: "写 values（取值），或写 atLeast、atMost（数值范围），二者取一" });
    }
  });
export type Condition = z.infer<typeof Condition>;

const ids = z.array(text.transform(canonicalCode)).min(1, { error: "ids 至少写一个代码" });
const list = z
  .string({ error: "list 应为名单的文件名" })
  .refine((name) => !/[/\\]/.test(name) && name !== "", { error: "list 只写轮次文件夹里的文件名，不带路径" });

/** The three ways of naming units, exactly one of which is used. */
export const FILTER_KEYS = {
  ids: ids.optional(),
  /** A file in the round folder with a column of ids; the sealed plan holds the ids themselves. */
  list: list.optional(),
  where: Condition.optional(),
};

export interface Filter {
  readonly ids?: readonly string[] | undefined;
  readonly list?: string | undefined;
  readonly where?: Condition | undefined;
}

/** What to say where not exactly one way is used; undefined where the filter is sound. */
export function filterFault({ ids, list, where }: Filter): string | undefined {
  const used = [ids, list, where].filter((way) => way !== undefined).length;
  if (used === 1) return undefined;
  return "应写且只写一种：ids: [代码…]、list: 名单文件，或 where: { column: 列名, values: [取值…] }";
}

/** Whether a unit meets a condition on the text of its column. */
export function meets(condition: Condition, value: string): boolean {
  if (condition.values !== undefined) return condition.values.includes(value);
  const number = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  return number >= (condition.atLeast ?? -Infinity) && number <= (condition.atMost ?? Infinity);
}

/**
 * A filter as a function on units that carry the column of its condition.
 * @param nameOf the frame's name of a column
 */
export function filterTest<Unit extends { readonly id: string; readonly [column: string]: string }>(
  { ids, where }: Filter,
  nameOf: (column: string) => string | undefined,
): (unit: Unit) => boolean {
  if (where === undefined) {
    const wanted = new Set(ids);
    return ({ id }) => wanted.has(id);
  }
  const name = nameOf(where.column) ?? "";
  return (unit) => meets(where, unit[name] ?? "");
}
