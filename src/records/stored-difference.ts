/** Where the stored records are not those that the originals give: unit, field, both values, and the original. */
import { existsSync, readFileSync } from "node:fs";
import type { Manifest } from "../draw/manifest.ts";
import type { Round } from "../round/round.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { shorten } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { changesBetween } from "./agreement.ts";
import { readAreas, readRecords } from "./read-records.ts";
import { type AreaCheck, type RecordSource, type SourceRecord, VISIT_NAMES } from "./record.ts";

/**
 * The first difference; undefined where both files are those of the state.
 * @throws ChouqianError E-RECORDS-INVALID
 */
export function storedDifference(
  round: Round,
  manifest: Manifest,
  { records, areas }: { readonly records: readonly SourceRecord[]; readonly areas: readonly AreaCheck[] },
  due: { readonly recordsDigest: string | null; readonly areasDigest: string | null },
): Words | undefined {
  const { records: path, areas: areasPath } = round.paths;
  if (digestIn(path) !== due.recordsDigest) {
    return firstDifference("records.jsonl", readRecords(round, manifest).records, records, keyOfRecord, fieldOfRecord);
  }
  if (digestIn(areasPath) !== due.areasDigest) {
    return firstDifference("areas.jsonl", readAreas(round).areas, areas, keyOfArea, fieldOf);
  }
  return undefined;
}

function digestIn(path: string): string | null {
  return existsSync(path) ? digest(readFileSync(path)) : null;
}

/** What a line is about, as people know it. */
type Line = { readonly source: RecordSource };

function keyOfRecord({ unit, visit }: SourceRecord): string {
  return visit === undefined || visit === "first" ? unit : `${unit}（${VISIT_NAMES[visit].zh}）`;
}

function keyOfArea({ city, area, team }: AreaCheck): string {
  return `普查小区 ${city} ${area}${team === "" ? "" : ` ${team}`}`;
}

interface Field {
  readonly name: string;
  readonly due: string;
  readonly found: string;
}

function firstDifference<Record extends Line>(
  file: string,
  stored: readonly Record[],
  made: readonly Record[],
  keyOf: (record: Record) => string,
  fieldOf: (found: Record, due: Record) => Field | undefined,
): Words | undefined {
  const found = new Map(stored.map((each) => [keyOf(each), each]));
  const due = new Map(made.map((each) => [keyOf(each), each]));
  const others = [...new Set([...due.keys(), ...found.keys()])]
    .sort()
    .filter((key) => canonicalJson(json(found.get(key))) !== canonicalJson(json(due.get(key))));
  const [key] = others;
  // Equal line by line and yet other bytes: the lines stand otherwise.
  if (key === undefined) return words(`${file} 的行次与应有的不同`, `the lines of ${file} do not stand as they should`);
  const [is, should] = [found.get(key), due.get(key)];
  const more = others.length > 1 ? words(`；共 ${others.length} 份不同`, `; ${others.length} differ`) : words("", "");
  const say = (zh: string, en: string) => words(`${zh}${more.zh}`, `${en}${more.en}`);
  if (should === undefined) {
    return say(`${file} 有 ${key} 的记录，原表里没有`, `${file} has a record of ${key}; no original has`);
  }
  const original = placeOf(should.source);
  if (is === undefined) {
    return say(
      `${file} 缺 ${key} 的记录，原表 ${original} 里有`,
      `${file} lacks the record of ${key}, which ${original} holds`,
    );
  }
  const field = fieldOf(is, should);
  return say(
    `${key}${field === undefined ? "" : ` 的${field.name}`}：原表 ${original} 为“${field?.due}”，${file} 为“${field?.found}”`,
    `${key}, ${field?.name}: the original ${original} has "${field?.due}", ${file} has "${field?.found}"`,
  );
}

function placeOf({ file, sheet }: RecordSource): string {
  return sheet === undefined ? file : `${file}（${sheet}）`;
}

/** A cell of the form where one differs, else a member of the line. */
function fieldOfRecord(found: SourceRecord, due: SourceRecord): Field | undefined {
  const [change] = changesBetween(due, found);
  if (change === undefined) {
    const at = due.indicators.findIndex(
      (each, i) => canonicalJson(json(each)) !== canonicalJson(json(found.indicators[i])),
    );
    const [should, is] = [due.indicators[at], found.indicators[at]];
    const member = should === undefined || is === undefined ? undefined : fieldOf(is, should);
    return member === undefined ? fieldOf(found, due) : { ...member, name: `${should?.code} ${member.name}` };
  }
  const { code, name, column, before, after } = change;
  const label = code === "" ? column : `${code} ${name} ${column}`;
  return { name: label, due: shorten(before, 90), found: shorten(after, 90) };
}

function fieldOf(found: object, due: object): Field | undefined {
  const text = (value: unknown) => shorten(value === undefined ? "（无）" : JSON.stringify(value), 90);
  const [is, should] = [found, due] as unknown as Readonly<{ [key: string]: unknown }>[];
  const names = [...new Set([...Object.keys(due), ...Object.keys(found)])].sort();
  const name = names.find((each) => canonicalJson(json(is?.[each])) !== canonicalJson(json(should?.[each])));
  return name === undefined ? undefined : { name, due: text(should?.[name]), found: text(is?.[name]) };
}

function json(value: unknown): JsonValue {
  return (value ?? null) as JsonValue;
}
