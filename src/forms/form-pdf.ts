/** What checklist and record form share in print: styles, title block, how the source was drawn, pages. */
import { stratumInWords } from "../draw/strata.ts";
import { Alphabet } from "../pdf/alphabet.ts";
import { type Block, paragraph, space } from "../pdf/block.ts";
import { Canvas } from "../pdf/canvas.ts";
import { PdfDocument, type PdfResult } from "../pdf/document.ts";
import { storeOfGlyphs } from "../pdf/faces.ts";
import { fillPages } from "../pdf/flow.ts";
import { furnish } from "../pdf/furniture.ts";
import { AREA, mm } from "../pdf/page.ts";
import { paintQr } from "../pdf/qr.ts";
import { type Cell, type Row, table } from "../pdf/table.ts";
import type { Role } from "../pdf/tag.ts";
import { type Content, heightOf, type Line, type Style, setText } from "../pdf/text.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { blankSource, type FormRound, type FormSource, roleName } from "./source.ts";
import { allOf, type Shown, type TailoredForm, wholeOf } from "./tailor.ts";
import type { Evidence } from "./template.ts";

export const STYLES = {
  title: { face: "title", size: 20, leading: 28, heavy: true },
  smallTitle: { face: "title", size: 18, leading: 28, heavy: true },
  subtitle: { face: "serif", size: 10.5, leading: 17 },
  label: { face: "sans", size: 9, leading: 12.5 },
  value: { face: "serif", size: 10, leading: 14 },
  heading: { face: "sans", size: 10, leading: 15 },
  head: { face: "sans", size: 9, leading: 12.5 },
  small: { face: "serif", size: 9, leading: 12.5 },
  hint: { face: "kai", size: 9.5, leading: 12.5 },
  condition: { face: "kai", size: 9, leading: 12.5 },
  /** Lines to write on by hand. */
  blank: { face: "serif", size: 9, leading: mm(8) },
} as const satisfies Record<string, Style>;

const QR_SIDE = mm(22);
/** Label and value twice over the width of the type area. */
const PAIRS = [62, AREA.width / 2 - 62, 62, AREA.width / 2 - 62];
/** Least height of a row that is written in by hand. */
export const BLANK_ROW = mm(8);

/** One kind of form: what it is called in the running head and which blocks it consists of for one source. */
export interface FormKind {
  readonly name: string;
  form(source: FormSource): TailoredForm;
  blocks(round: FormRound, source: FormSource, form: TailoredForm): readonly Block[];
}

/** Prints forms of these kinds for each source, each beginning on a new page, with bookmarks by city and county. */
export async function renderForms(
  kinds: readonly FormKind[],
  round: FormRound,
  sources: readonly FormSource[],
): Promise<PdfResult> {
  const names = kinds.map(({ name }) => name).join("、");
  const alphabet = commonAlphabet(kinds, sources);
  const document = new PdfDocument({ title: `${round.name}　${names}`, author: round.holder, alphabet });
  const papers = sources.flatMap((source) => kinds.map((kind) => ({ source, kind })));
  for (const { source, kind } of papers) {
    const blocks = kind.blocks(round, source, kind.form(source));
    const pages = fillPages(blocks, AREA, () => document.canvas());
    furnish(pages, {
      head: [round.name, kind.name],
      foot: `${source.id}　${source.name}\n清单摘要 ${round.manifestDigest.slice(0, 16)}`,
      ...(round.across === undefined ? {} : { across: round.across }),
    });
    const place = [source.cityName, source.countyName].filter(Boolean);
    const own = `${CLASS_NAMES[source.sourceClass].zh} ${source.rank} ${source.name}${isReserve(source) ? `（${roleName(source)}）` : ""}`;
    pages.forEach((page, i) => {
      document.add(page, i === 0 ? [...place, own] : []);
    });
  }
  return document.finish();
}

/** Alphabets by template and kinds of form. */
const alphabets = storeOfGlyphs(() => new WeakMap<TailoredForm, Map<string, Alphabet>>());
/** Characters of digests, codes and most names. */
const USUAL = "0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZ（）()-./，、第号位省市区县镇街道路有限公司厂";

/** The characters of a template, where one source is printed, as for single files: they are compressed once for all. */
function commonAlphabet(kinds: readonly FormKind[], sources: readonly FormSource[]): Alphabet {
  const [source, ...others] = sources;
  const [kind] = kinds;
  if (source === undefined || kind === undefined || others.length > 0) return new Alphabet();
  const whole = wholeOf(kind.form(source));
  const known = alphabets().get(whole) ?? new Map<string, Alphabet>();
  alphabets().set(whole, known);
  const key = kinds.map(({ name }) => name).join("\n");
  const alphabet = known.get(key) ?? new Alphabet(kinds.flatMap((each) => blankPages(each, allOf(kind.form(source)))));
  known.set(key, alphabet);
  return alphabet;
}

