/** Checks time stamps, electronic signatures and the printed certificate. */
import { existsSync, readFileSync } from "node:fs";
import type { PublicKey } from "../attest/keys.ts";
import { type RecheckedSignature, recheckSignatures } from "../attest/recheck-signatures.ts";
import { type RecheckedStamp, recheckStamps } from "../attest/recheck-stamps.ts";
import { type Authority, STAMPED_NAMES } from "../attest/stamp-words.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";
import type { StandingJournal } from "./plan-and-seed-findings.ts";

/** What an auditor knows from outside the round's folder. */
export interface Trusted {
  /** Certificates of time-stamping authorities, from `--ca`. */
  readonly authorities?: readonly Authority[];
  /** Public keys of those who must have signed, from `--signer`. */
  readonly signers?: readonly PublicKey[];
}

/** A finding for each stamp, each signature and the certificate; none where a round has none of them. */
export async function attestFindings(
  round: Round,
  { entries, all }: StandingJournal,
  { authorities = [], signers = [] }: Trusted,
): Promise<Finding[]> {
  const journal = existsSync(round.paths.journal) ? readTextFile(round.paths.journal) : "";
  const stamps = await recheckStamps(round, all, journal, authorities);
  const signatures = recheckSignatures(round, entries, journal);
  return [
    ...stamps.map((each) => stampFinding(each, authorities.length > 0)),
    ...(stamps.length > 0 && authorities.length === 0 ? [UNKNOWN_AUTHORITY] : []),
    ...signatures.map(signatureFinding),
    ...signers.map((signer) => signerFinding(signer, signatures)),
    ...(signatures.length > 0 && signers.length === 0 ? [UNKNOWN_SIGNERS] : []),
    ...certificateFindings(round, entries),
  ];
}

const UNKNOWN_AUTHORITY = skipped(
  "stamp-authority",
  words("时间戳机构的身份", "who the authority is"),
  words("未核对；用 --ca 给出该机构公布的根证书", "not checked: give the authority's root certificate with --ca"),
);
const UNKNOWN_SIGNERS = skipped(
  "signers",
  words("签名人的身份", "who the signers are"),
  words(
    "未核对；用 --signer 给出签名人另行公布的公钥",
    "not checked: give the public keys that the signers have published with --signer",
  ),
);

function stampFinding({ name, of, fault, stamp, drawn, isSuperseded }: RecheckedStamp, isKnown: boolean): Finding {
  const what = STAMPED_NAMES[of];
  const title = words(`时间戳 ${name}（${what.zh}）`, `time stamp ${name} (${what.en})`);
  if (fault !== undefined || stamp === undefined) return failed("stamp", title, fault ?? words("无效", "invalid"));
  const parts = [
    words(`${stamp.genTime}，${stamp.authority}`, `${stamp.genTime}, ${stamp.authority}`),
    ...(drawn === undefined ? [] : [words("先于抽签", "before the draw")]),
    ...(isKnown ? [words("机构证书可追溯到 --ca", "the authority leads to --ca")] : []),
    ...(isSuperseded ? [words("此后已有新的内容", "superseded since")] : []),
  ];
  return passed("stamp", title, joined(parts));
}

function signatureFinding({ signer, name, fingerprint, fault, coversTo, isSuperseded }: RecheckedSignature): Finding {
  const title = words(`签名 ${name}（${signer}）`, `signature ${name} (${signer})`);
  if (fault !== undefined) return failed("signature", title, fault);
  const parts = [
    words(`样本清单和日志第 1—${coversTo} 行`, `manifest and lines 1–${coversTo} of the journal`),
    words(`公钥指纹 ${fingerprint}`, `key ${fingerprint}`),
    ...(isSuperseded ? [words("所签的是重抽之前的清单", "of a manifest before a redraw")] : []),
  ];
  return passed("signature", title, joined(parts));
}

/** Whether one who must have signed did, with the key known from outside. */
function signerFinding({ name, fingerprint }: PublicKey, signatures: readonly RecheckedSignature[]): Finding {
  const who = name ?? fingerprint.slice(0, 16);
  const title = words(`“${who}”的签名`, `signature of "${who}"`);
  const found = signatures.find(
    (each) => each.fingerprint === fingerprint && each.fault === undefined && !each.isSuperseded,
  );
  return found === undefined
    ? failed(
        "signer",
        title,
        words(
          `没有用公钥 ${fingerprint} 对现样本清单的有效签名`,
          `no valid signature by ${fingerprint} under this manifest`,
        ),
      )
    : passed("signer", title, words(`与给出的公钥相符，即签名 ${found.name}`, `by the key given: ${found.name}`));
}

/** The certificate is the one that was printed at the draw or at the last signature. */
function certificateFindings(round: Round, entries: readonly JournalEntry[]): Finding[] {
  const printed = entries.findLast(({ about }) => about.certificateDigest !== undefined);
  if (printed === undefined) return [];
  const title = words("抽签见证单.pdf ↔ 日志", "certificate ↔ journal");
  if (!existsSync(round.paths.certificate)) {
    return [failed("certificate", title, words("没有 draw/抽签见证单.pdf", "draw/抽签见证单.pdf is gone"))];
  }
  const difference = different(
    digest(readFileSync(round.paths.certificate)),
    printed.about.certificateDigest,
    words(`日志第 ${printed.seq} 行所记的摘要`, `the digest in line ${printed.seq} of the journal`),
  );
  return [
    difference === undefined
      ? passed("certificate", title, words(`与第 ${printed.seq} 行所记一致`, `as line ${printed.seq} records it`))
      : failed("certificate", title, difference),
  ];
}

function joined(parts: readonly Words[]): Words {
  return words(parts.map(({ zh }) => zh).join("；"), parts.map(({ en }) => en).join("; "));
}
