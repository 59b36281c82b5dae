/** 抽样框概况.pdf: the profile of a locked frame on one A4 page, as a page of a statistical yearbook. */
import type { Canvas } from "../pdf/canvas.ts";
import { type Bar, bars, type Figure, gap, heading, legend, type Pattern, paintLines, remark } from "../pdf/chart.ts";
import { PdfDocument } from "../pdf/document.ts";
import { furnish } from "../pdf/furniture.ts";
import { WIDE_AREA } from "../pdf/page.ts";
import { heightOf, type Line, type Style, setText } from "../pdf/text.ts";
import { CLASS_NAMES, type SourceClass } from "../reference/classes.ts";
import { COMPARED, type ComparedStatus, type Counted, type FrameProfile, STATUSES } from "./profile.ts";
import {
  classesOf,
  comparisonNotes,
  count,
  keyFigures,
  type Outlier,
  outliersOf,
  type ProfileAbout,
  percent,
} from "./profile-words.ts";

const NAME = "抽样框概况";
const TITLE: Style = { face: "title", size: 20, leading: 29, heavy: true };
const SUBTITLE: Style = { face: "title", size: 12, leading: 20 };
const BODY: Style = { face: "serif", size: 10.5, leading: 16.5 };
const NOTE: Style = { face: "serif", size: 9, leading: 12.5 };

/** Between the two columns of charts. */
const GUTTER = 22;
const LEFT_SHARE = 0.43;
/** Least and greatest height of a chart's row. */
const PITCHES = { least: 12, most: 20 };
const MOST_ROWS = 40;
/** Of each status. */
const MOST_OUTLIERS = 10;
const MOST_LARGEST = 10;
/** Longer names, which only a ledger out of order has, are shortened here; the workbook has them in full. */
const LONGEST_NAME = 30;

const PATTERNS: Readonly<Record<SourceClass, Pattern>> = {
  industrial: "solid",
  agricultural: "slanted",
  domestic: "blank",
  centralized: "crossed",
  mobile: "upright",
};

/** The page's bytes, the same for the same profile. */
export async function profilePdf(profile: FrameProfile, about: ProfileAbout): Promise<Uint8Array> {
  const document = new PdfDocument({ title: `${about.title}　${NAME}` });
  const canvas = document.canvas();
  paint(canvas, profile, about);
  furnish(
    [canvas],
    { head: [shortened(about.title), NAME], foot: `抽样框摘要 ${about.frameDigest.slice(0, 16)}` },
    WIDE_AREA,
  );
  document.add(canvas);
  return (await document.finish()).bytes;
}

function paint(canvas: Canvas, profile: FrameProfile, { title, frameDigest }: ProfileAbout) {
  const { left, width } = WIDE_AREA;
  const block = (text: string, style: Style, top: number, align: "center" | "justify"): number =>
    paintLines(canvas, setText(text, style, width), left, top, width, align);
  let y = block(NAME, TITLE, WIDE_AREA.top, "center");
  y = block(title, SUBTITLE, y, "center") + 4;
  y = block(`　　${keyFigures(profile)}`, BODY, y, "justify") + 8;

  const notes = noteLines(profile, frameDigest);
  const bottom = WIDE_AREA.bottom - heightOf(notes);
  paintLines(canvas, notes, left, bottom, width, "justify");
  canvas.rule(left, bottom - 3, left + width, bottom - 3, 0.5);
  if (profile.units > 0) paintColumns(canvas, profile, y, bottom - 8);
}

function noteLines(profile: FrameProfile, frameDigest: string): readonly Line[] {
  const notes = [
    ...(profile.sections === null ? [] : ["行业门类按行业代码前两位归入（GB/T 4754-2017）。"]),
    ...comparisonNotes(profile),
  ].join("");
  return [
    ...setText(notes === "" ? "" : `注：${notes}`, NOTE, WIDE_AREA.width).filter(() => notes !== ""),
    ...setText(`抽样框摘要（SHA-256）：${frameDigest}`, NOTE, WIDE_AREA.width),
  ];
}

