/** The five classes of pollution sources of the second national census, in the order of its work plan. */
import { type Words, words } from "../text/words.ts";

export const SOURCE_CLASSES = ["industrial", "agricultural", "domestic", "centralized", "mobile"] as const;
export type SourceClass = (typeof SOURCE_CLASSES)[number];

/** Names of the classes for people. */
export const CLASS_NAMES: Readonly<Record<SourceClass, Words>> = {
  industrial: words("工业源", "industrial"),
  agricultural: words("农业源", "agricultural"),
  domestic: words("生活源", "domestic"),
  centralized: words("集中式污染治理设施", "centralized"),
  mobile: words("移动源", "mobile"),
};

/** Names short enough for a narrow column. */
export const SHORT_CLASS_NAMES: Readonly<Record<SourceClass, Words>> = {
  ...CLASS_NAMES,
  centralized: words("集中式", "centralized"),
};
