/**
 * Reads what the kit's pages hold from the file itself, operator by operator: where each run of text, rule and box lies.
 * Knows only the operators that the kit writes; anything else is an error.
 */
import { inflateSync } from "node:zlib";
import { expect } from "vitest";
import type { PageArea } from "../../src/pdf/page.ts";

/** A run of text, by the em box of its characters; lengths in points from the upper left corner. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly base: number;
  readonly size: number;
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface PageGeometry {
  readonly texts: readonly TextBox[];
  readonly rules: readonly Segment[];
  /** Around all that is filled with black: the QR code. */
  readonly filled:
    | { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
    | undefined;
  /** Roles of the tagged stretches, in reading order. */
  readonly roles: readonly string[];
}

interface PdfFont {
  /** Width of a code, in thousandths of the type size. */
  width(code: number): number;
  /** What a code reads as; undefined for one that leads to no glyph. */
  text(code: number): string | undefined;
}

export interface ReadGeometry {
  readonly pages: readonly PageGeometry[];
  /** The file's objects without their streams. */
  readonly objects: ReadonlyMap<number, string>;
}

interface Objects {
  readonly texts: Map<number, string>;
  readonly streams: Map<number, () => Buffer>;
}

const ENTRY = 7;

export function readGeometry(bytes: Uint8Array): ReadGeometry {
  const { texts: objects, streams } = readObjects(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const fonts = new Map<number, PdfFont>();
  const fontOf = (id: number): PdfFont => {
    let font = fonts.get(id);
    if (font === undefined) {
      font = readFont({ texts: objects, streams }, id);
      fonts.set(id, font);
    }
    return font;
  };
  const root = [...objects.values()].find((object) => /\/Type\/Catalog/.test(object)) ?? "";
  const kids = objects.get(reference(root, "Pages"))?.match(/\/Kids ?\[([^\]]*)\]/)?.[1] ?? "";
  const pages = [...kids.matchAll(/(\d+) 0 R/g)].map(([, id]) => {
    const page = objects.get(Number(id)) ?? "";
    const resources = objects.get(reference(page, "Resources")) ?? "";
    const named = new Map(
      [...resources.matchAll(/\/([SHKFT]) (\d+) 0 R/g)].map(([, name = "", font]) => [name, fontOf(Number(font))]),
    );
    const parts = /\/Contents\[([^\]]*)\]/.exec(page)?.[1] ?? "";
    const content = [...parts.matchAll(/(\d+) 0 R/g)].map(([, part]) =>
      streams.get(Number(part))?.().toString("latin1"),
    );
    return readPage(content.join("\n"), Number(/\/MediaBox\[0 0 \S+ (\S+)\]/.exec(page)?.[1]), named);
  });
  return { pages, objects };
}

/** Every object by the table at the end of the file, each where the table says. */
function readObjects(file: Buffer): Objects {
  const texts = new Map<number, string>();
  const streams = new Map<number, () => Buffer>();
  const at = (offset: number, number: number): void => {
    const text = file.toString("latin1", offset, Math.min(file.length, offset + 2_000));
    const [head = "", dictionary = "", length] = /^\d+ 0 obj\n(<<.*?\/Length (\d+)>>)\nstream\n/s.exec(text) ?? [];
    expect(head.startsWith(`${number} 0 obj\n`)).toBe(true);
    texts.set(number, dictionary);
    streams.set(number, () => inflateSync(file.subarray(offset + head.length, offset + head.length + Number(length))));
  };
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file.toString("latin1", file.length - 60))?.[1]);
  const own = Number(/^\d+/.exec(file.toString("latin1", start, start + 12))?.[0]);
  at(start, own);
  expect(texts.get(own)).toMatch(/\/W\[1 4 2\]/);
  const table = streams.get(own)?.() ?? Buffer.alloc(0);
  const groups = new Map<number, Map<number, string>>();
  for (let number = 1; number * ENTRY < table.length; number++) {
    const [kind, place] = [table[number * ENTRY], table.readUInt32BE(number * ENTRY + 1)];
    if (kind === 1 && number !== own) at(place, number);
  }
  for (let number = 1; number * ENTRY < table.length; number++) {
    const [kind, group] = [table[number * ENTRY], table.readUInt32BE(number * ENTRY + 1)];
    if (kind !== 2) continue;
    const members =
      groups.get(group) ?? readGroup(texts.get(group) ?? "", streams.get(group)?.().toString("latin1") ?? "");
    groups.set(group, members);
    expect([...members.keys()].indexOf(number)).toBe(table.readUInt16BE(number * ENTRY + 5));
    texts.set(number, members.get(number) ?? "");
  }
  return { texts, streams };
}

