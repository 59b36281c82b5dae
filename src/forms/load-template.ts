/** Reads form templates and checks what a schema alone cannot: codes that repeat, fields that no ledger has. */
import { z } from "zod";
import type { SourceClass } from "../reference/classes.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { assetText } from "../text/assets.ts";
import { words } from "../text/words.ts";
import { type FaultParams, parseYaml } from "../text/yaml-file.ts";
import { FormTemplate } from "./template.ts";

/**
 * Reads a form template.
 * @throws ChouqianError E-TEMPLATE-INVALID naming line and key of every fault
 */
export function parseFormTemplate(text: string, fileName: string): FormTemplate {
  return parseYaml(CheckedTemplate, text, fileName, "E-TEMPLATE-INVALID");
}

/** The template of a class, from `templates/forms`. */
export function loadFormTemplate(sourceClass: SourceClass): FormTemplate {
  const file = `${sourceClass}.yaml`;
  return parseFormTemplate(assetText("templates", "forms", file), file);
}

/** The template, and what its indicators must hold among themselves; told also where the template has other faults. */
const CheckedTemplate = FormTemplate.superRefine(
  (template, context) => {
    for (const { path, message, params } of indicatorFaults(template)) {
      context.addIssue({ code: "custom", path: [...path], message, params: { ...params } });
    }
  },
  { when: () => true },
);

interface IndicatorFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly params: FaultParams;
}

function indicatorFaults(template: unknown): IndicatorFault[] {
  const known = new Set(loadLedgerFields().map(({ key }) => key));
  const firstWithCode = new Map<string, readonly (string | number)[]>();
  const faults: IndicatorFault[] = [];
  for (const { path, indicator } of placedIndicators(template)) {
    const { code } = indicator;
    const first = code === undefined ? undefined : firstWithCode.get(code);
    if (first !== undefined) faults.push(repeatedCode([...path, "code"], code ?? "", first));
    else if (code !== undefined) firstWithCode.set(code, [...path, "code"]);
    for (const key of ["field", "unitField"] as const) {
      const field = indicator[key];
      if (field !== undefined && !known.has(field)) faults.push(unknownField([...path, key], field));
    }
  }
  return faults;
}

/** What the checks above look at, taken from a template that may have faults elsewhere. */
const LooseText = z.string().optional().catch(undefined);
const LooseIndicator = z.object({ code: LooseText, field: LooseText, unitField: LooseText }).catch({});
const LooseGroup = z.object({ indicators: z.array(LooseIndicator).catch([]) }).catch({ indicators: [] });
const LooseTemplate = z.object({ record: z.object({ groups: z.array(LooseGroup) }) });

function placedIndicators(template: unknown) {
  const groups = LooseTemplate.safeParse(template).data?.record.groups ?? [];
  return groups.flatMap(({ indicators }, g) =>
    indicators.map((indicator, i) => ({ path: ["record", "groups", g, "indicators", i], indicator })),
  );
}

function repeatedCode(
  path: readonly (string | number)[],
  code: string,
  first: readonly (string | number)[],
): IndicatorFault {
  const advice = words("每个指标用一个代码，改用未用过的序号", "give each indicator a code of its own");
  return {
    path,
    message: `指标代码 ${code} 重复`,
    params: { en: `indicator code ${code} stands twice`, seeAlso: first, advice },
  };
}

function unknownField(path: readonly (string | number)[], field: string): IndicatorFault {
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
