/**
 * Keeping what stood before an unlock, an unsealing or a redraw: files are moved to `history/<n>/` and listed in
 * `SHA256SUMS`, whose digest the journal holds, so that `sha256sum -c SHA256SUMS` proves them.
 *
 * Crash safety: everything is gathered in `history/pending`; the journal's entry is the moment from which it counts. What
 * a crash left before that moment goes back to its place, what it left after it is finished.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { compareBytes, digest } from "../text/canonical.ts";
import { refusingDiskErrors, writeFileAtomically } from "./files.ts";
import { readJournal, STAGES, VOIDS, type VoidEvent } from "./journal.ts";

/** `sha256sum`'s own format: digest, two spaces, name; sorted by name in byte order. */
export const FILE_LIST = "SHA256SUMS";
const PENDING = "pending";

/** Files and folders of a round that a stage or a later one made, with that stage. They are moved. */
const PRODUCTS: readonly (readonly [name: string, stage: number])[] = [
  ["frame", STAGES["frame.locked"]],
  ["plan.sealed.json", STAGES["plan.sealed"]],
  ["seed.json", STAGES["seed.committed"]],
  ["draw", STAGES.drawn],
  ["forms", STAGES["forms.written"]],
  ["signatures", STAGES.signed],
  ["replace", STAGES["forms.written"]],
  ["assign", STAGES["forms.written"]],
  ["records", STAGES["forms.written"]],
  ["results", STAGES["forms.written"]],
  ["rectify", STAGES["forms.written"]],
];
/** What people edit stays where it is, and a copy is kept. */
const INPUTS = ["round.yaml", "plan.yaml", "mapping.yaml"] as const;

/** What is kept of one voiding. */
export interface KeptFiles {
  readonly count: number;
  /** Digest of the list. */
  readonly filesDigest: string;
}

/**
 * Moves what an event voids to `history/<number>`.
 * @param commit writes the journal's entry; where it or a move fails, all files go back to their places
 */
export function keepInHistory(
  folder: string,
  event: VoidEvent,
  number: number,
  commit: (kept: KeptFiles) => void,
): KeptFiles {
  const pending = join(folder, "history", PENDING);
  return refusingDiskErrors(pending, () => {
    mkdirSync(pending, { recursive: true, mode: 0o700 });
    try {
      for (const [name, stage] of PRODUCTS) {
        if (stage >= VOIDS[event] && existsSync(join(folder, name))) {
          renameSync(join(folder, name), join(pending, name));
        }
      }
      for (const name of INPUTS) {
        if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(pending, name));
      }
      const list = fileList(pending);
      writeFileAtomically(join(pending, FILE_LIST), list);
      const kept = { count: list.split("\n").length - 1, filesDigest: digest(list) };
      commit(kept);
      renameSync(pending, join(folder, "history", String(number)));
      return kept;
    } catch (error) {
      settleHistory(folder);
      throw error;
    }
  });
}

/** Whether a crash has left a voiding half done. */
export function isHistoryUnsettled(folder: string): boolean {
  return existsSync(join(folder, "history", PENDING));
}

/** Finishes a voiding that the journal tells of, takes one back that it does not. Call under the round's lock. */
export function settleHistory(folder: string): void {
  if (!isHistoryUnsettled(folder)) return;
  const pending = join(folder, "history", PENDING);
  const journal = join(folder, "journal.jsonl");
  const { entries } = readJournal(existsSync(journal) ? readFileSync(journal, "utf8") : "");
  const told = entries.filter(({ event }) => event in VOIDS);
  const list = join(pending, FILE_LIST);
  const isTold = existsSync(list) && told.at(-1)?.about.filesDigest === digest(readFileSync(list));
  refusingDiskErrors(pending, () => {
    if (isTold) {
      renameSync(pending, join(folder, "history", String(told.length)));
      return;
    }
    for (const [name] of PRODUCTS) {
      if (existsSync(join(pending, name))) renameSync(join(pending, name), join(folder, name));
    }
    rmSync(pending, { recursive: true, force: true });
    if (readdirSync(join(folder, "history")).length === 0) rmdirSync(join(folder, "history"));
  });
}

/** The list of all files below a folder, itself left out, as `sha256sum` writes it. */
export function fileList(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((name) => name !== FILE_LIST)
    .sort(compareBytes);
  return names.map((name) => `${digestOfFile(join(folder, name))}  ${name}\n`).join("");
}

/** SHA-256 of a file, read piece by piece: a frame may be larger than what is read at once. */
function digestOfFile(path: string): string {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
