/** The ceremony: what its keys do, and that every screen fits its terminal. */
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { type Line, paint, screen } from "../../src/ceremony/screen.ts";
import {
  begin,
  type CeremonyEvent,
  type CeremonyState,
  currentPage,
  type Effect,
  pagesOf,
  step,
} from "../../src/ceremony/state.ts";
import { words } from "../../src/text/words.ts";
import { BEFORE, COMMITTED, DRAWN, READY } from "./facts-fixture.ts";

const SMALL = { columns: 80, rows: 24 };
const ROUNDS = [BEFORE, COMMITTED, READY, DRAWN];

/** A screen as text: blanks in reverse shown as blocks. */
function textOf(lines: readonly Line[]): string {
  const shown = lines.map((line) =>
    line
      .map(({ text, style }) => (style === "reverse" && text.trim() === "" ? "█".repeat(text.length) : text))
      .join(""),
  );
  return `${shown.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** Types keys: names in angle brackets are keys, the rest is text. */
function press(state: CeremonyState, keys: string): { state: CeremonyState; effects: Effect[] } {
  const effects: Effect[] = [];
  let now = state;
  for (const key of keys.match(/<\w+>|./gu) ?? []) {
    const name = /^<(\w+)>$/.exec(key)?.[1];
    const next = step(now, { kind: "key", name, text: name === undefined ? key : "" });
    now = next.state;
    if (next.effect !== undefined) effects.push(next.effect);
  }
  return { state: now, effects };
}

const event: fc.Arbitrary<CeremonyEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("key" as const),
    name: fc.constantFrom(undefined, "return", "left", "right", "backspace", "escape", "home", "end"),
    text: fc.oneof(
      fc.constantFrom("a", "r", "d", "y", " ", "汕", "\u001B", "\u202E"),
      fc.string({ maxLength: 3, unit: "grapheme" }),
    ),
  }),
  fc.record({ kind: fc.constant("resized" as const), rows: fc.integer({ min: 0, max: 70 }) }),
  fc.constantFrom(...ROUNDS).map((facts) => ({ kind: "done" as const, facts, notice: words("已记录", "recorded") })),
  fc.string().map((why) => ({ kind: "refused" as const, why: words(why, why) })),
);

test("every screen has as many lines as the terminal has rows, none wider than it, and no control character", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ROUNDS),
      fc.array(event, { maxLength: 30 }),
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 1, max: 70 }),
      fc.constantFrom("zh" as const, "en" as const),
      (facts, events, columns, rows, language) => {
        let state = begin(facts, rows);
        for (const each of events) state = step(state, each).state;
        state = step(state, { kind: "resized", rows }).state;
        const lines = screen(state, { columns, rows }, language);
        expect(lines).toHaveLength(rows);
        for (const line of lines) {
          const text = line.map((span) => span.text).join("");
          expect(stringWidth(text)).toBeLessThanOrEqual(columns);
          expect(text).not.toMatch(/\p{Cc}/u);
        }
      },
    ),
  );
});

test("the screens of a ceremony in 80 columns and 24 rows", async () => {
  const pages: string[] = [];
  const show = (state: CeremonyState) => pages.push(textOf(screen(state, SMALL, "zh")));
  const opening = begin(BEFORE, SMALL.rows);
  show(opening);
  show(press(opening, " ").state);
  show(press(begin(COMMITTED, SMALL.rows), "a省普查办<return>3 6 1").state);
  show(press(begin(READY, SMALL.rows), "d").state);
  let state = begin(DRAWN, SMALL.rows);
  for (let page = state.page; page < pagesOf(state).length; page++) {
    show(state);
    state = press(state, "<right>").state;
  }
  await expect(pages.join(`${"=".repeat(80)}\n`)).toMatchFileSnapshot("golden/screens-80x24.txt");
});

test("a larger terminal shows more units of a city on a page", () => {
  const cityPages = (rows: number) => pagesOf(begin(DRAWN, rows)).filter(({ kind }) => kind === "city").length;
  expect([cityPages(24), cityPages(40)]).toEqual([3, 2]);
});

test("after a resize the unit that stood first is still on the page", () => {
  const second = press(begin(DRAWN, 24), "<right><right>").state;
  const before = currentPage(second);
  const after = currentPage(step(second, { kind: "resized", rows: 30 }).state);
  if (before.kind !== "city" || after.kind !== "city") throw new Error("no page of a city");
  expect([after.city, after.from <= before.from, before.from < after.to]).toEqual([before.city, true, true]);
});

describe("the keys", () => {
  test("a ceremony begins where the round is", () => {
    expect(ROUNDS.map((facts) => currentPage(begin(facts, 24)).kind)).toEqual(["opening", "seed", "seed", "result"]);
  });

  test("a contribution is typed as party and value, in any script, and can be taken back", () => {
    const { effects } = press(begin(BEFORE, 24), "a省普查局<backspace>办<return>3 6 1<return>");
    expect(effects).toEqual([{ kind: "add", by: "省普查办", value: "3 6 1" }]);
    expect(press(begin(BEFORE, 24), "a省普查办<return>3<escape>q").effects).toEqual([{ kind: "quit" }]);
    expect(press(begin(BEFORE, 24), "a<return>").effects).toEqual([]);
  });

  test("a commitment is disclosed from its file, or by value and nonce", () => {
    const { state } = press(begin(COMMITTED, 24), "r市普查办<return>");
    expect(press(state, "承诺.json<return>").effects).toEqual([
      { kind: "reveal-file", by: "市普查办", file: "承诺.json" },
    ]);
    expect(press(state, "<return>88<return>ab12<return>").effects).toEqual([
      { kind: "reveal", by: "市普查办", value: "88", nonce: "ab12" },
    ]);
    expect(press(begin(READY, 24), "r").state.entry).toBeUndefined();
  });

  test("nothing is drawn before the seed is complete, nor without a word", () => {
    for (const facts of [BEFORE, COMMITTED]) expect(press(begin(facts, 24), "dy").effects).toEqual([]);
    expect(press(begin(READY, 24), "dn").effects).toEqual([]);
    expect(press(begin(READY, 24), "dy").effects).toEqual([{ kind: "draw" }]);
  });

  test("keys wait while something is done, and what is drawn is not drawn again", () => {
    const { state, effects } = press(begin(READY, 24), "dyyydyq");
    expect(effects).toEqual([{ kind: "draw" }]);
    const drawn = step(state, { kind: "done", facts: DRAWN, notice: undefined }).state;
    expect(currentPage(drawn).kind).toBe("result");
    expect(press(drawn, "adyr").effects).toEqual([]);
  });

  test("a refusal is shown and gone with the next key", () => {
    const refused = step(begin(READY, 24), { kind: "refused", why: words("✗ 已经提供过", "✗ given") }).state;
    expect(textOf(screen(refused, SMALL, "zh"))).toContain("已经提供过");
    expect(textOf(screen(press(refused, " ").state, SMALL, "zh"))).not.toContain("已经提供过");
  });
});

test("what is painted is the screen's own text, each line ended clean, with no way to move the cursor but down", () => {
  const lines = screen(begin(DRAWN, 24), SMALL, "zh");
  const rest = ["\u001B[0m", "\u001B[0;1m", "\u001B[0;7m", "\u001B[K", "\r\n"].reduce(
    (text, code) => text.replaceAll(code, ""),
    paint(lines),
  );
  expect(rest).toBe(lines.flatMap((line) => line.map(({ text }) => text)).join(""));
  expect(rest).not.toMatch(/\p{Cc}/u);
  expect(
    paint(lines)
      .split("\r\n")
      .every((line) => line.endsWith("\u001B[0m\u001B[K")),
  ).toBe(true);
});
