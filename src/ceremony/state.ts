/** The ceremony as a state machine: keys and news in, a new state and what is to be done out. Pure. */
import { type Words, words } from "../text/words.ts";
import type { CeremonyFacts } from "./facts.ts";

/** Pages in their order; those of the result are there once drawn. */
export type Page =
  | { readonly kind: "opening" }
  | { readonly kind: "plan" }
  | { readonly kind: "seed" }
  | { readonly kind: "result" }
  | {
      readonly kind: "city";
      readonly city: number;
      /** Units shown: from this index to before that one. */
      readonly from: number;
      readonly to: number;
      /** Which page of how many of the city. */
      readonly of: readonly [number, number];
    }
  | { readonly kind: "end" };

/** A line being typed: for what, and what has been typed before it. */
export interface Entry {
  readonly action: "add" | "reveal";
  readonly field: "by" | "value" | "file" | "nonce";
  readonly text: string;
  readonly by: string;
  readonly value: string;
}

export interface CeremonyState {
  readonly facts: CeremonyFacts;
  /** Index into `pagesOf`. */
  readonly page: number;
  /** Units that a page of a city can show. */
  readonly room: number;
  readonly entry: Entry | undefined;
  /** Whether the draw is to be confirmed. */
  readonly isAsking: boolean;
  /** What is being done; keys wait meanwhile. */
  readonly busy: Words | undefined;
  readonly notice: Words | undefined;
}

/** What the edge is to do. */
export type Effect =
  | { readonly kind: "add"; readonly by: string; readonly value: string }
  | { readonly kind: "reveal"; readonly by: string; readonly value: string; readonly nonce: string }
  | { readonly kind: "reveal-file"; readonly by: string; readonly file: string }
  | { readonly kind: "draw" }
  | { readonly kind: "quit" };

export type CeremonyEvent =
  /** A key by its name (`return`, `right`, `backspace`, …), or the text that it types. */
  | { readonly kind: "key"; readonly name: string | undefined; readonly text: string }
  | { readonly kind: "resized"; readonly rows: number }
  | { readonly kind: "progress"; readonly what: Words }
  | { readonly kind: "done"; readonly facts: CeremonyFacts; readonly notice: Words | undefined }
  | { readonly kind: "refused"; readonly why: Words };

export interface Step {
  readonly state: CeremonyState;
  readonly effect?: Effect;
}

/** Rows of a page of units that its heading and the bars take. */
const ROWS_OF_HEADING = 10;
/** What nobody types by hand. */
const LONGEST_TEXT = 200;

/** Begins where the round is: before the seed at the opening, with contributions at these, once drawn at the seed. */
export function begin(facts: CeremonyFacts, rows: number): CeremonyState {
  const state: CeremonyState = {
    facts,
    page: 0,
    room: roomFor(rows),
    entry: undefined,
    isAsking: false,
    busy: undefined,
    notice: undefined,
  };
  const isBegun = facts.contributions.length > 0 || facts.commitments.length > 0;
  return at(state, facts.result !== undefined ? "result" : isBegun ? "seed" : "opening");
}

export function pagesOf({ facts: { result }, room }: Pick<CeremonyState, "facts" | "room">): Page[] {
  const before: Page[] = [{ kind: "opening" }, { kind: "plan" }, { kind: "seed" }];
  if (result === undefined) return before;
  const cities = result.cities.flatMap(({ units }, city) => {
    const pages = Math.max(1, Math.ceil(units.length / room));
    return Array.from({ length: pages }, (_, page): Page => {
      return { kind: "city", city, from: page * room, to: (page + 1) * room, of: [page + 1, pages] };
    });
  });
  return [...before, { kind: "result" }, ...cities, { kind: "end" }];
}

export function currentPage(state: CeremonyState): Page {
  return pagesOf(state)[state.page] ?? { kind: "opening" };
}

/** Whether the seed is complete: someone has contributed, and nobody has a value to disclose yet. */
export function isReady({ contributions, commitments, result }: CeremonyFacts): boolean {
  return result === undefined && contributions.length > 0 && commitments.length === 0;
}

/** One step of the ceremony. */
export function step(state: CeremonyState, event: CeremonyEvent): Step {
  switch (event.kind) {
    case "resized":
      return { state: resized(state, roomFor(event.rows)) };
    case "progress":
      return { state: { ...state, busy: event.what } };
    case "refused":
      return { state: { ...state, busy: undefined, notice: event.why } };
    case "done": {
      const next = { ...state, facts: event.facts, busy: undefined, notice: event.notice };
      const isNew = state.facts.result === undefined && event.facts.result !== undefined;
      return { state: isNew ? at(next, "result") : next };
    }
    case "key":
      return keyed({ ...state, notice: undefined }, event.name, event.text);
  }
}

