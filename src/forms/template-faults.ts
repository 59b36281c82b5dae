/** What the parts of a template must hold among themselves. Looks also at templates that have other faults. */
import { z } from "zod";
import { AREA, LANDSCAPE_AREA, mm } from "../pdf/page.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { words } from "../text/words.ts";
import type { FaultParams } from "../text/yaml-file.ts";
import { CLASS_FILLS } from "./found.ts";
import { sameForm } from "./judge.ts";
import { SOURCE_FILLS } from "./paper.ts";

type Path = readonly (string | number)[];

export interface TemplateFault {
  readonly path: Path;
  readonly message: string;
  readonly params: FaultParams;
}

/** Codes and options that stand twice, fields that no ledger has, conditions on indicators that are not there. */
export function templateFaults(template: unknown): TemplateFault[] {
  const known = new Set(loadLedgerFields().map(({ key }) => key));
  const firstWithCode = new Map<string, Path>();
  const faults: TemplateFault[] = [];
  for (const { path, indicator } of placedIndicators(template)) {
    const { code } = indicator;
    const first = code === undefined ? undefined : firstWithCode.get(code);
    if (first !== undefined) faults.push(repeatedCode([...path, "code"], code ?? "", first));
    else if (code !== undefined) firstWithCode.set(code, [...path, "code"]);
    faults.push(...repeatedOptions([...path, "options"], indicator.options ?? []));
    for (const key of ["field", "unitField"] as const) {
      const field = indicator[key];
      if (field !== undefined && !known.has(field)) faults.push(unknownField([...path, key], field));
    }
  }
  const tests = placedTests(template, []);
  for (const { path, test } of tests) {
    const { field, indicator } = test;
    if (field !== undefined && !known.has(field)) faults.push(unknownField([...path, "field"], field));
    if (indicator !== undefined && !firstWithCode.has(indicator)) {
      faults.push(unknownIndicator([...path, "indicator"], indicator));
    }
  }
  return [...faults, ...cycles(template, tests)];
}

/**
 * Conditions on indicators that lead back to themselves: nothing decides them, and a phone would not open the form. An
 * indicator depends on what its own condition names and on what its group's does.
 */
function cycles(template: unknown, tests: readonly PlacedTest[]): TemplateFault[] {
  const leadsTo = new Map(
    placedIndicators(template).map(({ path, indicator }) => {
      const above = [
        [...path, "when"],
        [...path.slice(0, 3), "when"],
      ].map((each) => `${each.join("/")}/`);
      return [
        indicator.code ?? "",
        tests.filter((each) => above.some((start) => `${each.path.join("/")}/`.startsWith(start))),
      ] as const;
    }),
  );
  const faults = new Map<string, TemplateFault>();
  const done = new Set<string>();
  const visit = (code: string, trail: readonly string[]): void => {
    for (const { path, test } of leadsTo.get(code) ?? []) {
      const { indicator = "" } = test;
      const way = [...trail, code];
      if (way.includes(indicator)) {
        const circle = way.slice(way.indexOf(indicator));
        faults.set([...circle].sort().join("/"), circular([...path, "indicator"], [...circle, indicator]));
      } else if (!done.has(indicator)) visit(indicator, way);
    }
    done.add(code);
  };
  for (const code of leadsTo.keys()) visit(code, []);
  return [...faults.values()];
}

/** Columns of a paper that are to be filled from fields that no ledger has. */
export function columnFaults(paper: unknown, known: ReadonlySet<string>): TemplateFault[] {
  const { parts = [], orientation } = LoosePaper.safeParse(paper).data ?? {};
  const { width } = orientation === "landscape" ? LANDSCAPE_AREA : AREA;
  return parts.flatMap(({ table }, p) => {
    if (table === undefined) return [];
    const { columns, rows } = table;
    const isKnown = (fill: string) =>
      rows.from === "classes"
        ? CLASS_FILLS.some((each) => each === fill)
        : known.has(fill) || SOURCE_FILLS.some((each) => each === fill);
    const longest = Math.max(0, ...(rows.given ?? []).map(({ length }) => length));
    const isTooLong = columns.length > 0 && longest > columns.length;
    const total = columns.reduce((sum, { width: share }) => sum + share, 0);
    return [
      ...columns.flatMap(({ width: share }, c) => {
        const own = (width * share) / total;
        return own >= LEAST_COLUMN ? [] : [narrowColumn(["parts", p, "table", "columns", c, "width"], own)];
      }),
      ...columns.flatMap(({ fill }, c) => {
        if (fill === undefined || isKnown(fill)) return [];
        return [unknownField(["parts", p, "table", "columns", c, "fill"], fill)];
      }),
      ...(isTooLong
        ? [
            {
              path: ["parts", p, "table", "rows", "given"],
              message: "有的行比列数多",
              params: { en: "a row has more cells than the table has columns" },
            },
          ]
        : []),
    ];
  });
}

