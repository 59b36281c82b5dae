/** The fields a ledger may hold and the headings by which they are known (`templates/ledger-fields.yaml`). */
import { z } from "zod";
import { assetText } from "../text/assets.ts";
import { parseYaml } from "../text/yaml-file.ts";

export const LedgerField = z.strictObject({
  /** Name by which templates and `--map` refer to the field. */
  key: z.string().regex(/^[a-zA-Z0-9]+$/),
  /** Standard heading. */
  name: z.string().min(1),
  kind: z.enum(["code", "text", "number"]),
  unit: z.string().min(1).optional(),
  /** Other headings in use, most trusted first. */
  headings: z.array(z.string().min(1)),
});
export type LedgerField = z.infer<typeof LedgerField>;

let loaded: readonly LedgerField[] | undefined;

/** All ledger fields in the order of the table. */
export function loadLedgerFields(): readonly LedgerField[] {
  loaded ??= parseYaml(
    z.strictObject({ fields: z.array(LedgerField) }),
    assetText("templates", "ledger-fields.yaml"),
    "ledger-fields.yaml",
    "E-TEMPLATE-INVALID",
  ).fields;
  return loaded;
}
