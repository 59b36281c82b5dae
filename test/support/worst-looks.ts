/**
 * The most that choosing the sizes of later stages after having seen the results can do: the chance of a wrong verdict at any
 * look, where estimates are normal and the truth lies at the limit. By backward induction: V(z) is the chance that is left
 * with the result z, at the best share r of further information, z′ = (z + √r·x)/√(1 + r) with x standard normal.
 */
const STEP = 0.02;
const END = 7;
const GRID = Float64Array.from({ length: (2 * END) / STEP + 1 }, (_, i) => -END + i * STEP);
const SHARES = [...Array.from({ length: 61 }, (_, i) => 10 ** (-3 + i / 10)), Number.POSITIVE_INFINITY];

const density = (x: number) => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
const WEIGHTS = GRID.map((x) => density(x) * STEP);
/** Φ at the points of a finer grid, by Simpson's rule. */
const FINE = 0.002;
const CUMULATED = new Float64Array((2 * END) / FINE + 1);
for (let i = 1; i < CUMULATED.length; i++) {
  const x = -END + (i - 1) * FINE;
  const area = (density(x) + 4 * density(x + FINE / 2) + density(x + FINE)) * (FINE / 6);
  CUMULATED[i] = (CUMULATED[i - 1] as number) + area;
}

export function normal(x: number): number {
  if (x <= -END) return 0;
  if (x >= END) return 1;
  const at = (x + END) / FINE;
  const low = Math.floor(at);
  const [a, b] = [CUMULATED[low] as number, CUMULATED[low + 1] ?? 1];
  return a + (b - a) * (at - low);
}

export function normalQuantile(p: number): number {
  let [low, high] = [-END, END];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normal(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

/** @param levels one-sided chance of error of each look */
export function worstChance(levels: readonly number[]): number {
  const [first = 0, ...later] = levels;
  let left = new Float64Array(GRID.length);
  for (const level of later.reverse()) left = before(normalQuantile(1 - level), left);
  const c = normalQuantile(1 - first);
  return GRID.reduce((sum, z, i) => (z <= c ? sum + (WEIGHTS[i] as number) * (left[i] as number) : sum), first);
}

/** What is left before a look at which more than c is a verdict, and `after` is left where there is none. */
function before(c: number, after: Float64Array): Float64Array<ArrayBuffer> {
  const kept = after.map((value, i) => ((GRID[i] as number) <= c ? value : 0));
  return GRID.map((z) => Math.max(...SHARES.map((r) => chanceWith(r, z, c, kept))));
}

function chanceWith(r: number, z: number, c: number, kept: Float64Array): number {
  const middle = Number.isFinite(r) ? z / Math.sqrt(1 + r) : 0;
  const spread = Number.isFinite(r) ? Math.sqrt(r / (1 + r)) : 1;
  let chance = 1 - normal((c - middle) / spread);
  for (let i = 0; i < GRID.length; i++) {
    const at = Math.round((middle + spread * (GRID[i] as number) + END) / STEP);
    chance += (WEIGHTS[i] as number) * (kept[Math.max(0, Math.min(GRID.length - 1, at))] as number);
  }
  return chance;
}
