/** The paper: A4 with a margin for binding on the left. Lengths are in points. */

const MM = 72 / 25.4;

/** A length of so many millimetres. */
export function mm(length: number): number {
  return length * MM;
}

export const PAGE = { width: mm(210), height: mm(297) } as const;

/** The part of a page that is printed on. */
export interface PageArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The type area of official papers, 156 × 225 mm (GB/T 9704-2012, 5.2): nothing is printed outside of it, save the
 * running head and foot in their margins. The left margin leaves room for binding.
 */
export const AREA: PageArea = {
  left: mm(28),
  right: mm(28 + 156),
  top: mm(37),
  bottom: mm(37 + 225),
  get width() {
    return this.right - this.left;
  },
  get height() {
    return this.bottom - this.top;
  },
};

/** A larger area for lists and charts that must stand on one page. */
export const WIDE_AREA: PageArea = {
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
};
