/** Industry classes of GB/T 4754-2017. A code outside the list is warned of, never refused. */
import { readCodesTable } from "./codes-table.ts";

/** Names of the four-digit classes by code; a name may be empty. */
export const INDUSTRIES: ReadonlyMap<string, string> = new Map(
  readCodesTable("industry-codes.csv").map(([code = "", name = ""]) => [code, name]),
);

const SECTION_BY_DIVISION: ReadonlyMap<string, string> = new Map(
  readCodesTable("industry-sections.csv").flatMap(([section = "", name = "", first, last]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => [
      String(Number(first) + i).padStart(2, "0"),
      `${section} ${name}`,
    ]),
  ),
);

/** Letter and name of the section (门类) of an industry code, such as `C 制造业`; empty where the code is of none. */
export function industrySection(code: string): string {
  return SECTION_BY_DIVISION.get(code.trim().slice(0, 2)) ?? "";
}