/** What the checks above look at, taken from a template that may have faults elsewhere. */
const LooseText = z.string().optional().catch(undefined);
const LooseIndicator = z
  .object({
    code: LooseText,
    field: LooseText,
    unitField: LooseText,
    options: z.array(z.string()).optional().catch([]),
  })
  .catch({});
const LooseGroup = z.object({ indicators: z.array(LooseIndicator).catch([]) }).catch({ indicators: [] });
const LooseTemplate = z.object({ record: z.object({ groups: z.array(LooseGroup) }) });
const LooseRows = z
  .object({ from: LooseText, given: z.array(z.array(z.unknown()).catch([])).optional().catch(undefined) })
  .catch({ from: undefined, given: undefined });
const LooseColumn = z
  .object({ fill: LooseText, width: z.number().positive().catch(1).default(1) })
  .catch({ fill: undefined, width: 1 });
const LooseTable = z.object({
  columns: z.array(LooseColumn).catch([]),
  rows: LooseRows,
});
const LoosePaper = z.object({
  orientation: LooseText,
  parts: z.array(z.object({ table: LooseTable.optional().catch(undefined) }).catch({ table: undefined })),
});
const LooseTest = z.object({ field: LooseText, indicator: LooseText });

function placedIndicators(template: unknown) {
  const groups = LooseTemplate.safeParse(template).data?.record.groups ?? [];
  return groups.flatMap(({ indicators }, g) =>
    indicators.map((indicator, i) => ({ path: ["record", "groups", g, "indicators", i], indicator })),
  );
}

interface PlacedTest {
  readonly path: Path;
  readonly test: z.infer<typeof LooseTest>;
}

/** Every test below a `when`, wherever it stands. */
function placedTests(value: unknown, path: Path, isCondition = false): PlacedTest[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each, i) => placedTests(each, [...path, i], isCondition));
  const own = isCondition && ("field" in value || "indicator" in value) ? LooseTest.safeParse(value).data : undefined;
  return [
    ...(own === undefined ? [] : [{ path, test: own }]),
    ...Object.entries(value).flatMap(([key, each]) => placedTests(each, [...path, key], isCondition || key === "when")),
  ];
}

function repeatedCode(path: Path, code: string, first: Path): TemplateFault {
  const advice = words("每个指标用一个代码，改用未用过的序号", "give each indicator a code of its own");
  return {
    path,
    message: `指标代码 ${code} 重复`,
    params: { en: `indicator code ${code} stands twice`, seeAlso: first, advice },
  };
}

/** Options that are one when they are read: capitals, full width and blanks do not count. */
function repeatedOptions(path: Path, options: readonly string[]): TemplateFault[] {
  const first = new Map<string, number>();
  return options.flatMap((option, i) => {
    const plain = sameForm(option);
    const other = first.get(plain);
    if (other === undefined) first.set(plain, i);
    if (other === undefined) return [];
    const advice = words(
      "选项各不相同；全角半角、大小写和空格不算不同",
      "options must differ in more than width, case and blanks",
    );
    const params = { en: `option "${option}" stands twice`, seeAlso: [...path, other], advice };
    return [{ path: [...path, i], message: `选项“${option}”重复`, params }];
  });
}

function unknownIndicator(path: Path, code: string): TemplateFault {
  const advice = words("写本模板里有的指标代码", "name the code of an indicator of this template");
  return { path, message: `本模板没有指标 ${code}`, params: { en: `there is no indicator ${code}`, advice } };
}

function circular(path: Path, codes: readonly string[]): TemplateFault {
  const way = codes.join(" → ");
  const advice = words(
    "改其中一个 when，使它不取决于自己（所在分组的条件也算）",
    "change one `when` so that it does not depend on itself, its group's condition included",
  );
  return {
    path,
    message: `适用条件互为前提：${way}`,
    params: { en: `conditions depend on each other: ${way}`, advice },
  };
}

/** A column must hold a character between its rules. */
const LEAST_COLUMN = mm(7);

function narrowColumn(path: Path, width: number): TemplateFault {
  const shown = (width / mm(1)).toFixed(1);
  const advice = words(
    "列宽按 width 之比分配：加大这一列的 width，减少列数，或写 orientation: landscape 横排",
    "columns share the width by their `width`: give this one more, take fewer columns, or turn the page: orientation: landscape",
  );
  return {
    path,
    message: `这一列只有 ${shown} 毫米宽，印不下字；至少 7 毫米`,
    params: { en: `this column is ${shown} mm wide, too narrow for text; 7 mm at least`, advice },
  };
}

function unknownField(path: Path, field: string): TemplateFault {
  const advice = words(
    "从 templates/ledger-fields.yaml 的 key 中选用；名录没有的指标删去这一项",
    "take a key of templates/ledger-fields.yaml, or leave it out where the ledger has no such field",
  );
  return {
    path,
    message: `名录字段表（ledger-fields.yaml）里没有字段“${field}”`,
    params: { en: `ledger-fields.yaml has no field "${field}"`, advice },
  };
}