/** A form of which only the template's part is filled in. */
function blankPages(kind: FormKind, form: TailoredForm): Canvas[] {
  const round: FormRound = { roundId: "", name: "", holder: "", date: "", seed: "", manifestDigest: "" };
  const source = { ...blankSource(form.class, USUAL), stratum: `440000/${form.class}` };
  const pages = fillPages(kind.blocks(round, source, form), AREA, () => new Canvas());
  furnish(pages, { head: ["", kind.name], foot: "清单摘要" });
  return pages.flatMap((page) => [page, page.margin]);
}

/** Whether the source came by the draw; tables of departments and blank forms do not. */
function isDrawn({ stratum }: FormSource): boolean {
  return stratum !== "";
}

function isReserve(source: FormSource): boolean {
  return source.role === "reserve";
}

/** Title, holder and number of the form at the left of its QR code. */
export function titleBlock(title: string, round: FormRound, source: FormSource): Block[] {
  const side = QR_SIDE + 10;
  const room = AREA.width - 2 * side;
  const heading: readonly { readonly role: Role; readonly lines: readonly Line[] }[] = [
    { role: "H1", lines: setTitle(title, room) },
    { role: "P", lines: setText(round.holder, STYLES.subtitle, room) },
  ];
  const height = heading.reduce((sum, { lines }) => sum + heightOf(lines), 0);
  const code = `chouqian:1:${round.roundId}:${round.manifestDigest}:${source.id}`;
  return [
    {
      height: Math.max(height, QR_SIDE) + 4,
      keepWithNext: true,
      paint: (canvas, x, y) => {
        let top = y + Math.max(0, (QR_SIDE - height) / 2);
        for (const { role, lines } of heading) {
          canvas.tag({ role });
          for (const line of lines) {
            canvas.line(line, x + (AREA.width - line.width) / 2, top);
            top += line.style.leading;
          }
        }
        paintQr(canvas, code, x + AREA.width - QR_SIDE, y, QR_SIDE);
      },
    },
  ];
}

/** A title on one line, if need be a size smaller; otherwise on lines of about the same length. */
function setTitle(title: string, room: number): readonly Line[] {
  for (const style of [STYLES.title, STYLES.smallTitle]) {
    const lines = setText(title, style, room);
    if (lines.length === 1) return lines;
  }
  // a bracket ends the name of what is inspected
  const parts = title.split(/(?<=）)(?=.)/).map((part) => setText(part, STYLES.title, room));
  if (parts.length > 1 && parts.every((lines) => lines.length === 1)) return parts.flat();
  const count = setText(title, STYLES.title, room).length;
  let narrow = room;
  while (setText(title, STYLES.title, narrow - STYLES.title.size / 2).length === count) narrow -= STYLES.title.size / 2;
  return setText(title, STYLES.title, narrow);
}

/** Number of the form within the round at the left; table number and unit line of the template at the right. */
export function numberLine(
  source: FormSource,
  { number, unitLine }: { readonly number?: string | undefined; readonly unitLine?: string | undefined },
): Block[] {
  const role = isReserve(source) ? `（${roleName(source)}）` : "";
  const left = isDrawn(source)
    ? `编号：${stratumInWords(source.stratum)} 第 ${source.rank} 号${role}`
    : "编号：＿＿＿＿＿＿";
  const right = [number === undefined ? "" : `表号：${number}`, unitLine ?? ""].filter(Boolean).join("　");
  if (right === "") {
    return [...paragraph(left, STYLES.small, AREA.width, { align: "left", keepWithNext: true }), space(3)];
  }
  const cells: Cell[] = [{ text: left }, { text: right, align: "right" }];
  const padding = { x: 0, y: 0 };
  const needed = Math.max(...setText(right, STYLES.small, AREA.width).map(({ width }) => width));
  const rightWidth = Math.min(needed + 1, AREA.width * MOST_OF_NUMBER_LINE);
  const columns = [AREA.width - rightWidth, rightWidth];
  return [
    ...table({ columns, style: STYLES.small, ruled: false, padding, rows: [{ cells, keepWithNext: true }] }),
    space(3),
  ];
}
/** Share of the width that table number and unit line may take. */
const MOST_OF_NUMBER_LINE = 0.55;

/** What may stand behind the name of something that is looked at. */
export interface Behind {
  /** In which a figure is counted. */
  readonly unit?: string;
  /** Of an indicator. */
  readonly code?: string;
  /** Under which it applies, where the ledger does not tell. */
  readonly condition?: string | undefined;
}

/** A name with its unit in brackets, its code and its condition; unit and code stay whole. */
export function nameWords(text: string, style: Style, { unit = "", code, condition }: Behind): Content {
  if (unit === "" && code === undefined && condition === undefined) return text;
  return [
    { text, style },
    ...(unit === "" ? [] : [{ text: inBrackets(unit), style, whole: true }]),
    ...(code === undefined
      ? []
      : [
          { text: " ", style },
          { text: code, style, whole: true },
        ]),
    ...(condition === undefined ? [] : [{ text: `（适用条件：${condition}）`, style: STYLES.condition }]),
  ];
}

