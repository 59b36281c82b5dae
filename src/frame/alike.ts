/** Units by what stands in some of their columns, as an engine puts them together. */

/** Units with the same values in some columns. */
export interface AlikeUnits {
  /** In the order of the columns asked for. */
  readonly values: readonly string[];
  /** Places of the units in the list of ids that was asked for, in no order. */
  readonly places: Int32Array;
}

const PLACES = "places in a line";

/** What the engine is asked for: the places of a group as one text, which is far quicker than a row of each. */
export function placesInLine(place: string): string {
  return `string_agg(CAST(${place} AS VARCHAR), ' ') AS "${PLACES}"`;
}

/** A group as the engine answers it. */
export function alikeUnits(group: Record<string, string>, columns: readonly string[]): AlikeUnits {
  return {
    values: columns.map((column) => group[column] ?? ""),
    places: Int32Array.from((group[PLACES] ?? "").split(" "), Number),
  };
}
