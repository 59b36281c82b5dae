/**
 * What is stamped and what is signed: small canonical JSON texts that name the round and a digest. Whoever holds such a
 * text, the token or signature, and `openssl` needs nothing of this program to check them.
 */
import { canonicalJson } from "../text/canonical.ts";

/** What can be stamped: the locked frame, the sealed plan, the manifest, the journal up to its last line. */
export const STAMPED = ["frame", "plan", "manifest", "journal"] as const;
export type Stamped = (typeof STAMPED)[number];

/** The text of which a time stamp holds the SHA-256. */
export function stampStatement(about: {
  readonly round: string;
  readonly of: Stamped;
  readonly digest: string;
}): string {
  const { round, of, digest } = about;
  return canonicalJson({ spec: "chouqian-stamp/1", round, of, digest });
}

export interface SignedFacts {
  readonly round: string;
  readonly manifestDigest: string;
  /** Digest of the journal's last line at the time of signing; by its chain it covers every line before. */
  readonly journalHead: string;
  readonly signer: string;
}

/** The text whose bytes are signed. */
export function signatureStatement({ round, manifestDigest, journalHead, signer }: SignedFacts): string {
  return canonicalJson({ spec: "chouqian-signature/1", round, manifestDigest, journalHead, signer });
}

/** What the QR code of a signed certificate holds: the very text that is signed, and its signature in base64url. */
export function signatureCode(facts: SignedFacts, signature: Uint8Array): string {
  return `chouqian:2:${signatureStatement(facts)}:${Buffer.from(signature).toString("base64url")}`;
}
