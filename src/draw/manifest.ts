/** The manifest: what was drawn, from what, by which seed. Plain data; its canonical JSON is the product (draw-spec). */
import type { SourceClass } from "../reference/classes.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";

export const SPEC_VERSION = "draw-spec/1";

/** How units are ranked (draw-spec, "Method"). */
export const METHODS = ["ticket", "seedrandom"] as const;
export type Method = (typeof METHODS)[number];

/** What a ranked unit is for: the sample itself, or a reserve that may replace one of it. */
export type Role = "primary" | "reserve";

export interface DrawnUnit {
  readonly id: string;
  readonly name: string;
  /** 1 for the first of its stratum. Reserves go on counting after the sample. */
  readonly rank: number;
  readonly role: Role;
  /** 64 hex digits; null under method `seedrandom`. */
  readonly ticket: string | null;
  /** Chance of a unit of this stratum to be in the sample: n/N. */
  readonly inclusionProbability: number;
}

export interface DrawnStratum {
  /** `<city code>/<class>` or `<city code>/<class>/<value of the spread column>`. */
  readonly key: string;
  /** Units of the frame in this stratum, exclusions of the plan taken off. */
  readonly N: number;
  /** Units drawn into the sample. */
  readonly n: number;
  /** Reserves drawn. */
  readonly reserve: number;
  /** How many units the quota asks for beyond what the stratum holds. */
  readonly shortfall: number;
  /** Sample and reserves in the order of rank. */
  readonly units: readonly DrawnUnit[];
}

/** One contribution to the seed, in the order in which it was made. */
export interface Contribution {
  readonly by: string;
  readonly value: string;
  /** Present where the contribution was committed to beforehand. */
  readonly commitment?: string | undefined;
  readonly nonce?: string | undefined;
}

export interface Manifest {
  readonly spec: typeof SPEC_VERSION;
  readonly roundId: string;
  readonly frameDigest: string;
  readonly planDigest: string;
  readonly contributions: readonly Contribution[];
  /** Digest of draw id and contributions, 64 hex digits. */
  readonly seed: string;
  readonly method: Method;
  /** Sorted by key in byte order. */
  readonly strata: readonly DrawnStratum[];
}

/** City code and class of a stratum's key. */
export function blockOfStratum(key: string): { city: string; sourceClass: SourceClass; part: string | undefined } {
  const [city = "", sourceClass = "", ...rest] = key.split("/");
  return { city, sourceClass: sourceClass as SourceClass, part: rest.length > 0 ? rest.join("/") : undefined };
}

/** The bytes of `manifest.json`: RFC 8785 canonical JSON without a line end. */
export function manifestText(manifest: Manifest): string {
  return canonicalJson(manifest as unknown as JsonValue);
}

/** Digest of the manifest's bytes, printed on every form. */
export function manifestDigest(manifest: Manifest): string {
  return digest(manifestText(manifest));
}
