/**
 * Exact, conservative bounds on the number of units in error of a whole population that was sampled stratum by stratum.
 *
 * With T = Σ Nₕkₕ/nₕ, the upper bound is the largest M for which some split Mₕ of M over the strata gives P(T ≤ t) > α
 * under independent hypergeometric strata: every population that the sample does not refute has M units in error or
 * fewer (test inversion, Neyman 1937; maximised over the nuisance splits, so that it holds whichever is true).
 */
import { hypergeometricAtMost } from "./hypergeometric.ts";

/** A stratum: N units, n drawn, k of them found in error. */
export interface FoundStratum {
  readonly N: number;
  readonly n: number;
  readonly k: number;
}

/**
 * Upper bound on the units in error.
 * @param alpha chance that the true number lies above
 * @param effort steps of computation; where they do not settle it, the bound is larger than the exact one, never smaller
 */
export function upperTotal(strata: readonly FoundStratum[], alpha: number, effort = EFFORT): number {
  const unseen = sum(strata.map(({ N, n }) => (n === 0 ? N : 0)));
  return unseen + largestTotal(new Refutation(strata, alpha), effort);
}

/**
 * Lower bound on the units in error: what is left when as many as possible are right.
 * @param alpha chance that the true number lies below
 */
export function lowerTotal(strata: readonly FoundStratum[], alpha: number, effort = EFFORT): number {
  const right = strata.map(({ N, n, k }) => ({ N, n, k: n - k }));
  const seen = sum(strata.map(({ N, n }) => (n === 0 ? 0 : N)));
  return seen - largestTotal(new Refutation(right, alpha), effort);
}

const EFFORT = 5_000_000;
/** Combinations of counts up to which T is looked at exactly; beyond, on a grid that rounds it down, which is safe. */
const EXACT = 20_000;
const GRID = 2000;
/** So small that all such together change no chance by as much as it is rounded. */
const NEGLIGIBLE = 1e-24;

/** Whether a split of errors over the strata is refuted by the sample. */
class Refutation {
  /** Those that were sampled, the one whose count matters most last. */
  readonly strata: readonly FoundStratum[];
  /** Steps of computation so far. */
  effort = 0;
  readonly #alpha: number;
  /** What one error adds to T, and the largest count of each stratum that T ≤ t allows. */
  readonly #steps: readonly number[];
  readonly #most: readonly number[];
  readonly #threshold: number;
  readonly #tables: readonly Map<number, Float64Array>[];