function readGroup(dictionary: string, text: string): Map<number, string> {
  const first = Number(/\/First (\d+)/.exec(dictionary)?.[1]);
  const index = text.slice(0, first).trim().split(" ").map(Number);
  const members = new Map<number, string>();
  for (let i = 0; i < index.length; i += 2) {
    members.set(index[i] ?? 0, text.slice(first + (index[i + 1] ?? 0), first + (index[i + 3] ?? text.length)));
  }
  return members;
}

function reference(object: string, key: string): number {
  return Number(new RegExp(`/${key} ?\\[?(\\d+) 0 R`).exec(object)?.[1]);
}

function readFont({ texts, streams }: Objects, id: number): PdfFont {
  const font = texts.get(id) ?? "";
  const descendant = texts.get(reference(font, "DescendantFonts")) ?? "";
  expect(texts.get(reference(descendant, "FontDescriptor"))).toMatch(/\/FontFile[23] \d+ 0 R/);
  const glyphs = streams.get(reference(descendant, "CIDToGIDMap"))?.();
  // outlines of PostScript are named by their codes
  const glyphOf = (code: number) => (glyphs === undefined ? code : glyphs.readUInt16BE(2 * code));
  const usual = Number(/\/DW (\d+)/.exec(descendant)?.[1]);
  const widths = new Map<number, number>();
  const listed = /\/W\[(.*)\]>>/s.exec(descendant)?.[1] ?? "";
  for (const [, first, list = ""] of listed.matchAll(/(\d+)\[([^\]]*)\]/g)) {
    for (const [i, width] of list.split(" ").entries()) widths.set(Number(first) + i, Number(width));
  }
  const cmap = streams.get(reference(font, "ToUnicode"))?.().toString("latin1") ?? "";
  const read = new Map(
    [...cmap.matchAll(/^<(\w{4})> <(\w+)>$/gm)].map(([, code = "", units = ""]) => [
      Number.parseInt(code, 16),
      Buffer.from(units, "hex").swap16().toString("utf16le"),
    ]),
  );
  return {
    width: (code) => widths.get(code) ?? usual,
    text: (code) => (glyphOf(code) === 0 ? undefined : read.get(code)),
  };
}

/** A text in brackets, or what stands between white space. */
const TOKEN = /\((?:[^\\()]|\\[\s\S])*\)|[^\s()]+/g;

/** How lengths of the operators become points from the lower left corner. */
interface Scale {
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly bottom: number;
}

