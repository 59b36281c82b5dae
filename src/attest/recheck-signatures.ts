/** Checks a round's signatures again, from files and journal. Reads, writes nothing. */
import { verify } from "node:crypto";
import type { JournalEntry } from "../round/journal.ts";
import { lineDigests } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { statedDigests } from "./facts.ts";
import { readPublicKey } from "./keys.ts";
import { type RecordedSignature, recordedSignatures, signatureFiles, signatureNames } from "./signature-folder.ts";
import { readBytes } from "./stamp-folder.ts";
import { signatureStatement } from "./statement.ts";

export interface RecheckedSignature {
  readonly name: string;
  readonly signer: string;
  readonly fingerprint: string;
  /** What is wrong; undefined where the signature holds. */
  readonly fault: Words | undefined;
  /** Last line of the journal that the signature covers; 0 where it covers none. */
  readonly coversTo: number;
  /** Whether the round has another manifest by now. */
  readonly isSuperseded: boolean;
}

/** Each signature that the journal records, checked, then those in the folder of which the journal knows nothing. */
export function recheckSignatures(
  round: Round,
  entries: readonly JournalEntry[],
  journal: string,
): RecheckedSignature[] {
  const recorded = recordedSignatures(entries);
  const lines = lineDigests(journal);
  const stray = signatureNames(round).filter((name) => !recorded.some((each) => each.name === name));
  return [
    ...recorded.map((each) => recheck(round, entries, lines, each)),
    ...stray.map((name) => ({
      name,
      signer: "",
      fingerprint: "",
      fault: words(`signatures/${name}.sig 在日志中没有记录`, `the journal knows nothing of signatures/${name}.sig`),
      coversTo: 0,
      isSuperseded: false,
    })),
  ];
}

function recheck(
  round: Round,
  entries: readonly JournalEntry[],
  lines: readonly string[],
  recorded: RecordedSignature,
): RecheckedSignature {
  const { name, signer, fingerprint, manifestDigest, journalHead, seq } = recorded;
  const before = entries.filter((entry) => entry.seq < seq);
  const result = (fault: Words | undefined) => ({
    name,
    signer,
    fingerprint,
    fault,
    coversTo: lines.slice(0, seq - 1).indexOf(journalHead) + 1,
    isSuperseded: statedDigests("manifest", entries).at(-1) !== manifestDigest,
  });
  if (!statedDigests("manifest", before).includes(manifestDigest)) {
    return result(
      words(
        `所签的样本清单摘要 ${manifestDigest} 不是本轮次的`,
        `the signed manifest digest ${manifestDigest} is none of this round`,
      ),
    );
  }
  if (!lines.slice(0, seq - 1).includes(journalHead)) {
    return result(
      words("所签的日志行已不在日志中：日志被改写", "the signed line is not in the journal: it was rewritten"),
    );
  }
  try {
    const files = signatureFiles(round, name);
    const statement = readTextFile(files.statement);
    if (statement !== signatureStatement({ round: round.config.id, manifestDigest, journalHead, signer })) {
      return result(words(`signatures/${name}.json 与日志不符`, `signatures/${name}.json differs from the journal`));
    }
    const key = readPublicKey(readTextFile(files.publicKey));
    const bytes = readBytes(files.signature);
    if (key.fingerprint !== fingerprint || Buffer.from(bytes).toString("base64url") !== recorded.signature) {
      return result(words(`签名或公钥与日志不符`, "signature or public key differ from the journal"));
    }
    const isValid = verify(null, Buffer.from(statement, "utf8"), key.key, bytes);
    return result(isValid ? undefined : words("签名不成立", "the signature does not hold"));
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return result(words(`${error.at.file ?? ""} ${error.words.zh}`.trim(), error.words.en));
  }
}
