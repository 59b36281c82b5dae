/** The characters that many documents have in common, such as those of a form. */
import type { Parts } from "./canvas.ts";
import type { FaceName, Glyph } from "./faces.ts";
import type { Run } from "./text.ts";

export class Alphabet {
  readonly #faces = new Map<FaceName, Map<string, Glyph>>();
  readonly #covered = new WeakMap<Parts, boolean>();
  readonly #runs = new WeakSet<Run>();

  /** @param pages on which every character stands; it holds as long as faces stand for the same fonts */
  constructor(pages: readonly Parts[] = []) {
    for (const page of pages) this.#addFrom(page);
  }

  #addFrom(drawing: Parts): void {
    for (const { glyphs } of drawing.runs) for (const glyph of glyphs) this.#add(glyph);
    for (const part of drawing.drawings) this.#addFrom(part);
  }

  #add(glyph: Glyph): void {
    const known = this.#faces.get(glyph.face);
    if (known === undefined) this.#faces.set(glyph.face, new Map([[glyph.code, glyph]]));
    else if (!known.has(glyph.code)) known.set(glyph.code, glyph);
  }

  has({ face, code }: Glyph): boolean {
    return this.#faces.get(face)?.has(code) === true;
  }

  /** Whether all characters of a run are among these. */
  holds(run: Run): boolean {
    if (this.#runs.has(run)) return true;
    const isHeld = run.glyphs.every((glyph) => this.has(glyph));
    if (isHeld) this.#runs.add(run);
    return isHeld;
  }

  /** Whether all characters of a drawing that is copied to many pages are among these, and none of them is missing. */
  covers(drawing: Parts): boolean {
    let isCovered = this.#covered.get(drawing);
    if (isCovered === undefined) {
      isCovered =
        drawing.runs.every((run) => !run.hasMissing && this.holds(run)) &&
        drawing.drawings.every((part) => this.covers(part));
      this.#covered.set(drawing, isCovered);
    }
    return isCovered;
  }

  get faces(): Iterable<FaceName> {
    return this.#faces.keys();
  }

  glyphsOf(face: FaceName): readonly Glyph[] {
    return [...(this.#faces.get(face)?.values() ?? [])];
  }
}
