/** Further forms in print: any paper of `templates/papers`, part by part. */
import { type Block, paragraph, space } from "../pdf/block.ts";
import { PdfDocument, type PdfResult } from "../pdf/document.ts";
import { fillPages } from "../pdf/flow.ts";
import { furnish } from "../pdf/furniture.ts";
import { AREA, LANDSCAPE_AREA, LANDSCAPE_PAGE, mm, PAGE } from "../pdf/page.ts";
import { type Cell, type Row, type RowGroup, rowsOf, table } from "../pdf/table.ts";
import type { Content } from "../pdf/text.ts";
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { signatureBlock, ticks, WRITING_LINE } from "./closing-pdf.ts";
import { inBrackets, labelCell, ledgerValue, notesBelow, STYLES } from "./form-pdf.ts";
import { CLASS_FILLS, type Found } from "./found.ts";
import type { Blank, PAPER_FILLS, Paper, PaperColumn, PaperPart, SOURCE_FILLS } from "./paper.ts";
import { type FormRound, type FormSource, roleName } from "./source.ts";

/** What a paper is filled in from; a round that is not yet drawn has no sources. */
export interface PaperData {
  readonly round: FormRound;
  readonly city: string;
  readonly sources: readonly FormSource[];
  /** After an evaluation: what it found. The drawn sources are then not listed. */
  readonly found?: Found | undefined;
}

const SHEETS = {
  portrait: { page: PAGE, area: AREA },
  landscape: { page: LANDSCAPE_PAGE, area: LANDSCAPE_AREA },
} as const;

const BLANK_ROW = 24;
const TABLE_ROW = 26;
/** Of a row that is filled in already, with boxes to tick at most, and of rows for a word or a figure on a low, turned page. */
const LISTED_ROW = 20;
const LABEL_WIDTH = 84;
/** Pairs of a label and a place to write, side by side. */
const PAIRS_IN_ROW = { portrait: 2, landscape: 3 };
const PHOTO_HEIGHT = mm(62);
const CAPTION_ROW = 18;
/** On the further pages of a paper on one unit: sheets come apart. */
const UNIT_LINE = `单位名称：${"＿".repeat(15)}`;

/** Prints one paper. */
export async function renderPaper(paper: Paper, data: PaperData): Promise<PdfResult> {
  const { round } = data;
  const title = [round.name, paper.title].filter(Boolean).join("　");
  const { page, area } = SHEETS[paper.orientation ?? "portrait"];
  const document = new PdfDocument({ title, author: round.holder, page });
  const pages = fillPages(paperBlocks(paper, data, area.width), area, () => document.canvas());
  const foot = round.manifestDigest === "" ? "" : `清单摘要 ${round.manifestDigest.slice(0, 16)}`;
  const across = round.across === undefined ? {} : { across: round.across };
  const later = paper.oneUnit === true ? { laterFoot: [UNIT_LINE, foot].filter(Boolean).join("　") } : {};
  furnish(pages, { head: [round.name, data.city], foot, ...later, ...across }, area);
  pages.forEach((page, i) => {
    document.add(page, i === 0 ? [paper.title] : []);
  });
  return document.finish();
}

function paperBlocks(paper: Paper, data: PaperData, width: number): Block[] {
  const right = [paper.number === undefined ? "" : `表号：${paper.number}`, paper.unitLine ?? ""].filter(Boolean);
  const line = { align: "right", keepWithNext: true } as const;
  return [
    ...paragraph(paper.title, STYLES.title, width, { align: "center", keepWithNext: true }),
    ...(right.length === 0 ? [] : paragraph(right.join("　"), STYLES.small, width, line)),
    space(4),
    ...(paper.note === undefined ? [] : [...paragraph(paper.note, STYLES.hint, width), space(6)]),
    ...paper.parts
      .filter(isShown(data))
      .flatMap((part) => [...heading(part, width), ...partBlocks(part, data, width), space(8)]),
    ...notesBelow(paper, width),
    ...signatureBlock(paper.signatures, width),
  ];
}

/** Units are named on the papers of a draw, and not on those of an evaluation. */
function isShown({ found }: PaperData): (part: PaperPart) => boolean {
  return (part) =>
    found === undefined || !("table" in part && "from" in part.table.rows && part.table.rows.from === "sources");
}

function heading(part: PaperPart, width: number): Block[] {
  if (part.heading === undefined) return [];
  return paragraph(part.heading, STYLES.heading, width, { align: "left", keepWithNext: true });
}

