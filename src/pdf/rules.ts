/** The level and upright rules of a page: those of one width that touch on the same straight line are drawn as one. */

/** Stretches by their distance from the edge: from, to, from, to … */
type Lines = Map<number, number[]>;

export class Rules {
  readonly #level = new Map<number, Lines>();
  readonly #upright = new Map<number, Lines>();
  /** Left, top, right, bottom and width of each rule, as it came. */
  readonly #all: number[] = [];

  /** Takes a rule in; false for one that is neither level nor upright. */
  add(x1: number, y1: number, x2: number, y2: number, width: number): boolean {
    if (y1 === y2) addTo(this.#level, width, y1, Math.min(x1, x2), Math.max(x1, x2));
    else if (x1 === x2) addTo(this.#upright, width, x1, Math.min(y1, y2), Math.max(y1, y2));
    else return false;
    this.#all.push(x1, y1, x2, y2, width);
    return true;
  }

  /** Takes in the rules of another drawing, moved. */
  copy(other: Rules, x: number, y: number): void {
    const all = other.#all;
    for (let i = 0; i < all.length; i += 5) {
      const at = (part: number) => all[i + part] as number;
      this.add(at(0) + x, at(1) + y, at(2) + x, at(3) + y, at(4));
    }
  }

  operators(): string {
    return (
      pathsOf(this.#level, (at, from, to) => `${from} ${at} m ${to} ${at} l\n`) +
      pathsOf(this.#upright, (at, from, to) => `${at} ${from} m ${at} ${to} l\n`)
    );
  }
}

function addTo(byWidth: Map<number, Lines>, width: number, at: number, from: number, to: number): void {
  let lines = byWidth.get(width);
  if (lines === undefined) {
    lines = new Map();
    byWidth.set(width, lines);
  }
  const line = lines.get(at);
  if (line === undefined) {
    lines.set(at, [from, to]);
    return;
  }
  const end = line.length - 1;
  const [lastFrom = 0, lastTo = 0] = [line[end - 1], line[end]];
  if (from >= lastFrom && from <= lastTo + 1) line[end] = Math.max(lastTo, to);
  else line.push(from, to);
}

function pathsOf(byWidth: Map<number, Lines>, path: (at: number, from: number, to: number) => string): string {
  let text = "";
  for (const [width, lines] of byWidth) {
    text += `${width} w\n`;
    for (const [at, line] of lines)
      for (let i = 0; i < line.length; i += 2) text += path(at, line[i] ?? 0, line[i + 1] ?? 0);
    text += "S\n";
  }
  return text;
}
