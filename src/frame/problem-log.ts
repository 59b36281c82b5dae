/** Gathers problems in bounded memory: all are counted, of each kind the first are kept. Pure. */
import type { Problem } from "../text/errors.ts";

/** Problems of one code that are kept. */
const MOST_OF_A_CODE = 20_000;
/** Problems kept in all; Excel grows slow beyond. */
const MOST_KEPT = 100_000;

/** How many problems of a code were found in a file and city. */
export interface ProblemCount {
  readonly code: string;
  readonly file: string;
  /** Six-digit code, or empty where the row names no known city. */
  readonly city: string;
  readonly count: number;
}

export class ProblemLog {
  readonly #kept = new Map<string, Problem[]>();
  /** File → city → code → count. */
  readonly #counts = new Map<string, Map<string, Map<string, number>>>();

  /** Whether a further problem of this code would be kept; where not, `count` does. */
  wants(code: string): boolean {
    return (this.#kept.get(code)?.length ?? 0) < MOST_OF_A_CODE;
  }

  add(problem: Problem, city: string): void {
    this.count(problem.code, problem.at.file ?? "", city);
    const kept = this.#kept.get(problem.code) ?? [];
    if (kept.length === 0) this.#kept.set(problem.code, kept);
    if (kept.length < MOST_OF_A_CODE) kept.push(problem);
  }

  count(code: string, file: string, city: string): void {
    const cities = this.#counts.get(file) ?? new Map<string, Map<string, number>>();
    if (cities.size === 0) this.#counts.set(file, cities);
    const codes = cities.get(city) ?? new Map<string, number>();
    if (codes.size === 0) cities.set(city, codes);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  totals(): { [code: string]: number } {
    const totals = new Map<string, number>();
    for (const { code, count } of this.counts()) totals.set(code, (totals.get(code) ?? 0) + count);
    return Object.fromEntries(totals);
  }

  counts(): readonly ProblemCount[] {
    return [...this.#counts].flatMap(([file, cities]) =>
      [...cities].flatMap(([city, codes]) => [...codes].map(([code, count]) => ({ code, file, city, count }))),
    );
  }

  /**
   * The problems that are kept. Where they are more than a list can hold, the frequent kinds are cut first, so that
   * none is crowded out by another.
   */
  kept(): Problem[] {
    const lists = [...this.#kept.values()].sort((a, b) => a.length - b.length);
    let room = MOST_KEPT;
    return lists.flatMap((list, index) => {
      const share = Math.floor(room / (lists.length - index));
      const own = list.slice(0, share);
      room -= own.length;
      return own;
    });
  }
}
