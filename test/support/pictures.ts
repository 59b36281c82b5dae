/** Pictures of printed pages for docs/forms.md: grey PNGs of sixteen shades, and how far two of them differ. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const DOTS_PER_INCH = "100";
const SHADES = 16;
/** Length of the signature of a PNG. */
const SIGNATURE = 8;

/** Shades from 0, black, to 15, white, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly shades: Uint8Array;
}

/** Whether pages can be drawn here. */
export const canDraw = spawnSync("pdftoppm", ["-v"]).error === undefined;
/** Whether workbooks can be drawn here as well, with Chinese letters. */
export const canDrawWorkbooks =
  canDraw &&
  spawnSync("soffice", ["--version"]).error === undefined &&
  spawnSync("fc-list", [":lang=zh"], { encoding: "utf8" }).stdout?.trim() !== "";

/** A page of a PDF file. */
export function drawPage(pdf: string, page: number, scratch: string): Picture {
  const path = join(scratch, "page");
  const at = String(page);
  execFileSync("pdftoppm", ["-f", at, "-l", at, "-singlefile", "-gray", "-r", DOTS_PER_INCH, pdf, path]);
  const bytes = readFileSync(`${path}.pgm`);
  const [head = "", w, h] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString("latin1")) ?? [];
  return {
    width: Number(w),
    height: Number(h),
    shades: bytes.subarray(head.length).map((grey) => Math.round(grey / 17)),
  };
}

/** The first page of a workbook as LibreOffice prints it. */
export function drawWorkbook(path: string, scratch: string): Picture {
  execFileSync("soffice", ["--headless", "--convert-to", "pdf", "--outdir", scratch, path], { stdio: "ignore" });
  return drawPage(join(scratch, basename(path).replace(/xlsx$/, "pdf")), 1, scratch);
}

/** A PNG of a picture (PNG 1.2: bit depth 4, no filter). */
export function pngOf({ width, height, shades }: Picture): Buffer {
  const rowLength = 1 + Math.ceil(width / 2);
  const rows = Buffer.alloc(rowLength * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * rowLength + 1 + (x >> 1);
      const shade = shades[y * width + x] ?? SHADES - 1;
      rows[at] = (rows[at] ?? 0) | (x % 2 === 0 ? shade << 4 : shade);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 4;
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"), ...parts]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture that `pngOf` wrote. */
export function pictureOf(png: Buffer): Picture {
  const header = SIGNATURE + 8;
  const [width, height] = [png.readUInt32BE(header), png.readUInt32BE(header + 4)];
  const data = header + 13 + 4 + 8;
  const rows = inflateSync(png.subarray(data, data + png.readUInt32BE(data - 8)));
  const rowLength = 1 + Math.ceil(width / 2);
  const shades = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pair = rows[y * rowLength + 1 + (x >> 1)] ?? 0;
      shades[y * width + x] = x % 2 === 0 ? pair >> 4 : pair & 0xf;
    }
  }
  return { width, height, shades };
}

/** Side of the squares that are compared: another version of a program that draws moves edges by a dot. */
const SQUARE = 8;

/** Share of squares, 0 to 1, of which the mean shade differs by more than a tenth; 1 for pictures of unlike size. */
export function differenceOf(one: Picture, other: Picture): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  let [count, unlike] = [0, 0];
  for (let y = 0; y + SQUARE <= one.height; y += SQUARE) {
    for (let x = 0; x + SQUARE <= one.width; x += SQUARE) {
      count++;
      if (Math.abs(meanOf(one, x, y) - meanOf(other, x, y)) > (SHADES - 1) / 10) unlike++;
    }
  }
  return unlike / count;
}

function meanOf({ width, shades }: Picture, left: number, top: number): number {
  let sum = 0;
  for (let y = top; y < top + SQUARE; y++) for (let x = left; x < left + SQUARE; x++) sum += shades[y * width + x] ?? 0;
  return sum / SQUARE ** 2;
}
