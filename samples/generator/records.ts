/** A robot that fills in the record workbooks of a round, erring at known rates: `npm run sample -- --records ROUND --out DIR`. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import PizZip from "pizzip";
import { type RoundExpected, readExpected } from "../../src/records/expected.ts";
import { readFilled } from "../../src/records/read-file.ts";
import { writeFileAtomically } from "../../src/round/files.ts";
import type { Round } from "../../src/round/round.ts";
import { compareBytes } from "../../src/text/canonical.ts";
import { at, Chance } from "./chance.ts";
import { type FilledForm, type Filling, fillForm } from "./fill.ts";

/** Rates by city in turn: met, undecided, not met. */
const RATES = [0.004, 0.02, 0.06] as const;
/** Workbooks worked on at once: while one is unpacked another is filled in. */
const AT_ONCE = 2;
/** Zip entries carry a date. */
const FIXED_DATE = new Date(Date.UTC(2019, 9, 31));

export interface FilledCity {
  readonly city: string;
  readonly rate: number;
  readonly sources: number;
}

/**
 * Fills in all record workbooks below `forms/` and writes them into a folder, one for each, and a table of census areas.
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
  const fill = async (file: string): Promise<FilledCity[]> => {
    // forms/<city>/, or a folder of a division above it
    const city = file.split("/").find((part) => cities.includes(part)) ?? "";
    const own = rate ?? at(RATES, Math.max(0, cities.indexOf(city)) % RATES.length);
    const { bytes, forms } = await fillFile(join(round.paths.forms, file), expected, own, seed);
    if (forms.size === 0) return [];
    writeFileAtomically(join(out, file.replaceAll("/", "_")), bytes);
    return [{ city, rate: own, sources: forms.size }];
  };
  const filled: FilledCity[] = [];
  for (let i = 0; i < files.length; i += AT_ONCE) {
    filled.push(...(await Promise.all(files.slice(i, i + AT_ONCE).map(fill))).flat());
  }
  writeFileAtomically(join(out, "普查小区核查.csv"), areasTable(cities, seed));
  return filled;
}

/** Fills in one workbook. What was written comes by unit. */
export async function fillFile(
  path: string,
  expected: Pick<RoundExpected, "find" | "codesOf">,
  rate: number,
  seed: string,
): Promise<{ readonly bytes: Uint8Array; readonly forms: ReadonlyMap<string, FilledForm> }> {
  const { sources } = await readFilled({ path, name: basename(path) }, expected.codesOf);
  const bySheet = new Map<string, Filling[]>();
  const forms = new Map<string, FilledForm>();
  for (const source of sources) {
    const found = expected.find(source);
    if ("problem" in found) continue;
    const form = fillForm(source, found.expected, rate, seed);
    forms.set(found.expected.id, form);
    const sheet = source.at.sheet ?? "";
    const own = bySheet.get(sheet);
    if (own === undefined) bySheet.set(sheet, [form.cells]);
    else own.push(form.cells);
  }
  return { bytes: fillWorkbook(readFileSync(path), bySheet), forms };
}

const AREAS_A_CITY = 4;
/** Chance of a source on the spot not to be in the frame, and of a record of the frame to be one too many. */
const [OMITTED, DUPLICATE] = [0.03, 0.015];

/** Checks of census areas as a table, as an office may write one. */
function areasTable(cities: readonly string[], seed: string): string {
  const head = "普查小区,地市,名录登记数,走访发现合计,其中未入名录,名录重复的记录\n";
  const rows = cities.flatMap((city) => {
    const chance = new Chance(`${seed}/areas/${city}`);
    const times = (count: number, share: number) => Array.from({ length: count }, () => chance.share(share));
    return Array.from({ length: AREAS_A_CITY }, (_, i) => {
      const listed = chance.whole(20, 60);
      const omitted = times(listed, OMITTED).filter(Boolean).length;
      const duplicates = times(listed, DUPLICATE).filter(Boolean).length;
      const found = listed - duplicates + omitted;
      return `${city}第${i + 1}普查小区,${city},${listed},${found},${omitted},${duplicates}\n`;
    });
  });
  return head + rows.join("");
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
  return zip.generate({ type: "uint8array", compression: "DEFLATE", compressionOptions: { level: 1 } });
}

function filledSheet(xml: string, cells: Filling): string {
  return xml.replace(/<c r="([A-Z]+\d+)"([^>]*?)(\/>|>[\s\S]*?<\/c>)/g, (all, cell: string, rest: string) => {
    const value = cells.get(cell);
    if (value === undefined) return all;
    const style = / s="\d+"/.exec(rest)?.[0] ?? "";
    if (typeof value === "number") return `<c r="${cell}"${style}><v>${value}</v></c>`;
    return `<c r="${cell}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
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
