/** The JSON Schemas of the templates, for editors that complete and check them. */
import { z } from "zod";
import { Paper } from "./paper.ts";
import { FormTemplate } from "./template.ts";
import type { TemplateFolder } from "./template-store.ts";

const SCHEMAS: Readonly<Record<TemplateFolder, z.ZodType>> = { forms: FormTemplate, papers: Paper };

/**
 * Draft 2020-12, as text; codes, fields and conditions are checked against each other by `templates check` alone.
 * Wherever a list, an entry of one or a condition may stand, so may an `include`.
 */
export function templateJsonSchema(folder: TemplateFolder): string {
  const schema = z.toJSONSchema(SCHEMAS[folder], { io: "input", unrepresentable: "any", reused: "ref" });
  return `${JSON.stringify({ title: `chouqian templates/${folder}`, ...withIncludes(schema) }, null, 2)}\n`;
}

const INCLUDE = {
  type: "object",
  properties: { include: { type: "string", pattern: "^[^#]+\\.yaml#[^#]+$" } },
  required: ["include"],
  additionalProperties: false,
};

type Schema = z.core.JSONSchema.BaseSchema;

/** Lets an include stand for every list, every entry of a list that is an object, and every condition. */
function withIncludes<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(withIncludes) as T;
  if (typeof schema !== "object" || schema === null) return schema;
  const within = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withIncludes(value)]));
  const { properties, items } = within as Schema;
  if (typeof items === "object") within.items = { anyOf: [items, INCLUDE] };
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (typeof value === "object" && (value.type === "array" || key === "when")) {
      (properties as Record<string, unknown>)[key] = { anyOf: [value, INCLUDE] };
    }
  }
  return within as T;
}
