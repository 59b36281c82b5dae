/** QR codes as filled rectangles. */
import encodeQR from "qr";
import type { Canvas } from "./canvas.ts";

/** A row's black stretches: where each begins and ends, in modules. */
type Stretches = readonly (readonly [start: number, end: number])[];

/** Codes drawn last: the papers of one source carry the same. */
const known = new Map<string, readonly Stretches[]>();
const MOST_KNOWN = 150;

/** Draws a QR code (error correction M) into a square, without a quiet zone. */
export function paintQr(canvas: Canvas, text: string, x: number, y: number, side: number): void {
  let rows = known.get(text);
  if (rows === undefined) {
    rows = encode(text);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, rows);
  }
  const size = side / rows.length;
  rows.forEach((row, i) => {
    for (const [start, end] of row) canvas.fill(x + start * size, y + i * size, (end - start) * size, size);
  });
}

function encode(text: string): Stretches[] {
  const bordered = encodeQR(text, "raw", { ecc: "medium", border: 1 });
  return bordered.slice(1, -1).map((line) => {
    const row = line.slice(1, -1);
    const stretches: [number, number][] = [];
    for (let start = row.indexOf(true); start >= 0; ) {
      const gap = row.indexOf(false, start);
      const end = gap === -1 ? row.length : gap;
      stretches.push([start, end]);
      start = row.indexOf(true, end);
    }
    return stretches;
  });
}
