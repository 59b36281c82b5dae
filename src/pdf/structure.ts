/**
 * The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8): headings, paragraphs and tables in reading order, a
 * section for each paper.
 */

import { type PdfFile, textString, writeList } from "./file.ts";
import type { Stretch, TableRow } from "./tag.ts";
import type { Writer } from "./writer.ts";

/** An element while its kids are gathered. */
class Open<Of = undefined> {
  readonly number: number;
  readonly of: Of;
  readonly kids: number[] = [];

  /** @param of what the element is made for */
  constructor(number: number, of: Of) {
    this.number = number;
    this.of = of;
  }
}

export class Structure {
  readonly #file: PdfFile;
  readonly #root: number;
  readonly #document: Open<unknown>;
  readonly #pages: number[] = [];
  /** A paper, by its title. */
  #section: Open<string> | undefined;
  #table: Open<object> | undefined;
  #row: Open<TableRow> | undefined;

  constructor(file: PdfFile) {
    this.#file = file;
    this.#root = file.reserve();
    this.#document = new Open(file.reserve(), undefined);
  }

  /** Begins a paper. */
  begin(title: string): void {
    this.#endSection();
    this.#section = this.#open(this.#document, title);
  }

  #open<Of>(parent: Open<unknown>, of: Of): Open<Of> {
    const number = this.#file.reserve();
    parent.kids.push(number);
    return new Open(number, of);
  }

  /**
   * Adds the elements of a page.
   * @returns the page's key in the tree that leads from pages to elements
   */
  add(stretches: readonly Stretch[], page: number): number {
    if (this.#section === undefined) this.begin("");
    const parents: number[] = [];
    for (const stretch of stretches) {
      const element = this.#element(stretch, page);
      if (stretch.number !== undefined) parents.push(element);
    }
    const list = this.#file.reserve();
    writeList(this.#file.begin(list), parents);
    return this.#pages.push(list) - 1;
  }

  /** Returns the element that holds the text itself. */
  #element({ tag: { role, cell }, number }: Stretch, page: number): number {
    const section = this.#section as Open<string>;
    if (cell === undefined) {
      this.#endTable();
      return this.#leaf(section, role, "", page, number);
    }
    const row = this.#rowOf(section, cell.row);
    if (role === "P") return this.#leaf(row, cell.element, cell.attributes, page, number);
    const own = this.#open(row, cell);
    const heading = this.#leaf(own, role, "", page, number);
    this.#put(own, cell.element + cell.attributes, row.number);
    return heading;
  }

  /** An element without others in it; `content` is its text's number on the page. */
  #leaf(parent: Open<unknown>, kind: string, attributes: string, page: number, content: number | undefined): number {
    const number = this.#file.reserve();
    parent.kids.push(number);
    const out = this.#begin(number, kind, parent.number);
    if (attributes !== "") out.write(attributes);
    if (content !== undefined) {
      out.write("/Pg ");
      out.writeNumber(page);
      out.write(" 0 R/K ");
      out.writeNumber(content);
    }
    out.write(">>");
    return number;
  }

  /** Begins to write an element: its kind and its parent. */
  #begin(number: number, kind: string, parent: number): Writer {
    const out = this.#file.begin(number);
    out.write("<</S/");
    out.write(kind);
    out.write("/P ");
    out.writeNumber(parent);
    out.write(" 0 R");
    return out;
  }

  #rowOf(section: Open<string>, row: TableRow): Open<TableRow> {
    if (this.#row?.of === row) return this.#row;
    this.#endRow();
    if (this.#table?.of !== row.table) {
      this.#endTable();
      this.#table = this.#open(section, row.table);
    }
    this.#row = this.#open(this.#table, row);
    return this.#row;
  }

  #endRow(): void {
    if (this.#row !== undefined) this.#put(this.#row, "TR", this.#table?.number ?? 0);
    this.#row = undefined;
  }

  #endTable(): void {
    this.#endRow();
    if (this.#table !== undefined) this.#put(this.#table, "Table", this.#section?.number ?? 0);
    this.#table = undefined;
  }

  #endSection(): void {
    this.#endTable();
    if (this.#section === undefined) return;
    const title = this.#section.of;
    this.#put(this.#section, `Sect${title === "" ? "" : `/T${textString(title)}`}`, this.#document.number);
    this.#section = undefined;
  }

  #put({ number, kids }: Open<unknown>, kind: string, parent: number): void {
    const out = this.#begin(number, kind, parent);
    out.write("/K");
    writeList(out, kids);
    out.write(">>");
  }

  /** Writes what is left; returns the root of the tree. */
  end(): number {
    this.#endSection();
    this.#put(this.#document, "Document", this.#root);
    const tree = this.#file.add(`<</Nums[${this.#pages.map((list, key) => `${key} ${list} 0 R`).join(" ")}]>>`);
    this.#file.put(
      this.#root,
      `<</Type/StructTreeRoot/K ${this.#document.number} 0 R/ParentTree ${tree} 0 R/ParentTreeNextKey ${this.#pages.length}>>`,
    );
    return this.#root;
  }
}
