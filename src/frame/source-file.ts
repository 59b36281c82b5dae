/** Finds out what a ledger file really is: its kind by its first bytes, its encoding by strict decoding, its digest. */
import { isUtf8 } from "node:buffer";
import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileDigest } from "../round/files.ts";
import { askThread, HAS_THREADS } from "../round/thread.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { firstFault } from "./first-fault.ts";

/** Encodings tried in this order; each decodes strictly, so that a wrong guess fails instead of garbling. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "gb18030"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What a ledger file is by its content: text with separators, workbook, old workbook, column store. */
type FileKind = "csv" | "xlsx" | "xls" | "parquet";

export interface SourceFile {
  readonly path: string;
  /** File name, with the folders below the one that was named: all that products may know of the place. */
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: number;
  readonly sha256: string;
  /** Of a CSV file. */
  readonly encoding: Encoding | null;
  /** What tells later that the file has been written to since. */
  readonly stamp: string;
}

/**
 * Looks at a file without reading its rows.
 * @param forced encoding to take instead of finding it
 * @param names names to give to files by their digest: a ledger that was renamed since it was locked is still that ledger
 * @param name the file's name where it is not the last part of its path
 * @throws ChouqianError E-FRAME-NO-FILE, E-FRAME-EMPTY-FILE, E-FRAME-NOT-A-TABLE, E-FRAME-ENCODING
 */
export async function inspectFile(
  path: string,
  forced: Encoding | undefined,
  names: ReadonlyMap<string, string>,
  name = basename(path),
): Promise<SourceFile> {
  const bytes = sizeOf(path, name);
  const head = readHead(path);
  const kind = kindOf(head, name);
  const stamp = stampOf(path);
  const [sha256, encoding] = await Promise.all([
    digestBeside(path, bytes),
    kind === "csv" ? encodingOf(path, name, candidates(head, forced)) : null,
  ]);
  return { path, name: names.get(sha256) ?? name, kind, bytes, sha256, encoding, stamp };
}

function sizeOf(path: string, name: string): number {
  if (!existsSync(path)) {
    throw refusal("E-FRAME-NO-FILE", name, words("没有这个文件", "there is no such file"), [
      "检查文件名和文件夹；名字里有空格时请加引号",
      "check name and folder; quote a name that holds spaces",
    ]);
  }
  const stat = statSync(path);
  if (!stat.isFile()) {
    throw refusal("E-FRAME-NO-FILE", name, words("这不是普通文件", "this is no ordinary file"), [
      "请写名录的文件名，或名录所在的文件夹",
      "name a ledger or a folder of ledgers",
    ]);
  }
  if (stat.size === 0) {
    throw refusal("E-FRAME-EMPTY-FILE", name, words("文件是空的", "the file is empty"), [
      "请向报送单位索取完整的名录",
      "ask for the complete ledger",
    ]);
  }
  return stat.size;
}

function readHead(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    throw refusal("E-FILE-READ", basename(path), words("文件打不开", "the file cannot be opened"), [
      "请检查读取权限，并关闭正打开它的程序",
      "check permissions, and close programs that hold it",
    ]);
  }
  try {
    const head = Buffer.alloc(4096);
    return head.subarray(0, readSync(file, head, 0, head.length, 0));
  } finally {
    closeSync(file);
  }
}

/** First bytes of files that are no ledger, whatever their name says. */
const FOREIGN: readonly (readonly [magic: string, zh: string, en: string])[] = [
  ["25504446", "PDF 文档", "a PDF document"],
  ["89504e47", "PNG 图片", "a PNG picture"],
  ["ffd8ff", "JPEG 图片", "a JPEG picture"],
  ["52617221", "RAR 压缩包", "a RAR archive"],
  ["377abcaf", "7z 压缩包", "a 7z archive"],
  ["1f8b", "gzip 压缩包", "a gzip archive"],
  ["53514c69", "SQLite 数据库", "an SQLite database"],
];

function kindOf(head: Buffer, name: string): FileKind {
  const hex = head.toString("hex", 0, 8);
  if (hex.startsWith("504b0304")) return "xlsx";
  if (hex.startsWith("d0cf11e0")) return "xls";
  if (hex.startsWith("50415231")) return "parquet";
  const foreign = FOREIGN.find(([magic]) => hex.startsWith(magic));
  if (foreign !== undefined || /^\.(xlsx?|xlsm|parquet)$/i.test(extname(name))) {
    const [, zh, en] = foreign ?? ["", "损坏的工作簿或其他文件", "a damaged workbook or another kind of file"];
    throw refusal("E-FRAME-NOT-A-TABLE", name, words(`内容是${zh}，不是表格`, `the content is ${en}, not a table`), [
      "请提供 CSV、XLSX、XLS 或 Parquet 格式的名录",
      "give the ledger as CSV, XLSX, XLS or Parquet",
    ]);
  }
  return "csv";
}

function candidates(head: Buffer, forced: Encoding | undefined): readonly Encoding[] {
  if (forced !== undefined) return [forced];
  if (head[0] === 0xff && head[1] === 0xfe) return ["utf-16le"];
  if (head[0] === 0xfe && head[1] === 0xff) return ["utf-16be"];
  const unmarked = unmarkedUtf16(head);
  return unmarked === undefined ? ["utf-8", "gb18030"] : [unmarked];
}

/**
 * UTF-16 without a byte order mark: in it separators, digits and line ends are a byte and a NUL, so that far more NUL
 * bytes stand on the one side than on the other. A text of any other encoding holds none.
 */
