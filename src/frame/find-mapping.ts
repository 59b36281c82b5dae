/** Finds out what is known of ledgers' columns and values, for a mapping file. Reads files, writes nothing. */
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { canonicalText } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import type { LedgerPath } from "./ledger-paths.ts";
import type { FoundMapping } from "./mapping.ts";
import { scanCsv } from "./read-csv.ts";
import { findTables, type LedgerTable, type ReadingOptions } from "./tables.ts";
import { classOf, statusOf } from "./value-maps.ts";

/** Different texts of a column that are told; beyond that it is no list of choices. */
const MOST_TEXTS = 200;

/**
 * What the headings and values of ledgers mean, and which of them mean nothing known. Columns that a frame needs may be
 * missing.
 * @throws ChouqianError as `findTables`
 */
export async function findMapping(
  paths: readonly LedgerPath[],
  options: ReadingOptions,
  progress: Progress,
): Promise<FoundMapping> {
  const fields = loadLedgerFields();
  const columns = new Map<string, readonly string[]>();
  const others = new Set<string>();
  const unknown = { class: new Map<string, number>(), status: new Map<string, number>() };
  for (const [index, path] of paths.entries()) {
    progress(words("查看名录", "looking at the ledgers"), index, paths.length);
    const { tables } = await findTables(path, fields, options);
    for (const table of tables) {
      const { headings, fields: found } = table.header;
      for (const [key, positions] of found) {
        if (!columns.has(key))
          columns.set(
            key,
            positions.map((at) => headings[at] ?? ""),
          );
      }
      const known = new Set([...found.values()].flat());
      for (const [at, heading] of headings.entries()) if (!known.has(at)) others.add(heading);
      await countUnknown(table, unknown);
    }
  }
  const constants = new Map([...options.constants].filter(([key]) => !columns.has(key)));
  return { columns, constants, otherHeadings: [...others], unknown };
}

async function countUnknown(
  table: LedgerTable,
  unknown: { readonly class: Map<string, number>; readonly status: Map<string, number> },
): Promise<void> {
  const { header } = table;
  const count = (texts: Map<string, number>, raw: string, isKnown: boolean) => {
    const text = canonicalText(raw);
    if (text === "" || isKnown) return;
    if (texts.has(text) || texts.size < MOST_TEXTS) texts.set(text, (texts.get(text) ?? 0) + 1);
  };
  const [classAt = -1] = header.fields.get("class") ?? [];
  const [statusAt = -1] = header.fields.get("status") ?? [];
  const take = (text: (at: number) => string) => {
    const [sourceClass, status] = [classAt < 0 ? "" : text(classAt), statusAt < 0 ? "" : text(statusAt)];
    count(unknown.class, sourceClass, classOf(header.values, sourceClass) !== undefined);
    count(unknown.status, status, statusOf(header.values, status) !== undefined);
  };
  if (table.file.kind === "csv") {
    await scanCsv(table.file, (scanner) => {
      while (scanner.next()) if (scanner.row > header.row) take((at) => scanner.text(at));
      return true;
    });
    return;
  }
  for await (const batch of table.rows()) {
    for (const { row, cells } of batch) if (row > header.row) take((at) => cells[at] ?? "");
  }
}
