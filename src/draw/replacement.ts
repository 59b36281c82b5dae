/**
 * The sample as it stands after replacements: a pure function of the manifest and the journal (draw-spec, "Primary, reserve,
 * replacement"). Nobody chooses: at any time the units to be inspected in a stratum are the first of its ranking, those
 * replaced left out, until there are n of them or the stratum is exhausted.
 */
import { REPLACEMENT_REASONS, type ReplacementReason } from "../reference/replacement-reasons.ts";
import type { JournalEntry } from "../round/journal.ts";
import { isAboutSample } from "../round/outdated.ts";
import { type Recorded, RecordsSoFar } from "../round/recorded.ts";
import type { JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { type FollowUp, furtherIn, readFollowUp } from "./follow-up.ts";
import { type DrawnStratum, type DrawnUnit, type Manifest, manifestDigest, type Role } from "./manifest.ts";

/** What became of a unit. `exhausted`: replaced, but its stratum holds no further unit. */
export type Fate = Role | "replaced" | "replacement" | "followUp" | "exhausted";

export const FATE_NAMES: Readonly<Record<Fate, Words>> = {
  primary: words("样本", "sample"),
  certainty: words("必查", "certain"),
  reserve: words("备选", "reserve"),
  replaced: words("已替换", "replaced"),
  replacement: words("递补", "replacement"),
  followUp: words("补充抽查", "follow-up"),
  exhausted: words("无可替换", "exhausted"),
};

/** Evidence for a replacement: words, or a file kept in the round with its digest. */
export type Evidence = { readonly text: string } | { readonly file: string; readonly sha256: string };

/** One replacement in force. */
export interface Replacement {
  readonly stratum: string;
  readonly unit: string;
  readonly reason: ReplacementReason;
  readonly evidence: readonly Evidence[];
  /** The unit that stands in for it; undefined where the stratum is exhausted. */
  readonly by: DrawnUnit | undefined;
  /** Whether `by` comes after the reserves of the manifest. */
  readonly isExtended: boolean;
  readonly time: string;
  /** Line of the journal. */
  readonly seq: number;
  /** The record that the unit had when it was replaced, and that counts no longer. */
  readonly recorded: Recorded | undefined;
}

/** A replacement that was taken back, by which a unit left the sample that has or had a record. */
export interface Undone {
  readonly stratum: string;
  /** The unit that left, and the one that is in the sample again. */
  readonly unit: string;
  readonly returned: string;
  readonly reason: string;
  readonly seq: number;
  readonly recorded: Recorded;
}

export interface CurrentUnit extends DrawnUnit {
  readonly stratum: string;
  readonly fate: Fate;
  /** Whether it comes after the reserves of the manifest. */
  readonly isExtended: boolean;
  /** Whether it is to be inspected now. */
  readonly isInSample: boolean;
  /** The unit that it stands in for. */
  readonly replaces: string | undefined;
  /** Why it left the sample, and who stands in for it. */
  readonly replaced: Replacement | undefined;
  /**
   * Weight in the evaluation: how many units of the population it stands for, where it is to be inspected; 0 otherwise.
   * See `weightsOf`.
   */
  readonly weight: number;
}

export interface CurrentStratum extends Omit<DrawnStratum, "units"> {
  /** Units of the ranking that were reached: inspected or replaced. */
  readonly reached: number;
  /** Of these, those found to be none of the population. */
  readonly outOfScope: number;
  /** Of these, those that are of it but cannot be inspected. */
  readonly notInspectable: number;
  /** Places of the sample that nobody fills, since the stratum is exhausted. */
  readonly missing: number;
  /** In the order of rank; units beyond the reserves stand after them. */
  readonly units: readonly CurrentUnit[];
}

export interface CurrentSample extends Happened {
  readonly strata: readonly CurrentStratum[];
}

/** What became of the sample since the draw. */
interface Happened {
  /** In force, in the order in which they were made. */
  readonly replacements: readonly Replacement[];
  readonly followUps: readonly FollowUp[];
  /** In their order; those by which no record was lost are left out. */
  readonly undone: readonly Undone[];
}

/** Something in the journal that no replacement by the rules could have written. */
export interface ReplacementFault {
  readonly seq: number;
  readonly what: Words;
}

/**
 * The sample as the journal leaves it.
 * @param entries the whole journal: what does not belong to this manifest is passed over
 * @throws ChouqianError E-REPLACE-JOURNAL where a replacement was not by the next unit
 */
export function currentSample(manifest: Manifest, entries: readonly JournalEntry[]): CurrentSample {
  const { fault, ...read } = readReplacements(manifest, entries);
  if (fault === undefined) return sampleAfter(manifest, read);
  throw new ChouqianError("E-REPLACE-JOURNAL", {
    message: words(
      `日志第 ${fault.seq} 行的替换不合规则：${fault.what.zh}`,
      `line ${fault.seq} of the journal breaks the rules of replacement: ${fault.what.en}`,
    ),
    advice: words(
      "日志不得手工改写；恢复原文件，或运行 chouqian verify 查看哪里不符",
      "the journal is evidence: restore the file, or see chouqian verify",
    ),
    at: { file: "journal.jsonl", row: fault.seq },
    exitCode: 3,
  });
}

/** Replays the journal's replacements and follow-up draws; stops at the first that breaks the rules. */
export function readReplacements(
  manifest: Manifest,
  entries: readonly JournalEntry[],
): Happened & { readonly fault: ReplacementFault | undefined } {
  const own = manifestDigest(manifest);
  const strata = new Map(manifest.strata.map((stratum) => [stratum.key, stratum]));
  const inForce: Replacement[] = [];
  const followUps: FollowUp[] = [];
  const undone: Undone[] = [];
  const records = new RecordsSoFar(entries, own);
  for (const [at, entry] of entries.entries()) {
    const { event, about, seq } = entry;
    if (!isAboutSample(event) || about.manifestDigest !== own) continue;
    const fault = (zh: string, en: string) => ({
      replacements: inForce,
      followUps,
      undone,
      fault: { seq, what: words(zh, en) },
    });
    if (event === "followup.drawn") {
      const read = readFollowUp(entry, strata, followUps, (key) => usedIn(key, inForce, followUps));
      if ("what" in read) return fault(read.what.zh, read.what.en);
      followUps.push(...read.followUps);
      continue;
    }
    const recordOf = (unit: string) => records.before(at, unit, String(about.despiteRecord ?? ""));
    const stratum = strata.get(String(about.stratum));
    if (stratum === undefined) return fault(`没有层 ${about.stratum}`, `there is no stratum ${about.stratum}`);
    const before = inForce.filter(({ stratum: key }) => key === stratum.key);
    if (event === "replacement.undone") {
      const last = before.at(-1);
      if (last === undefined || last.unit !== about.unit || (last.by?.id ?? null) !== about.replacement) {
        return fault("撤销的不是该层最后一次替换", "what is undone is not the last replacement of its stratum");
      }
      if (followUps.some(({ stratum: key, seq: later }) => key === stratum.key && later > last.seq)) {
        return fault("撤销的替换之后该层已补充抽查", "a follow-up was drawn after the replacement that is undone");
      }
      inForce.splice(inForce.indexOf(last), 1);
      const recorded = last.by && recordOf(last.by.id);
      if (last.by !== undefined && recorded !== undefined) {
        const [unit, returned, reason] = [last.by.id, last.unit, String(about.reason ?? "")];
        undone.push({ stratum: stratum.key, unit, returned, reason, seq, recorded });
      }
      continue;
    }
    const expected = successorIn(stratum, usedIn(stratum.key, inForce, followUps));
    const unit = unitsInSample(stratum, before, furtherIn(stratum.key, followUps)).find(({ id }) => id === about.unit);
    const reason = REPLACEMENT_REASONS.find((code) => code === about.reason);
    if (reason === undefined) return fault(`理由 ${about.reason} 不在清单中`, `${about.reason} is no reason`);
    if (unit === undefined || unit.role === "certainty") {
      return fault(`${about.unit} 不是可替换的样本单位`, `${about.unit} is no unit that can be replaced`);
    }
    const by = expected.kind === "reserve" ? expected.unit : extendedUnit(about.extended);
    const rank = expected.kind === "none" ? undefined : expected.rank;
    if ((by?.id ?? null) !== about.replacement || by?.rank !== rank) {
      const due = expected.kind === "reserve" ? expected.unit.id : rank === undefined ? "（无）" : `第 ${rank} 位`;
      return fault(
        `${about.unit} 应由 ${due} 递补，记录的是 ${about.replacement ?? "（无）"}`,
        `${about.unit} is to be replaced by ${due}, recorded is ${about.replacement ?? "(none)"}`,
      );
    }
    inForce.push({
      stratum: stratum.key,
      unit: unit.id,
      reason,
      evidence: about.evidence as unknown as readonly Evidence[],
      by,
      isExtended: expected.kind === "extension",
      time: entry.time,
      seq,
      recorded: recordOf(unit.id),
    });
  }
  return { replacements: inForce, followUps, undone, fault: undefined };
}

/** Units of a stratum's ranking that were reached beyond its sample: by replacement or by a follow-up draw. */
export function usedIn(key: string, replacements: readonly Replacement[], followUps: readonly FollowUp[]): number {
  return replacements.filter(({ stratum }) => stratum === key).length + furtherIn(key, followUps).length;
}

/** Who is next in a stratum: a reserve, a unit of the longer ranking (to be computed from the frame), or nobody. */
export type Successor =
  | { readonly kind: "reserve"; readonly rank: number; readonly unit: DrawnUnit }
  | { readonly kind: "extension"; readonly rank: number }
  | { readonly kind: "none" };

/** @param used how many units beyond the sample are in use already (`usedIn`) */
export function successorIn({ N, n, units }: DrawnStratum, used: number): Successor {
  const rank = n + used + 1;
  const unit = units[rank - 1];
  if (unit !== undefined) return { kind: "reserve", rank, unit };
  return rank <= N ? { kind: "extension", rank } : { kind: "none" };
}

/** Units of a stratum that are to be inspected. */
function unitsInSample(
  { n, units }: DrawnStratum,
  before: readonly Replacement[],
  further: readonly DrawnUnit[],
): DrawnUnit[] {
  const gone = new Set(before.map(({ unit }) => unit));
  const stoodIn = before.flatMap(({ by }) => (by === undefined ? [] : [by]));
  return [...units.slice(0, n), ...stoodIn, ...further].filter(({ id }) => !gone.has(id));
}

function extendedUnit(value: JsonValue | undefined): DrawnUnit | undefined {
  return typeof value === "object" && value !== null ? (value as unknown as DrawnUnit) : undefined;
}

/** The sample as it stood before a line of the journal; what was undone since had never been. */
export function sampleBefore(
  manifest: Manifest,
  { replacements, followUps, undone }: CurrentSample,
  line: number,
): CurrentSample {
  const isBefore = ({ seq }: { readonly seq: number }) => seq < line;
  return sampleAfter(manifest, {
    replacements: replacements.filter(isBefore),
    followUps: followUps.filter(isBefore),
    undone: undone.filter(isBefore),
  });
}

function sampleAfter(manifest: Manifest, { replacements, followUps, undone }: Happened): CurrentSample {
  return {
    strata: manifest.strata.map((stratum) => {
      const own = replacements.filter(({ stratum: key }) => key === stratum.key);
      return stratumAfter(stratum, own, furtherIn(stratum.key, followUps));
    }),
    replacements,
    followUps,
    undone,
  };
}

function stratumAfter(
  stratum: DrawnStratum,
  own: readonly Replacement[],
  further: readonly DrawnUnit[],
): CurrentStratum {
  const followed = new Set(further.map(({ id }) => id));
  const replacedBy = new Map(own.map((each) => [each.unit, each]));
  const standsFor = new Map(own.map(({ unit, by }) => [by?.id, unit]));
  const inSample = new Set(unitsInSample(stratum, own, further).map(({ id }) => id));
  const outOfScope = own.filter(({ reason }) => reason !== "disaster").length;
  const notInspectable = own.length - outOfScope;
  const reached = inSample.size + own.length;
  const weight = weightsOf(stratum, { inspected: inSample.size, outOfScope, notInspectable });
  const listed = stratum.units.length;
  const stoodIn = own.flatMap(({ by }) => (by === undefined ? [] : [by]));
  const extended = [...stoodIn, ...further].filter(({ rank }) => rank > listed).sort((a, b) => a.rank - b.rank);
  const units = [...stratum.units, ...extended].map((unit): CurrentUnit => {
    const replaced = replacedBy.get(unit.id);
    const replaces = standsFor.get(unit.id);
    const isInSample = inSample.has(unit.id);
    const left: Fate | undefined = replaced && (replaced.by === undefined ? "exhausted" : "replaced");
    const joined: Fate = followed.has(unit.id) ? "followUp" : unit.role;
    const fate = left ?? (replaces === undefined ? joined : "replacement");
    // Named one by one: a spread of every unit of a province takes a second.
    const { id, name, rank, role, ticket, size, inclusionProbability } = unit;
    const current: CurrentUnit = {
      id,
      name,
      rank,
      role,
      ticket,
      inclusionProbability,
      stratum: stratum.key,
      fate,
      isExtended: rank > listed,
      isInSample,
      replaces,
      replaced,
      weight: isInSample ? weight(unit) : 0,
    };
    return size === undefined ? current : { ...current, size };
  });
  const missing = own.filter(({ by }) => by === undefined).length;
  return { ...stratum, reached, outOfScope, notInspectable, missing, units };
}

/**
 * Weights of a stratum's inspected units after replacements.
 *
 * The ranking is a random order, so the units reached (inspected, a, out of the population, o, and not inspectable, d) are
 * a sample of r = a + o + d units of the stratum. Units out of the population stay in that sample as members of no domain
 * (Särndal, Swensson & Wretman 1992, ch. 10; Lohr 2010, §4.2 and §1.3 on over-coverage): N·(a + d)/r units of the
 * population are estimated to be in the stratum, not N. Those struck by disaster are non-response, taken to be like the
 * others of their stratum (weighting class, Lohr 2010, §8.5; Särndal et al. 1992, §15.6). Hence with equal chances
 *
 *     w = N/r · (a + d)/a
 *
 * times the inverse chances of city and area, which is N/n where nothing was replaced, and N/a where all reasons were
 * disasters. In a draw by size 1/π takes the place of N/n; that π grows in proportion to r is then an approximation.
 * Units taken for certain keep 1/π. A follow-up draw goes on in the same random order: it only makes r larger, and the two
 * stages together are one simple random sample of r units (Cochran 1977, §2.1: so is any first part of a random order).
 */
function weightsOf(
  { n, units }: DrawnStratum,
  counts: { readonly inspected: number; readonly outOfScope: number; readonly notInspectable: number },
): (unit: DrawnUnit) => number {
  const certain = units.filter(({ role }) => role === "certainty").length;
  const a = counts.inspected - certain;
  const r = a + counts.outOfScope + counts.notInspectable;
  const factor = a === 0 ? 1 : ((n - certain) / r) * ((a + counts.notInspectable) / a);
  return ({ role, inclusionProbability }) => (role === "certainty" ? 1 : factor) / inclusionProbability;
}
