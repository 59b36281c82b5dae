/** Reads form templates and checks what a schema alone cannot: codes that repeat, fields that no ledger has. */
import type { SourceClass } from "../reference/classes.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { assetText } from "../text/assets.ts";
import { parseYaml } from "../text/yaml-file.ts";
import { FormTemplate } from "./template.ts";

const CheckedTemplate = FormTemplate.superRefine((template, context) => {
  const known = new Set(loadLedgerFields().map(({ key }) => key));
  const seen = new Set<string>();
  for (const [g, group] of template.record.groups.entries()) {
    for (const [i, indicator] of group.indicators.entries()) {
      const path = ["record", "groups", g, "indicators", i];
      if (seen.has(indicator.code)) {
        context.addIssue({ code: "custom", path: [...path, "code"], message: `指标代码 ${indicator.code} 重复` });
      }
      seen.add(indicator.code);
      for (const key of ["field", "unitField"] as const) {
        const field = indicator[key];
        if (field === undefined || known.has(field)) continue;
        const message = `名录字段表（ledger-fields.yaml）里没有字段“${field}”`;
        context.addIssue({ code: "custom", path: [...path, key], message });
      }
    }
  }
});

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
