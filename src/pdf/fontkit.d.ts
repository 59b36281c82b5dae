/** The little of fontkit that this kit uses; it ships no types. */
declare module "fontkit" {
  /** One parsed font. pdfkit takes it in place of a file and makes a subset of its own for each document. */
  export interface Font {
    readonly postscriptName: string;
    readonly unitsPerEm: number;
    readonly numGlyphs: number;
    /** Where each table lies in the file. */
    readonly directory: {
      readonly tables: Readonly<Record<string, { readonly offset: number; readonly length: number }>>;
    };
    readonly stream: { readonly buffer: Uint8Array };
    /** Code points that it maps. */
    readonly characterSet: readonly number[];
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
  }
  export interface Glyph {
    readonly id: number;
    readonly advanceWidth: number;
    /** Box around the control points; not finite, or of no size, where the glyph has no outline. */
    readonly cbox: { readonly width: number; readonly height: number };
  }
  export interface Collection {
    readonly fonts: readonly Font[];
  }
  export function create(bytes: Uint8Array): Font | Collection;
}