function readPage(content: string, height: number, fonts: ReadonlyMap<string, PdfFont>): PageGeometry {
  const texts: TextBox[] = [];
  const rules: Segment[] = [];
  const roles: string[] = [];
  let pending: Segment[] = [];
  let rectangles: Segment[] = [];
  const filled: Segment[] = [];
  let operands: string[] = [];
  let font: PdfFont | undefined;
  let [size, stretch, x, base] = [0, 0, 0, 0];
  let line: [number, number] = [0, 0];
  let isTurned = false;
  let from: [number, number] = [0, 0];
  let scale: Scale = { x: 1, y: 1, left: 0, bottom: 0 };
  const scales: Scale[] = [];
  const operand = (i: number) => Number(operands[i]);
  const length = (i: number) => scale.x * operand(i);
  const place = (i: number): [number, number] => [
    scale.x * operand(i) + scale.left,
    height - (scale.y * operand(i + 1) + scale.bottom),
  ];
  const act: Readonly<Record<string, () => void>> = {
    q: () => scales.push(scale),
    Q: () => {
      scale = scales.pop() ?? scale;
    },
    cm: () => {
      const { x, y, left, bottom } = scale;
      expect([operands[1], operands[2]]).toEqual(["0", "0"]);
      scale = { x: x * operand(0), y: y * operand(3), left: x * operand(4) + left, bottom: y * operand(5) + bottom };
    },
    g: () => {},
    G: () => {},
    J: () => {},
    j: () => {},
    w: () => {},
    d: () => {},
    BMC: () => {},
    EMC: () => {},
    BT: () => {},
    ET: () => {},
    Tr: () => {},
    BDC: () => roles.push((operands[0] ?? "").slice(1)),
    Tm: () => {
      isTurned = operands[1] !== "0";
      line = place(4);
      [x, base] = line;
    },
    Td: () => {
      line = [line[0] + length(0), line[1] - length(1)];
      [x, base] = line;
    },
    Tf: () => {
      font = fonts.get((operands[0] ?? "").slice(1));
      size = length(1);
    },
    Tc: () => {
      stretch = length(0);
    },
    Tj: () => {
      const codes = (operands[0]?.slice(1, -1) ?? "").replace(/\\([\s\S])/g, (_, each) => (each === "r" ? "\r" : each));
      let text = "";
      const left = x;
      for (let i = 0; i < codes.length; i += 2) {
        const code = codes.charCodeAt(i) * 0x100 + codes.charCodeAt(i + 1);
        const shown = font?.text(code);
        if (shown === undefined) throw new Error(`no glyph for code ${code}`);
        text += shown;
        x += ((font?.width(code) ?? 0) / 1000) * size + stretch;
      }
      if (!isTurned && text.trim() !== "") texts.push({ text, left, right: x - stretch, base, size });
    },
    m: () => {
      from = place(0);
    },
    l: () => {
      const [x2, y2] = place(0);
      pending.push({ x1: from[0], y1: from[1], x2, y2 });
    },
    re: () => {
      const [x1, y1] = place(0);
      rectangles.push({ x1, y1, x2: x1 + length(2), y2: y1 + length(3) });
    },
    S: () => {
      rules.push(...pending);
      [pending, rectangles] = [[], []];
    },
    f: () => {
      filled.push(...rectangles);
      rectangles = [];
    },
  };
  for (const [token] of content.matchAll(TOKEN)) {
    if (/^[A-Za-z]+$/.test(token)) {
      const operator = act[token];
      if (operator === undefined) throw new Error(`unknown operator ${token}`);
      operator();
      operands = [];
    } else operands.push(token);
  }
  return { texts, rules, filled: around(filled), roles };
}

function around(boxes: readonly Segment[]): PageGeometry["filled"] {
  if (boxes.length === 0) return undefined;
  return {
    left: Math.min(...boxes.map(({ x1 }) => x1)),
    top: Math.min(...boxes.map(({ y1 }) => y1)),
    right: Math.max(...boxes.map(({ x2 }) => x2)),
    bottom: Math.max(...boxes.map(({ y2 }) => y2)),
  };
}

/** How far the ink of an ideograph reaches above and below the base line, for a size of 1. */
const INK = { above: 0.8, below: 0.08 };
/** Letters of some fonts reach a hair beyond their width. */
const HAIR = 0.3;
const LEAST_SIZE = 8.99;

/** What is wrong with a page: text outside the type area or across a rule, text over text or code, too small type. */
export function faultsOf({ texts, rules, filled }: PageGeometry, area: PageArea): string[] {
  const faults: string[] = [];
  const sorted = texts.map((text) => ({
    ...text,
    top: text.base - INK.above * text.size,
    bottom: text.base + INK.below * text.size,
  }));
  sorted.sort((a, b) => a.top - b.top);
  sorted.forEach((box, i) => {
    const { text, left, right, top, bottom, size } = box;
    const isMargin = bottom < area.top || top > area.bottom;
    if (size < LEAST_SIZE) faults.push(`${text}: ${size} pt`);
    if (left < area.left - HAIR || right > area.right + HAIR) faults.push(`${text}: beside the type area`);
    if (!isMargin && (top < area.top - HAIR || bottom > area.bottom + HAIR)) faults.push(`${text}: half in the margin`);
    for (const { x1, y1, x2, y2 } of rules) {
      if (x1 < right - HAIR && x2 > left + HAIR && y1 < bottom && y2 > top) faults.push(`${text}: across a rule`);
    }
    if (
      filled !== undefined &&
      left < filled.right &&
      right > filled.left &&
      top < filled.bottom &&
      bottom > filled.top
    ) {
      faults.push(`${text}: over the code`);
    }
    for (let j = i + 1; j < sorted.length; j++) {
      const other = sorted[j];
      if (other === undefined || other.top >= bottom - HAIR) break;
      if (other.left < right - HAIR && other.right > left + HAIR) faults.push(`${text}: over ${other.text}`);
    }
  });
  return faults;
}

/** Text of pages in the order in which it was drawn, white space taken out. */
export function textOf(pages: readonly PageGeometry[]): string {
  return pages
    .map(({ texts }) => texts.map(({ text }) => text).join(""))
    .join("")
    .replace(/\s/g, "");
}
