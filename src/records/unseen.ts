/** Characters in a filled form that nobody sees: they must not make a value wrong or a team another one. Pure. */

import type { Problem } from "../text/errors.ts";
import { unseenSpelledOut, withoutUnseen } from "../text/visible.ts";
import { fault } from "./faults.ts";
import type { FilledSource, FilledValue, HeadPart, ItemPart } from "./filled.ts";
import { HEAD_NAMES, PART_NAMES } from "./places.ts";

/** The form without them, and a warning of each cell that had some. Values reported are the ledger's: see `reportedOf`. */
export function withoutUnseenIn(source: FilledSource): { readonly source: FilledSource; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const cleaned = <Part extends HeadPart | ItemPart>(
    values: Readonly<Partial<Record<Part, FilledValue>>>,
    names: Readonly<Record<Part, string>>,
  ): Partial<Record<Part, FilledValue>> => {
    const own: Partial<Record<Part, FilledValue>> = { ...values };
    for (const [part, value] of Object.entries(values) as [Part, FilledValue][]) {
      if (part === "reported" || value === undefined) continue;
      const text = withoutUnseen(value.text);
      if (text === value.text) continue;
      problems.push(unseen(names[part], value));
      if (text.trim() === "") delete own[part];
      else own[part] = { ...value, text };
    }
    return own;
  };
  const head = cleaned(source.head, HEAD_NAMES);
  const items = source.items.map((item) => ({ ...item, values: cleaned(item.values, PART_NAMES) }));
  return problems.length === 0 ? { source, problems } : { source: { ...source, head, items }, problems };
}

/** @param name what people call the part */
export function unseen(name: string, { text, at }: FilledValue): Problem {
  return fault("W-RECORDS-INVISIBLE", `“${name}”里有看不见的字符`, `${name} holds characters that nobody sees`, {
    ...at,
    value: unseenSpelledOut(text),
  });
}
