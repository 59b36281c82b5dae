/** 回收进度.pdf: bars of what came back, by city and team; read in black and white. Says nothing of a clock. */
import { type Block, paintLine, paragraph, space, type TableFrame } from "../pdf/block.ts";
import type { Canvas } from "../pdf/canvas.ts";
import { PdfDocument } from "../pdf/document.ts";
import { fillPages } from "../pdf/flow.ts";
import { furnish } from "../pdf/furniture.ts";
import { AREA } from "../pdf/page.ts";
import { heightOf, type Style, setText } from "../pdf/text.ts";
import { type JournalLine, lineOnPaper } from "../round/journal.ts";
import type { Part, RecordsStatus } from "./status.ts";
import { teamInWords } from "./team.ts";

const NAME = "核查记录回收进度";
const TITLE: Style = { face: "serif", size: 20, leading: 30, heavy: true };
const SUBTITLE: Style = { face: "serif", size: 12, leading: 20 };
const HEADING: Style = { face: "sans", size: 11, leading: 20 };
const BODY: Style = { face: "serif", size: 10.5, leading: 17 };
const LABEL: Style = { face: "serif", size: 10, leading: 13 };

const LABEL_WIDTH = 84;
const GAP = 8;
const BAR_HEIGHT = 9;
/** Height of a row, from roomy to tight: the first that needs the fewest pages is taken. */
const PITCHES = [16, 15, 14, 13];
/** Rows that stay with the notes after them, so that no page holds these alone. */
const LAST_ROWS = 4;

/** What stands in figures at the right of each bar. */
const COUNTS: readonly { readonly heading: string; readonly width: number; readonly of: (part: Part) => string }[] = [
  { heading: "已收/应收", width: 62, of: ({ done, total }) => `${done}/${total}` },
  { heading: "退回", width: 30, of: ({ returned }) => shown(returned) },
  { heading: "未交", width: 32, of: ({ missing }) => shown(missing) },
  { heading: "不适用", width: 38, of: ({ waived }) => shown(waived.indicators) },
  { heading: "关停", width: 30, of: ({ closedAgainstLedger }) => shown(closedAgainstLedger) },
  { heading: "改录", width: 30, of: ({ revised }) => shown(revised) },
];
const COUNTS_WIDTH = COUNTS.reduce((sum, { width }) => sum + width, 0);
const BAR_WIDTH = AREA.width - LABEL_WIDTH - COUNTS_WIDTH - GAP;
/** None is a dash, so that the figures that matter are seen. */
const shown = (count: number) => (count === 0 ? "—" : String(count));
/** Distance of the strokes that stand for what was sent back. */
const HATCH = 3;

/** The bytes, the same for the same state of the records. */
export async function statusPdf(title: string, status: RecordsStatus): Promise<Uint8Array> {
  const document = new PdfDocument({ title: `${title}　${NAME}` });
  const [pages] = PITCHES.map((pitch) => fillPages(blocks(title, status, pitch), AREA, () => document.canvas())).sort(
    (a, b) => a.length - b.length,
  ) as [Canvas[], ...Canvas[][]];
  furnish(pages, {
    head: [title, NAME],
    foot: `已收 ${status.whole.done}/${status.whole.total}　日志 ${lineOnPaper(status.journal)}`,
  });
  for (const page of pages) document.add(page);
  return (await document.finish()).bytes;
}

function blocks(title: string, { whole, cities, teams, areas, journal }: RecordsStatus, pitch: number): Block[] {
  const centred = { align: "center" } as const;
  const ofTeams = teams.map((team) => ({ ...team, name: team.name === "" ? "（未分组）" : teamInWords(team.name) }));
  const rows = [...barsOf("各市", cities, pitch), ...(teams.length === 0 ? [] : barsOf("各组", ofTeams, pitch))];
  return [
    ...paragraph(NAME, TITLE, AREA.width, centred),
    ...paragraph(title, SUBTITLE, AREA.width, centred),
    space(6),
    ...paragraph(`　　${inWords(whole, areas)}`, BODY, AREA.width),
    ...rows.map((row, i) => (i < rows.length - LAST_ROWS ? row : { ...row, keepWithNext: true })),
    { ...space(8), keepWithNext: true },
    ...paragraph(
      `实心为已收，斜线为退回待改，空白为未交。不适用：模板要求核查而写成不适用的项数；关停：名录为运行而写已关停、一项也没有核查的家数；改录：首次导入后又换了记录的家数；其余为家数。${journalInWords(journal)}`,
      LABEL,
      AREA.width,
    ).map((line, i, all) => ({ ...line, keepWithNext: i < all.length - 1 })),
  ];
}