  constructor(strata: readonly FoundStratum[], alpha: number) {
    const seen = strata.filter(({ n }) => n > 0);
    // Sums of fractions: what differs from the threshold by rounding alone is equal to it.
    this.#threshold = sum(seen.map(({ N, n, k }) => (k * N) / n)) * (1 + 1e-12) + 1e-9;
    const mostOf = ({ N, n }: FoundStratum) => Math.min(n, Math.floor((this.#threshold * n) / N));
    this.strata = [...seen].sort((a, b) => mostOf(a) - mostOf(b));
    this.#most = this.strata.map(mostOf);
    this.#steps = this.strata.map(({ N, n }) => N / n);
    this.#tables = this.strata.map(() => new Map());
    this.#alpha = alpha;
  }

  holds(split: readonly number[]): boolean {
    const tables = split.map((K, h) => this.#table(h, K));
    const combinations = this.#most.slice(0, -1).reduce((product, most) => product * (most + 1), 1);
    const chance = combinations <= EXACT ? this.#atMost(tables, 0, this.#threshold) : this.#atMostOnGrid(tables);
    return chance > this.#alpha;
  }

  /** An upper bound of P(T ≤ t): what an error adds to T is rounded down to a cell of the grid. */
  #atMostOnGrid(tables: readonly Float64Array[]): number {
    let mass = new Float64Array(GRID + 1);
    mass[0] = 1;
    // Cells in which there is some mass.
    let [first, end] = [0, 1];
    for (const [h, table] of tables.slice(0, -1).entries()) {
      const next = new Float64Array(GRID + 1);
      let [least, most] = [GRID + 1, 0];
      for (let k = 0; k < table.length; k++) {
        const own = table[k] as number;
        if (own === 0) continue;
        const shift = this.#cells(h, k);
        this.effort += GRID - shift;
        if (own < NEGLIGIBLE) continue;
        const stop = Math.min(GRID + 1, end + shift);
        for (let cell = first + shift; cell < stop; cell++) {
          next[cell] = (next[cell] as number) + own * (mass[cell - shift] as number);
        }
        least = Math.min(least, first + shift);
        most = Math.max(most, stop);
      }
      mass = next;
      [first, end] = [Math.min(least, most), most];
    }
    const last = tables.length - 1;
    const table = tables[last] ?? new Float64Array([1]);
    let chance = 0;
    let k = table.length - 1;
    for (let cell = 0; cell <= GRID; cell++) {
      while (k > 0 && this.#cells(last, k) + cell > GRID) k--;
      chance += (mass[cell] ?? 0) * (table[k] ?? 0);
    }
    this.effort += GRID;
    return chance;
  }

  #cells(h: number, k: number): number {
    return Math.floor((k * (this.#steps[h] ?? 1) * GRID) / this.#threshold);
  }

  /** P(T ≤ t) over the strata from h on; the last one's table is cumulative. */
  #atMost(tables: readonly Float64Array[], h: number, left: number): number {
    const table = tables[h];
    if (table === undefined) return 1;
    const step = this.#steps[h] ?? 1;
    this.effort++;
    if (h === tables.length - 1) return table[Math.min(table.length - 1, Math.floor(left / step))] ?? 0;
    let chance = 0;
    for (let k = 0; k < table.length && k * step <= left; k++) {
      const own = table[k] ?? 0;
      if (own > 0) chance += own * this.#atMost(tables, h + 1, left - k * step);
    }
    return chance;
  }

  /** P(X = k) for k = 0 … the most that counts; of the last stratum P(X ≤ k). */
  #table(h: number, K: number): Float64Array {
    const known = this.#tables[h]?.get(K);
    if (known !== undefined) return known;
    const { N, n } = this.strata[h] as FoundStratum;
    const table = new Float64Array((this.#most[h] ?? 0) + 1);
    const isLast = h === this.strata.length - 1;
    let before = 0;
    for (const [k, atMost] of hypergeometricAtMost(this.#most[h] ?? 0, N, K, n).entries()) {
      table[k] = isLast ? atMost : Math.max(0, atMost - before);
      before = atMost;
    }
    this.#tables[h]?.set(K, table);
    return table;
  }
}

/** Splits between two corners, all of them unrefuted at the lower corner, and the largest sum that may be in the box. */
interface Box {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly sum: number;
}

/**
 * The largest sum of a split that is not refuted, by branch and bound: more errors in a stratum make a split more
 * refuted, so a box whose lower corner is refuted holds nothing, and one whose upper corner is not holds its sum.
 */
function largestTotal(refutation: Refutation, effort: number): number {
  const { strata } = refutation;
  const low = strata.map(({ k }) => k);
  const high = strata.map(({ N, n, k }) => N - n + k);
  // One stratum alone bounds it while all others are at their least.
  const tight = high.map((most, h) => largest(low[h] ?? 0, most, (K) => refutation.holds(replaced(low, h, K))));
  const boxes = new Heap([{ low, high: tight, sum: sum(tight) }]);
  let best = sum(low);
  for (;;) {
    const box = boxes.pop();
    if (box === undefined || box.sum <= best) return best;
    if (refutation.effort > effort) return box.sum;
    best = Math.max(best, climbed(refutation, box));
    const sides = box.high.map((most, h) => most - (box.low[h] ?? 0));
    const widest = sides.indexOf(Math.max(...sides));
    const middle = Math.floor(((box.low[widest] ?? 0) + (box.high[widest] ?? 0)) / 2);
    for (const half of [
      { low: box.low, high: replaced(box.high, widest, middle) },
      { low: replaced(box.low, widest, middle + 1), high: box.high },
    ]) {
      if (!refutation.holds(half.low)) continue;
      // Within the half each side reaches only as far as it does with the others at their least.
      const reach = half.high.map((most, h) =>
        largest(half.low[h] ?? 0, most, (K) => refutation.holds(replaced(half.low, h, K))),
      );
      const total = sum(reach);
      if (total > best) boxes.push({ low: half.low, high: reach, sum: total });
    }
  }
}

/** A good split of a box: up its diagonal as far as it is not refuted, then side by side. */
function climbed(refutation: Refutation, { low, high }: Box): number {
  const at = (share: number) => low.map((least, h) => least + Math.floor(((high[h] ?? 0) - least) * share));
  const steps = 64;
  let split: readonly number[] = at(largest(0, steps, (step) => refutation.holds(at(step / steps))) / steps);
  for (const h of split.keys()) {
    const from = split[h] ?? 0;
    split = replaced(
      split,
      h,
      largest(from, high[h] ?? 0, (K) => refutation.holds(replaced(split, h, K))),
    );
  }
  return sum(split);
}

/** Boxes by their sum, the largest first. */
class Heap {
  readonly #boxes: Box[];

  constructor(boxes: Box[]) {
    this.#boxes = boxes;
  }

  push(box: Box): void {
    const boxes = this.#boxes;
    let at = boxes.push(box) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((boxes[parent] as Box).sum >= (boxes[at] as Box).sum) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): Box | undefined {
    const boxes = this.#boxes;
    const first = boxes[0];
    const last = boxes.pop();
    if (boxes.length === 0 || last === undefined) return first;
    boxes[0] = last;
    for (let at = 0; ; ) {
      const children = [2 * at + 1, 2 * at + 2].filter((child) => child < boxes.length);
      const larger = children.sort((a, b) => (boxes[b] as Box).sum - (boxes[a] as Box).sum)[0];
      if (larger === undefined || (boxes[larger] as Box).sum <= (boxes[at] as Box).sum) return first;
      this.#swap(at, larger);
      at = larger;
    }
  }

  #swap(a: number, b: number): void {
    [this.#boxes[a], this.#boxes[b]] = [this.#boxes[b] as Box, this.#boxes[a] as Box];
  }
}

function replaced(split: readonly number[], h: number, value: number): number[] {
  return split.map((own, i) => (i === h ? value : own));
}

function largest(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
