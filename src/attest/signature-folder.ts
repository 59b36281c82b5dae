/**
 * The folder `signatures/` of a round. Each signature is three files with one number: the text that is signed (`.json`),
 * the 64 bytes of the Ed25519 signature (`.sig`) and the public key (`.pub`).
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { CertificateSignature } from "../draw/certificate-signatures.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { signatureCode } from "./statement.ts";

export interface SignatureFiles {
  readonly statement: string;
  readonly signature: string;
  readonly publicKey: string;
}

export function signatureFiles(round: Round, name: string): SignatureFiles {
  const at = (ending: string) => join(round.paths.signatures, `${name}.${ending}`);
  return { statement: at("json"), signature: at("sig"), publicKey: at("pub") };
}

/** Names of all signatures that lie in the folder. */
export function signatureNames(round: Round): string[] {
  if (!existsSync(round.paths.signatures)) return [];
  return readdirSync(round.paths.signatures)
    .filter((name) => name.endsWith(".sig"))
    .map((name) => name.slice(0, -".sig".length));
}

/** A signature as its journal line tells of it. */
export interface RecordedSignature extends Omit<CertificateSignature, "code"> {
  readonly name: string;
  readonly manifestDigest: string;
  readonly seq: number;
}

export function recordedSignatures(entries: readonly JournalEntry[]): RecordedSignature[] {
  return entries
    .filter(({ event }) => event === "signed")
    .map(({ about, seq }) => ({
      name: String(about.name),
      signer: String(about.signer),
      fingerprint: String(about.fingerprint),
      manifestDigest: String(about.manifestDigest),
      journalHead: String(about.journalHead),
      signature: String(about.signature),
      seq,
    }));
}

/** What the certificate of a manifest shows: the last signature of each key under it, in the order of signing. */
export function signaturesShown(
  roundId: string,
  manifestDigest: string,
  all: readonly Omit<RecordedSignature, "seq">[],
): CertificateSignature[] {
  const valid = all.filter((each) => each.manifestDigest === manifestDigest);
  const last = valid.filter(
    ({ fingerprint }, i) => !valid.slice(i + 1).some((later) => later.fingerprint === fingerprint),
  );
  return last.map(({ signer, fingerprint, journalHead, signature }) => ({
    signer,
    fingerprint,
    journalHead,
    signature,
    code: signatureCode({ round: roundId, manifestDigest, journalHead, signer }, Buffer.from(signature, "base64url")),
  }));
}
