/** The office's Word template, opened so that neither a bomb nor a wrong file does harm, and packed again. */
import { basename } from "node:path";
import type PizZip from "pizzip";
import { ChouqianError } from "../../text/errors.ts";
import { lazily } from "../../text/lazily.ts";
import { type Words, words } from "../../text/words.ts";
import { type Limits, openArchive } from "../../xlsx/archive.ts";

const loadPizZip = lazily<new () => PizZip>("pizzip");

const MIB = 1024 * 1024;
/** A letter with its pictures; far more is no letter. */
const LIMITS: Limits = {
  totalBytes: 200 * MIB,
  heldBytes: 100 * MIB,
  ratio: 200,
  ratioFreeBytes: 20 * MIB,
  entries: 2000,
};

/** Parts of a document by name. */
export type DocxParts = ReadonlyMap<string, Uint8Array>;

const CONTENT_TYPES = "[Content_Types].xml";
const WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

/**
 * Reads a template whole.
 * @throws ChouqianError E-DOCX-UNREADABLE, E-DOCX-INVALID, E-DOCX-OLD-FORMAT, E-DOCX-ENCRYPTED, E-DOCX-UNSAFE
 */
export async function readDocx(path: string): Promise<DocxParts> {
  try {
    const archive = await openArchive(path, LIMITS);
    try {
      const parts = new Map<string, Uint8Array>();
      for (const name of archive.parts()) parts.set(name, await archive.bytes(name));
      const types = new TextDecoder().decode(parts.get(CONTENT_TYPES));
      if (!types.includes(WORD_TYPE) || !hasBody(parts)) throw refusal("E-DOCX-INVALID", path);
      return parts;
    } finally {
      archive.close();
    }
  } catch (error) {
    throw asDocxRefusal(error, path);
  }
}

/** Where the engine looks for the text of a letter. */
function hasBody(parts: DocxParts): boolean {
  return new TextDecoder().decode(parts.get("word/document.xml")).includes("<w:body");
}

const SAVE_AS_DOCX = words(
  "用 Word 或 WPS 打开该文件，“另存为”选择“Word 文档（*.docx）”，再重试",
  'open it in Word or WPS, use "Save as" with type "Word Document (*.docx)", and try again',
);
const REFUSALS = {
  "E-DOCX-UNREADABLE": {
    message: words("模板打不开", "the template cannot be opened"),
    advice: words(
      "核对文件路径和读取权限，关闭正在占用该文件的程序后重试",
      "check the path and the permission to read it, close programs that hold it, and try again",
    ),
  },
  "E-DOCX-INVALID": {
    message: words("文件不是 Word 文档（.docx）或已损坏", "the file is no Word document (.docx), or damaged"),
    advice: SAVE_AS_DOCX,
  },
  "E-DOCX-OLD-FORMAT": {
    message: words("文件是旧版格式（.doc）", "the file is in the old .doc format"),
    advice: SAVE_AS_DOCX,
  },
  "E-DOCX-ENCRYPTED": {
    message: words("文档设有打开密码", "the document is encrypted with a password"),
    advice: words(
      "在 Word 或 WPS 中取消打开密码，保存后重试",
      "remove the password in Word or WPS, save and try again",
    ),
  },
  "E-DOCX-UNSAFE": {
    message: words("文档过大或内容可疑，已拒绝读取", "the document is too large or looks unsafe, and was not read"),
    advice: words(
      "先核实文件来源；确属模板的，压缩其中的图片后另存为新的 .docx",
      "confirm where it comes from; if it is a template, compress its pictures and save it as a new .docx",
    ),
  },
} as const satisfies Record<string, { message: Words; advice: Words }>;

/** What the reader of archives calls it, and what it means for a document. */
const MEANINGS: Readonly<Record<string, keyof typeof REFUSALS>> = {
  "E-XLSX-UNREADABLE": "E-DOCX-UNREADABLE",
  "E-XLSX-OLD-FORMAT": "E-DOCX-OLD-FORMAT",
  "E-XLSX-ENCRYPTED": "E-DOCX-ENCRYPTED",
  "E-XLSX-TOO-LARGE": "E-DOCX-UNSAFE",
  "E-XLSX-UNSAFE": "E-DOCX-UNSAFE",
};

export function refusal(code: keyof typeof REFUSALS, path: string): ChouqianError {
  return new ChouqianError(code, { ...REFUSALS[code], at: { file: basename(path) } });
}

function asDocxRefusal(error: unknown, path: string): unknown {
  if (!(error instanceof ChouqianError) || !error.code.startsWith("E-XLSX-")) return error;
  return refusal(MEANINGS[error.code] ?? "E-DOCX-INVALID", path);
}

/** The parts as the engine takes them, all of the earliest date that zip knows. */
export function zipOf(parts: DocxParts): PizZip {
  const zip = new (loadPizZip())();
  // the package writes dates in local time: made at once, the date is the same in every time zone
  const date = new Date(1980, 0, 1);
  for (const [name, bytes] of parts) zip.file(name, bytes, { date, createFolders: false });
  return zip;
}

/** A document's bytes, the same for the same parts: fixed dates, the list of types first, then by name. */
export function packed(zip: PizZip): Uint8Array {
  const files = Object.values(zip.files).filter(({ dir }) => !dir);
  const place = (name: string) => (name === CONTENT_TYPES ? "" : name);
  files.sort((a, b) => (place(a.name) < place(b.name) ? -1 : 1));
  const again = zipOf(new Map(files.map((file) => [file.name, file.asUint8Array()])));
  return again.generate({ type: "uint8array", compression: "DEFLATE" });
}
