/** The text of a Word template as its tags stand in it, read without the engine, which stops at the first broken tag. Pure. */
import type { DocxParts } from "./open-docx.ts";

/** Parts whose tags are filled: the body, headers and footers, foot- and endnotes. */
const FILLED = /^word\/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$/;

/** A part's paragraphs, one a line: a tag may be parted over several runs, never over paragraphs. */
function partText(xml: string): string {
  const paragraphs = xml.match(/<w:p[ >].*?<\/w:p>/gs) ?? [];
  return paragraphs
    .map((each) => [...each.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, text = ""]) => text).join(""))
    .join("\n")
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: keyof typeof ENTITIES) => ENTITIES[name]);
}
const ENTITIES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" } as const;

/** The text of all parts that are filled. */
export function templateText(template: DocxParts): string {
  return [...template]
    .filter(([name]) => FILLED.test(name))
    .map(([, bytes]) => partText(new TextDecoder().decode(bytes)))
    .join("\n");
}

/** A tag with the sign before its name: `#` and `^` begin a loop, `/` ends one. */
export interface WrittenTag {
  readonly sign: string;
  readonly name: string;
}

/** The tags that are closed by a brace. */
export function tagsIn(text: string): WrittenTag[] {
  return [...text.matchAll(/\{\s*([#^/@=]?)\s*([^{}\n]*?)\s*\}/g)].map(([, sign = "", name = ""]) => ({ sign, name }));
}
