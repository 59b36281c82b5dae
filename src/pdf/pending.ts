/** Drawing that waits until it is known whether a page like it was drawn before. */

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** A number that tells an object from all others of the process. */
export function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(object, number);
  }
  return number;
}

export class Pending {
  #key: string | undefined = "";
  #waiting: (() => void)[] = [];

  /** Tells what waits; undefined once something came that no key tells, or what waited was drawn. */
  get key(): string | undefined {
    return this.#key;
  }

  /** Lets a drawing wait; `key` tells what it draws and where. */
  add(key: string, draw: () => void): void {
    this.#key += key;
    this.#waiting.push(draw);
  }

  /** Draws what waits. From here on nothing may wait any more. */
  draw(): void {
    if (this.#key === undefined) return;
    this.#key = undefined;
    for (const draw of this.#waiting) draw();
    this.#waiting = [];
  }
}
