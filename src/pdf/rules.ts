/** The level and upright rules of a page: those of one width that touch on the same straight line are drawn as one. */

/** Stretches (from, to, from, to …) by width and distance from the edge; lengths are whole numbers of the canvas. */
type Lines = Map<number, number[]>;

/** Above any distance from the edge: width and distance make one key. */
const WIDTH = 1 << 20;

export class Rules {
  readonly #level: Lines = new Map();
  readonly #upright: Lines = new Map();
  /** Width, distance, from and to of each rule, as it came. */
  readonly #allLevel: number[] = [];
  readonly #allUpright: number[] = [];

  /** Takes a rule in; false for one that is neither level nor upright. */
  add(x1: number, y1: number, x2: number, y2: number, width: number): boolean {
    if (y1 === y2) {
      this.#allLevel.push(width, y1, Math.min(x1, x2), Math.max(x1, x2));
      addTo(this.#level, width, y1, Math.min(x1, x2), Math.max(x1, x2));
    } else if (x1 === x2) {
      this.#allUpright.push(width, x1, Math.min(y1, y2), Math.max(y1, y2));
      addTo(this.#upright, width, x1, Math.min(y1, y2), Math.max(y1, y2));
    } else return false;
    return true;
  }

  /** Takes in the rules of another drawing, moved; they are not copied on from here. */
  copy(other: Rules, x: number, y: number): void {
    copyTo(this.#level, other.#allLevel, y, x);
    copyTo(this.#upright, other.#allUpright, x, y);
  }

  operators(): string {
    return (
      pathsOf(this.#level, (at, from, to) => `${from} ${at} m ${to} ${at} l\n`) +
      pathsOf(this.#upright, (at, from, to) => `${at} ${from} m ${at} ${to} l\n`)
    );
  }
}

function copyTo(lines: Lines, all: readonly number[], across: number, along: number): void {
  for (let i = 0; i < all.length; i += 4) {
    const [at, from, to] = [all[i + 1] as number, all[i + 2] as number, all[i + 3] as number];
    addTo(lines, all[i] as number, at + across, from + along, to + along);
  }
}

function addTo(lines: Lines, width: number, at: number, from: number, to: number): void {
  const key = width * WIDTH + at;
  const line = lines.get(key);
  if (line === undefined) {
    lines.set(key, [from, to]);
    return;
  }
  const end = line.length - 1;
  const [lastFrom, lastTo] = [line[end - 1] as number, line[end] as number];
  if (from >= lastFrom && from <= lastTo + 1) line[end] = Math.max(lastTo, to);
  else line.push(from, to);
}

function pathsOf(lines: Lines, path: (at: number, from: number, to: number) => string): string {
  const byWidth = new Map<number, string>();
  for (const [key, line] of lines) {
    const width = Math.floor(key / WIDTH);
    let text = byWidth.get(width) ?? `${width} w\n`;
    for (let i = 0; i < line.length; i += 2) text += path(key % WIDTH, line[i] as number, line[i + 1] as number);
    byWidth.set(width, text);
  }
  return [...byWidth.values()].map((text) => `${text}S\n`).join("");
}
