/** Units by what stands in some of their columns, as an engine puts them together. */

/** Units with the same values in some columns. */
export interface AlikeUnits {
  /** In the order of the columns asked for. */
  readonly values: readonly string[];
  readonly ids: readonly string[];
}

const IDS = "ids in lines";

/** What the engine is asked for: the ids of a group as one text, since canonical values hold no line end. */
export function idsInLines(id: string): string {
  return `string_agg(${id}, chr(10)) AS "${IDS}"`;
}

/** A group as the engine answers it. */
export function alikeUnits(group: Record<string, string>, columns: readonly string[]): AlikeUnits {
  return { values: columns.map((column) => group[column] ?? ""), ids: (group[IDS] ?? "").split("\n") };
}
