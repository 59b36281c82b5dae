/** Writing files so that a crash leaves the old one or the new one, never a half of either. */
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { guard, release } from "./watchdog.ts";

/** Files and folders that must not outlive this process unfinished. */
const unfinished = new Set<string>();

/** Removes whatever this process has begun and not finished; called on Ctrl-C and on exit. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { recursive: true, force: true });
  unfinished.clear();
}

/** Marks a path for removal if the process ends before `keepFinished` is called for it. */
export function markUnfinished(path: string): void {
  unfinished.add(path);
}

export function keepFinished(path: string): void {
  unfinished.delete(path);
}

/** What a killed process of ours may leave beside a product: its unfinished copy, or the one it was replacing. */
const LEFTOVER = /^\.?(.+)\.(\d+)\.(tmp|old)$/;

/**
 * Puts a folder in order after a process that was killed: unfinished copies go, a product that was moved aside and not
 * yet replaced comes back. Call only while no other process writes there.
 */
export function clearLeftovers(folder: string): void {
  if (!isFolder(folder)) return;
  for (const name of readdirSync(folder)) {
    const [, product, , kind] = LEFTOVER.exec(name) ?? [];
    if (product === undefined) continue;
    const [leftover, place] = [join(folder, name), join(folder, product)];
    if (kind === "old" && !existsSync(place)) renameSync(leftover, place);
    else rmSync(leftover, { recursive: true, force: true });
  }
}

/**
 * Writes a file through a temporary one beside it: write, fsync, rename. Readable by the owner alone, for ledgers and
 * samples are confidential.
 * @throws ChouqianError E-FILE-WRITE where the disk is full, the folder is read-only and the like
 */
export function writeFileAtomically(path: string, data: string | Uint8Array): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  refusingDiskErrors(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    markUnfinished(temporary);
    try {
      writeDurably(temporary, data);
      renameSync(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
      keepFinished(temporary);
    }
  });
}

/** Whether two paths lead to one file, by links or by another spelling too. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** Whether a folder stands there; a file of that name is none. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Puts several files in place and removes others, all together or not at all: everything is written under temporary names
 * first, what stood there is kept aside until `then` has succeeded, and comes back where anything fails.
 * @param then what makes it known, such as a line of the journal
 * @throws ChouqianError E-FILE-WRITE, with the file that could not be written, and what `then` throws
 */
export function replaceFiles(
  files: ReadonlyMap<string, string | Uint8Array>,
  gone: readonly string[],
  then: () => void,
): void {
  const undo: (() => void)[] = [];
  const done: (() => void)[] = [];
  const aside = (path: string, kind: "tmp" | "old") => join(dirname(path), `.${basename(path)}.${process.pid}.${kind}`);
  try {
    for (const [path, data] of files) {
      refusingDiskErrors(path, () => {
        const made = mkdirSync(dirname(path), { recursive: true });
        if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
        undo.push(() => rmSync(aside(path, "tmp"), { force: true }));
        writeDurably(aside(path, "tmp"), data);
      });
    }
    for (const path of [...files.keys(), ...gone]) {
      refusingDiskErrors(path, () => {
        if (isFolder(path)) throw Object.assign(new Error(path), { code: "EISDIR" });
        const old = aside(path, "old");
        if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
          renameSync(path, old);
          undo.push(() => renameSync(old, path));
          done.push(() => rmSync(old, { force: true }));
        }
        if (!files.has(path)) return;
        renameSync(aside(path, "tmp"), path);
        undo.push(() => rmSync(path, { force: true }));
      });
    }
    then();
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
  for (const step of done) step();
}

/** SHA-256 of a file's bytes, 64 hex digits; the file may be larger than memory. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/**
 * Fills a folder under a temporary name and puts it in its place in one rename, after `fill` has succeeded.
 * What stood there before is removed only then. If the process is killed, the temporary folder goes with it.
 */
export async function replaceFolder<T>(path: string, fill: (staging: string) => Promise<T>): Promise<T> {
  const staging = `${path}.${process.pid}.tmp`;
  const old = `${path}.${process.pid}.old`;
  markUnfinished(staging);
  guard(staging);
  try {
    refusingDiskErrors(path, () => mkdirSync(staging, { recursive: true, mode: 0o700 }));
    const result = await fill(staging);
    refusingDiskErrors(path, () => {
      if (existsSync(path)) renameSync(path, old);
      renameSync(staging, path);
    });
    return result;
  } catch (error) {
    throw asDiskError(error, path) ?? error;
  } finally {
    // Removing what lies below a file would be refused, and hide why.
    for (const path of [staging, old].filter((each) => existsSync(each))) {
      rmSync(path, { recursive: true, force: true });
    }
    keepFinished(staging);
    release(staging);
  }
}

