/** The paper: A4 with a margin for binding on the left, or at the top of pages turned sideways. Lengths are in points. */

const MM = 72 / 25.4;

/** A length of so many millimetres. */
export function mm(length: number): number {
  return length * MM;
}

/** A sheet of paper. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

export const PAGE: PageSize = { width: mm(210), height: mm(297) };
export const LANDSCAPE_PAGE: PageSize = { width: PAGE.height, height: PAGE.width };

/** The part of a page that is printed on. */
export interface PageArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

function areaOf(edges: Pick<PageArea, "left" | "right" | "top" | "bottom">): PageArea {
  return { ...edges, width: edges.right - edges.left, height: edges.bottom - edges.top };
}

/**
 * The type area of official papers, 156 × 225 mm (GB/T 9704-2012, 5.2): nothing is printed outside of it, save the
 * running head and foot in their margins. The left margin leaves room for binding.
 */
export const AREA = areaOf({
  left: mm(28),
  right: mm(28 + 156),
  top: mm(37),
  bottom: mm(37 + 225),
});

/** A page turned for a wide table: the binding edge, the left one of upright pages, is at its top (GB/T 9704-2012, 5.2). */
export const LANDSCAPE_AREA = areaOf({
  left: mm(22),
  right: LANDSCAPE_PAGE.width - mm(22),
  top: mm(32),
  bottom: LANDSCAPE_PAGE.height - mm(22),
});

/** A larger area for lists and charts that must stand on one page. */
export const WIDE_AREA = areaOf({
  left: mm(28),
  right: PAGE.width - mm(13),
  top: mm(24),
  bottom: PAGE.height - mm(21),
});
