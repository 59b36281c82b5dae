/** The paper: A4 with a margin for binding on the left. Lengths are in points. */

const MM = 72 / 25.4;

/** A length of so many millimetres. */
export function mm(length: number): number {
  return length * MM;
}

export const PAGE = { width: mm(210), height: mm(297) } as const;

/** The type area: nothing is printed outside of it, save the running head and foot in their margins. */
export const AREA = {
  left: mm(28),
  right: PAGE.width - mm(13),
  top: mm(24),
  bottom: PAGE.height - mm(21),
  get width() {
    return this.right - this.left;
  },
  get height() {
    return this.bottom - this.top;
  },
} as const;
