/** A robot that fills in the record workbooks of a round, erring at known rates: `npm run sample -- --records ROUND --out DIR`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import PizZip from "pizzip";
import { readExpected } from "../../src/records/expected.ts";
import { readFilled } from "../../src/records/read-file.ts";
import { writeFileAtomically } from "../../src/round/files.ts";
import type { Round } from "../../src/round/round.ts";
import { compareBytes } from "../../src/text/canonical.ts";
import { at } from "./chance.ts";
import { type Filling, fillForm } from "./fill.ts";

/** Rates by city in turn: met, undecided, not met. */
const RATES = [0.004, 0.02, 0.06] as const;
/** Zip entries carry a date. */
const FIXED_DATE = new Date(Date.UTC(2019, 9, 31));

export interface FilledCity {
  readonly city: string;
  readonly rate: number;
  readonly sources: number;
}

/**
 * Fills in all record workbooks below `forms/` and writes them into a folder, one for each.
 * @param rate the same for all cities; in turn where absent
 */
export async function fillRound(round: Round, out: string, seed: string, rate?: number): Promise<FilledCity[]> {
  const expected = await readExpected(round);
  const folders = readdirSync(round.paths.forms, { recursive: true, encoding: "utf8" });
  const files = folders
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /记录表[^/]*\.xlsx$/.test(file))
    .sort(compareBytes);
  const cities = [...new Set(expected.sources.map(({ cityName }) => cityName))];
  const filled: FilledCity[] = [];
  for (const file of files) {
    const city = file.split("/")[0] ?? "";
    const own = rate ?? at(RATES, Math.max(0, cities.indexOf(city)) % RATES.length);
    const path = join(round.paths.forms, file);
    const form = await readFilled({ path, name: file }, expected.codesOf);
    const bySheet = new Map<string, Filling[]>();
    let sources = 0;
    for (const source of form.sources) {
      const found = expected.find(source);
      if ("problem" in found) continue;
      const sheet = source.at.sheet ?? "";
      bySheet.set(sheet, [...(bySheet.get(sheet) ?? []), fillForm(source, found.expected, own, seed)]);
      sources++;
    }
    if (sources === 0) continue;
    writeFileAtomically(join(out, file.replaceAll("/", "_")), fillWorkbook(readFileSync(path), bySheet));
    filled.push({ city, rate: own, sources });
  }
  return filled;
}

/** Puts texts into the empty cells of sheets, leaving everything else as it is. */
export function fillWorkbook(bytes: Uint8Array, bySheet: ReadonlyMap<string, readonly Filling[]>): Uint8Array {
  const zip = new PizZip(bytes);
  const text = (part: string) => zip.file(part)?.asText() ?? "";
  const targets = new Map(
    [...text("xl/_rels/workbook.xml.rels").matchAll(/<Relationship ([^>]*)\/>/g)].map(([, attributes = ""]) => [
      attribute(attributes, "Id"),
      attribute(attributes, "Target"),
    ]),
  );
  for (const [, attributes = ""] of text("xl/workbook.xml").matchAll(/<sheet ([^>]*)\/>/g)) {
    const fillings = bySheet.get(unescaped(attribute(attributes, "name")));
    const part = `xl/${targets.get(attribute(attributes, "r:id")) ?? ""}`;
    if (fillings === undefined) continue;
    const cells = new Map(fillings.flatMap((filling) => [...filling]));
    zip.file(part, filledSheet(text(part), cells), { date: FIXED_DATE });
  }
  return zip.generate({ type: "uint8array", compression: "DEFLATE" });
}

function filledSheet(xml: string, cells: Filling): string {
  return xml.replace(/<c r="([A-Z]+\d+)"([^>]*?)(\/>|>[\s\S]*?<\/c>)/g, (all, cell: string, rest: string) => {
    const value = cells.get(cell);
    if (value === undefined) return all;
    const style = / s="\d+"/.exec(rest)?.[0] ?? "";
    return `<c r="${cell}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(String(value))}</t></is></c>`;
  });
}

function attribute(attributes: string, name: string): string {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function unescaped(text: string): string {
  const named = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"');
  return named.replaceAll("&apos;", "'").replaceAll("&amp;", "&");
}
