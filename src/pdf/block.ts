/** Blocks: what a page is filled with from top to bottom. */
import type { Canvas } from "./canvas.ts";
import type { Role, Tag } from "./tag.ts";
import { type Content, type Line, type Style, setText } from "./text.ts";

/** A piece that is not divided between pages, unless it is higher than a page and knows how to be split. */
export interface Block {
  readonly height: number;
  /** Draws the block with its upper left corner at x, y. */
  paint(canvas: Canvas, x: number, y: number): void;
  /** What its text is read as; none for an ornament, or where it tags its text itself. The lines of one paragraph share a tag. */
  readonly tag?: Tag;
  /** Stays on the same page as the block after it. */
  readonly keepWithNext?: boolean;
  /** White space: left out at the top of a page. */
  readonly isSpace?: boolean;
  /** The table that the block is a row of. */
  readonly table?: TableFrame;
  /** The block made higher: it takes room that its page would have left. */
  grow?(by: number): Block;
  /** What goes on at the top of the next page where the block is grown to the foot of this one. */
  readonly continued?: Block;
  /** Its height is that of its text: it is split, too, where moving it whole would leave much of a page empty. */
  readonly runsOver?: boolean;
  /** Divides the block at a height; undefined where nothing of it fits. */
  split?(room: number): readonly [Block, Block] | undefined;
}

/** What belongs to a table as a whole. */
export interface TableFrame {
  readonly width: number;
  /** Whether the table has rules. */
  readonly ruled: boolean;
  /** Heading rows, printed again on every page. */
  readonly header?: Block | undefined;
  /** The table itself: the same for its heading rows and the others. */
  readonly own: object;
}

/**
 * A block that many papers have, painted once and then copied.
 * @param block that draws nothing but text, level and upright rules and lines to write on
 */
export function lasting(block: Block): Block {
  const { grow, continued } = block;
  const paint: Block["paint"] = (canvas, x, y) => block.paint(canvas, x, y);
  return {
    ...block,
    paint: (canvas, x, y) => canvas.once(paint, x, y),
    ...(grow === undefined ? {} : { grow: lastingGrowth(grow) }),
    ...(continued === undefined ? {} : { continued: lasting(continued) }),
  };
}

/** Many papers leave the same room. */
function lastingGrowth(grow: NonNullable<Block["grow"]>): NonNullable<Block["grow"]> {
  const known = new Map<number, Block>();
  return (by) => {
    let grown = known.get(by);
    if (grown === undefined) {
      grown = lasting(grow(by));
      if (known.size >= MOST_GROWN) known.clear();
      known.set(by, grown);
    }
    return grown;
  };
}
const MOST_GROWN = 100;

/** Empty room between blocks. */
export function space(height: number): Block {
  return { height, isSpace: true, keepWithNext: false, paint: () => {} };
}

export interface ParagraphOptions {
  readonly align?: "left" | "center" | "right" | "justify";
  /** Room kept free at both sides. */
  readonly inset?: number;
  readonly keepWithNext?: boolean;
  /** What it is read as; plain text unless told. */
  readonly role?: Role;
}

/** A paragraph, one block a line; its first two lines and its last two stay together. */
export function paragraph(content: Content, style: Style, width: number, options: ParagraphOptions = {}): Block[] {
  const { align = "justify", inset = 0, keepWithNext = false, role = "P" } = options;
  const tag: Tag = { role };
  const room = width - 2 * inset;
  const lines = setText(content, style, room);
  return lines.map((line, i) => ({
    height: line.style.leading,
    tag,
    keepWithNext: i === lines.length - 1 ? keepWithNext : i === 0 || i === lines.length - 2,
    paint: (canvas, x, y) => paintLine(canvas, line, x + inset, y, room, align),
  }));
}

/** Draws one line at its place in a measure. */
export function paintLine(
  canvas: Canvas,
  line: Line,
  x: number,
  y: number,
  room: number,
  align: NonNullable<ParagraphOptions["align"]>,
): void {
  const slack = room - line.width;
  if (align === "center") canvas.line(line, x + slack / 2, y);
  else if (align === "right") canvas.line(line, x + slack, y);
  else if (align === "left" || line.isLast || slack <= 0) canvas.line(line, x, y);
  else canvas.line(line, x, y, slack < 3 * line.style.size ? slack / Math.max(1, line.count - 1) : 0);
}
