/** The text of an XML file in the encoding that its first bytes or its declaration name: phones and desktop programs differ. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { readTextFile } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";

/** How XML begins, byte by byte, in the encodings that two bytes a character make. */
const WIDE: readonly (readonly [start: RegExp, encoding: string])[] = [
  [/^\xff\xfe(\s\0)*<\0/, "utf-16le"],
  [/^(\s\0)*<\0/, "utf-16le"],
  [/^\xfe\xff(\0\s)*\0</, "utf-16be"],
  [/^(\0\s)*\0</, "utf-16be"],
];
const PLAIN = /^\s*(\xef\xbb\xbf)?\s*</;
const DECLARED = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["'](gb2312|gbk|gb18030)["']/i;

/**
 * The encoding of XML by how it begins (XML 1.0, appendix F); undefined for what is no XML.
 * @param start the first bytes, each as a character
 */
export function xmlEncoding(start: string): string | undefined {
  const wide = WIDE.find(([begins]) => begins.test(start))?.[1];
  if (wide !== undefined) return wide;
  if (DECLARED.test(start)) return "gb18030";
  return PLAIN.test(start) ? "utf-8" : undefined;
}

/** @throws ChouqianError E-FILE-READ where the bytes are no text of that encoding */
export function readXmlText(path: string, encoding: string): string {
  if (encoding === "utf-8") return readTextFile(path).replace(/^\uFEFF/, "");
  const bytes = readFileSync(path);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const name = encoding.toUpperCase();
    throw new ChouqianError("E-FILE-READ", {
      message: words(`${basename(path)} 不是 ${name} 文本，文件可能残缺`, `${basename(path)} is no ${name} text`),
      advice: words("请重新导出或另存为 UTF-8", "export it again, or save it as UTF-8"),
      at: { file: basename(path) },
    });
  }
}