function unmarkedUtf16(head: Buffer): Encoding | undefined {
  let [high, low] = [0, 0];
  for (const [at, byte] of head.entries()) {
    if (byte !== 0) continue;
    if (at % 2 === 0) high += 1;
    else low += 1;
  }
  const [most, least] = [Math.max(high, low), Math.min(high, low)];
  if (most * NUL_SHARE < head.length || most < least * 4) return undefined;
  return low > high ? "utf-16le" : "utf-16be";
}

/** One byte in so many at least. */
const NUL_SHARE = 25;

/** From so many bytes on a digest is worth a thread of its own. */
const WORTH_A_THREAD = 1 << 26;

/** The file's digest, taken beside other work where it takes long. */
function digestBeside(path: string, bytes: number): Promise<string> {
  if (bytes < WORTH_A_THREAD || !HAS_THREADS) return fileDigest(path);
  return askThread<string>(new URL("../round/digest-worker.js", import.meta.url), path);
}

/** The first of these encodings in which a text file decodes without a fault. */
async function encodingOf(path: string, name: string, encodings: readonly Encoding[]): Promise<Encoding> {
  const [likely, ...others] = encodings;
  const check = likely === undefined ? undefined : strictCheck(likely);
  let position = 0;
  let nul: number | undefined;
  let decodes = check !== undefined;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const zero = nul === undefined ? chunk.indexOf(0) : -1;
    if (zero >= 0) nul = position + zero + 1;
    decodes &&= check?.(chunk, false) === true;
    position += chunk.length;
  }
  decodes &&= check?.(Buffer.alloc(0), true) === true;
  const encoding = decodes ? (likely ?? null) : await firstThatDecodes(path, others);
  if (encoding === null || (nul !== undefined && !encoding.startsWith("utf-16"))) {
    throw nul === undefined ? await undecodable(path, name, encodings) : binary(name, nul);
  }
  return encoding;
}

const SAVE_AGAIN = ["请在 Excel 或 WPS 中另存为“CSV UTF-8”或 XLSX 后再试", 'save it as "CSV UTF-8" or XLSX'] as const;

function binary(name: string, byte: number): ChouqianError {
  return refusal(
    "E-FRAME-ENCODING",
    name,
    words(
      `文件含二进制内容（第 ${byte} 字节是空字符），不是文本`,
      `the file holds binary content (NUL at byte ${byte})`,
    ),
    SAVE_AGAIN,
  );
}

async function undecodable(path: string, name: string, encodings: readonly Encoding[]): Promise<ChouqianError> {
  const faults: { readonly encoding: Encoding; readonly byte: number | undefined }[] = [];
  for (const encoding of encodings) faults.push({ encoding, byte: await firstFault(path, encoding) });
  const zh = faults.map(({ encoding, byte }) => `按 ${encoding} 在第 ${byte} 字节处读不通`).join("，");
  const en = faults.map(({ encoding, byte }) => `no ${encoding} at byte ${byte}`).join(", ");
  return refusal("E-FRAME-ENCODING", name, words(`文字编码不对：${zh}`, `the encoding is wrong: ${en}`), SAVE_AGAIN);
}

async function firstThatDecodes(path: string, encodings: readonly Encoding[]): Promise<Encoding | null> {
  for (const encoding of encodings) {
    const check = strictCheck(encoding);
    let decodes = true;
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      decodes = check(chunk, false);
      if (!decodes) break;
    }
    if (decodes && check(Buffer.alloc(0), true)) return encoding;
  }
  return null;
}

/** Takes a text chunk by chunk; false once it cannot be of the encoding. */
type StrictCheck = (chunk: Buffer, isLast: boolean) => boolean;

function strictCheck(encoding: Encoding): StrictCheck {
  if (encoding === "utf-8") return strictUtf8();
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk, isLast) => {
    try {
      decoder.decode(chunk, { stream: !isLast });
      return true;
    } catch {
      return false;
    }
  };
}

/** UTF-8 without making a text of it; a character cut by the end of a chunk is kept for the next. */
function strictUtf8(): StrictCheck {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk, isLast) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = isLast ? bytes.length : wholeCharacters(bytes);
    rest = Buffer.from(bytes.subarray(whole));
    return isUtf8(bytes.subarray(0, whole));
  };
}

/** Length of the bytes up to a last character that is cut off. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
    if (byte < 0x80) break;
  }
  return bytes.length;
}

/** What tells that a file has been written to: size, times and the place on the disk. */
function stampOf(path: string): string {
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  return [size, mtimeMs, ctimeMs, ino].join("/");
}

/** Whether a file is still the one that was inspected. */
export function isUnchanged(file: SourceFile): boolean {
  return existsSync(file.path) && stampOf(file.path) === file.stamp;
}

/** Refusal of a file that was written to while it was read. */
export function changedWhileRead(name: string): ChouqianError {
  return refusal("E-FRAME-FILE-CHANGED", name, words("读取过程中文件被改动", "the file changed while it was read"), [
    "请关闭正在写入该文件的程序，待保存完毕后重试",
    "close the program that writes to it and try again",
  ]);
}

/** A file that cannot be taken as a ledger at all. */
export function refusal(code: string, file: string, message: Words, advice: readonly [string, string]): ChouqianError {
  return new ChouqianError(code, { message, advice: words(...advice), at: { file } });
}
