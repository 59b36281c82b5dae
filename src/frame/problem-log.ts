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
  readonly #counts = new Map<string, { code: string; file: string; city: string; count: number }>();
  readonly #totals = new Map<string, number>();

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
    const key = `${code}\t${city}\t${file}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { code, file, city, count: 1 });
    else known.count += 1;
    this.#totals.set(code, (this.#totals.get(code) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#totals.values()].reduce((sum, count) => sum + count, 0);
  }

  totals(): { [code: string]: number } {
    return Object.fromEntries(this.#totals);
  }

  counts(): readonly ProblemCount[] {
    return [...this.#counts.values()];
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
