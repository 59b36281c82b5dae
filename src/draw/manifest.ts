/** The manifest: what was drawn, from what, by which seed. Plain data; its canonical JSON is the product (draw-spec). */
import type { SourceClass } from "../reference/classes.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";

export const SPEC_VERSION = "draw-spec/1";

/** Whose a contribution is that nobody gave: a seed named with the draw itself, or a rehearsal's. */
export const NO_PARTY = "seed";
export const REHEARSAL_PARTY = "演练";

/** How units are ranked (draw-spec, "Method"). */
export const METHODS = ["ticket", "seedrandom"] as const;
export type Method = (typeof METHODS)[number];

/**
 * What a ranked unit is for: drawn into the sample, in it for certain (by the plan, or by its size), or a reserve that may
 * replace a unit of the sample.
 */
export type Role = "primary" | "certainty" | "reserve";

/** Whether a unit is to be inspected from the start. */
export function isOfSample({ role }: { readonly role: Role }): boolean {
  return role !== "reserve";
}

export interface DrawnUnit {
  readonly id: string;
  readonly name: string;
  /** 1 for the first of its stratum. Reserves go on counting after the sample. */
  readonly rank: number;
  readonly role: Role;
  /** 64 hex digits; null under method `seedrandom`. */
  readonly ticket: string | null;
  /** In a draw in proportion to size: the unit's size, a decimal. */
  readonly size?: string;
  /** Chance of this unit to be in the sample: n/N, or λ by size, times the chances of its city and area. */
  readonly inclusionProbability: number;
}

export interface DrawnStratum {
  /** `<city code>/<class>`, then parts for population, county, area or value of the spread column. */
  readonly key: string;
  /** Units of the frame in this stratum, exclusions of the plan taken off. */
  readonly N: number;
  /** Units drawn into the sample. */
  readonly n: number;
  /** Reserves drawn. */
  readonly reserve: number;
  /** How many units the quota asks for beyond what the stratum holds. */
  readonly shortfall: number;
  /** In a draw in proportion to size: units of the stratum that have none and could not be drawn, and the sum of sizes. */
  readonly withoutSize?: number;
  readonly sizeTotal?: string;
  /** Sample and reserves in the order of rank. */
  readonly units: readonly DrawnUnit[];
}

/** One contribution to the seed, in the order in which it was made. */
export interface Contribution {
  readonly by: string;
  readonly value: string;
  /** Where the value comes from, as the seed record tells; it does not enter the seed. */
  readonly kind?: "dice" | "lottery" | "index" | "word" | undefined;
  readonly what?: string | undefined;
  readonly when?: string | undefined;
  /** Present where the contribution was committed to beforehand. */
  readonly commitment?: string | undefined;
  readonly nonce?: string | undefined;
  /** The value was kept secret until the visits were over. */
  readonly sealed?: true | undefined;
}

/** Cities drawn by lot from N; all of them with their ranks. */
export interface CityDraw {
  readonly N: number;
  readonly n: number;
  readonly seed: string;
  readonly cities: readonly {
    readonly city: string;
    readonly rank: number;
    readonly ticket: string | null;
    readonly drawn: boolean;
  }[];
}

/** Areas of one city drawn by lot from N. */
export interface AreaDraw {
  readonly city: string;
  readonly N: number;
  readonly n: number;
  readonly shortfall: number;
  readonly areas: readonly { readonly area: string; readonly rank: number; readonly ticket: string | null }[];
}

export interface Manifest {
  readonly spec: typeof SPEC_VERSION;
  readonly roundId: string;
  /** Id of the draw where it is not the round's: `<round id>/redraw-<k>` after k draws that were voided. */
  readonly drawId?: string | undefined;
  readonly frameDigest: string;
  readonly planDigest: string;
  readonly contributions: readonly Contribution[];
  /** Digest of draw id and contributions, 64 hex digits. */
  readonly seed: string;
  readonly method: Method;
  /** Where the plan draws cities by lot. */
  readonly cityDraw?: CityDraw | undefined;
  /** Where units are drawn in two stages: the seed of the first, and its areas by city. */
  readonly areaDraw?: { readonly seed: string; readonly cities: readonly AreaDraw[] } | undefined;
  /** Sorted by key in byte order. */
  readonly strata: readonly DrawnStratum[];
}

/** City code and class of a stratum's key. */
export function blockOfStratum(key: string): { city: string; sourceClass: SourceClass; part: string | undefined } {
  const [city = "", sourceClass = "", ...rest] = key.split("/");
  return { city, sourceClass: sourceClass as SourceClass, part: rest.length > 0 ? rest.join("/") : undefined };
}

/** Id that enters the seed of a draw. */
export function drawIdOfManifest({ roundId, drawId }: Pick<Manifest, "roundId" | "drawId">): string {
  return drawId ?? roundId;
}

/** The bytes of `manifest.json`: RFC 8785 canonical JSON without a line end. */
export function manifestText(manifest: Manifest): string {
  return canonicalJson(manifest as unknown as JsonValue);
}

/** Of manifests read from a file whose digest was taken: that of a whole province is long, and its digest often asked for. */
const READ_DIGESTS = new WeakMap<Manifest, string>();

/** A manifest from the bytes of `manifest.json` and their digest. */
export function parseManifest(text: string, bytesDigest: string): Manifest {
  const manifest = JSON.parse(text) as Manifest;
  READ_DIGESTS.set(manifest, bytesDigest);
  return manifest;
}

/** Digest of the manifest's bytes, printed on every form. */
export function manifestDigest(manifest: Manifest): string {
  return READ_DIGESTS.get(manifest) ?? digest(manifestText(manifest));
}
