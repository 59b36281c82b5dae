/** Writes the canonical tables of a locked frame, for whoever wants to recompute a draw without this program. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { writeFileAtomically } from "../round/files.ts";
import { canonicalJson } from "../text/canonical.ts";
import type { LockedFrame } from "./locked.ts";

/**
 * Writes `columns.json` (names of the columns in order, with the other names by which a plan may call them: the field's
 * key and its Chinese name) and a table a block, `<city code>-<class>.tsv`, whose digest is the block's.
 * @param city code of the one city to write, or undefined for all
 * @returns names of the files
 */
export async function exportTables(frame: LockedFrame, folder: string, city: string | undefined): Promise<string[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fields = loadLedgerFields();
  const columns = frame.lock.columns.map(({ name, field }) => {
    const key = field ?? name;
    const known = fields.find((each) => each.key === key);
    return { name, aliases: known === undefined ? [] : [known.key, known.name] };
  });
  writeFileAtomically(join(folder, "columns.json"), canonicalJson(columns));
  const names = ["columns.json"];
  for (const { key } of frame.lock.blocks) {
    const [code = "", sourceClass = ""] = key.split("/");
    if (city !== undefined && code !== city) continue;
    const name = `${code}-${sourceClass}.tsv`;
    writeFileAtomically(join(folder, name), await frame.exportBlock(code, sourceClass as "industrial"));
    names.push(name);
  }
  return names;
}