function keyed(state: CeremonyState, name: string | undefined, text: string): Step {
  if (state.busy !== undefined) return { state };
  if (state.entry !== undefined) return typed(state, state.entry, name, text);
  if (state.isAsking) {
    const asked = { ...state, isAsking: false };
    return text.toLowerCase() === "y"
      ? { state: { ...asked, busy: words("正在抽签", "drawing") }, effect: { kind: "draw" } }
      : { state: asked };
  }
  if (name === "right" || name === "return" || name === "enter" || name === "pagedown" || text === " ") {
    return { state: turn(state, 1) };
  }
  if (name === "left" || name === "pageup" || name === "backspace") return { state: turn(state, -1) };
  if (name === "home") return { state: { ...state, page: 0 } };
  if (name === "end") return { state: { ...state, page: pagesOf(state).length - 1 } };
  const { result, commitments } = state.facts;
  const key = text.toLowerCase();
  if (key === "q") return { state, effect: { kind: "quit" } };
  if (result !== undefined) return { state };
  if (key === "a") return { state: { ...at(state, "seed"), entry: entryFor("add", "by") } };
  if (key === "r" && commitments.length > 0)
    return { state: { ...at(state, "seed"), entry: entryFor("reveal", "by") } };
  if (key === "d") {
    if (isReady(state.facts)) return { state: { ...at(state, "seed"), isAsking: true } };
    return { state: { ...state, notice: notReady(state.facts) } };
  }
  return { state };
}

function notReady({ commitments }: CeremonyFacts): Words {
  return commitments.length > 0
    ? words("还有承诺没有公开，按 R 公开", "a commitment is not disclosed yet: press R")
    : words("还没有种子内容，按 A 录入", "there is no contribution yet: press A");
}

function entryFor(action: Entry["action"], field: Entry["field"]): Entry {
  return { action, field, text: "", by: "", value: "" };
}

function typed(state: CeremonyState, entry: Entry, name: string | undefined, text: string): Step {
  if (name === "escape") return { state: { ...state, entry: undefined } };
  if (name === "return" || name === "enter") return finished(state, entry);
  const edited =
    name === "backspace" ? [...entry.text].slice(0, -1).join("") : `${entry.text}${text.replace(/\p{C}/gu, "")}`;
  return { state: { ...state, entry: { ...entry, text: [...edited].slice(0, LONGEST_TEXT).join("") } } };
}

/** A line is finished: the next one, or the contribution as a whole. */
function finished(state: CeremonyState, entry: Entry): Step {
  const text = entry.text.trim();
  const next = (field: Entry["field"], more: Partial<Entry> = {}): Step => ({
    state: { ...state, entry: { ...entry, ...more, field, text: "" } },
  });
  const done = (effect: Effect): Step => ({
    state: { ...state, entry: undefined, busy: words("正在记录", "recording") },
    effect,
  });
  const { action, field, by, value } = entry;
  if (text === "") {
    // Without a file the value and its nonce are typed.
    if (field === "file") return next("value");
    return { state: { ...state, notice: words("不能为空；按 Esc 取消", "it must not be empty; Esc cancels") } };
  }
  if (field === "by") return next(action === "add" ? "value" : "file", { by: text });
  if (field === "file") return done({ kind: "reveal-file", by, file: text });
  if (field === "nonce") return done({ kind: "reveal", by, value, nonce: text });
  return action === "add" ? done({ kind: "add", by, value: text }) : next("nonce", { value: text });
}

function at(state: CeremonyState, kind: Page["kind"]): CeremonyState {
  const page = pagesOf(state).findIndex((each) => each.kind === kind);
  return page < 0 ? state : { ...state, page };
}

function turn(state: CeremonyState, by: number): CeremonyState {
  const last = pagesOf(state).length - 1;
  return { ...state, page: Math.min(last, Math.max(0, state.page + by)) };
}

/** Keeps the page, or that which now shows the first unit of it. */
function resized(state: CeremonyState, room: number): CeremonyState {
  const page = currentPage(state);
  const next = { ...state, room };
  if (page.kind !== "city") return at(next, page.kind);
  const shown = pagesOf(next).findLastIndex(
    (each) => each.kind === "city" && each.city === page.city && each.from <= page.from,
  );
  return { ...next, page: shown };
}

function roomFor(rows: number): number {
  return Math.max(1, rows - ROWS_OF_HEADING);
}
