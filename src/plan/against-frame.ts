/** A plan against a locked frame: the blocks it draws from, the units it excludes, the columns it looks at. */
import type { FrameLock } from "../frame/lock-record.ts";
import type { FrameUnit, LockedFrame } from "../frame/locked.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { CITIES } from "../reference/divisions.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { type Filter, filterTest, meets } from "./filter.ts";
import type { Plan, Quota, SealedPlan } from "./plan.ts";
import { type Divider, populationKey } from "./strata.ts";

/** A quota in one city. */
export interface PlannedBlock {
  /** `<city code>/<class>`. */
  readonly block: string;
  /** The block, or `<block>/+<population>` where the class has several populations. */
  readonly key: string;
  readonly city: string;
  readonly quota: Quota;
}

/** Codes of the cities that a plan may draw from, in the order of the division table. */
export function plannedCities({ cities }: SealedPlan, frame: Pick<LockedFrame, "lock">): string[] {
  const inFrame = new Set(frame.lock.blocks.map(({ key }) => key.slice(0, 6)));
  return CITIES.map(({ code }) => code).filter((code) =>
    cities === "all" ? inFrame.has(code) : cities.includes(code),
  );
}

/** What a plan draws from in these cities, sorted by city and class: every city asked for, with or without units. */
export function plannedBlocks({ plan }: SealedPlan, cities: readonly string[]): PlannedBlock[] {
  const quotas = SOURCE_CLASSES.flatMap((name) => plan.quotas.filter((quota) => quota.class === name));
  return cities.flatMap((city) =>
    quotas.map((quota) => {
      const block = `${city}/${quota.class}`;
      return { block, key: populationKey(block, quota), city, quota };
    }),
  );
}

/** A column by its name in the frame, or by its field's key or name in `ledger-fields.yaml`. */
export function columnNamed({ columns }: FrameLock, name: string): string | undefined {
  const key = loadLedgerFields().find((field) => field.name === name)?.key;
  const found =
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.field === name) ??
    columns.find((column) => key !== undefined && (column.field === key || column.name === key));
  return found?.name;
}

/** The frame's columns as people name them. */
export function columnNames({ columns }: FrameLock): string[] {
  const fields = loadLedgerFields();
  return columns.map(({ name }) => fields.find(({ key }) => key === name)?.name ?? name);
}

/** Names by which a plan calls columns of the ledger, each with where it stands in the plan. */
export function columnsNamed(plan: Plan): { readonly column: string; readonly use: string }[] {
  const filters = (filter: Filter | undefined, use: string) =>
    filter?.where === undefined ? [] : [{ column: filter.where.column, use }];
  const one = (column: string | undefined, use: string) => (column === undefined ? [] : [{ column, use }]);
  return [
    ...one(plan.areas?.column, "areas"),
    ...plan.quotas.flatMap(({ spread, size, only, takeAll }) => [
      ...one(spread?.column, "spread"),
      ...one(size?.column, "size"),
      ...one(only?.column, "only"),
      ...filters(takeAll, "takeAll"),
    ]),
    ...plan.exclude.flatMap((exclusion) => filters(exclusion, "exclude")),
  ];
}

/** The frame's columns that a draw by this plan looks at. */
export function columnsUsed(plan: Plan, { lock }: LockedFrame): string[] {
  const names = columnsNamed(plan).map(({ column }) => columnNamed(lock, column));
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Whether the plan excludes a unit. The unit must carry the columns named by `columnsUsed`. */
export function exclusionTest(plan: Plan, { lock }: LockedFrame): (unit: FrameUnit) => boolean {
  const tests = plan.exclude.map((exclusion) => filterTest<FrameUnit>(exclusion, (name) => columnNamed(lock, name)));
  return (unit) => tests.some((test) => test(unit));
}

/** A quota's questions to a unit, in the frame's own column names. */
export interface QuotaColumns {
  /** Whether the unit is of the quota's population. */
  readonly isOf: (unit: FrameUnit) => boolean;
  /** Whether it is taken for certain. */
  readonly isTakenForCertain: (unit: FrameUnit) => boolean;
  /** What divides the population into strata; undefined for one stratum. */
  readonly divider: Divider | undefined;
  /** Column of sizes. */
  readonly size: string | undefined;
}

/** @param areas column of the areas, where units are drawn in two stages */
export function quotaColumns(quota: Quota, lock: FrameLock, areas: string | undefined): QuotaColumns {
  const { only, takeAll, spread, size, by } = quota;
  const name = (column: string) => columnNamed(lock, column) ?? "";
  const divided = areas ?? spread?.column ?? by;
  return {
    isOf: only === undefined ? () => true : (unit) => meets(only, unit[name(only.column)] ?? ""),
    isTakenForCertain: takeAll === undefined ? () => false : filterTest(takeAll, (column) => columnNamed(lock, column)),
    divider: divided === undefined ? undefined : { column: name(divided), digits: spread?.digits },
    size: size === undefined ? undefined : name(size.column),
  };
}
