/** Fills pages with blocks: what belongs together stays together, heading rows come again, tables are closed. */
import type { Block, TableFrame } from "./block.ts";
import type { Canvas } from "./canvas.ts";

/** The part of every page that blocks are put into. */
export interface FlowArea {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

/** Width of the frame around a table. */
export const FRAME_RULE = 1;
/** A block higher than a page is split only where at least this much of it fits. */
const LEAST_PART = 48;
/** A row whose text may run over the page does so where moving it whole would leave more than this share of a page empty. */
const MOST_EMPTY = 1 / 4;
const TOLERANCE = 0.01;

/** Puts blocks on as many pages as they need; an empty list gives one empty page. */
export function fillPages(blocks: readonly Block[], area: FlowArea, newCanvas: () => Canvas): Canvas[] {
  const flow = new Flow(area, newCanvas);
  flow.place(blocks);
  return flow.end();
}

class Flow {
  readonly #area: FlowArea;
  readonly #newCanvas: () => Canvas;
  readonly #pages: Canvas[] = [];
  #canvas: Canvas;
  #y: number;
  #table: TableFrame | undefined;
  /** The table of which the heading rows were drawn last. */
  #headed: TableFrame | undefined;

  constructor(area: FlowArea, newCanvas: () => Canvas) {
    this.#area = area;
    this.#newCanvas = newCanvas;
    this.#canvas = newCanvas();
    this.#y = area.top;
  }

  place(blocks: readonly Block[]): void {
    const queue = [...blocks].reverse();
    const pageHeight = this.#area.bottom - this.#area.top;
    for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
      if (block.isSpace === true && this.#isAtTop) continue;
      if (this.#fits(this.#chainHeight(block, queue, pageHeight))) this.#paint(this.#grown(block, queue));
      else if (block.isSpace === true) this.#nextPage();
      else if (this.#continues(block, queue)) this.#paintAndContinue(block, queue);
      else if (this.#runsOver(block, queue, pageHeight)) this.#paintAndSplit(block, queue);
      else if (block.height + headerHeight(block) <= pageHeight + TOLERANCE) {
        if (!this.#isAtTop) this.#nextPage();
        this.#paint(this.#grown(block, queue));
      } else this.#split(block, queue);
    }
  }

  /** The block with its share of the room that this page would have left at its foot; what can grow shares equally. */
  #grown(block: Block, queue: readonly Block[]): Block {
    if (block.grow === undefined) return block;
    const pageHeight = this.#area.bottom - this.#area.top;
    let left = this.#area.bottom - this.#y - block.height;
    let sharers = 1;
    let open = block.table;
    for (let i = queue.length - 1; i >= 0; i--) {
      const next = queue[i] as Block;
      const needed = this.#chainHeight(next, queue.slice(0, i), pageHeight, open);
      if (needed > left + TOLERANCE) break;
      left -= next.height + (next.table === open ? 0 : headerHeight(next));
      open = next.table;
      if (next.grow !== undefined) sharers++;
    }
    return left > TOLERANCE ? block.grow(left / sharers) : block;
  }

  /**
   * Whether a row to write in can begin on this page, though what must stay with it does not fit: it then takes the rest
   * of the page and goes on at the top of the next, so that no page ends half empty.
   */
  #continues(block: Block, queue: readonly Block[]): boolean {
    let height = 0;
    let open = this.#table;
    for (let i = queue.length, current: Block | undefined = block; current !== undefined; current = queue[--i]) {
      height += current.height + (current.table === open ? 0 : headerHeight(current));
      open = current.table;
      if (!this.#fits(height)) return false;
      if (current.continued !== undefined) return !this.#isAtTop;
      if (current.keepWithNext !== true) return false;
    }
    return false;
  }

  #paintAndContinue(block: Block, queue: Block[]): void {
    let current: Block | undefined = block;
    for (; current?.continued === undefined; current = queue.pop()) if (current !== undefined) this.#paint(current);
    const left = this.#area.bottom - this.#y - current.height;
    queue.push(current.continued);
    this.#paint(left > TOLERANCE ? (current.grow?.(left) ?? current) : current);
    this.#nextPage();
  }

  /** Whether a row that does not fit begins on this page, after what must stay with it, since much of it would stay empty. */
  #runsOver(block: Block, queue: readonly Block[], pageHeight: number): boolean {
    let room = this.#area.bottom - this.#y;
    if (this.#isAtTop || room < pageHeight * MOST_EMPTY) return false;
    let open = this.#table;
    for (let i = queue.length, current: Block | undefined = block; current !== undefined; current = queue[--i]) {
      room -= current.table === open ? 0 : headerHeight(current);
      open = current.table;
      if (current.runsOver === true && current.height > room) {
        return room >= LEAST_PART && current.split?.(room) !== undefined;
      }
      if (current.keepWithNext !== true) return false;
      room -= current.height;
    }
    return false;
  }

  #paintAndSplit(block: Block, queue: Block[]): void {
    let current: Block | undefined = block;
    for (; current !== undefined && this.#fits(current.height); current = queue.pop()) this.#paint(current);
    if (current !== undefined) this.#split(current, queue);
  }

  /** Height of a block and of what must stay with it; of the block alone where all that is more than a page. */
  #chainHeight(block: Block, queue: readonly Block[], pageHeight: number, open = this.#table): number {
    const alone = block.height + (block.table === open ? 0 : headerHeight(block));
    let height = alone;
    let current = block;
    for (let i = queue.length - 1; i >= 0 && current.keepWithNext === true; i--) {
      const next = queue[i];
      if (next === undefined) break;
      height += next.height + (next.table === current.table ? 0 : headerHeight(next));
      current = next;
      if (height > pageHeight + TOLERANCE) return alone;
    }
    return height;
  }

  #split(block: Block, queue: Block[]): void {
    const header = block.table === this.#table ? 0 : headerHeight(block);
    const room = this.#area.bottom - this.#y - header;
    const parts = room < LEAST_PART && !this.#isAtTop ? undefined : block.split?.(room);
    if (parts !== undefined) {
      this.#paint(parts[0]);
      queue.push(parts[1]);
      this.#nextPage();
    } else if (this.#isAtTop) this.#paint(block);
    else {
      queue.push(block);
      this.#nextPage();
    }
  }

  get #isAtTop(): boolean {
    return this.#y === this.#area.top;
  }

