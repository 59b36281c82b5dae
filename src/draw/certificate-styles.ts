/** Styles and paragraphs that the sections of the certificate share. */
import { type Block, paragraph } from "../pdf/block.ts";
import { AREA } from "../pdf/page.ts";
import type { Style } from "../pdf/text.ts";

const BODY: Style = { face: "serif", size: 11, leading: 18 };
export const LABEL: Style = { face: "sans", size: 9.5, leading: 13.5 };
export const SMALL: Style = { face: "serif", size: 9.5, leading: 13.5 };
/** Small enough for a digest on one line beside its label. */
export const DIGEST: Style = { face: "serif", size: 9, leading: 13 };

/** A paragraph of the text. */
export function body(text: string, keepWithNext = false): Block[] {
  return paragraph(`　　${text}`, BODY, AREA.width, { keepWithNext });
}
