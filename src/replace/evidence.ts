/** Evidence for a replacement: words, and files of which the round keeps a copy under their digest. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Evidence } from "../draw/replacement.ts";
import { refusingDiskErrors, writeFileAtomically } from "../round/files.ts";
import type { Round } from "../round/round.ts";
import { canonicalText, digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

const FOLDER = "佐证材料";
/** What is meant to be a file, whether it is there or not. */
const LOOKS_LIKE_FILE = /[/\\]|\.(jpe?g|png|heic|pdf|docx?|xlsx?|wps|et|zip|mp4|txt)$/i;

/** Evidence that was given: what the journal says of it, and the files to be copied. */
export interface GivenEvidence {
  readonly evidence: readonly Evidence[];
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/**
 * Reads evidence as given on the command line: each is a file if there is one of that name, else words.
 * @throws ChouqianError E-REPLACE-EVIDENCE where there is none, or a file is missing or no file
 */
export function readEvidence(given: readonly string[]): GivenEvidence {
  const texts = given.map(canonicalText).filter((text) => text !== "");
  if (texts.length === 0) throw refusal(words("没有写佐证材料", "there is no evidence"));
  const missing = texts.filter((text) => LOOKS_LIKE_FILE.test(text) && !existsSync(text));
  if (missing.length > 0) {
    throw refusal(words(`找不到佐证文件：${missing.join("、")}`, `no such file: ${missing.join(", ")}`));
  }
  const files: { name: string; bytes: Uint8Array }[] = [];
  const evidence = texts.map((text): Evidence => {
    if (!existsSync(text)) return { text };
    if (!statSync(text).isFile()) throw refusal(words(`“${text}”不是文件`, `"${text}" is no file`));
    const bytes = refusingDiskErrors(text, () => readFileSync(text));
    const sha256 = digest(bytes);
    files.push({ name: copyName(basename(text), sha256), bytes });
    return { file: basename(text), sha256 };
  });
  return { evidence, files };
}

export function keepEvidence(round: Round, { files }: GivenEvidence): void {
  for (const { name, bytes } of files) writeFileAtomically(join(round.paths.replace, FOLDER, name), bytes);
}

/** Where the round keeps a file of evidence. */
export function evidencePath(
  round: Round,
  { file, sha256 }: { readonly file: string; readonly sha256: string },
): string {
  return join(round.paths.replace, FOLDER, copyName(file, sha256));
}

/** Evidence in one line for people. */
export function evidenceInWords(evidence: readonly Evidence[]): string {
  return evidence.map((each) => ("text" in each ? each.text : each.file)).join("；");
}

/** The digest first, so that two files of one name stay apart. */
function copyName(name: string, sha256: string): string {
  return `${sha256.slice(0, 12)}-${name}`;
}

function refusal(message: Words): ChouqianError {
  return new ChouqianError("E-REPLACE-EVIDENCE", {
    message,
    advice: words(
      '写明依据，或给出照片、证明等文件：--evidence "市场监管局注销证明" 注销证明.pdf',
      'say what shows it, or name files: --evidence "struck off the register" proof.pdf',
    ),
  });
}
