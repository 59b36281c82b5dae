/** QR codes as filled rectangles. */
import encodeQR from "qr";
import type { Canvas } from "./canvas.ts";

/** Draws a QR code (error correction M) into a square, without a quiet zone. */
export function paintQr(canvas: Canvas, text: string, x: number, y: number, side: number): void {
  const bordered = encodeQR(text, "raw", { ecc: "medium", border: 1 });
  const modules = bordered.slice(1, -1).map((row) => row.slice(1, -1));
  const size = side / modules.length;
  modules.forEach((row, i) => {
    for (let start = row.indexOf(true); start >= 0; ) {
      const gap = row.indexOf(false, start);
      const end = gap === -1 ? row.length : gap;
      canvas.fill(x + start * size, y + i * size, (end - start) * size, size);
      start = row.indexOf(true, end);
    }
  });
}