function partBlocks(part: PaperPart, data: PaperData, width: number): Block[] {
  if ("text" in part) return part.text.flatMap((text) => paragraph(text, STYLES.value, width));
  if ("ticks" in part) return paragraph(ticks(part.ticks, "　"), STYLES.small, width, { align: "left" });
  if ("room" in part) {
    const cells: Cell[] = [
      labelCell(part.room.label),
      { text: "", ...(part.room.plain === true ? {} : { lines: WRITING_LINE }) },
    ];
    const columns = [LABEL_WIDTH, width - LABEL_WIDTH];
    return table({ columns, style: STYLES.value, rows: [{ cells, minHeight: mm(part.room.height), grows: true }] });
  }
  if ("photos" in part) return photoBlocks(part.photos, width);
  if ("blanks" in part) return blankBlocks(part.blanks, data, width);
  return tableBlocks(part.table, data, width);
}

function blankBlocks(blanks: readonly Blank[], data: PaperData, width: number): Block[] {
  const inRow = PAIRS_IN_ROW[width > AREA.width ? "landscape" : "portrait"];
  const columns = Array.from({ length: inRow }, () => [LABEL_WIDTH, width / inRow - LABEL_WIDTH]).flat();
  const rows: Cell[][] = [];
  let room = 0;
  for (const blank of blanks) {
    const cells: Cell[] = [labelCell(blank.label), { text: blankContent(blank, data) }];
    if (room > 0 && blank.wide !== true) {
      rows.at(-1)?.push(...cells);
      room--;
      continue;
    }
    rows.push(cells);
    room = blank.wide === true ? 0 : inRow - 1;
  }
  return table({
    columns,
    style: STYLES.value,
    // A box to fill in is not divided between pages; one higher than a page is.
    rows: rows.map((cells, i) => ({
      cells: covering(cells, columns.length),
      minHeight: data.found === undefined && width <= AREA.width ? BLANK_ROW : LISTED_ROW,
      keepWithNext: i < rows.length - 1,
    })),
  });
}

/** The last cell covers the columns that are left. */
function covering(cells: readonly Cell[], columns: number): Cell[] {
  const last = cells.at(-1);
  return last === undefined ? [] : [...cells.slice(0, -1), { ...last, columns: columns - cells.length + 1 }];
}

const FILLS: Readonly<Record<(typeof PAPER_FILLS)[number], (data: PaperData) => string>> = {
  round: ({ round }) => round.name,
  holder: ({ round }) => round.holder,
  city: ({ city }) => city,
  date: ({ round }) => round.date,
  seed: ({ round }) => round.seed,
  manifest: ({ round }) => round.manifestDigest,
  drawn: ({ sources, found }) => found?.city.sample ?? (sources.length === 0 ? "" : String(sources.length)),
};

function isRoundFill(fill: string): fill is (typeof PAPER_FILLS)[number] {
  return Object.hasOwn(FILLS, fill);
}

function blankContent({ fill, options, type, unit }: Blank, data: PaperData): Content {
  const filled = fill === undefined ? "" : isRoundFill(fill) ? FILLS[fill](data) : (data.found?.city[fill] ?? "");
  // a digest fills the line
  if (filled !== "") return fill === "seed" || fill === "manifest" ? [{ text: filled, style: STYLES.small }] : filled;
  if (options !== undefined) return ticks(options, "　");
  if (type === "yesno") return ticks(["是", "否"], "　");
  if (type === "date") return "　　　　年　　月　　日";
  return unit === undefined ? "" : `　　　　　　${unit}`;
}

const SOURCE_VALUES: Readonly<Record<(typeof SOURCE_FILLS)[number], (source: FormSource, index: number) => string>> = {
  number: (_, index) => String(index + 1),
  rank: ({ rank }) => String(rank),
  role: roleName,
  stratum: ({ stratum }) => stratum,
};