/** A unit in brackets; in hollow ones where it has brackets itself, such as 头（羽）. */
export function inBrackets(unit: string): string {
  return /[（(]/.test(unit) ? `〔${unit}〕` : `（${unit}）`;
}

export function evidenceName({ name, condition }: Shown<Evidence>): string {
  return condition === undefined ? name : `${name}（${condition}）`;
}

/** What the inspector does first, above the table. */
export function noteAbove({ note }: { readonly note: string }): Block[] {
  return [...paragraph(note, STYLES.hint, AREA.width, { align: "left", keepWithNext: true }), space(4)];
}

/** Remarks of the template below the table (说明). */
export function notesBelow(
  { notes = [] }: { readonly notes?: readonly string[] | undefined },
  width = AREA.width,
): Block[] {
  if (notes.length === 0) return [];
  const lines = notes.map((note, i) => `${notes.length === 1 ? "" : `${i + 1}. `}${note}`);
  return [space(5), ...paragraph(`说明：${lines.join("　")}`, STYLES.hint, width, { align: "left" })];
}

/** A row of labels and values; an odd last pair covers the width. */
export function pairs(...values: readonly (readonly [label: string, value: Content])[]): Row {
  const isWide = values.length === 1;
  return {
    minHeight: BLANK_ROW,
    keepWithNext: true,
    cells: values.flatMap(([label, text]): Cell[] => [
      labelCell(label),
      { text, style: STYLES.value, ...(isWide ? { columns: 3 } : {}) },
    ]),
  };
}

export function labelCell(text: Content): Cell {
  return { text, style: STYLES.label, align: "center", isLabel: true };
}

/** The block of facts at the head of a form. */
export function factTable(rows: readonly Row[]): Block[] {
  return [...table({ columns: PAIRS, style: STYLES.value, rows }), space(8)];
}

/** The facts of a form that departments fill in for an area (综合表). */
export function departmentFacts(round: FormRound, source: FormSource): Row[] {
  return [
    pairs(["核查任务", round.name]),
    pairs(["填报部门", source.name]),
    pairs(["所在地", placeOf(source)], ["污染源类别", classOf(source)]),
    pairs(["联系人", ledgerValue(source, "contact")], ["联系电话", ledgerValue(source, "phone")]),
    { ...pairs(["抽取情况", drawnWords(round, source)]), keepWithNext: false },
  ];
}

/** The frame's own columns, by the keys that ledger fields have. */
const OWN_FIELDS: Readonly<Record<string, (source: FormSource) => string>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  class: ({ sourceClass }) => CLASS_NAMES[sourceClass].zh,
  city: ({ cityName }) => cityName,
  county: ({ countyName }) => countyName,
};

/** A ledger value, empty where the ledger has none; of several fields, those that have one. */
export function ledgerValue(source: FormSource, ...fields: readonly string[]): string {
  return fields
    .map((field) => source.values.get(field) ?? OWN_FIELDS[field]?.(source) ?? "")
    .filter(Boolean)
    .join(" ");
}

/** Status with its reason, where the ledger gives one. */
export function statusOf(source: FormSource): string {
  const reason = ledgerValue(source, "statusReason");
  return ledgerValue(source, "status") + (reason === "" ? "" : `（${reason}）`);
}

export function placeOf(source: FormSource): string {
  return [source.cityName, source.countyName].filter(Boolean).join(" ");
}

/** Class, and the kind of object within it where the ledger names one. */
export function classOf(source: FormSource): string {
  const subclass = ledgerValue(source, "subclass");
  return CLASS_NAMES[source.sourceClass].zh + (subclass === "" ? "" : `（${subclass}）`);
}

/** How the source came to be visited, and the digest by which that is proved. */
export function drawnWords(round: FormRound, source: FormSource): Content {
  if (!isDrawn(source)) return "综合表或未经抽签的对象，结果单列，不计入抽样推断。";
  const { stratum, N, n, rank } = source;
  const role = isReserve(source) ? roleName(source) : "样本";
  const count = (value: number) => value.toLocaleString("en-US");
  const drawn = `层：${stratumInWords(stratum)}（${stratum}），总数 N = ${count(N)}，抽取 n = ${count(n)}，本单位排第 ${rank} 位，为${role}。`;
  return [{ text: `${drawn}\n清单摘要 ${round.manifestDigest}\n种　　子 ${round.seed}`, style: STYLES.small }];
}

/** Width of the column of numbers from 1 to `count`, in one line each. */
export function numberColumn(count: number): number {
  const { length } = String(count);
  // digits are not all equally wide
  const widths = [..."0123456789"].map(
    (digit) => setText(digit.repeat(length), STYLES.small, AREA.width)[0]?.width ?? 0,
  );
  return Math.max(LEAST_NUMBER_WIDTH, Math.ceil(Math.max(...widths) + NUMBER_PADDING));
}
const LEAST_NUMBER_WIDTH = 22;
const NUMBER_PADDING = 8;
