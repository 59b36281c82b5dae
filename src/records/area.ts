/** From a filled check of a census area to its counts. Pure. */
import { findCity } from "../reference/divisions.ts";
import { canonicalText, foldWidth } from "../text/canonical.ts";
import { type Problem, shorten } from "../text/errors.ts";
import type { RecordHead } from "./check.ts";
import { fault } from "./faults.ts";
import type { FilledArea } from "./filled.ts";
import { type AreaCheck, compareAreas, RECORD_SPEC } from "./record.ts";
import { teamIn } from "./team.ts";

const LONGEST_NAME = 100;
const COUNTS = ["listed", "found", "omitted", "duplicates"] as const;
const COUNT_NAMES: Readonly<Record<(typeof COUNTS)[number], string>> = {
  listed: "名录登记数",
  found: "走访发现合计",
  omitted: "未入名录数",
  duplicates: "名录重复的记录数",
};

/** Checks a filled area; a count that is empty is none. */
export function checkArea(
  { values, at }: FilledArea,
  { roundId, file, sha256 }: Pick<RecordHead, "roundId" | "file" | "sha256">,
  teamKeys: ReadonlySet<string>,
): { readonly area: AreaCheck | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const text = (part: keyof typeof values) => canonicalText(values[part]?.text ?? "");
  const counts = { listed: 0, found: 0, omitted: 0, duplicates: 0 };
  for (const part of COUNTS) {
    const written = foldWidth(text(part)).replace(/\s/g, "");
    const place = { ...(values[part]?.at ?? at), value: text(part) };
    const isNeeded = part === "listed" || part === "found";
    if (/^\d{1,9}$/.test(written)) counts[part] = Number(written);
    else if (written !== "" || isNeeded) {
      problems.push(fault("E-RECORDS-AREA", `${COUNT_NAMES[part]}应为整数`, `${part} must be a whole number`, place));
    }
  }
  const name = text("area");
  if (name.length > LONGEST_NAME) {
    const place = { ...(values.area?.at ?? at), value: shorten(name) };
    problems.push(fault("E-RECORDS-LONG", `小区名称超过 ${LONGEST_NAME} 字`, "the area's name is too long", place));
  }
  const city = findCity(text("city")) ?? findCity(/^\d{6}/.exec(name)?.[0].replace(/..$/, "00") ?? "");
  if (city === undefined) {
    const place = values.city?.at ?? at;
    problems.push(
      fault("E-RECORDS-AREA", "认不出小区属于哪个市", "no city of that name", { ...place, value: text("city") }),
    );
  }
  const over = (a: (typeof COUNTS)[number], b: (typeof COUNTS)[number]) => {
    if (counts[a] <= counts[b]) return;
    const place = { ...(values[a]?.at ?? at), value: text(a) };
    problems.push(fault("E-RECORDS-AREA", `${COUNT_NAMES[a]}多于${COUNT_NAMES[b]}`, `${a} is more than ${b}`, place));
  };
  if (problems.length === 0) {
    over("omitted", "found");
    over("duplicates", "listed");
  }
  if (city === undefined || problems.length > 0) return { area: undefined, problems };
  const sheet = at.sheet === undefined ? {} : { sheet: at.sheet };
  const source = { file, ...sheet, sha256 };
  const county = text("county") || (/^\d{6}/.exec(name)?.[0] ?? "");
  return {
    area: {
      spec: RECORD_SPEC,
      roundId,
      city,
      county,
      area: name,
      ...counts,
      team: teamIn(text("team"), teamKeys),
      source,
    },
    problems,
  };
}

/** New areas among those that are there. */
export function mergeAreas(existing: readonly AreaCheck[], incoming: readonly AreaCheck[], replace: boolean) {
  const all = [...existing];
  const conflicts: AreaCheck[] = [];
  const replaced: { readonly before: AreaCheck; readonly after: AreaCheck }[] = [];
  const added: AreaCheck[] = [];
  for (const area of incoming) {
    const place = all.findIndex((each) => compareAreas(each, area) === 0);
    const before = all[place];
    if (before === undefined) {
      all.push(area);
      added.push(area);
    } else if (COUNTS.some((part) => before[part] !== area[part])) {
      if (replace) {
        all[place] = area;
        replaced.push({ before, after: area });
      } else conflicts.push(area);
    }
  }
  return { areas: all, added, replaced, conflicts };
}
