/** A plan against a locked frame: the blocks it draws from, the units it excludes, what the frame cannot give. */
import type { FrameUnit, LockedFrame } from "../frame/locked.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { CITIES } from "../reference/divisions.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import type { Exclusion, Plan, Quota, SealedPlan } from "./plan.ts";

/** The blocks that a plan draws from, sorted by city and class: every city asked for, with or without units. */
export function plannedBlocks(
  { plan, cities }: SealedPlan,
  frame: LockedFrame,
): readonly { readonly key: string; readonly city: string; readonly quota: Quota }[] {
  const inFrame = new Set(frame.lock.blocks.map(({ key }) => key.slice(0, 6)));
  const drawn = CITIES.map(({ code }) => code).filter((code) =>
    cities === "all" ? inFrame.has(code) : cities.includes(code),
  );
  const quotas = SOURCE_CLASSES.flatMap((name) => plan.quotas.filter((quota) => quota.class === name));
  return drawn.flatMap((city) => quotas.map((quota) => ({ key: `${city}/${quota.class}`, city, quota })));
}

/** Names of the frame's columns that the plan's exclusions look at. */
export function exclusionColumns(plan: Plan, frame: LockedFrame): string[] {
  return plan.exclude.flatMap((exclusion) => {
    const column = "where" in exclusion ? columnNamed(frame, exclusion.where.column) : undefined;
    return column === undefined ? [] : [column];
  });
}

/** Whether the plan excludes a unit. The unit must carry the columns named by `exclusionColumns`. */
export function exclusionTest(plan: Plan, frame: LockedFrame): (unit: FrameUnit) => boolean {
  const tests = plan.exclude.map((exclusion) => {
    if ("ids" in exclusion) {
      const ids = new Set(exclusion.ids);
      return (unit: FrameUnit) => ids.has(unit.id);
    }
    const column = columnNamed(frame, exclusion.where.column) ?? "";
    const values = new Set(exclusion.where.values);
    return (unit: FrameUnit) => values.has(unit[column] ?? "");
  });
  return (unit) => tests.some((test) => test(unit));
}

/** A column by its name in the frame, or by its field's key in `ledger-fields.yaml`. */
function columnNamed(frame: LockedFrame, name: string): string | undefined {
  const { columns } = frame.lock;
  return (columns.find((column) => column.name === name) ?? columns.find((column) => column.field === name))?.name;
}

/** What a plan asks that this frame cannot give. */
async function planProblems(plan: Plan, frame: LockedFrame): Promise<Problem[]> {
  const problem = (code: string, message: Words, advice: Words, value?: string): Problem => ({
    code,
    message,
    advice,
    at: { file: "plan.yaml", value },
  });
  const problems: Problem[] = [];
  const hasCounty = frame.lock.sources.some(({ tables }) =>
    tables.some(({ headings }) => headings.county !== undefined),
  );
  if (!hasCounty && plan.quotas.some(({ by }) => by === "county")) {
    problems.push(
      problem(
        "E-PLAN-NO-COUNTY",
        words("方案按县区抽取，但名录没有县区列", "the plan draws by county, but the ledger has no such column"),
        words("在名录中补上县区列后重新锁定，或去掉 by: county", "add the column, or leave out by: county"),
      ),
    );
  }
  for (const exclusion of plan.exclude) problems.push(...(await exclusionProblems(exclusion, frame, problem)));
  return problems;
}

async function exclusionProblems(
  exclusion: Exclusion,
  frame: LockedFrame,
  problem: (code: string, message: Words, advice: Words, value?: string) => Problem,
): Promise<Problem[]> {
  if ("where" in exclusion) {
    const { column } = exclusion.where;
    if (columnNamed(frame, column) !== undefined) return [];
    return [
      problem(
        "E-PLAN-UNKNOWN-COLUMN",
        words("排除条件用了名录里没有的列", "an exclusion names a column that the frame does not have"),
        words(
          `可用的列：${frame.lock.columns.map(({ name }) => name).join("、")}`,
          `columns: ${frame.lock.columns.map(({ name }) => name).join(", ")}`,
        ),
        column,
      ),
    ];
  }
  const known = new Set((await frame.unitsById(exclusion.ids)).map(({ id }) => id));
  return exclusion.ids
    .filter((id) => !known.has(id))
    .map((id) =>
      problem(
        "E-PLAN-UNKNOWN-ID",
        words("要排除的代码不在抽样框中", "an excluded id is not in the frame"),
        words("核对代码，或删去这一项", "check the id or remove it"),
        id,
      ),
    );
}

/**
 * Refuses a plan that asks what the frame cannot give.
 * @throws ChouqianError E-PLAN-FRAME with every such thing
 */
export async function refuseMisfit(plan: Plan, frame: LockedFrame): Promise<void> {
  const problems = await planProblems(plan, frame);
  if (problems.length === 0) return;
  throw new ChouqianError("E-PLAN-FRAME", {
    message: words("方案与锁定的抽样框不符", "the plan does not fit the locked frame"),
    advice: words("按下面逐项修改 plan.yaml", "mend plan.yaml as follows"),
    at: { file: "plan.yaml" },
    problems,
  });
}
