/**
 * The ceremony's screen: from a state and the size of a terminal to its lines. Nothing stands there whose width differs
 * between terminals: bars and large digits are blanks in reverse, digests are in full-width forms. Pure.
 */
import stringWidth from "string-width";
import { type Language, type Words, words } from "../text/words.ts";
import { bigNumber } from "./big-digits.ts";
import type { CeremonyFacts } from "./facts.ts";
import { type CeremonyState, currentPage, type Entry, isReady, type Page, pagesOf } from "./state.ts";

/** A run of characters in one style. */
export interface Span {
  readonly text: string;
  readonly style: "plain" | "strong" | "reverse";
}
export type Line = readonly Span[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}
export const LEAST: Size = { columns: 80, rows: 24 };

/** Free columns at each side. */
const MARGIN = 3;

/** The screen: exactly as many lines as the terminal has rows, none wider than its columns. */
export function screen(state: CeremonyState, size: Size, language: Language): Line[] {
  const { columns, rows } = size;
  const say = (text: Words) => text[language];
  if (columns < LEAST.columns || rows < LEAST.rows) return tooSmall(size, say);
  const page = currentPage(state);
  const pages = pagesOf(state);
  const { round } = state.facts;
  const body = bodyOf(page, state, columns - 2 * MARGIN, say).map((line) => indent(line, columns));
  const room = rows - 3;
  const left = body.length - room + 1;
  const more = say(words(`其余 ${left} 行见 plan check`, `${left} lines more: see plan check`));
  const shown = body.length <= room ? body : [...body.slice(0, room - 1), indent([plain(more)], columns)];
  const above = Math.floor((room - shown.length) / 2);
  const blank: Line[] = Array.from({ length: above }, () => []);
  const filled = [...blank, ...shown];
  while (filled.length < room) filled.push([]);
  const notice = state.busy === undefined ? state.notice : words(`${state.busy.zh}……`, `${state.busy.en} …`);
  return [
    bar(round.name, `${say(TITLES[page.kind])}  ${state.page + 1}/${pages.length}`, columns),
    ...filled,
    indent(notice === undefined ? [] : [strong(cut(say(notice), columns - 2 * MARGIN))], columns),
    bar(say(keysFor(state)), "", columns),
  ];
}

/** Lines as they go to a terminal. */
export function paint(lines: readonly Line[]): string {
  const codes = { plain: "0", strong: "0;1", reverse: "0;7" } as const;
  return lines
    .map((line) => line.map(({ text, style }) => `\u001B[${codes[style]}m${text}`).join(""))
    .map((line) => `${line}\u001B[0m\u001B[K`)
    .join("\r\n");
}

const TITLES: Readonly<Record<Page["kind"], Words>> = {
  opening: words("抽签仪式", "the draw"),
  plan: words("抽样方案", "plan"),
  seed: words("随机种子", "seed"),
  result: words("种子", "seed"),
  city: words("抽中单位", "units drawn"),
  end: words("抽签完成", "the end"),
};

function keysFor({ entry, isAsking, facts, busy }: CeremonyState): Words {
  if (busy !== undefined) return words("请稍候", "please wait");
  if (entry !== undefined) return words("回车 确定   Esc 取消   退格 删除", "Enter accept   Esc cancel");
  if (isAsking) return words("Y 开始抽签   其他键 返回", "Y draw   any other key back");
  if (facts.result !== undefined)
    return words("→ 空格 下一页   ← 上一页   End 末页   Q 退出", "→ next   ← back   End last   Q quit");
  const reveal = facts.commitments.length > 0 ? ["R 公开承诺   ", "R disclose   "] : ["", ""];
  const draw = isReady(facts) ? ["D 抽签   ", "D draw   "] : ["", ""];
  return words(
    `空格 下一页   退格 上一页   A 录入种子   ${reveal[0]}${draw[0]}Q 退出`,
    `Space next   Backspace back   A contribute   ${reveal[1]}${draw[1]}Q quit`,
  );
}

type Saying = (text: Words) => string;

function bodyOf(page: Page, state: CeremonyState, width: number, say: Saying): Line[] {
  const { facts } = state;
  switch (page.kind) {
    case "opening":
      return opening(facts, width, say);
    case "plan":
      return planPage(facts, width, say);
    case "seed":
      return seedPage(state, width, say);
    case "result":
      return [
        title(say(words("种子", "SEED")), width),
        [],
        ...wideDigest(facts.result?.seed ?? "", width),
        [],
        centred(
          say(
            words(
              `由 ${facts.contributions.length} 方提供的内容合成`,
              `from ${facts.contributions.length} contributions`,
            ),
          ),
          width,
        ),
      ];
    case "city":
      return cityPage(page, facts, width, say);
    case "end":
      return endPage(facts, width, say);
  }
}

