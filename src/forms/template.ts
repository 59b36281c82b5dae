/** The one definition of a form template: checklist and record form of one class or kind of source (`templates/forms/*.yaml`). */
import { z } from "zod";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { Condition } from "./condition.ts";

/** Words that a person sees; blanks are none. */
export const Text = z.string().regex(/\S/, { error: "不能空着" });

/** What every part of a form may say of when it applies. */
const Applicability = {
  /** Condition under which the part applies; it always does without one. */
  when: Condition.optional(),
  /** What happens where the ledger does not tell: the part is shown with its condition, or left out. */
  ifUnknown: z.enum(["show", "hide"], { error: "ifUnknown 应为 show（照印并写明条件）或 hide（不印）" }).optional(),
};

/** One thing to check on the spot. */
export const ChecklistItem = z.strictObject({
  /** What is to be checked, one sentence. */
  check: Text,
  /** What is compared with what, such as 产量 ↔ 原料单耗 ↔ 用电量. */
  compare: Text,
  /** Papers or sights that prove it. */
  evidence: Text,
  /** How a mistake is typically recognised. */
  pitfall: Text,
  ...Applicability,
});
export type ChecklistItem = z.infer<typeof ChecklistItem>;

export const ChecklistSection = z.strictObject({
  heading: Text,
  items: z.array(ChecklistItem).min(1),
  ...Applicability,
});
export type ChecklistSection = z.infer<typeof ChecklistSection>;

/** How an indicator's value is written. */
export const VALUE_TYPES = ["text", "number", "integer", "date", "choice", "code", "yesno", "coordinate"] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** Types whose values are numbers. */
export const NUMERIC_TYPES: readonly ValueType[] = ["number", "integer", "coordinate"];

/** How far the value found may lie from the value reported. */
export type Tolerance =
  | { readonly kind: "exact" }
  /** Share of the value found, such as 0.1 for ±10%. */
  | { readonly kind: "share"; readonly by: number }
  /** In the indicator's own unit. */
  | { readonly kind: "amount"; readonly by: number };

const TOLERANCE = /^(?:(精确|exact)|±?(\d+(?:\.\d+)?)(%?))$/;
const ToleranceText = z
  .string()
  .regex(TOLERANCE, { error: "tolerance 应写成 精确、±10%，或以计量单位表示的 ±0.5" })
  .transform((text): Tolerance => {
    const [, exact, number = "0", percent] = TOLERANCE.exec(text) ?? [];
    if (exact !== undefined) return { kind: "exact" };
    return percent === "%" ? { kind: "share", by: Number(number) / 100 } : { kind: "amount", by: Number(number) };
  });

/** Amounts may differ by a tenth, everything else must agree (domain, "Suggested definitions"). */
const DEFAULT_TOLERANCE: Tolerance = { kind: "share", by: 0.1 };

