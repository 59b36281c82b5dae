/** Writes XML: every text and attribute escaped, what XML cannot carry written out, elements that hold nothing closed at once. */
import { visible } from "../../text/visible.ts";

/** A piece of XML that is safe as it stands. Made by `element` and `text` alone. */
export interface Xml {
  readonly xml: string;
}

export type Attributes = Readonly<Record<string, string | undefined>>;

/** An element with its attributes in the order given; those that are undefined are left out. */
export function element(name: string, attributes: Attributes = {}, children: readonly Xml[] = []): Xml {
  const head = Object.entries(attributes)
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
    .join("");
  const body = children.map(({ xml }) => xml).join("");
  return { xml: body === "" ? `<${name}${head}/>` : `<${name}${head}>${body}</${name}>` };
}

export function text(content: string): Xml {
  return { xml: escapeText(content) };
}

/** The document with its declaration, ended by LF. */
export function xmlDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
}

function escapeText(content: string): string {
  return visible(content)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}

/** In attributes line ends and tabs would be read as spaces. */
function escapeAttribute(value: string): string {
  return escapeText(value).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}
