/** What an office's own words for classes and statuses mean, beyond the spellings that are known everywhere. Pure. */
import { SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { findClass, findStatus, plainValue } from "../reference/ledger-values.ts";

/** Texts of a ledger → the class or status that they mean. Texts are compared as `plainValue` writes them. */
export interface ValueMaps {
  readonly class: ReadonlyMap<string, SourceClass>;
  readonly status: ReadonlyMap<string, string>;
}

export const NO_VALUE_MAPS: ValueMaps = { class: new Map(), status: new Map() };

/**
 * Value maps from plain objects, as a mapping file or a lock holds them.
 * @returns the texts whose meaning is no class or status as `unknown`
 */
export function valueMapsOf(values: {
  readonly class?: Readonly<Record<string, string>> | undefined;
  readonly status?: Readonly<Record<string, string>> | undefined;
}): { readonly maps: ValueMaps; readonly unknown: readonly { readonly field: string; readonly meaning: string }[] } {
  const unknown: { field: string; meaning: string }[] = [];
  const read = <Meaning extends string>(
    field: string,
    texts: Readonly<Record<string, string>>,
    find: (text: string) => Meaning | undefined,
  ) =>
    new Map(
      Object.entries(texts).flatMap(([text, meaning]) => {
        const found = find(meaning);
        if (found === undefined) unknown.push({ field, meaning });
        return found === undefined ? [] : [[plainValue(text), found] as const];
      }),
    );
  return {
    maps: {
      class: read("class", values.class ?? {}, (text) => SOURCE_CLASSES.find((key) => key === text) ?? findClass(text)),
      status: read("status", values.status ?? {}, findStatus),
    },
    unknown,
  };
}

/** The class that a text of the ledger means: by the office's own map, else by the known spellings. */
export function classOf(maps: ValueMaps, text: string): SourceClass | undefined {
  return maps.class.get(plainValue(text)) ?? findClass(text);
}

/** The status that a text of the ledger means, as `classOf`. */
export function statusOf(maps: ValueMaps, text: string): string | undefined {
  return maps.status.get(plainValue(text)) ?? findStatus(text);
}
