/** The one definition of a form template: checklist and record form of one class (`templates/forms/*.yaml`). */
import { z } from "zod";
import { SOURCE_CLASSES } from "../reference/classes.ts";

/** One thing to check on the spot. */
export const ChecklistItem = z.strictObject({
  /** What is to be checked, one sentence. */
  check: z.string().min(1),
  /** What is compared with what, such as 产量 ↔ 原料单耗 ↔ 用电量. */
  compare: z.string().min(1),
  /** Papers or sights that prove it. */
  evidence: z.string().min(1),
  /** How a mistake is typically recognised. */
  pitfall: z.string().min(1),
});
export type ChecklistItem = z.infer<typeof ChecklistItem>;

export const ChecklistSection = z.strictObject({
  heading: z.string().min(1),
  items: z.array(ChecklistItem).min(1),
});

/** How an indicator's value is written. */
export const VALUE_TYPES = ["text", "code", "number", "choice", "yesno"] as const;

/** One indicator of the record form: reported value against the value found. */
export const Indicator = z
  .strictObject({
    /** Stable code within the form, such as `G101-1.01`. */
    code: z.string().regex(/^[A-Z0-9]+(-\d+)?\.\d{2}$/, { error: "指标代码应形如 G101-1.01" }),
    name: z.string().min(1),
    /** Census form that the indicator stands in. */
    form: z.string().min(1),
    /** Key indicator (关键指标) or not. */
    key: z.boolean(),
    type: z.enum(VALUE_TYPES),
    unit: z.string().min(1).optional(),
    options: z.array(z.string().min(1)).min(2).optional(),
    /** Field of the ledger whose value is filled in beforehand. */
    field: z.string().min(1).optional(),
    /** Field of the ledger that names the unit, where the unit differs from source to source. */
    unitField: z.string().min(1).optional(),
  })
  .refine((indicator) => (indicator.type === "choice") === (indicator.options !== undefined), {
    error: "type: choice 必须列出 options；其他类型不得列出 options",
  });
export type Indicator = z.infer<typeof Indicator>;

export const IndicatorGroup = z.strictObject({
  heading: z.string().min(1),
  indicators: z.array(Indicator).min(1),
});

/** Checklist and record form of one class of sources. */
export const FormTemplate = z.strictObject({
  class: z.enum(SOURCE_CLASSES),
  checklist: z.strictObject({
    title: z.string().min(1),
    /** A line or two above the table: what the inspector does first. */
    note: z.string().min(1),
    sections: z.array(ChecklistSection).min(1),
  }),
  record: z.strictObject({
    title: z.string().min(1),
    note: z.string().min(1),
    groups: z.array(IndicatorGroup).min(1),
    /** Evidence to tick off (佐证材料). */
    evidence: z.array(z.string().min(1)).min(1),
  }),
});
export type FormTemplate = z.infer<typeof FormTemplate>;
