/** The little of fontkit that this kit uses; it ships no types. */
declare module "fontkit" {
  /** One parsed font; lengths count in units of which `unitsPerEm` make the type size. */
  export interface Font {
    readonly postscriptName: string;
    readonly unitsPerEm: number;
    readonly numGlyphs: number;
    readonly bbox: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number };
    readonly italicAngle: number;
    readonly ascent: number;
    readonly descent: number;
    readonly capHeight: number;
    /** Where each table lies in the file. */
    readonly directory: {
      readonly tables: Readonly<Record<string, { readonly offset: number; readonly length: number }>>;
    };
    readonly stream: { readonly buffer: Uint8Array };
    /** Code points that it maps. */
    readonly characterSet: readonly number[];
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
    createSubset(): Subset;
  }
  /** Glyphs of a font as a font of its own. */
  export interface Subset {
    /** @returns the glyph's number in the subset */
    includeGlyph(glyph: number): number;
    encode(): Uint8Array;
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