/** The journal's line to be held against it later. */
export function journalInWords(journal: JournalLine): string {
  const written = lineOnPaper(journal);
  return `日志最后一行为 ${written}（行号和该行摘要的前 16 位），以后可用 chouqian verify --journal-line ${written} 核对。`;
}

/** The state of all in a sentence. */
export function inWords(whole: Part, areas: number): string {
  const { total, done, returned, missing, partial, nonResponse, replaced, revised, waived, closedAgainstLedger } =
    whole;
  const said = [
    `应核查 ${total} 家，已收 ${done} 家（${total === 0 ? "—" : `${((100 * done) / total).toFixed(1)}%`}）${partial > 0 ? `，其中 ${partial} 家未填全` : ""}`,
    `退回待改 ${returned} 家，未交 ${missing} 家`,
    ...(nonResponse > 0 ? [`已收的当中未找到或拒绝核查 ${nonResponse} 家`] : []),
    ...(closedAgainstLedger > 0 ? [`已关停 ${closedAgainstLedger} 家（名录为运行），不计入差错率`] : []),
    ...(waived.sources > 0 ? [`${waived.sources} 家把应查的 ${waived.indicators} 项写成不适用`] : []),
    ...(revised > 0 ? [`首次导入后又改录 ${revised} 家`] : []),
    ...(replaced > 0 ? [`替换 ${replaced} 家`] : []),
    ...(areas > 0 ? [`普查小区漏报、重报核查 ${areas} 个`] : []),
  ];
  return `${said.join("；")}。`;
}

/** Bars below a heading with those of the figures, which come again on each page. */
function barsOf(heading: string, parts: readonly Part[], pitch: number): Block[] {
  const [title] = setText(heading, HEADING, LABEL_WIDTH);
  const header: Block = {
    height: HEADING.leading,
    paint: (canvas, x, y) => {
      if (title !== undefined) paintLine(canvas, title, x, y, LABEL_WIDTH, "left");
      paintCounts(canvas, ({ heading }) => heading, x, y + (HEADING.leading - LABEL.leading) / 2);
    },
  };
  const table: TableFrame = { width: AREA.width, ruled: false, header, own: header };
  return [space(8), ...parts.map((part) => ({ ...barOf(part, pitch), table }))];
}

function paintCounts(canvas: Canvas, textOf: (count: (typeof COUNTS)[number]) => string, x: number, y: number) {
  let left = x + AREA.width - COUNTS_WIDTH;
  for (const count of COUNTS) {
    const [line] = setText(textOf(count), LABEL, count.width);
    if (line !== undefined) paintLine(canvas, line, left, y, count.width, "right");
    left += count.width;
  }
}

function barOf(part: Part, pitch: number): Block {
  const labels = setText(part.name, LABEL, LABEL_WIDTH);
  const height = Math.max(pitch, heightOf(labels));
  const scale = part.total === 0 ? 0 : BAR_WIDTH / part.total;
  return {
    height,
    paint: (canvas, x, y) => {
      const top = y + (height - BAR_HEIGHT) / 2;
      const left = x + LABEL_WIDTH + GAP;
      const filled = left + part.done * scale;
      const end = filled + part.returned * scale;
      const [right, bottom] = [left + BAR_WIDTH, top + BAR_HEIGHT];
      let at = y + (height - heightOf(labels)) / 2;
      for (const label of labels) {
        paintLine(canvas, label, x, at, LABEL_WIDTH, "right");
        at += label.style.leading;
      }
      canvas.fill(left, top, part.done * scale, BAR_HEIGHT);
      for (let stroke = filled + HATCH; stroke < end; stroke += HATCH) {
        canvas.rule(stroke - HATCH, bottom, stroke, top, 0.4);
      }
      canvas.rule(left, top, right, top, 0.4);
      canvas.rule(left, bottom, right, bottom, 0.4);
      for (const upright of [left, end, right]) canvas.rule(upright, top, upright, bottom, 0.4);
      paintCounts(canvas, ({ of }) => of(part), x, y + (height - LABEL.leading) / 2);
    },
  };
}
