/** The edge of signing: signs manifest and journal head, prints the certificate with the signature, records it. */
import { sign } from "node:crypto";
import { certificateOf } from "../draw/certify.ts";
import { manifestDigest } from "../draw/manifest.ts";
import { readManifest } from "../draw/read-manifest.ts";
import { readLock } from "../frame/locked.ts";
import { ensureSealed } from "../plan/seal.ts";
import { writeFileAtomically } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import { lineDigests } from "../round/journal.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { canonicalText, digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { publicPem, readPrivateKey } from "./keys.ts";
import { recordedSignatures, signatureFiles, signaturesShown } from "./signature-folder.ts";
import { type SignedFacts, signatureStatement } from "./statement.ts";

export interface SignResult extends SignedFacts {
  readonly name: string;
  readonly fingerprint: string;
  /** 64 bytes in base64url. */
  readonly signature: string;
  readonly missingCharacters: readonly number[];
}

/**
 * Signs a drawn round.
 * @param keyText text of a private key's file
 * @param by name of the signer, where it is not in that file
 * @throws ChouqianError E-SIGN-NAME, E-SIGN-DONE, E-DRAW-MISSING, E-MANIFEST-CHANGED, E-KEY-READ, E-KEY-TYPE
 */
export function signRound(round: Round, actor: Actor, keyText: string, by: string | undefined): Promise<SignResult> {
  const { privateKey, key, name: named, fingerprint } = readPrivateKey(keyText);
  const signer = canonicalText(by ?? named ?? "");
  if (signer === "") {
    throw refusal(
      "E-SIGN-NAME",
      words("密钥文件里没有签名人的名称", "the key file names no signer"),
      words("用 --by 写明由谁签名", "say who signs with --by"),
    );
  }
  return withRoundLock(round.folder, async () => {
    const manifest = readManifest(round);
    const lock = readLock(round);
    if (lock === undefined) throw new Error("a drawn round without a lock");
    const { entries, text } = journalOf(round);
    const facts: SignedFacts = {
      round: round.config.id,
      manifestDigest: manifestDigest(manifest),
      journalHead: lineDigests(text).at(-1) ?? "",
      signer,
    };
    refuseSecond(entries, fingerprint, facts.manifestDigest);
    const statement = signatureStatement(facts);
    const bytes = sign(null, Buffer.from(statement, "utf8"), privateKey);
    const earlier = recordedSignatures(entries);
    const recorded = {
      name: String(earlier.length + 1),
      signer,
      fingerprint,
      manifestDigest: facts.manifestDigest,
      journalHead: facts.journalHead,
      signature: bytes.toString("base64url"),
    };
    const { sealed } = await ensureSealed(round, actor);
    const shown = signaturesShown(round.config.id, facts.manifestDigest, [...earlier, recorded]);
    const certificate = await certificateOf(round, lock, sealed, manifest, shown);
    const files = signatureFiles(round, recorded.name);
    writeFileAtomically(files.statement, statement);
    writeFileAtomically(files.signature, bytes);
    writeFileAtomically(files.publicKey, publicPem(key, signer));
    writeFileAtomically(round.paths.certificate, certificate.bytes);
    recordEvent(round, actor, "signed", { ...recorded, certificateDigest: digest(certificate.bytes) });
    return { ...facts, ...recorded, missingCharacters: certificate.missing };
  });
}

/** A key signs again only where something was done since, for else it would say the same once more. */
function refuseSecond(entries: readonly JournalEntry[], fingerprint: string, digestInForce: string): void {
  const last = recordedSignatures(entries).findLast(
    (each) => each.fingerprint === fingerprint && each.manifestDigest === digestInForce,
  );
  if (last === undefined) return;
  const isNews = entries.some(({ seq, event }) => seq > last.seq && event !== "signed" && event !== "stamp.added");
  if (isNews) return;
  throw refusal(
    "E-SIGN-DONE",
    words(`“${last.signer}”已用这把密钥签过，此后没有新内容`, `"${last.signer}" has signed all this with this key`),
    words("不必再签；verify 可核对", "nothing to sign; verify checks it"),
  );
}

function refusal(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice });
}
