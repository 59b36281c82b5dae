/** What the forms of one template have in common is laid out and painted once: rows, notes and closing parts. */
import { type Block, lasting } from "../pdf/block.ts";
import { storeOfGlyphs } from "../pdf/faces.ts";
import { type Columns, type RowGroup, rowsOf } from "../pdf/table.ts";
import { type TailoredForm, wholeOf } from "./tailor.ts";

/** Blocks kept for one template; more are not met in practice. */
const MOST_KEPT = 5_000;

export class FormLayout {
  /** Makes a block of the form's main table. */
  readonly row: (rows: RowGroup) => Block;
  readonly #rows = new WeakMap<object, Map<string, Block>>();
  readonly #blocks = new Map<string, readonly Block[]>();

  constructor(columns: Columns) {
    this.row = rowsOf(columns);
  }

  /**
   * A row of the main table that many sources have.
   * @param part of the template that the row shows
   * @param key what else it depends on
   */
  lastingRow(part: object, key: string, row: () => RowGroup): Block {
    let known = this.#rows.get(part);
    if (known === undefined) {
      known = new Map();
      this.#rows.set(part, known);
    }
    let block = known.get(key);
    if (block === undefined) {
      block = lasting(this.row(row()));
      known.set(key, block);
    }
    return block;
  }

  /** Blocks beside the table that many sources have; `key` tells what they depend on. */
  lastingBlocks(key: string, make: () => readonly Block[]): readonly Block[] {
    let blocks = this.#blocks.get(key);
    if (blocks === undefined) {
      blocks = make().map(lasting);
      if (this.#blocks.size >= MOST_KEPT) this.#blocks.clear();
      this.#blocks.set(key, blocks);
    }
    return blocks;
  }
}

/** The layouts of one kind of form, by template; `columns` tells what its main table looks like. */
export function formLayouts(columns: (whole: TailoredForm) => Columns): (form: TailoredForm) => FormLayout {
  const layouts = storeOfGlyphs(() => new WeakMap<TailoredForm, FormLayout>());
  return (form) => {
    const whole = wholeOf(form);
    let layout = layouts().get(whole);
    if (layout === undefined) {
      layout = new FormLayout(columns(whole));
      layouts().set(whole, layout);
    }
    return layout;
  };
}