/** One indicator of the record form: reported value against the value found. */
export const Indicator = z
  .strictObject({
    /** Stable code within the class, such as `G101-1.01`. */
    code: z.string().regex(/^[A-Z]\d{3}(-\d+)?\.\d{2}$/, { error: "指标代码应形如 G101-1.01" }),
    name: Text,
    /** Census form that the indicator stands in, or forms. */
    form: Text,
    /** Key indicator (关键指标) or not. */
    key: z.boolean(),
    type: z.enum(VALUE_TYPES),
    unit: Text.optional(),
    options: z.array(Text).min(2).optional(),
    /** Field of the ledger whose value is filled in beforehand. */
    field: Text.optional(),
    /** Field of the ledger that names the unit, where the unit differs from source to source. */
    unitField: Text.optional(),
    /** 精确, ±10% or ±0.5 (in the indicator's unit); ±10% for numbers and 精确 for the rest where absent. */
    tolerance: ToleranceText.optional(),
    /** Least and greatest value that is possible at all. */
    min: z.number().optional(),
    max: z.number().optional(),
    /** A word on how the value is found. */
    hint: Text.optional(),
    /** So many lines of handwriting the record form leaves for the value found, such as for a list; one unless told. */
    lines: z.int().min(1).max(6).optional(),
    ...Applicability,
  })
  .superRefine((indicator, context) => {
    const { type, options, min, max, tolerance } = indicator;
    const fault = (key: string, message: string, en: string) =>
      context.addIssue({ code: "custom", path: key === "" ? [] : [key], message, params: { en } });
    if ((type === "choice") !== (options !== undefined)) {
      fault("", "type: choice 必须列出 options；其他类型不得列出 options", "options belong to type: choice");
    }
    const isNumeric = NUMERIC_TYPES.includes(type);
    if (!isNumeric && min !== undefined) fault("min", "只有数值才有 min", "only numbers have a min");
    if (!isNumeric && max !== undefined) fault("max", "只有数值才有 max", "only numbers have a max");
    if (min !== undefined && max !== undefined && min > max) fault("max", "max 小于 min", "max is less than min");
    if (!isNumeric && tolerance !== undefined && tolerance.kind !== "exact") {
      fault("tolerance", "只有数值才有允许误差，其他类型为精确", "only numbers have a tolerance");
    }
  })
  .transform(({ tolerance, ...indicator }) => ({
    ...indicator,
    tolerance: tolerance ?? (indicator.type === "number" ? DEFAULT_TOLERANCE : ({ kind: "exact" } as Tolerance)),
  }));
export type Indicator = z.infer<typeof Indicator>;

export const IndicatorGroup = z.strictObject({
  heading: Text,
  indicators: z.array(Indicator).min(1),
  ...Applicability,
});
export type IndicatorGroup = z.infer<typeof IndicatorGroup>;

const NamedEvidence = z.strictObject({
  name: Text,
  /** A photograph taken on the spot. */
  photo: z.boolean().optional(),
  ...Applicability,
});
/** A piece of evidence to tick off (佐证材料); a text alone is its name. */
export const Evidence = z
  .union([Text, NamedEvidence], { error: "佐证材料应为名称，或 { name, photo, when }" })
  .transform(
    (evidence): z.infer<typeof NamedEvidence> => (typeof evidence === "string" ? { name: evidence } : evidence),
  );
export type Evidence = z.infer<typeof Evidence>;

/** A place to sign or to write at the foot of a form; three stand in a row. */
export const Signature = z.strictObject({
  label: Text,
  /** Whether a name, a date or other words are written there. */
  kind: z.enum(["name", "date", "text", "refusal"], {
    error: "kind 应为 name（签名）、date（日期）、text（文字）或 refusal（拒签说明，独占一行）",
  }),
});
export type Signature = z.infer<typeof Signature>;

/** What stands at the head and foot of both forms. */
const Sheet = {
  title: Text,
  /** Table number at the right above the table, in the office's own numbering (表号). */
  number: Text.optional(),
  /** Line on units at the right above the table, such as 计量单位：见各行. */
  unitLine: Text.optional(),
  /** A line or two above the table: what the inspector does first. */
  note: Text,
  /** Remarks below the table (说明). */
  notes: z.array(Text).optional(),
  /** Where it is signed; the house's own block where absent. */
  signatures: z.array(Signature).min(1).optional(),
};

/** Checklist and record form of one class of sources, or of some kinds within it. */
export const FormTemplate = z.strictObject({
  class: z.enum(SOURCE_CLASSES),
  /** Kinds (普查对象类型) that the form is for; absent in the form for the rest of the class. */
  kinds: z.array(Text).min(1).optional(),
  /** Whether departments fill it in for an area (综合表): such a form has no unit that is found, closed or replaced. */
  department: z.boolean().optional(),
  checklist: z.strictObject({ ...Sheet, sections: z.array(ChecklistSection).min(1) }),
  record: z.strictObject({
    ...Sheet,
    groups: z.array(IndicatorGroup).min(1),
    /** Evidence to tick off (佐证材料). */
    evidence: z.array(Evidence).min(1),
  }),
});
export type FormTemplate = z.infer<typeof FormTemplate>;
