/** A template as it stands for one source: what does not apply is left out, what may apply carries its condition in words. */
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { plainValue } from "../reference/ledger-values.ts";
import { type Condition, decide, inWords, type Lookup, testsOf, type Verdict } from "./condition.ts";
import type { ChecklistItem, ChecklistSection, Evidence, FormTemplate, Indicator, IndicatorGroup } from "./template.ts";

/** A part that is shown; `condition` says in words when it applies, where the ledger does not tell. */
export type Shown<T> = T & { readonly condition?: string | undefined };

/** A form for one source. A template that has no conditions is one already. */
export interface TailoredForm extends Omit<FormTemplate, "checklist" | "record"> {
  readonly checklist: Omit<FormTemplate["checklist"], "sections"> & {
    readonly sections: readonly Shown<Omit<ChecklistSection, "items"> & { items: readonly Shown<ChecklistItem>[] }>[];
  };
  readonly record: Omit<FormTemplate["record"], "groups" | "evidence"> & {
    readonly groups: readonly Shown<Omit<IndicatorGroup, "indicators"> & { indicators: readonly Shown<Indicator>[] }>[];
    readonly evidence: readonly Shown<Evidence>[];
  };
}

/** A condition and its words, by which a part is kept or left out. */
interface Applicable {
  readonly when?: Condition | undefined;
  readonly ifUnknown?: "show" | "hide" | undefined;
}

/**
 * The form of one source.
 * @param values ledger values by field key; a key that is absent is not known
 */
export function tailor(template: FormTemplate, values: ReadonlyMap<string, string>): TailoredForm {
  const lookup = lookupIn(template, values);
  return shape(template, ({ when, ifUnknown }) => {
    const verdict = when === undefined ? "applies" : decide(when, lookup);
    return verdict === "unknown" && ifUnknown === "hide" ? "not" : verdict;
  });
}

/** The form with all its parts and their conditions, as for a preview or a blank form. */
export function wholeForm(template: FormTemplate): TailoredForm {
  return shape(template, ({ when }) => (when === undefined ? "applies" : "unknown"));
}

/** Templates of forms that were tailored. */
const wholes = new WeakMap<TailoredForm, FormTemplate>();

/** The template from which a form was tailored; a form that was not is whole. */
export function wholeOf(form: TailoredForm): TailoredForm {
  return wholes.get(form) ?? form;
}

/** The template of a form with all its parts and their conditions. */
export function allOf(form: TailoredForm): TailoredForm {
  const template = wholes.get(form);
  return template === undefined ? form : wholeForm(template);
}

/** Parts with their conditions in words: the same object for all sources, so that what was made of it can be found again. */
const conditional = new WeakMap<Applicable, Shown<Applicable>>();

function withCondition<T extends Applicable>(part: T, template: FormTemplate): Shown<T> {
  if (part.when === undefined) return part;
  const known = conditional.get(part);
  if (known !== undefined) return known as Shown<T>;
  const shown = { ...part, condition: inWords(part.when, namesIn(template)) };
  conditional.set(part, shown);
  return shown;
}

function shape(template: FormTemplate, verdictOf: (part: Applicable) => Verdict): TailoredForm {
  const shown = <T extends Applicable>(part: T): Shown<T>[] => {
    const verdict = verdictOf(part);
    if (verdict === "not") return [];
    return [verdict === "applies" ? part : withCondition(part, template)];
  };
  const { checklist, record } = template;
  const form: TailoredForm = {
    ...template,
    checklist: {
      ...checklist,
      sections: checklist.sections
        .flatMap(shown)
        .map((section) => ({ ...section, items: section.items.flatMap(shown) }))
        .filter(({ items }) => items.length > 0),
    },
    record: {
      ...record,
      groups: record.groups
        .flatMap(shown)
        .map((group) => ({ ...group, indicators: group.indicators.flatMap(shown) }))
        .filter(({ indicators }) => indicators.length > 0),
      evidence: record.evidence.flatMap(shown),
    },
  };
  wholes.set(form, template);
  return form;
}

/** All indicators of a template, in the order of the form. */
export function indicatorsOf({ record }: Pick<FormTemplate, "record">): readonly Indicator[] {
  return record.groups.flatMap(({ indicators }) => indicators);
}

/** Values behind fields and, by the field that fills them in, indicators. */
function lookupIn(template: FormTemplate, values: ReadonlyMap<string, string>): Lookup {
  const fieldOf = new Map(indicatorsOf(template).map(({ code, field }) => [code, field]));
  const known = knownKinds(template);
  return ({ field, indicator }) => {
    const key = field ?? fieldOf.get(indicator ?? "");
    const value = key === undefined ? "" : (values.get(key) ?? "");
    return key === KIND && !known(plainValue(value)) ? "" : value;
  };
}

/** Field of the ledger that holds the kind of object. */
export const KIND = "subclass";

/** Whether a kind of object is one that the template's conditions speak of; any other kind decides nothing. */
export function knownKinds(template: FormTemplate): (kind: string) => boolean {
  const tests = conditionsOf(template)
    .flatMap(({ condition }) => testsOf(condition))
    .filter(({ field }) => field === KIND);
  const named = (values: string | readonly string[] = []) => [values].flat().map(plainValue);
  return (kind) =>
    tests.some(
      ({ is, isNot, starts, contains }) =>
        [...named(is), ...named(isNot)].includes(kind) ||
        named(starts).some((each) => kind.startsWith(each)) ||
        named(contains).some((each) => kind.includes(each)),
    );
}

/** Names by which people know what conditions speak of. */
export function namesIn(template: FormTemplate): Lookup {
  const fields = new Map(loadLedgerFields().map(({ key, name }) => [key, name]));
  const indicators = new Map(indicatorsOf(template).map(({ code, name }) => [code, `“${name}”`]));
  return ({ field, indicator }) =>
    field === undefined ? (indicators.get(indicator ?? "") ?? "") : (fields.get(field) ?? field);
}

/** Every condition of a template with the path to it. */
export function conditionsOf({
  checklist,
  record,
}: FormTemplate): readonly { readonly path: readonly (string | number)[]; readonly condition: Condition }[] {
  const of = (part: Applicable, ...path: readonly (string | number)[]) =>
    part.when === undefined ? [] : [{ path: [...path, "when"], condition: part.when }];
  return [
    ...checklist.sections.flatMap((section, s) => [
      ...of(section, "checklist", "sections", s),
      ...section.items.flatMap((item, i) => of(item, "checklist", "sections", s, "items", i)),
    ]),
    ...record.groups.flatMap((group, g) => [
      ...of(group, "record", "groups", g),
      ...group.indicators.flatMap((indicator, i) => of(indicator, "record", "groups", g, "indicators", i)),
    ]),
    ...record.evidence.flatMap((evidence, e) => of(evidence, "record", "evidence", e)),
  ];
}