function opening({ round, frame, plan }: CeremonyFacts, width: number, say: Saying): Line[] {
  return [
    title(round.name, width),
    centred(round.holder, width),
    [],
    ...large(frame.units, width),
    centred(say(words("个普查对象已锁定", "units locked")), width),
    [],
    centred(say(words("抽样框摘要", "frame digest")), width),
    ...groups(frame.digest, width),
    [],
    centred(
      say(plan.isSealed ? words("方案摘要（已封存）", "plan digest (sealed)") : words("方案摘要", "plan digest")),
      width,
    ),
    ...groups(plan.digest, width),
  ];
}

function planPage({ plan }: CeremonyFacts, width: number, say: Saying): Line[] {
  const lines = plan.lines.flatMap((line) => wrapped(say(line), width));
  return [title(say(words("抽样方案", "PLAN")), width), [], ...lines.map((line) => [plain(line)])];
}

/** Contributions that a page can show; the last ones stay in sight. */
const MOST_PARTIES = 7;

function seedPage({ facts, entry, isAsking }: CeremonyState, width: number, say: Saying): Line[] {
  const { contributions, commitments } = facts;
  const shown = contributions.slice(-MOST_PARTIES);
  const first = contributions.length - shown.length;
  const given = shown.map(({ by, value, isCommitted }, index): Line => {
    const mark = isCommitted ? say(words("（与承诺一致）", " (as committed)")) : "";
    return [strong(cut(`${first + index + 1}. ${clean(by)}${mark}　${clean(value)}`, width))];
  });
  const open = commitments
    .slice(0, MOST_PARTIES - 3)
    .flatMap(({ by, commitment }): Line[] => [
      [plain(cut(say(words(`待公开　${clean(by)}　承诺`, `undisclosed  ${clean(by)}  commitment`)), width))],
      [plain(`  ${commitment}`)],
    ]);
  const none = contributions.length + commitments.length === 0;
  return [
    title(say(words("随机种子", "SEED")), width),
    [],
    ...(none ? [centred(say(words("还没有人提供内容", "nobody has contributed yet")), width)] : []),
    ...given,
    ...(open.length > 0 ? [[], ...open] : []),
    [],
    ...(entry === undefined ? [] : entryLines(entry, width, say)),
    ...(isAsking
      ? [
          centred(
            say(words("种子齐全。抽签只有一次，现在抽吗？（Y/N）", "The seed is complete. Draw now, once? (Y/N)")),
            width,
          ),
        ]
      : []),
  ];
}

const FIELDS: Readonly<Record<Entry["field"], Words>> = {
  by: words("提供者", "by whom"),
  value: words("内容", "value"),
  file: words("承诺文件（没有就直接回车）", "file of the commitment (or Enter)"),
  nonce: words("随机串", "nonce"),
};

function entryLines({ action, field, text, by, value }: Entry, width: number, say: Saying): Line[] {
  const what = action === "add" ? words("录入种子内容", "contribution") : words("公开承诺", "disclosure");
  const before = [by, value]
    .filter((part) => part !== "")
    .map(clean)
    .join("　");
  const label = `${say(FIELDS[field])}：`;
  // The end of a long line stays in sight.
  let tail = clean(text);
  while (stringWidth(tail) > width - stringWidth(label) - 1) tail = [...tail].slice(1).join("");
  return [
    [strong(cut(`${say(what)}${before === "" ? "" : `　${before}`}`, width))],
    [plain(label), strong(tail), { text: " ", style: "reverse" }],
  ];
}

function cityPage(page: Page & { kind: "city" }, facts: CeremonyFacts, width: number, say: Saying): Line[] {
  const city = facts.result?.cities[page.city];
  if (city === undefined) return [];
  const { name, sample, reserve, shortfall, units } = city;
  const [at, of] = page.of;
  const part = of > 1 ? say(words(`　第 ${at} 页，共 ${of} 页`, `  ${at} of ${of}`)) : "";
  const short = shortfall > 0 ? say(words(`　缺额 ${shortfall} 家`, `  short ${shortfall}`)) : "";
  const about = say(
    words(`抽中 ${sample} 家　备选 ${reserve} 家${short}`, `drawn ${sample}  reserve ${reserve}${short}`),
  );
  return [
    ...beside(bigNumber(sample), [spaced(name), "", `${about}${part}`], width),
    [],
    ...units.slice(page.from, page.to).map((unit): Line => {
      const stratum = padded(cut(say(unit.stratum), 16), 16);
      const left = `${stratum} ${String(unit.rank).padStart(3)}  ${padded(unit.id, 20)} `;
      return [plain(left), strong(cut(clean(unit.name), Math.max(0, width - stringWidth(left))))];
    }),
  ];
}

