/**
 * A checked source as it lies in `records/records.jsonl`, and a checked census area as it lies in `records/areas.jsonl`: the
 * one definition. One canonical JSON object (RFC 8785) a line, each ended by LF; records sorted by unit, team and visit,
 * areas by city, county, area and team, in byte order. Tolerances are applied when a form is read, not here.
 */
import { z } from "zod";
import { canonicalJson, compareBytes, type JsonValue } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";

export const RECORD_SPEC = "records/1";

/** What became of the visit to a source. */
export const OUTCOMES = ["checked", "notFound", "refused", "closed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * A source not found or refusing counts as in error (draw-spec). Of one that is closed or stopped, and where nobody is left
 * to ask, what could be checked counts and nothing else.
 */
export const OUTCOME_NAMES: Readonly<Record<Outcome, Words>> = {
  checked: words("已核查", "checked"),
  notFound: words("未找到", "not found"),
  refused: words("拒绝核查", "refused"),
  closed: words("已关停，无法全面核查", "closed down"),
};

/** What came of one indicator. `unchecked`: it applies, but was not looked at, and so is neither right nor wrong. */
export const RESULTS = ["right", "wrong", "notApplicable", "unchecked"] as const;
export type Result = (typeof RESULTS)[number];

export const RESULT_NAMES: Readonly<Record<Result, Words>> = {
  right: words("无误", "right"),
  wrong: words("差错", "wrong"),
  notApplicable: words("不适用", "not applicable"),
  unchecked: words("未核查", "unchecked"),
};

/** Of a source entered twice: by the first team, by the second, or as settled between them. */
export const VISITS = ["first", "second", "settled"] as const;
export type Visit = (typeof VISITS)[number];

export const VISIT_NAMES: Readonly<Record<Visit, Words>> = {
  first: words("第一次", "first"),
  second: words("第二次", "second"),
  settled: words("裁定", "settled"),
};

/** Whether an outcome counts as in error whatever the indicators say. */
export function isNonResponse(outcome: Outcome): boolean {
  return outcome === "notFound" || outcome === "refused";
}

const DIGEST = z.string().regex(/^[0-9a-f]{64}$/, { error: "应为 64 位十六进制摘要" });
const FILLED = z.string().min(1, { error: "不能为空" });

/** One indicator of a source: the reported value against the value found, as texts. */
export const CheckedIndicator = z.strictObject({
  /** Code of the form template, such as `G101-1.01`. */
  code: FILLED,
  name: z.string(),
  /** Census form that it stands in. */
  form: z.string(),
  /** Key indicator (关键指标) or not. */
  key: z.boolean(),
  /** The ledger's, else as it was copied from the census form: 空 where that was left empty though it should not be. */
  reported: z.string(),
  /** Copied from the census form by hand, the ledger having none. */
  reportedByHand: z.literal(true).optional(),
  found: z.string(),
  result: z.enum(RESULTS, { error: "结果应为 right、wrong、notApplicable 或 unchecked" }),
  /** How it was checked: papers, site, telephone. */
  way: z.string().optional(),
  /** Why it is wrong, a word of the office's own list. */
  cause: z.string().optional(),
  note: z.string().optional(),
});
export type CheckedIndicator = z.infer<typeof CheckedIndicator>;

/** The file that a record was read from. */
export const RecordSource = z.strictObject({ file: FILLED, sheet: z.string().optional(), sha256: DIGEST });
export type RecordSource = z.infer<typeof RecordSource>;

export const SourceRecord = z.strictObject({
  spec: z.literal(RECORD_SPEC),
  roundId: FILLED,
  /** The draw that the form belongs to. */
  manifestDigest: DIGEST,
  /** Id of the unit. */
  unit: FILLED,
  /** Name of the team; empty where none is named. */
  team: z.string(),
  /** Absent where the source was entered once. */
  visit: z.enum(VISITS).optional(),
  /** Of the visit, as the form has it. */
  date: z.string().optional(),
  /** Who was there, as the form has it. */
  inspectors: z.string().optional(),
  outcome: z.enum(OUTCOMES, { error: "去向应为 checked、notFound、refused 或 closed" }),
  /** Taken by hand and not by the draw: reported apart, never in an estimate. */
  handPicked: z.literal(true).optional(),
  /** Said to be closed with nothing checked, though the ledger says that it runs (`outcomes.ts`). */
  closedAgainstLedger: z.literal(true).optional(),
  /** In the order of the form template. */
  indicators: z.array(CheckedIndicator),
  source: RecordSource,
  /** Indicators said not to apply though the form template does not say so (`waivers.ts`). */
  waived: z.int().min(1).optional(),
});
export type SourceRecord = z.infer<typeof SourceRecord>;

const COUNT = z.int({ error: "应为整数" }).min(0, { error: "不能小于 0" });

/** A census area in which all sources on the spot were compared with the frame. */
export const AreaCheck = z.strictObject({
  spec: z.literal(RECORD_SPEC),
  roundId: FILLED,
  /** Code of the city. */
  city: z.string().regex(/^\d{6}$/, { error: "应为六位城市代码" }),
  /** Code or name of the county; empty where unknown. */
  county: z.string(),
  area: FILLED,
  /** Records of the area in the frame. */
  listed: COUNT,
  /** Sources found on the spot, whether in the frame or not. */
  found: COUNT,
  /** Of these, not in the frame (漏报). */
  omitted: COUNT,
  /** Records of the frame beyond the first of the same source (重报). */
  duplicates: COUNT,
  team: z.string(),
  source: RecordSource,
});
export type AreaCheck = z.infer<typeof AreaCheck>;

/** The order of `records.jsonl`. */
export function compareRecords(a: RecordKey, b: RecordKey): number {
  return (
    compareBytes(a.unit, b.unit) ||
    compareBytes(a.team, b.team) ||
    VISITS.indexOf(a.visit ?? "first") - VISITS.indexOf(b.visit ?? "first")
  );
}
export type RecordKey = Pick<SourceRecord, "unit" | "team" | "visit">;

/** The order of `areas.jsonl`. */
export function compareAreas(a: AreaCheck, b: AreaCheck): number {
  return (
    compareBytes(a.city, b.city) ||
    compareBytes(a.county, b.county) ||
    compareBytes(a.area, b.area) ||
    compareBytes(a.team, b.team)
  );
}

/** The bytes of `records.jsonl`. */
export function recordsText(records: readonly SourceRecord[]): string {
  return [...records].sort(compareRecords).map(lineOf).join("");
}

/** The bytes of `areas.jsonl`. */
export function areasText(areas: readonly AreaCheck[]): string {
  return [...areas].sort(compareAreas).map(lineOf).join("");
}

function lineOf(value: SourceRecord | AreaCheck): string {
  return `${canonicalJson(value as unknown as JsonValue)}\n`;
}
