/** What an evaluation tells for a reader to look at twice, as `evaluation.json` has it under `scrutiny`. Pure. */
import type { SettledBy, TakenBack } from "../records/history.ts";
import type { ReplacementReason } from "../reference/replacement-reasons.ts";

/** A source to be looked at twice. */
export interface ScrutinySource {
  readonly unit: string;
  readonly city: string;
  readonly team: string;
  /** How often another record took the place of the first, and why. */
  readonly revisions: number;
  readonly reasons: readonly string[];
  /** Indicators said not to apply though the form template does not say so. */
  readonly waived: number;
  /** Said to be closed with nothing checked, though the ledger says that it runs. */
  readonly isClosedAgainstLedger: boolean;
}

/** The same of a city or a team. */
export interface ScrutinyPart {
  readonly key: string;
  readonly revised: number;
  readonly waivedSources: number;
  readonly waivedIndicators: number;
  readonly closedAgainstLedger: number;
}

/** A unit that left the sample though it had a record, which counts no longer. */
export interface ReplacedRecord {
  readonly unit: string;
  readonly city: string;
  /** The unit that stands in for it; null where the stratum is exhausted. */
  readonly by: string | null;
  /** Day of the record's import, and of its taking back; null where it was not taken back before the unit left. */
  readonly imported: string;
  readonly dropped: string | null;
  /**
   * Code of the reason for the replacement; null where the unit was itself a replacement that was undone: `by` is then the
   * unit that came back.
   */
  readonly reason: ReplacementReason | null;
  /** Why it left all the same; empty where that was not told. */
  readonly why: string;
}

/** A record that was taken back and did not come in again. */
export interface DroppedRecord extends TakenBack {
  readonly city: string;
}

/** A source that was entered twice and settled. */
export interface SettledSource {
  readonly unit: string;
  readonly city: string;
  /** Whose record was taken. */
  readonly by: SettledBy;
  /** Key indicators wrong and checked by the first record, and by the one that counts. */
  readonly first: ErrorsOf;
  readonly settled: ErrorsOf;
}

/** Key indicators wrong, and checked. */
export interface ErrorsOf {
  readonly e: number;
  readonly m: number;
}

/** What is told for a reader to look at twice, and is no part of any figure. */
export interface Scrutiny {
  readonly cities: readonly ScrutinyPart[];
  readonly teams: readonly ScrutinyPart[];
  readonly sources: readonly ScrutinySource[];
  readonly replaced: readonly ReplacedRecord[];
  readonly dropped: readonly DroppedRecord[];
  readonly settled: readonly SettledSource[];
  /** Census areas whose counts were revised, and those taken back that did not come in again. */
  readonly revisedAreas: number;
  readonly droppedAreas: number;
}
