/** What a plan asks that the locked frame cannot give, all of it named before anything is sealed. */
import type { FrameUnit, LockedFrame } from "../frame/locked.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import {
  columnNamed,
  columnNames,
  columnsNamed,
  columnsUsed,
  exclusionTest,
  plannedBlocks,
  plannedCities,
} from "./against-frame.ts";
import { allocate, minimaOf } from "./allocate.ts";
import type { Plan, SealedPlan } from "./plan.ts";
import { populationOf } from "./population.ts";
import { SIZE_LIMIT } from "./unit-size.ts";

type Report = (code: string, message: Words, advice: Words, value?: string) => void;

/**
 * Refuses a plan that asks what the frame cannot give.
 * @throws ChouqianError E-PLAN-FRAME with every such thing
 */
export async function refuseMisfit(sealed: SealedPlan, frame: LockedFrame): Promise<void> {
  const problems: Problem[] = [];
  const report: Report = (code, message, advice, value) => {
    problems.push({ code, message, advice, at: { file: "plan.yaml", value } });
  };
  columnProblems(sealed.plan, frame, report);
  await idProblems(sealed.plan, frame, report);
  contradictions(sealed.plan, report);
  cityProblems(sealed, frame, report);
  if (problems.length === 0) await unitProblems(sealed, frame, report);
  if (problems.length === 0) return;
  throw new ChouqianError("E-PLAN-FRAME", {
    message: words("方案与锁定的抽样框不符", "the plan does not fit the locked frame"),
    advice: words("按上面逐项修改 plan.yaml", "mend plan.yaml as named above"),
    at: { file: "plan.yaml" },
    problems,
  });
}

function columnProblems(plan: Plan, { lock }: LockedFrame, report: Report): void {
  const hasCounty = lock.sources.some(({ tables }) => tables.some(({ headings }) => headings.county !== undefined));
  const asks = (column: string | undefined) => column === "county" || column === "县区";
  if (!hasCounty && plan.quotas.some(({ by, spread }) => by === "county" || asks(spread?.column))) {
    report(
      "E-PLAN-NO-COUNTY",
      words("方案按县区抽取，但名录没有县区列", "the plan draws by county, but the ledger has no such column"),
      words("在名录中补上县区列后重新锁定，或去掉 by: county", "add the column, or leave out by: county"),
    );
  }
  for (const { column, use } of columnsNamed(plan)) {
    if (columnNamed(lock, column) !== undefined) continue;
    const names = columnNames(lock);
    report(
      "E-PLAN-UNKNOWN-COLUMN",
      words(`${USES[use]}用了名录里没有的列`, `${use} names a column that the frame does not have`),
      words(`可用的列：${names.join("、")}`, `columns: ${names.join(", ")}`),
      column,
    );
  }
}

const USES: Readonly<Record<string, string>> = {
  areas: "两阶段抽取（areas）",
  spread: "分层（spread）",
  size: "规模（size）",
  only: "总体（only）",
  takeAll: "必查条件（takeAll）",
  exclude: "排除条件",
};

async function idProblems(plan: Plan, frame: LockedFrame, report: Report): Promise<void> {
  const named = [
    ...plan.exclude.map(({ ids }) => ({ ids, zh: "要排除的", en: "an excluded id" })),
    ...plan.quotas.map(({ takeAll }) => ({ ids: takeAll?.ids, zh: "必查的", en: "an id to take for certain" })),
  ];
  for (const { ids = [], zh, en } of named) {
    const known = new Set((await frame.unitsById(ids)).map(({ id }) => id));
    for (const id of ids.filter((each) => !known.has(each))) {
      report(
        "E-PLAN-UNKNOWN-ID",
        words(`${zh}代码不在抽样框中`, `${en} is not in the frame`),
        words("核对代码，或删去这一项", "check the id or remove it"),
        id,
      );
    }
  }
}

/** Ids that one part of a plan takes for certain and another leaves out. */
function contradictions(plan: Plan, report: Report): void {
  const excluded = new Set(plan.exclude.flatMap(({ ids = [] }) => ids));
  const taken = new Set(plan.quotas.flatMap(({ takeAll }) => takeAll?.ids ?? []));
  for (const id of taken) {
    if (!excluded.has(id)) continue;
    report(
      "E-PLAN-TAKEN-AND-EXCLUDED",
      words("同一代码既列为必查又列为排除", "an id is taken for certain and excluded as well"),
      words("只留一处", "keep one of the two"),
      id,
    );
  }
}

function cityProblems(sealed: SealedPlan, frame: LockedFrame, report: Report): void {
  const { random } = sealed.plan.cities ?? {};
  const { length } = plannedCities(sealed, frame);
  if (random === undefined || random <= length) return;
  report(
    "E-PLAN-CITIES",
    words(`要随机抽 ${random} 个市，但只有 ${length} 个市可抽`, `${random} cities asked for, ${length} there are`),
    words("减少 cities.random，或放宽 round.yaml 的 cities", "lower cities.random, or widen cities in round.yaml"),
    String(random),
  );
}

/** Looks at the units where a plan's sense depends on them: minima of strata, and sizes. */
async function unitProblems(sealed: SealedPlan, frame: LockedFrame, report: Report): Promise<void> {
  const { plan } = sealed;
  const isExcluded = exclusionTest(plan, frame);
  for (const { block, key, city, quota } of plannedBlocks(sealed, plannedCities(sealed, frame))) {
    const { spread, size } = quota;
    if (spread?.rule !== "min" && size === undefined) continue;
    const units = await frame.units(city, quota.class, columnsUsed(plan, frame));
    const population = populationOf(
      block,
      quota,
      units.filter((unit) => !isExcluded(unit)),
      frame.lock,
      plan.areas,
    );
    if (spread?.rule === "min") minimaProblem(key, quota, population.sizes, report);
    if (size !== undefined) sizeProblems(population.column.size ?? "", units, report);
  }
}

function minimaProblem(
  key: string,
  quota: Plan["quotas"][number],
  sizes: ReadonlyMap<string, number>,
  report: Report,
): void {
  const total = [...sizes.values()].reduce((sum, N) => sum + N, 0);
  const { n } = allocate(quota, total);
  const least = quota.spread === undefined ? 0 : minimaOf(quota.spread, sizes);
  if (least <= n) return;
  report(
    "E-PLAN-SPREAD-MIN",
    words(
      `${sizes.size} 个层每层至少 ${quota.spread?.min} 家，共需 ${least} 家，多于抽取数 ${n} 家`,
      `${sizes.size} strata of at least ${quota.spread?.min} ask for ${least} units, more than the quota of ${n}`,
    ),
    words("增加 count，或减少 spread.min", "raise count or lower spread.min"),
    key,
  );
}

function sizeProblems(column: string, units: readonly FrameUnit[], report: Report): void {
  for (const unit of units) {
    const text = unit[column] ?? "";
    if (!/^\+?\d+(\.\d*)?$/.test(text) || Number(text) < SIZE_LIMIT) continue;
    report(
      "E-PLAN-SIZE-TOO-LARGE",
      words(`“${column}”的值太大（代码 ${unit.id}）`, `"${column}" is too large (id ${unit.id})`),
      words("核对该值；确实这样大的，请在名录中换用较大的计量单位", "check it, or use a larger unit of measure"),
      text,
    );
  }
}