function paintColumns(canvas: Canvas, profile: FrameProfile, top: number, bottom: number) {
  const leftWidth = (WIDE_AREA.width - GUTTER) * LEFT_SHARE;
  const rightWidth = WIDE_AREA.width - GUTTER - leftWidth;
  const places = (limit: number) => placeFigures(profile, limit);
  const sections = sectionFigures(profile);
  const marked = (limit: number) => [gap(10), ...outlierFigures(profile, Math.min(limit, MOST_OUTLIERS))];
  const statuses = [gap(10), ...statusFigures(profile)];
  // the statuses stand in the column that is shorter without them
  const isLeftShorter =
    heightOfAll(places(MOST_ROWS), leftWidth) < heightOfAll([...sections, ...marked(MOST_ROWS)], rightWidth);
  const columns = isLeftShorter
    ? [(limit: number) => [...places(limit), ...statuses], (limit: number) => [...sections, ...marked(limit)]]
    : [places, (limit: number) => [...sections, ...statuses, ...marked(limit)]];
  columns.forEach((figures, i) => {
    const [x, width] = i === 0 ? [WIDE_AREA.left, leftWidth] : [WIDE_AREA.left + leftWidth + GUTTER, rightWidth];
    paintColumn(canvas, figures, { x, top, width, room: bottom - top });
  });
}

/** Paints figures one below the other: with as many rows as have room, then as wide apart as there is room. */
function paintColumn(
  canvas: Canvas,
  figures: (limit: number) => readonly Figure[],
  { x, top, width, room }: { x: number; top: number; width: number; room: number },
) {
  let limit = MOST_ROWS;
  while (limit > 0 && heightOfAll(figures(limit), width) > room) limit--;
  const chosen = figures(limit);
  let pitch = PITCHES.most;
  while (pitch > PITCHES.least && heightOfAll(chosen, width, pitch) > room) pitch -= 0.25;
  let y = top;
  for (const figure of chosen) {
    figure.paint(canvas, x, y, width, pitch);
    y += figure.height(width, pitch);
  }
}

function heightOfAll(figures: readonly Figure[], width: number, pitch = PITCHES.least): number {
  return figures.reduce((sum, figure) => sum + figure.height(width, pitch), 0);
}

/** Units by city and class; by county where the frame is of one city. */
function placeFigures(profile: FrameProfile, limit: number): Figure[] {
  const { cities, counties } = profile;
  const isOneCity = cities.length === 1 && counties.length > 1;
  const places: readonly (Counted & { name: string })[] = isOneCity ? counties : cities;
  const present = classesOf(profile);
  const shown = places.length > limit ? places.slice(0, Math.max(0, limit - 1)) : places;
  const row = (name: string, { units, byClass }: Counted): Bar => ({
    label: shortened(name),
    parts: present.map((each) => ({ value: byClass[each], pattern: PATTERNS[each] })),
    text: count(units),
  });
  const kind = isOneCity ? "县区" : "地市";
  const [only] = present;
  const title = `各${kind}单位数${present.length === 1 && only !== undefined ? `（${CLASS_NAMES[only].zh}）` : "（按类别）"}`;
  const rest = places.slice(shown.length);
  return [
    heading(`${title}（家）`.replace("）（", "，")),
    ...(present.length > 1
      ? [legend(present.map((each) => ({ name: CLASS_NAMES[each].zh, pattern: PATTERNS[each] })))]
      : []),
    bars(shown.map((place) => row(place.name, place))),
    ...(rest.length > 0 ? [remark(`另有 ${rest.length} 个${kind}，共 ${count(unitsOf(rest))} 家。`)] : []),
  ];
}

function unitsOf(places: readonly Counted[]): number {
  return places.reduce((sum, { units }) => sum + units, 0);
}

function sectionFigures({ sections, units }: FrameProfile): Figure[] {
  if (sections === null) return [heading("各行业门类单位数"), remark("名录没有行业代码列，不能按行业门类统计。")];
  const rows = sections.map(
    (section): Bar => ({
      label: `${section.letter} ${section.name}`.trim(),
      parts: [{ value: section.units, pattern: section.letter === "" ? "blank" : "solid" }],
      text: `${count(section.units)}　${percent(section.units / units)}`,
    }),
  );
  return [heading("各行业门类单位数（家）和占比"), bars(rows)];
}