function endPage({ result }: CeremonyFacts, width: number, say: Saying): Line[] {
  const sample = (result?.cities ?? []).reduce((sum, city) => sum + city.sample, 0);
  return [
    title(say(words("抽签完成", "DRAWN")), width),
    [],
    ...large(sample, width),
    centred(say(words("家单位抽中", "units drawn")), width),
    [],
    centred(say(words("样本清单摘要", "manifest digest")), width),
    ...wideDigest(result?.manifestDigest ?? "", width),
    [],
    centred(
      say(
        words(`见证单：${result?.certificate}，请打印，各方签字`, `certificate: ${result?.certificate}, to be signed`),
      ),
      width,
    ),
  ];
}

function tooSmall({ columns, rows }: Size, say: Saying): Line[] {
  const text = say(words(`窗口太小：${columns}×${rows}，请放大到 80×24`, `too small: ${columns}×${rows}, needs 80×24`));
  const lines: Line[] = wrapped(text, Math.max(2, columns)).map((line) => [plain(line)]);
  while (lines.length < rows) lines.push([]);
  return lines.slice(0, rows);
}

const plain = (text: string): Span => ({ text, style: "plain" });
const strong = (text: string): Span => ({ text, style: "strong" });

/** Text without what moves a cursor or turns the direction of writing. */
function clean(text: string): string {
  return text.replace(/\p{C}/gu, "");
}

/** Cut to a width, with … for what is left out. */
function cut(text: string, width: number): string {
  const whole = clean(text);
  if (stringWidth(whole) <= width) return whole;
  let kept = "";
  for (const character of whole) {
    if (stringWidth(kept + character) > width - 2) break;
    kept += character;
  }
  return `${kept}..`;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const character of clean(text)) {
    if (stringWidth(line + character) > width) {
      lines.push(line);
      line = "";
    }
    line += character;
  }
  return [...lines, line];
}

/** Letters apart, which is as large as type gets in a terminal. */
function spaced(text: string): string {
  return [...clean(text)].join(" ");
}

function title(text: string, width: number): Line {
  const apart = spaced(text);
  return centredSpan(strong(stringWidth(apart) <= width ? apart : cut(text, width)), width);
}

function centred(text: string, width: number): Line {
  return centredSpan(plain(cut(text, width)), width);
}

function centredSpan(span: Span, width: number): Line {
  return [plain(" ".repeat(Math.max(0, Math.floor((width - stringWidth(span.text)) / 2)))), span];
}

/** A digest in full-width forms, four lines of sixteen. */
function wideDigest(digest: string, width: number): Line[] {
  const wide = [...digest].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  return [0, 16, 32, 48].flatMap((start) => {
    const parts = [0, 4, 8, 12].map((at) => wide.slice(start + at, start + at + 4).join(""));
    return [centredSpan(strong(parts.join("  ")), width), ...(start < 48 ? [[]] : [])];
  });
}

/** A digest in groups of eight, two lines. */
function groups(digest: string, width: number): Line[] {
  return [0, 32].map((start) => {
    const parts = [0, 8, 16, 24].map((at) => digest.slice(start + at, start + at + 8));
    return centredSpan(strong(parts.join("  ")), width);
  });
}

/** Dots of large digits as blanks, two columns each, in reverse where filled. */
function dots(row: string): Span[] {
  return (row.match(/#+| +/g) ?? []).map((run) => ({
    text: "  ".repeat(run.length),
    style: run.startsWith("#") ? "reverse" : "plain",
  }));
}

function large(value: number, width: number): Line[] {
  return bigNumber(value).map((row) => [
    plain(" ".repeat(Math.max(0, Math.floor((width - 2 * row.length) / 2)))),
    ...dots(row),
  ]);
}

/** Large digits at the left, lines of text at their right. */
function beside(rows: readonly string[], texts: readonly string[], width: number): Line[] {
  return rows.map((row, index) => {
    const room = width - 2 * row.length - 4;
    const text = texts[index - 1] ?? "";
    return [...dots(row), plain("    "), strong(cut(text, room))];
  });
}

/** A bar across the screen. */
function bar(left: string, right: string, columns: number): Line {
  const end = cut(right, columns - 4);
  const start = cut(left, columns - 4 - stringWidth(end));
  const gap = " ".repeat(Math.max(0, columns - 2 - stringWidth(start) - stringWidth(end)));
  return [{ text: ` ${start}${gap}${end} `, style: "reverse" }];
}

function indent(line: Line, columns: number): Line {
  return line.length === 0 || columns < LEAST.columns ? line : [plain(" ".repeat(MARGIN)), ...line];
}
