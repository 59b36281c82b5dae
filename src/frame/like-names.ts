/**
 * Names so alike that they may be one unit reported twice, by a published rule (docs/like-names.md). The pairs are for
 * a person to judge; nothing is left out of the frame for them.
 */

import { readCodesTable } from "../reference/codes-table.ts";
import { CITIES, divisionName } from "../reference/divisions.ts";
import { canonicalText } from "../text/canonical.ts";
import type { Place } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type Across, placeOf } from "./check-across.ts";
import { problemOf } from "./checks.ts";
import { type Engine, sqlText } from "./engine.ts";

/** One of two units with like names. */
export interface LikeName {
  readonly id: string;
  readonly name: string;
  readonly at: Place;
}

/** Two units of one county whose names are the same after normalisation. */
export interface LikeNames {
  readonly city: string;
  readonly county: string;
  readonly normal: string;
  readonly first: LikeName;
  readonly second: LikeName;
}

const TRADITIONAL = readCodesTable("traditional-characters.csv");
const WIDE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0xff01 + i));
const NARROW = WIDE.map((wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
const FOLDS = [
  ...TRADITIONAL.map(([from = "", to = ""]) => [from, to] as const),
  ...WIDE.map((wide, i) => [wide, NARROW[i] ?? ""] as const),
];
const FROM = FOLDS.map(([from]) => from).join("");
const TO = FOLDS.map(([, to]) => to).join("");
/** Characters that say nothing: white space, brackets (their content stays), points and strokes. */
const SILENT = "\\s\\u3000()（）\\[\\]［］【】〔〕<>《》〈〉「」『』{}·•・.。,，、;；:：'\"“”‘’\\-—–_/";
const SHORT_CITIES = CITIES.map(({ name }) => name.replace(/市$/, ""));
const PREFIX = `^(?:广东省?)?(?:(?:${SHORT_CITIES.join("|")})市?)?`;
const SILENT_PATTERN = new RegExp(`[${SILENT}]`, "gu");
const PREFIX_PATTERN = new RegExp(PREFIX, "u");
const FOLDED = new Map(FOLDS);

/**
 * A name as it is compared: traditional characters simplified and full-width ones narrowed, letters in capitals,
 * brackets, blanks and points dropped, 有限责任公司 as 有限公司, without 广东省 and a city's name before it. A name of
 * nothing else stays as it is.
 */
export function normalName(name: string): string {
  const folded = [...canonicalText(name)].map((character) => FOLDED.get(character) ?? character).join("");
  const spoken = folded
    .replace(SILENT_PATTERN, "")
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replaceAll("有限责任公司", "有限公司");
  const bare = spoken.replace(PREFIX_PATTERN, "");
  return bare === "" ? spoken : bare;
}

/** `normalName` in SQL. Folding is slow there, so that only names with such a character are folded. */
export function normalNameSql(): string {
  const sqlSilent = SILENT.replaceAll("\\u3000", "　");
  const needsFolding = `regexp_matches("name", ${sqlText(`[${[...FROM].join("").replace(/[[\]\\^-]/g, "\\$&")}]`)})`;
  const folded = `if(${needsFolding}, translate("name", ${sqlText(FROM)}, ${sqlText(TO)}), "name")`;
  const capital = `if(regexp_matches("name", '[a-zａ-ｚ]'),
    translate(${folded}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), ${folded})`;
  const spoken = `replace(regexp_replace(${capital}, ${sqlText(`[${sqlSilent}]`)}, '', 'g'), '有限责任公司', '有限公司')`;
  return `coalesce(nullif(regexp_replace(${spoken}, ${sqlText(PREFIX)}, ''), ''), ${spoken})`;
}

/**
 * Digests of normal names first, since few names are alike and digests are small; then the names of those few.
 * Units whose normal name another unit of their county has under another spelling, each with the first of the group.
 */
const digestNames = `
  CREATE OR REPLACE TEMP TABLE named AS
  SELECT place, hash("city", "county", ${normalNameSql()}) AS alike, hash("name") AS spelling FROM placed WHERE "name" <> ''`;
const likeNameRows = `
  CREATE OR REPLACE TEMP TABLE like_names AS
  WITH suspects AS (
    SELECT placed.place, "id", "name", "city", "county", ${normalNameSql()} AS normal
    FROM placed JOIN named ON placed.place = named.place
    SEMI JOIN (SELECT alike FROM named GROUP BY alike HAVING min(spelling) <> max(spelling)) AS shared
      ON named.alike = shared.alike),
  alike AS (
    SELECT "city", "county", normal, arg_min(place, "id") AS first, arg_min("id", "id") AS first_id,
      arg_min("name", "id") AS first_name
    FROM suspects GROUP BY ALL HAVING count(*) > 1 AND min("name") <> max("name"))
  SELECT place, "id", "name", "city", "county", normal, first, first_id, first_name
  FROM suspects JOIN alike USING ("city", "county", normal) WHERE place <> first`;

interface LikeRow {
  readonly place: number;
  readonly id: string;
  readonly name: string;
  readonly city: string;
  readonly county: string;
  readonly normal: string;
  readonly first: number;
  readonly first_id: string;
  readonly first_name: string;
}

/** Finds units with like names: the engine's table `like_names`. */
export async function findLikeNames(engine: Engine): Promise<void> {
  await engine.run(digestNames);
  await engine.run(likeNameRows);
  await engine.run("DROP TABLE named");
}

/** Reports what `findLikeNames` has found at the later unit of each pair; returns the pairs that the log keeps. */
export async function reportLikeNames({ engine, tables, store, sorted, log }: Across): Promise<LikeNames[]> {
  const pairs: LikeNames[] = [];
  const found = engine.stream<LikeRow>(`FROM like_names ORDER BY "city", "county", normal, "id"`);
  for await (const rows of found) {
    for (const row of rows) {
      const at = placeOf(tables, store, sorted.order.at(row.place));
      if (!log.wants("W-FRAME-LIKE-NAME")) {
        log.count("W-FRAME-LIKE-NAME", at.file ?? "", row.city);
        continue;
      }
      const firstAt = placeOf(tables, store, sorted.order.at(row.first));
      const detail = words(
        `“${row.name}”与“${row.first_name}”（${row.first_id}，第 ${firstAt.row} 行）`,
        `"${row.name}" and "${row.first_name}" (${row.first_id}, row ${firstAt.row})`,
      );
      log.add(problemOf("W-FRAME-LIKE-NAME", at, detail), row.city);
      pairs.push({
        city: row.city,
        county: divisionName(row.county),
        normal: row.normal,
        first: { id: row.first_id, name: row.first_name, at: firstAt },
        second: { id: row.id, name: row.name, at },
      });
    }
  }
  return pairs;
}
