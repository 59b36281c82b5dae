/**
 * The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8): headings and paragraphs in reading order, a section
 * for each paper. A table is read row by row, each row a paragraph: elements for cells would outweigh the pages.
 */
import type { Tag, Tagged } from "./canvas.ts";

/** A numbered object of the file. */
export interface Reference {
  readonly id: number;
  readonly data: Record<string, unknown>;
  end(): void;
}

/** A section while it is written: its own object, and those of its elements. */
interface Section {
  readonly ref: Reference;
  readonly title: string;
  readonly kids: number[];
}

/** An object of which the text is known: pdfkit writes what is no plain object by its `toString`. */
class Raw {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  get [Symbol.toStringTag](): string {
    return "Raw";
  }
  toString(): string {
    return this.#text;
  }
}

export class Structure {
  readonly #newObject: (data?: unknown) => Reference;
  readonly #root: Reference;
  readonly #document: Reference;
  readonly #sections: number[] = [];
  readonly #pages: number[] = [];
  #section: Section | undefined;

  constructor(newObject: (data?: unknown) => Reference) {
    this.#newObject = newObject;
    this.#root = newObject({});
    this.#document = newObject({});
  }

  /** The dictionary that says that the document is tagged. */
  markInfo(): Reference {
    return this.#newObject({ Marked: true }); // pdfkit ends it
  }

  /** Begins a paper. */
  begin(title: string): void {
    this.#endSection();
    const ref = this.#newObject({});
    this.#sections.push(ref.id);
    this.#section = { ref, title, kids: [] };
  }

  /**
   * Adds the elements of a page.
   * @returns the page's key in the tree that leads from pages to elements
   */
  add(tagged: Tagged, page: Reference): number {
    if (this.#section === undefined) this.begin("");
    const parents = tagged.map((tag, i) => this.#element(tag, i, page));
    const list = this.#newObject(new Raw(`[${parents.map((id) => `${id} 0 R`).join(" ")}]`));
    list.end();
    return this.#pages.push(list.id) - 1;
  }

  #element({ role }: Tag, number: number, page: Reference): number {
    const parent = this.#section?.ref.id ?? 0;
    const ref = this.#newObject(new Raw(`<</S/${role}/P ${parent} 0 R/Pg ${page.id} 0 R/K ${number}>>`));
    ref.end();
    this.#section?.kids.push(ref.id);
    return ref.id;
  }

  #endSection(): void {
    if (this.#section === undefined) return;
    const { ref, title, kids } = this.#section;
    Object.assign(ref.data, {
      S: "Sect",
      P: this.#document,
      ...(title === "" ? {} : { T: new String(title) }),
      K: new Raw(`[${kids.map((id) => `${id} 0 R`).join(" ")}]`),
    });
    ref.end();
    this.#section = undefined;
  }

  /** Writes what is left; returns the root of the tree. */
  end(): Reference {
    this.#endSection();
    const listed = (ids: readonly number[]) => new Raw(`[${ids.map((id) => `${id} 0 R`).join(" ")}]`);
    Object.assign(this.#document.data, { S: "Document", P: this.#root, K: listed(this.#sections) });
    this.#document.end();
    const nums = new Raw(`<</Nums [${this.#pages.map((id, key) => `${key} ${id} 0 R`).join(" ")}]>>`);
    const tree = this.#newObject(nums);
    tree.end();
    Object.assign(this.#root.data, {
      Type: "StructTreeRoot",
      K: this.#document,
      ParentTree: tree,
      ParentTreeNextKey: this.#pages.length,
    });
    return this.#root; // pdfkit ends it
  }
}
