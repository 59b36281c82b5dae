/** What the ledger says of an indicator: the value reported, and the unit it is counted in. Pure. */
import { findStatus } from "../reference/ledger-values.ts";
import type { Indicator } from "./template.ts";

/** Ledger values by field key. */
type Values = ReadonlyMap<string, string>;

/** The value reported, as every form shows it; empty where it is to be copied from the census form. */
export function reportedText({ field }: Pick<Indicator, "field">, values: Values): string {
  const text = field === undefined ? "" : (values.get(field) ?? "");
  return field === "status" ? (findStatus(text) ?? text) : text;
}

/** The unit in which a source's indicator is counted; empty where it has none. */
export function unitOf({ unit, unitField }: Pick<Indicator, "unit" | "unitField">, values: Values): string {
  return (unitField === undefined ? "" : values.get(unitField)) || (unit ?? "");
}
