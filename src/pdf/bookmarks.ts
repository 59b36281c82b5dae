/** The bookmarks of a document (ISO 32000-1, 12.3.3). */
import { type PdfFile, textString } from "./file.ts";

interface Item {
  readonly number: number;
  readonly title: string;
  /** Page and height that it leads to. */
  readonly target: string;
  readonly kids: Item[];
}

export class Outline {
  readonly #file: PdfFile;
  readonly #top: Item[] = [];
  readonly #known = new Map<string, Item>();
  readonly #titles: string[] = [];

  constructor(file: PdfFile) {
    this.#file = file;
  }

  /** Titles in the order in which they came. */
  get titles(): readonly string[] {
    return this.#titles;
  }

  /**
   * Adds a bookmark.
   * @param path headings from the outermost; the last is the page's own, the others are shared
   */
  mark(path: readonly string[], page: number, height: number): void {
    let siblings = this.#top;
    path.forEach((title, depth) => {
      const key = JSON.stringify(path.slice(0, depth + 1));
      let item = depth === path.length - 1 ? undefined : this.#known.get(key);
      if (item === undefined) {
        item = { number: this.#file.reserve(), title, target: `[${page} 0 R/XYZ 0 ${height} 0]`, kids: [] };
        siblings.push(item);
        this.#known.set(key, item);
        this.#titles.push(title);
      }
      siblings = item.kids;
    });
  }

  /** Writes the bookmarks; returns the entries of the catalogue that lead to them. */
  end(): string {
    if (this.#top.length === 0) return "";
    const root = this.#file.reserve();
    const shown = this.#top.reduce((sum, { kids }) => sum + 1 + kids.length, 0);
    this.#file.put(root, `<</Type/Outlines${this.#kids(this.#top, root, true)}/Count ${shown}>>`);
    return `/Outlines ${root} 0 R/PageMode/UseOutlines`;
  }

  /** Writes items; returns the entries of what they stand under. Those at the top stand open. */
  #kids(items: readonly Item[], parent: number, isTop: boolean): string {
    items.forEach(({ number, title, target, kids }, i) => {
      const [before, after] = [items[i - 1], items[i + 1]];
      const count = kids.length === 0 ? "" : `/Count ${isTop ? kids.length : -kids.length}`;
      this.#file.put(
        number,
        `<</Title${textString(title)}/Parent ${parent} 0 R/Dest${target}${before ? `/Prev ${before.number} 0 R` : ""}${after ? `/Next ${after.number} 0 R` : ""}${this.#kids(kids, number, false)}${count}>>`,
      );
    });
    const [first, last] = [items.at(0), items.at(-1)];
    return first && last ? `/First ${first.number} 0 R/Last ${last.number} 0 R` : "";
  }
}
