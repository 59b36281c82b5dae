/** The rules of what cells take, as XML (ECMA-376 part 1, 18.3.1.33): alike rules of neighbouring cells as one of their range. */
import type { DataValidation } from "exceljs";
import { type Element, inner, type Rules } from "./exceljs.ts";
import { columnLetters } from "./layout.ts";

/** The element of the rules of a sheet. */
export const VALIDATIONS_AS_XML: Element<Rules> = {
  prepare() {},
  render(stream, rules) {
    const elements = withRanges(rules).map(([range, rule]) => {
      const [start, end] = elementOf(rule);
      return `${start}${range}${end}`;
    });
    if (elements.length === 0) return;
    stream.writeXml(`<dataValidations count="${elements.length}">${elements.join("")}</dataValidations>`);
  },
};

/** Rules with their ranges, by address in byte order: first down the column, then to the right. */
function withRanges(rules: Rules): readonly (readonly [range: string, rule: DataValidation])[] {
  const taken = new Set<string>();
  return Object.keys(rules)
    .sort(compare)
    .flatMap((address) => {
      const rule = rules[address];
      if (rule === undefined || taken.has(address)) return [];
      if (address.includes(":")) return [[address, rule] as const];
      const [column, row] = placeOf(address);
      const at = (right: number, down: number) => `${columnLetters(column + right)}${row + down}`;
      const isAlike = (right: number, down: number) => areAlike(rule, rules[at(right, down)]);
      let height = 1;
      while (isAlike(0, height)) height++;
      let width = 1;
      const isColumnAlike = (down = 0): boolean => down === height || (isAlike(width, down) && isColumnAlike(down + 1));
      while (isColumnAlike()) width++;
      for (let right = 0; right < width; right++) for (let down = 0; down < height; down++) taken.add(at(right, down));
      return [[height > 1 || width > 1 ? `${address}:${at(width - 1, height - 1)}` : address, rule] as const];
    });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** Column and row of an address such as `AB12`, from 1. */
function placeOf(address: string): readonly [column: number, row: number] {
  let column = 0;
  let i = 0;
  for (; address.charCodeAt(i) >= 65; i++) column = column * 26 + address.charCodeAt(i) - 64;
  return [column, Number(address.slice(i))];
}

/** Rules mostly differ by their formulas, which name the cell. */
function areAlike(rule: DataValidation, other: DataValidation | undefined): boolean {
  if (other === undefined || rule === other) return other !== undefined;
  return rule.formulae?.[0] === other.formulae?.[0] && keyOf(rule) === keyOf(other);
}

const keys = new WeakMap<DataValidation, string>();

function keyOf(rule: DataValidation): string {
  const key = keys.get(rule) ?? JSON.stringify(rule);
  keys.set(rule, key);
  return key;
}

const elements = new WeakMap<DataValidation, readonly [start: string, end: string]>();

/** What stands before and behind the range. */
function elementOf(rule: DataValidation): readonly [start: string, end: string] {
  const known = elements.get(rule);
  if (known !== undefined) return known;
  const { xmlEncode } = inner();
  const attribute = (name: string, value: string | undefined) => (value ? ` ${name}="${xmlEncode(value)}"` : "");
  const flag = (name: string, isSet: boolean | undefined) => (isSet ? ` ${name}="1"` : "");
  const { type, operator, formulae }: Omit<DataValidation, "type"> & { readonly type: string } = rule;
  const isBetween = operator === "between" || type === "list";
  const kind = `${attribute("type", type)}${attribute("operator", isBetween ? undefined : operator)}${flag("allowBlank", rule.allowBlank)}`;
  const start = [
    "<dataValidation",
    // any value is what a rule takes that has no type
    type === "any" ? "" : kind,
    flag("showInputMessage", rule.showInputMessage),
    attribute("promptTitle", rule.promptTitle),
    attribute("prompt", rule.prompt),
    flag("showErrorMessage", rule.showErrorMessage),
    attribute("errorStyle", rule.errorStyle),
    attribute("errorTitle", rule.errorTitle),
    attribute("error", rule.error),
    ' sqref="',
  ].join("");
  const formulas = (formulae ?? []).map((formula, i) => {
    return `<formula${i + 1}>${xmlEncode(String(formula))}</formula${i + 1}>`;
  });
  const made = [start, formulas.length === 0 ? '"/>' : `">${formulas.join("")}</dataValidation>`] as const;
  elements.set(rule, made);
  return made;
}
