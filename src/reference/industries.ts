/** Industry classes of GB/T 4754-2017. A code outside the list is warned of, never refused. */
import { readCodesTable } from "./codes-table.ts";

/** Names of the four-digit classes by code; a name may be empty. */
export const INDUSTRIES: ReadonlyMap<string, string> = new Map(
  readCodesTable("industry-codes.csv").map(([code = "", name = ""]) => [code, name]),
);
