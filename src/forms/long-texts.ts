/** Texts of a checklist that are longer than their cells are made for. */
import { z } from "zod";
import type { Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type YamlSource, yamlProblem } from "../text/yaml-file.ts";

/** Most characters of each text of an item, as the comments of the templates have them. */
export const LONGEST_TEXTS = { check: 40, compare: 40, evidence: 30, pitfall: 36 } as const;

const LooseItem = z.record(z.string(), z.unknown()).catch({});
const LooseTemplate = z.object({
  checklist: z.object({ sections: z.array(z.object({ items: z.array(LooseItem) })) }),
});

/** A warning for each text of a checklist that is too long, where it stands; none of what is no form. */
export function longTexts({ value, locate }: YamlSource): Problem[] {
  const { sections = [] } = LooseTemplate.safeParse(value).data?.checklist ?? {};
  return sections.flatMap(({ items }, s) =>
    items.flatMap((item, i) =>
      Object.entries(LONGEST_TEXTS).flatMap(([key, most]) => {
        const text = item[key];
        const length = typeof text === "string" ? [...text.trim()].length : 0;
        if (length <= most) return [];
        const place = locate(["checklist", "sections", s, "items", i, key]);
        const message = words(
          `文字有 ${length} 字，${key} 一般不超过 ${most} 字：格子会撑高，清单会多出页`,
          `${length} characters, where ${key} should have ${most} at most: its row grows high and the checklist long`,
        );
        const advice = words(
          "一格一句话：改短，或拆成两个核查点",
          "one sentence a cell: shorten it, or make two items of it",
        );
        return [yamlProblem("W-TEMPLATE-LONG", place, message, advice)];
      }),
    ),
  );
}