const TEMPORARY = /^chouqian-(\d+)-/;

/**
 * Runs a piece of work with a folder of its own that goes when it ends, or when this process is killed. What a killed
 * process of ours has left all the same is removed first, for it may hold rows of a ledger.
 */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  for (const name of readdirSync(tmpdir())) {
    const [, owner] = TEMPORARY.exec(name) ?? [];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(tmpdir(), `chouqian-${process.pid}-`));
  markUnfinished(folder);
  guard(folder);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    keepFinished(folder);
    release(folder);
  }
}

/** Whether a process runs; one of another user counts as running. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function writeDurably(path: string, data: string | Uint8Array): void {
  const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
  const file = openSync(path, "w", 0o600);
  try {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written, bytes.length - written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Runs a piece of file work and turns the refusals of a disk into words. */
export function refusingDiskErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asDiskError(error, path) ?? error;
  }
}

/** Where a path of the round is a file that should be a folder, or the other way round: no defect of ours. */
export function asMisplaced(error: unknown): ChouqianError | undefined {
  if (!(error instanceof Error && "code" in error && "path" in error && typeof error.path === "string"))
    return undefined;
  const { code, path } = error;
  return code === "ENOTDIR" || code === "EEXIST" || code === "EISDIR" ? misplaced(code, path) : undefined;
}

/** The refusal of a folder that should be a file (`EISDIR`), or of a file that should be a folder. */
export function misplaced(code: "ENOTDIR" | "EEXIST" | "EISDIR", path: string): ChouqianError {
  const name = basename(path);
  return new ChouqianError("E-FILE-READ", {
    message: words(
      code === "EISDIR" ? `${name} 应为文件，却是文件夹` : `${name} 应为文件夹，或应在文件夹里，那里却是一个文件`,
      code === "EISDIR"
        ? `${name} is a folder and should be a file`
        : `a file stands where the folder of ${name} should`,
    ),
    advice: words("把它移开或改回原样后重试", "move it away, or put back what was there, and try again"),
    at: { file: name },
  });
}

const DISK_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ["磁盘空间已满", "the disk is full"],
  EDQUOT: ["磁盘配额已用完", "the disk quota is used up"],
  EROFS: ["磁盘是只读的", "the disk is read-only"],
  EACCES: ["没有写入权限", "no permission to write"],
  EPERM: ["没有写入权限", "no permission to write"],
  EBUSY: ["文件正被其他程序（如 Excel、WPS）打开", "the file is open in another program"],
  ENOTDIR: ["路径中有一段不是文件夹", "a part of the path is not a folder"],
  EEXIST: ["应有文件夹的地方是一个文件", "a file stands where a folder should"],
  ENOENT: ["文件夹不存在", "the folder does not exist"],
  EISDIR: ["同名的文件夹已存在", "a folder of that name stands there"],
  ENAMETOOLONG: ["文件名太长", "the file name is too long"],
  EFBIG: ["文件超过磁盘允许的大小", "the file is larger than the disk allows"],
  EIO: ["磁盘读写出错", "the disk reported an error"],
};

/** The refusal in words where an error comes from the disk; undefined for any other error. */
export function asDiskError(error: unknown, path: string): ChouqianError | undefined {
  if (!(error instanceof Error) || error instanceof ChouqianError) return undefined;
  const reason = DISK_ERRORS["code" in error ? String(error.code) : codeOfEngine(error.message)];
  if (reason === undefined) return undefined;
  return new ChouqianError("E-FILE-WRITE", {
    message: words(`无法写入 ${basename(path)}：${reason[0]}`, `cannot write ${basename(path)}: ${reason[1]}`),
    advice: words(
      "请检查磁盘空间、文件夹权限，关闭正打开该文件的程序后重试；这个文件原来的内容没有改动，此前各步的结果（见 status）仍在",
      "check space and permissions, close programs that hold the file, and try again; what stood in that file stands, and so does every step before (see status)",
    ),
    at: { file: basename(path) },
  });
}

/** The table engine tells of a full disk in words only. */
function codeOfEngine(message: string): string {
  if (/No space left on device|out of disk space/i.test(message)) return "ENOSPC";
  if (/File too large/i.test(message)) return "EFBIG";
  return /^IO Error:.*Permission denied/i.test(message) ? "EACCES" : "";
}