function tableBlocks(
  { columns, rows }: Extract<PaperPart, { readonly table: unknown }>["table"],
  { sources, found }: PaperData,
  width: number,
): Block[] {
  const total = columns.reduce((sum, { width = 1 }) => sum + width, 0);
  const listed = (from: "sources" | "classes") =>
    from === "classes"
      ? classCells(columns, sources, found)
      : sources.map((source, i) => sourceCells(columns, source, i));
  const given: readonly (readonly string[])[] = "given" in rows ? rows.given : "from" in rows ? listed(rows.from) : [];
  const isOfClasses = "from" in rows && rows.from === "classes";
  const isFilled = found !== undefined && isOfClasses;
  const isList = "from" in rows && rows.from === "sources";
  const asked = rows.blank ?? (isList && sources.length === 0 ? EMPTY_LIST : 0);
  const row = rowsOf({
    columns: columns.map(({ width: share = 1 }) => (width * share) / total),
    style: STYLES.small,
    header: [
      {
        minHeight: 22,
        cells: columns.map(({ heading, unit }) => ({
          text: unit === undefined ? heading : heading + inBrackets(unit),
          style: STYLES.head,
          align: "center",
        })),
      },
    ],
  });
  const empty: Row = { minHeight: TABLE_ROW, cells: columns.map((column) => tableCell(column, "")) };
  const filled = given.map((cells) => ({
    minHeight: isList || isOfClasses ? LISTED_ROW : TABLE_ROW,
    cells: columns.map((column, c) => ({
      ...tableCell(column, cells[c] ?? ""),
      ...(isOfClasses && c > 0 && (isFilled || cells[c] !== "") ? { align: "center" as const } : {}),
    })),
  }));
  const blocks = [...filled, ...Array.from({ length: asked }, () => empty)].map(row);
  return asked === 0 ? blocks : [...blocks, moreRows(row, empty)];
}

/** As many more empty rows as the page has room for. */
function moreRows(row: (rows: RowGroup) => Block, empty: Row): Block {
  const { table, height } = row(empty);
  return {
    height: 0,
    ...(table === undefined ? {} : { table }),
    paint: () => {},
    grow: (by) => row(Array.from({ length: Math.floor(by / height) }, () => empty)),
  };
}

/** Rows of a list that is printed before anything is drawn. */
const EMPTY_LIST = 12;

/** One row for each class and one for all together; before an evaluation their names, and how many sources were drawn. */
function classCells(
  columns: readonly PaperColumn[],
  sources: readonly FormSource[],
  found: Found | undefined,
): string[][] {
  const drawn = (own: readonly FormSource[]) => (sources.length === 0 ? "" : String(own.length));
  const rows: readonly Readonly<Record<string, string>>[] = found?.classes ?? [
    ...SOURCE_CLASSES.map((each) => {
      return { class: CLASS_NAMES[each].zh, sample: drawn(sources.filter(({ sourceClass }) => sourceClass === each)) };
    }),
    { class: "合计", sample: drawn(sources) },
  ];
  const isKnown = (fill: string) => (CLASS_FILLS as readonly string[]).includes(fill);
  return rows.map((row) => columns.map(({ fill }) => (fill !== undefined && isKnown(fill) ? (row[fill] ?? "") : "")));
}

function sourceCells(columns: readonly PaperColumn[], source: FormSource, index: number): string[] {
  return columns.map(({ fill }) => {
    if (fill === undefined) return "";
    const own = Object.entries(SOURCE_VALUES).find(([key]) => key === fill)?.[1];
    return own === undefined ? ledgerValue(source, fill) : own(source, index);
  });
}

function tableCell({ options, type }: PaperColumn, text: string): Cell {
  if (text !== "") return { text };
  const offered = type === "yesno" ? ["是", "否"] : options;
  return { text: offered === undefined ? "" : ticks(offered) };
}

/** Frames two in a row, each with lines below that say what the photograph shows. */
function photoBlocks(
  { count, captions }: Extract<PaperPart, { readonly photos: unknown }>["photos"],
  width: number,
): Block[] {
  const half = width / 2;
  const label = 66;
  const columns = [label, half - label, label, half - label];
  return Array.from({ length: Math.ceil(count / 2) }, (_, pair) => {
    const isSingle = pair * 2 + 1 === count;
    const frame: Row = {
      minHeight: PHOTO_HEIGHT,
      cells: [
        { text: "", columns: 2 },
        { text: "", columns: 2 },
      ],
    };
    const lines = captions.map(
      (caption): Row => ({
        minHeight: CAPTION_ROW,
        cells: [labelCell(caption), { text: "" }, labelCell(isSingle ? "" : caption), { text: "" }],
      }),
    );
    return [frame, ...lines];
  }).flatMap((group) => [...table({ columns, style: STYLES.small, rows: [group] }), space(8)]);
}
