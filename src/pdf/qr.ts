/** QR codes as filled rectangles. */
import encodeQR from "qr";
import type { Canvas } from "./canvas.ts";

/** A code: its side in modules, and its black stretches as rectangles of the canvas, in modules as well. */
interface Code {
  readonly size: number;
  readonly rectangles: string;
}

/** Codes drawn last: the papers of one source carry the same. */
const known = new Map<string, Code>();
const MOST_KNOWN = 150;

/** Draws a QR code (error correction M) into a square, without a quiet zone. */
export function paintQr(canvas: Canvas, text: string, x: number, y: number, side: number): void {
  let code = known.get(text);
  if (code === undefined) {
    code = encode(text);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, code);
  }
  canvas.fillAll(code.rectangles, x, y, side / code.size);
}

function encode(text: string): Code {
  const bordered = encodeQR(text, "raw", { ecc: "medium", border: 1 });
  const rows = bordered.slice(1, -1).map((line) => line.slice(1, -1));
  let rectangles = "";
  for (const [y, row] of rows.entries()) {
    for (let start = row.indexOf(true); start >= 0; ) {
      const gap = row.indexOf(false, start);
      const end = gap === -1 ? row.length : gap;
      rectangles += `${start} ${y} ${end - start} 1 re\n`;
      start = row.indexOf(true, end);
    }
  }
  return { size: rows.length, rectangles };
}
