/** Seeded choices. Only whole numbers and exact arithmetic decide, so every machine and Node version makes the same bytes. */
import { seededUniform } from "../../src/draw/uniform.ts";
import { digest } from "../../src/text/canonical.ts";

/** Steps into which `between` and `oneIn` divide an interval. */
const STEPS = 10_000;

/** One stream of choices, named by a text. */
export class Chance {
  /** A whole number, uniform on 0 … k−1. */
  readonly below: (k: number) => number;

  constructor(name: string) {
    this.below = seededUniform(digest(name));
  }

  pick<T>(things: readonly T[]): T {
    return at(things, this.below(things.length));
  }

  /** A number from `low` to `high` in 10,000 even steps. */
  between(low: number, high: number): number {
    return low + ((high - low) * this.below(STEPS + 1)) / STEPS;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True for this share (0 … 1) of the calls. */
  share(share: number): boolean {
    return this.below(STEPS) < share * STEPS;
  }
}

/** Things with whole-number weights, one of which is picked in proportion. */
export class Weighted<T> {
  private readonly things: readonly T[];
  private readonly sums: readonly number[];
  private readonly total: number;

  constructor(weights: readonly (readonly [thing: T, weight: number])[]) {
    const kept = weights.filter(([, weight]) => weight > 0);
    let total = 0;
    this.sums = kept.map(([, weight]) => {
      total += weight;
      return total;
    });
    this.things = kept.map(([thing]) => thing);
    this.total = total;
  }

  pick(chance: Chance): T {
    const point = chance.below(this.total);
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (point < at(this.sums, middle)) high = middle;
      else low = middle + 1;
    }
    return at(this.things, low);
  }
}

/** The element at an index that must exist. */
export function at<T>(things: readonly T[], index: number): T {
  const thing = things[index];
  if (thing === undefined) throw new RangeError(`no element ${index} among ${things.length}`);
  return thing;
}
