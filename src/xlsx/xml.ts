/** XML of a workbook part, read as it streams. Refuses DTDs, and elements that only serve to exhaust memory. */
import { SaxesParser } from "saxes";
import { words } from "../text/words.ts";
import type { Archive } from "./archive.ts";
import { asRefusal, refusal } from "./refusals.ts";

export type Attributes = Readonly<Record<string, string>>;

/** What to do at an element's start and end (names without prefix) and with its text. */
export interface XmlHandlers {
  open?(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

const DEEPEST_ELEMENT = 256;
/** Characters that a part may hold between two tags; a cell holds at most 32,767. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/** Feeds one part to the handlers. Yields after each piece, so that the caller can hand on what has gathered. */
export async function* parsePart(
  archive: Archive,
  part: string,
  held: boolean,
  handlers: XmlHandlers,
): AsyncGenerator<void, void, undefined> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  let sinceTag = 0;
  const tooBig = () =>
    refusal("E-XLSX-TOO-LARGE", archive.path, words(`${part} 中有过长的内容`, `${part} holds an overlong text`));
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("doctype", () => {
    throw refusal("E-XLSX-UNSAFE", archive.path, words(`${part} 含有 DTD 声明`, `${part} declares a DTD`));
  });
  parser.on("opentag", ({ name, attributes }) => {
    sinceTag = 0;
    if (++depth > DEEPEST_ELEMENT) throw tooBig();
    handlers.open?.(localName(name), attributes);
  });
  parser.on("closetag", ({ name }) => {
    sinceTag = 0;
    depth--;
    handlers.close?.(localName(name));
  });
  if (handlers.text) {
    const text = handlers.text.bind(handlers);
    parser.on("text", text);
    parser.on("cdata", text);
  }
  for await (const chunk of archive.chunks(part, held)) {
    sinceTag += chunk.length;
    parse(archive, part, () => parser.write(chunk));
    if (sinceTag > LONGEST_TEXT) throw tooBig();
    yield;
  }
  parse(archive, part, () => parser.close());
}

/** Reads a whole part through the handlers. */
export async function readPart(archive: Archive, part: string, handlers: XmlHandlers): Promise<void> {
  for await (const _ of parsePart(archive, part, true, handlers));
}

function parse(archive: Archive, part: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw asRefusal(error, archive.path, part);
  }
}

/** `x:row` → `row`: some programs write every element with a prefix. */
function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}
