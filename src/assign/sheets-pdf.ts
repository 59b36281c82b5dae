/** 分组派工单.pdf: a sheet for each team, its days and counties, for the team to take along and sign. */
import { type Block, paragraph, space } from "../pdf/block.ts";
import { PdfDocument, type PdfResult } from "../pdf/document.ts";
import { fillPages } from "../pdf/flow.ts";
import { furnish } from "../pdf/furniture.ts";
import { AREA } from "../pdf/page.ts";
import { type Row, table } from "../pdf/table.ts";
import type { Style } from "../pdf/text.ts";
import { placesInWords, type SheetDay, type Sheets, type SheetTeam } from "./sheets.ts";

const TITLE: Style = { face: "title", size: 18, leading: 26, heavy: true };
const SUBTITLE: Style = { face: "title", size: 10.5, leading: 17 };
const HEAD: Style = { face: "sans", size: 9, leading: 12.5 };
const HEADING: Style = { face: "sans", size: 11, leading: 18 };
const SMALL: Style = { face: "serif", size: 9, leading: 12.5 };
const HINT: Style = { face: "kai", size: 9.5, leading: 13 };

const MEMBER_COLUMNS = shares(0.1, 0.16, 0.34, 0.2, 0.2);
const SOURCE_COLUMNS = shares(0.055, 0.12, 0.3, 0.265, 0.19, 0.07);
const SIGNATURE_ROW = 24;

function shares(...parts: readonly number[]): number[] {
  return parts.map((part) => AREA.width * part);
}

/** Prints a sheet for each team, each beginning on a new page. */
export function renderSheets(input: Sheets): Promise<PdfResult> {
  const document = new PdfDocument({ title: `${input.title}　分组派工单`, author: input.holder });
  for (const team of input.teams) {
    const pages = fillPages(sheet(input, team), AREA, () => document.canvas());
    furnish(pages, {
      head: [input.title, `派工单　${team.name}`],
      foot: `轮次 ${input.roundId}　分派摘要 ${input.assignmentDigest.slice(0, 16)}`,
    });
    pages.forEach((page, index) => {
      document.add(page, index === 0 ? [`${team.name} ${team.members[0]?.name ?? ""}`] : []);
    });
  }
  if (input.teams.length === 0) document.add(document.canvas());
  return document.finish();
}

function sheet(input: Sheets, team: SheetTeam): Block[] {
  const days = `${team.load} 家，${team.days.length} 天`;
  return [
    ...paragraph(`派工单　${team.name}`, TITLE, AREA.width, { align: "center" }),
    ...paragraph(`${input.holder}　${input.date}`.trim(), SUBTITLE, AREA.width, { align: "center" }),
    space(6),
    ...table({
      columns: MEMBER_COLUMNS,
      style: SMALL,
      header: [header(["", "姓名", "单位", "证件号", "签名"])],
      rows: team.members.map(
        ({ name, unit, id, leader }): Row => ({
          minHeight: SIGNATURE_ROW,
          cells: [{ text: leader ? "组长" : "组员", style: HEAD, align: "center" }, ...cells(name, unit, id, "")],
        }),
      ),
    }),
    space(4),
    ...paragraph(
      `${days}。本组由随机种子和封存的名单、规则产生，不由人挑选；名单在检查前保密，遇应回避的情形立即报告。`,
      HINT,
      AREA.width,
      { align: "left" },
    ),
    space(6),
    ...team.days.flatMap((day) => dayBlocks(day)),
  ];
}

function dayBlocks({ day, sources }: SheetDay): Block[] {
  const places = placesInWords(sources);
  let number = 0;
  const rows = [...new Set(sources.map(({ place }) => place))].flatMap((place): Row[] => [
    { keepWithNext: true, cells: [{ text: place, style: HEAD, columns: SOURCE_COLUMNS.length }] },
    ...sources
      .filter((source) => source.place === place)
      .map(({ sourceClass, name, id, address, contact, phone }): Row => {
        number++;
        const who = [contact, phone].filter(Boolean).join("\n");
        return {
          cells: [
            { text: String(number), align: "center" },
            { text: sourceClass },
            { text: `${name}\n${id}` },
            { text: address },
            { text: who },
            { text: "" },
          ],
        };
      }),
  ]);
  return [
    ...paragraph(`第 ${day} 天　${places}　${sources.length} 家　日期：______`, HEADING, AREA.width, {
      align: "left",
      keepWithNext: true,
    }),
    ...table({
      columns: SOURCE_COLUMNS,
      style: SMALL,
      header: [header(["序号", "类别", "单位名称和代码", "地址", "联系人电话", "完成"])],
      rows,
    }),
    space(8),
  ];
}

function header(texts: readonly string[]): Row {
  return { minHeight: 18, cells: texts.map((text) => ({ text, style: HEAD, align: "center" as const })) };
}

function cells(...texts: readonly string[]) {
  return texts.map((text) => ({ text }));
}