  #fits(height: number): boolean {
    return this.#y + height <= this.#area.bottom + TOLERANCE;
  }

  #paint(block: Block): void {
    if (block.table !== this.#table) {
      this.#closeTable();
      this.#table = block.table;
      if (block.table?.ruled === true) this.#frameRule(block.table);
      if (block.table?.header !== undefined) this.#drawHeader(block.table, block.table.header);
    }
    this.#draw(block);
  }

  #draw(block: Block): void {
    this.#canvas.tag(block.tag);
    block.paint(this.#canvas, this.#area.left, this.#y);
    this.#y += block.height;
  }

  /** The heading rows are read where the table begins, and not again on its further pages. */
  #drawHeader(table: TableFrame, header: Block): void {
    if (this.#headed === table) this.#canvas.ornament(() => this.#draw(header));
    else this.#draw(header);
    this.#headed = table;
  }

  #closeTable(): void {
    if (this.#table?.ruled === true) this.#frameRule(this.#table);
    this.#table = undefined;
  }

  #frameRule({ width }: TableFrame): void {
    const overlap = FRAME_RULE / 2;
    this.#canvas.rule(this.#area.left - overlap, this.#y, this.#area.left + width + overlap, this.#y, FRAME_RULE);
  }

  #nextPage(): void {
    this.#closeTable();
    this.#pages.push(this.#canvas);
    this.#canvas = this.#newCanvas();
    this.#y = this.#area.top;
  }

  end(): Canvas[] {
    this.#closeTable();
    return [...this.#pages, this.#canvas];
  }
}

function headerHeight(block: Block): number {
  return block.table?.header?.height ?? 0;
}
