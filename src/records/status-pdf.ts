/** 回收进度.pdf: bars of what came back, by city and team; read in black and white. Says nothing of a clock. */
import { type Block, paintLine, paragraph, space } from "../pdf/block.ts";
import { PdfDocument } from "../pdf/document.ts";
import { fillPages } from "../pdf/flow.ts";
import { furnish } from "../pdf/furniture.ts";
import { AREA } from "../pdf/page.ts";
import { type Style, setText } from "../pdf/text.ts";
import { type JournalLine, lineOnPaper } from "../round/journal.ts";
import type { Part, RecordsStatus } from "./status.ts";
import { teamInWords } from "./team.ts";

const NAME = "核查记录回收进度";
const TITLE: Style = { face: "serif", size: 20, leading: 30, heavy: true };
const SUBTITLE: Style = { face: "serif", size: 12, leading: 20 };
const HEADING: Style = { face: "sans", size: 11, leading: 20 };
const BODY: Style = { face: "serif", size: 10.5, leading: 17 };
const LABEL: Style = { face: "serif", size: 10, leading: 15 };

const LABEL_WIDTH = 84;
const TEXT_WIDTH = 122;
const GAP = 8;
const BAR = { height: 9, pitch: 16 };
/** Distance of the strokes that stand for what was sent back. */
const HATCH = 3;

/** The bytes, the same for the same state of the records. */
export async function statusPdf(title: string, status: RecordsStatus): Promise<Uint8Array> {
  const document = new PdfDocument({ title: `${title}　${NAME}` });
  const pages = fillPages(blocks(title, status), AREA, () => document.canvas());
  furnish(pages, {
    head: [title, NAME],
    foot: `已收 ${status.whole.done}/${status.whole.total}　日志 ${lineOnPaper(status.journal)}`,
  });
  for (const page of pages) document.add(page);
  return (await document.finish()).bytes;
}

function blocks(title: string, { whole, cities, teams, areas, journal }: RecordsStatus): Block[] {
  const centred = { align: "center" } as const;
  return [
    ...paragraph(NAME, TITLE, AREA.width, centred),
    ...paragraph(title, SUBTITLE, AREA.width, centred),
    space(6),
    ...paragraph(`　　${inWords(whole, areas)}`, BODY, AREA.width),
    space(6),
    ...paragraph("各市", HEADING, AREA.width, { keepWithNext: true }),
    ...cities.map(barOf),
    ...(teams.length === 0 ? [] : [space(8), ...paragraph("各组", HEADING, AREA.width, { keepWithNext: true })]),
    ...teams.map((team) => barOf({ ...team, name: team.name === "" ? "（未分组）" : teamInWords(team.name) })),
    space(8),
    ...paragraph(
      `实心为已收，斜线为退回待改，空白为未交；右侧为已收/应收，括号内为退回、未交家数，模板要求核查而写成不适用的项数，改录（首次导入后又换了记录）家数。${journalInWords(journal)}`,
      LABEL,
      AREA.width,
    ),
  ];
}

/** The journal's line to be held against it later. */
export function journalInWords(journal: JournalLine): string {
  const written = lineOnPaper(journal);
  return `日志最后一行为 ${written}（行号和该行摘要的前 16 位），以后可用 chouqian verify --journal-line ${written} 核对。`;
}

/** The state of all in a sentence. */
export function inWords(whole: Part, areas: number): string {
  const { total, done, returned, missing, partial, nonResponse, replaced, revised, waived } = whole;
  const said = [
    `应核查 ${total} 家，已收 ${done} 家（${total === 0 ? "—" : `${((100 * done) / total).toFixed(1)}%`}）${partial > 0 ? `，其中 ${partial} 家未填全` : ""}`,
    `退回待改 ${returned} 家，未交 ${missing} 家`,
    ...(nonResponse > 0 ? [`已收的当中未找到或拒绝核查 ${nonResponse} 家`] : []),
    ...(waived.sources > 0 ? [`${waived.sources} 家把应查的 ${waived.indicators} 项写成不适用`] : []),
    ...(revised > 0 ? [`首次导入后又改录 ${revised} 家`] : []),
    ...(replaced > 0 ? [`替换 ${replaced} 家`] : []),
    ...(areas > 0 ? [`普查小区漏报、重报核查 ${areas} 个`] : []),
  ];
  return `${said.join("；")}。`;
}

function barOf(part: Part): Block {
  const width = AREA.width - LABEL_WIDTH - TEXT_WIDTH - 2 * GAP;
  const [label] = setText(part.name, LABEL, LABEL_WIDTH);
  const said = [
    ...(part.returned + part.missing > 0 ? [`退 ${part.returned}，未交 ${part.missing}`] : []),
    ...(part.waived.sources > 0 ? [`不适用 ${part.waived.indicators}`] : []),
    ...(part.revised > 0 ? [`改录 ${part.revised}`] : []),
  ];
  const rest = said.length === 0 ? "" : `（${said.join("，")}）`;
  const [text] = setText(`${part.done}/${part.total}${rest}`, LABEL, TEXT_WIDTH);
  const scale = part.total === 0 ? 0 : width / part.total;
  return {
    height: BAR.pitch,
    paint: (canvas, x, y) => {
      const top = y + (BAR.pitch - BAR.height) / 2;
      const left = x + LABEL_WIDTH + GAP;
      const filled = left + part.done * scale;
      const end = filled + part.returned * scale;
      if (label !== undefined) paintLine(canvas, label, x, y, LABEL_WIDTH, "right");
      canvas.fill(left, top, part.done * scale, BAR.height);
      for (let at = filled + HATCH; at < end; at += HATCH) {
        canvas.rule(at - HATCH, top + BAR.height, at, top, 0.4);
      }
      canvas.rule(left, top, left + width, top, 0.4);
      canvas.rule(left, top + BAR.height, left + width, top + BAR.height, 0.4);
      canvas.rule(left, top, left, top + BAR.height, 0.4);
      canvas.rule(end, top, end, top + BAR.height, 0.4);
      canvas.rule(left + width, top, left + width, top + BAR.height, 0.4);
      if (text !== undefined) paintLine(canvas, text, left + width + GAP, y, TEXT_WIDTH, "left");
    },
  };
}
