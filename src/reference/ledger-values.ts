/** How ledgers write source classes and operating statuses (`templates/ledger-values.yaml`). */
import { z } from "zod";
import { assetText } from "../text/assets.ts";
import { canonicalCode } from "../text/canonical.ts";
import { parseYaml } from "../text/yaml-file.ts";
import { SOURCE_CLASSES, type SourceClass } from "./classes.ts";

const Spellings = z.array(z.string().min(1)).min(1);
const LedgerValues = z.strictObject({
  classes: z.record(z.enum(SOURCE_CLASSES), Spellings),
  statuses: z.record(z.string(), Spellings),
});

const tables = parseYaml(
  LedgerValues,
  assetText("templates", "ledger-values.yaml"),
  "ledger-values.yaml",
  "E-TEMPLATE-INVALID",
);
const CLASS_BY_SPELLING = new Map(
  SOURCE_CLASSES.flatMap((key) =>
    [key, ...tables.classes[key]].map((spelling) => [plainValue(spelling), key] as const),
  ),
);
const STATUS_BY_SPELLING = new Map(
  Object.entries(tables.statuses).flatMap(([key, spellings]) =>
    spellings.map((spelling) => [plainValue(spelling), key] as const),
  ),
);

/** The class that a ledger or a plan means by a text, or undefined. */
export function findClass(text: string): SourceClass | undefined {
  return CLASS_BY_SPELLING.get(plainValue(text));
}

/** 运行, 停产, 关闭 or 其他, or undefined for any other text. */
export function findStatus(text: string): string | undefined {
  return STATUS_BY_SPELLING.get(plainValue(text));
}

/** A value as it is compared: folded as a code, without white space. */
export function plainValue(text: string): string {
  return canonicalCode(text).replace(/\s/g, "");
}
