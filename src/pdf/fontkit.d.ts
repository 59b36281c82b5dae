/** The little of fontkit that this kit uses; it ships no types. */
declare module "fontkit" {
  /** One parsed font. pdfkit takes it in place of a file and makes a subset of its own for each document. */
  export interface Font {
    readonly postscriptName: string;
    readonly unitsPerEm: number;
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
  }
  export interface Glyph {
    readonly id: number;
    readonly advanceWidth: number;
    /** Box around the control points; not finite, or of no size, where the glyph has no outline. */
    readonly cbox: { readonly width: number; readonly height: number };
  }
  export function create(bytes: Uint8Array): Font;
}
