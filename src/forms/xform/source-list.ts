/** `sources.csv`: the sources of a city, from which the forms on the phone are filled in. */
import { compareBytes } from "../../text/canonical.ts";
import { visible } from "../../text/visible.ts";
import { reportedText } from "../reported.ts";
import { type FormSource, roleName } from "../source.ts";
import type { FormTemplate } from "../template.ts";
import { ledgerNode } from "./indicator.ts";
import { SOURCE_COLUMNS, shownFields } from "./record-survey.ts";
import { decidingFields, decidingNode, decidingValue } from "./relevance.ts";

/** A source and the template that its form is made from. */
export interface ListedSource {
  readonly source: FormSource;
  /** Name of the form, as the forms filter by it. */
  readonly form: string;
  readonly template: FormTemplate;
}

/**
 * The list as CSV (RFC 4180, UTF-8 without BOM, which ODK would take for part of the first heading). One file serves all
 * forms of the city. Columns: the fixed ones, then ledger values (`f_`) and what conditions go by (`w_`), in byte order.
 */
export function sourceList(sources: readonly ListedSource[]): string {
  const templates = [...new Set(sources.map(({ template }) => template))];
  const shown = sorted(templates.flatMap(shownFields));
  const deciding = sorted(templates.flatMap(decidingFields));
  const head = [...SOURCE_COLUMNS, ...shown.map(ledgerNode), ...deciding.map(decidingNode)];
  const rows = sources.map(({ source, form, template }) => {
    const own = new Map([...source.values, ["id", source.id], ["name", source.name]]);
    const value = (field: string) => reportedText({ field }, own);
    const fixed: Record<(typeof SOURCE_COLUMNS)[number], string> = {
      name: source.id,
      label: [source.countyName, source.name, source.id].filter(Boolean).join(" "),
      form,
      place: `${source.cityName}${source.countyName}`,
      role: roleInWords(source),
    };
    return [
      ...SOURCE_COLUMNS.map((column) => (column === "name" ? fixed[column] : visible(fixed[column]))),
      ...shown.map((field) => visible(value(field))),
      ...deciding.map((field) => decidingValue(template, field, value(field))),
    ];
  });
  return [head, ...rows].map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareBytes);
}

function roleInWords(source: FormSource): string {
  const own = `${roleName(source)}第${source.rank}位`;
  return source.replaces === undefined ? own : `${own}，替换${source.replaces.name}`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