function statusFigures({ status, units }: FrameProfile): Figure[] {
  if (status === null) return [heading("运行状态"), remark("名录没有运行状态列，不能按状态统计。")];
  const rows = STATUSES.map((name, i) => ({ name, units: status.counts[name], isStated: i < 4 }));
  return [
    heading("各运行状态单位数（家）和占比"),
    bars(
      rows
        .filter((row) => row.isStated || row.units > 0)
        .map((row) => ({
          label: row.name,
          parts: [{ value: row.units, pattern: row.isStated ? "solid" : "blank" }],
          text: `${count(row.units)}　${percent(row.units / units)}`,
        })),
    ),
  ];
}

/** Counties that stand out, `limit` of each status at most. */
function outlierFigures(profile: FrameProfile, limit: number): Figure[] {
  const title = heading("关闭、其他占比超出限度的县区");
  const { status } = profile;
  const instead = (words: string) => [title, remark(words), ...largestCounties(profile, limit)];
  if (status === null) return instead("名录没有运行状态列，不能比较。");
  if (status.yardsticks === null) return instead("可比的县区不足两个，未作比较。");
  const all = COMPARED.map((name) => ({ name, found: outliersOf(profile, name) }));
  if (all.every(({ found }) => found.length === 0)) {
    return instead(`${count(status.comparedCounties)} 个可比县区的关闭、其他占比都在限度内。`);
  }
  return [
    title,
    remark("粗线为限度，虚线为总体占比，括号内为多或少的家数。"),
    ...all.flatMap(({ name, found }) => ofStatus(name, found, status.shares?.[name] ?? 0, limit)),
  ];
}

function ofStatus(status: ComparedStatus, found: readonly Outlier[], expected: number, limit: number): Figure[] {
  if (found.length === 0) return [gap(2), remark(`${status}（总体 ${percent(expected)}）：各县区都在限度内。`)];
  const shown = found.slice(0, limit);
  if (shown.length === 0) return [remark(`${status}（总体 ${percent(expected)}）：${found.length} 个，见工作簿。`)];
  const rest = found.length - shown.length;
  const rows = shown.map(({ county, comparison: { share, limits, mark, excess } }): Bar => {
    const limitOf = mark === "偏高" ? limits?.upper : limits?.lower;
    const difference = `${mark === "偏高" ? "多" : "少"} ${count(Math.round(Math.abs(excess)))}`;
    return {
      label: shortened(placeName(county.cityName, county.name)),
      parts: [{ value: share ?? 0, pattern: mark === "偏高" ? "slanted" : "blank" }],
      text: `${percent(share)}（${difference}）`,
      ticks: [limitOf ?? 0],
    };
  });
  return [
    gap(2),
    remark(`${status}（总体 ${percent(expected)}）：`),
    bars(rows, expected),
    ...(rest > 0 ? [remark(`另有 ${rest} 个县区，见工作簿“关闭和其他”表。`)] : []),
  ];
}

/** Where no county stands out and the other column does not list counties: those with the most units. */
function largestCounties({ cities, counties, units }: FrameProfile, limit: number): Figure[] {
  const named = counties.filter(({ county }) => county !== "").sort((a, b) => b.units - a.units);
  const shown = named.slice(0, Math.min(limit, MOST_LARGEST));
  if (cities.length === 1 || shown.length === 0) return [];
  return [
    gap(10),
    heading("单位最多的县区（家）和占比"),
    bars(
      shown.map(({ cityName, name, units: own }) => ({
        label: shortened(placeName(cityName, name)),
        parts: [{ value: own, pattern: "solid" }],
        text: `${count(own)}　${percent(own / units)}`,
      })),
    ),
  ];
}

function placeName(city: string, county: string): string {
  return `${city.replace(/市$/, "")} ${county}`;
}

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join("")}…` : name;
}
