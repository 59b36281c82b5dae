/**
 * A PDF file, object by object (ISO 32000-1, 7.5). Objects without a stream are written together and compressed (7.5.7),
 * since those of tables would outweigh the pages.
 */
import { deflateSync, type ZlibOptions } from "node:zlib";
import { Writer } from "./writer.ts";

/** Objects repeat each other so much that little is gained by looking for longer repetitions, and much time is lost. */
const QUICKLY: ZlibOptions = { level: 1, windowBits: 14, chunkSize: 1 << 13 };
/** Objects that are compressed as one. */
const MOST_TOGETHER = 1_000;
/** How the file ends: its catalogue, what is known about it, and by what it is told from others. */
interface Ending {
  readonly root: number;
  readonly info: number;
  /** Hex digits. */
  readonly id: string;
}

export class PdfFile {
  readonly #chunks: Uint8Array[] = [Buffer.from("%PDF-1.7\n%\u00ff\u00ff\u00ff\u00ff\n", "latin1")];
  #length = this.#chunks[0]?.length ?? 0;
  /** Kind, place and place within a group of each object, by its number. */
  #entries = new Entries();
  /** Objects that are not yet written, the numbers and places of their texts, and the texts. */
  #members: number[] = [];
  readonly #index = new Writer();
  readonly #texts = new Writer();

  /** Number of an object that is written later by `put`. */
  reserve(): number {
    return this.#entries.add();
  }

  /** Adds an object. */
  add(text: string): number {
    const number = this.reserve();
    this.put(number, text);
    return number;
  }

  put(number: number, text: string): void {
    this.begin(number).write(text);
  }

  /** Begins an object: its text is what is written until the next one begins. */
  begin(number: number): Writer {
    if (this.#members.length === MOST_TOGETHER) this.#writeTogether();
    if (this.#members.length > 0) this.#texts.write("\n");
    this.#members.push(number);
    this.#index.writeNumber(number);
    this.#index.write(" ");
    this.#index.writeNumber(this.#texts.length);
    this.#index.write(" ");
    return this.#texts;
  }

  #writeTogether(): void {
    const members = this.#members;
    if (members.length === 0) return;
    const first = this.#index.length;
    const bytes = Buffer.concat([this.#index.take(), this.#texts.take()]);
    const own = this.stream(bytes, `/Type/ObjStm/N ${members.length}/First ${first}`);
    for (let place = 0; place < members.length; place++)
      this.#entries.set(members[place] ?? 0, KIND.grouped, own, place);
    this.#members = [];
  }

  /**
   * Adds an object with bytes.
   * @param dictionary its entries besides length and filter
   */
  stream(bytes: Uint8Array, dictionary = ""): number {
    return this.deflated(compressed(bytes), dictionary);
  }

  /** As `stream`, for bytes that are compressed already. */
  deflated(bytes: Uint8Array, dictionary = ""): number {
    const number = this.reserve();
    this.#entries.set(number, KIND.own, this.#length, 0);
    this.#write(`${number} 0 obj\n<<${dictionary}/Filter/FlateDecode/Length ${bytes.length}>>\nstream\n`, bytes);
    return number;
  }

  #write(head: string, bytes: Uint8Array): void {
    this.#chunks.push(Buffer.from(head, "latin1"), bytes, END_OF_STREAM);
    this.#length += head.length + bytes.length + END_OF_STREAM.length;
  }

  /** The bytes of the file. */
  end({ root, info, id }: Ending): Uint8Array {
    this.#writeTogether();
    const last = this.#length;
    const own = this.reserve();
    this.#entries.set(own, KIND.own, last, 0);
    const table = compressed(this.#entries.bytes());
    const trailer = `/Type/XRef/Size ${own + 1}/W${ENTRY_WIDTHS}/Root ${root} 0 R/Info ${info} 0 R/ID[<${id}><${id}>]`;
    this.#write(`${own} 0 obj\n<<${trailer}/Filter/FlateDecode/Length ${table.length}>>\nstream\n`, table);
    return Buffer.concat([...this.#chunks, Buffer.from(`startxref\n${last}\n%%EOF\n`, "latin1")]);
  }
}

/** Kinds of entries in the table of objects. */
const KIND = { own: 1, grouped: 2 } as const;
/** Bytes of an entry: kind, place, place within a group. */
const ENTRY_LENGTH = 7;
const ENTRY_WIDTHS = "[1 4 2]";
const LAST_GENERATION = 0xffff;

/** The table of objects (7.5.8); object 0 is free for ever. */
class Entries {
  #table = Buffer.alloc(ENTRY_LENGTH * 1_000);
  #count = 1;

  constructor() {
    this.#table.writeUInt16BE(LAST_GENERATION, 5);
  }

  add(): number {
    if (ENTRY_LENGTH * (this.#count + 1) > this.#table.length) {
      this.#table = Buffer.concat([this.#table, Buffer.alloc(this.#table.length)]);
    }
    return this.#count++;
  }

  set(number: number, kind: number, place: number, within: number): void {
    const at = ENTRY_LENGTH * number;
    this.#table[at] = kind;
    this.#table.writeUInt32BE(place, at + 1);
    this.#table.writeUInt16BE(within, at + 5);
  }

  /** @throws RangeError for an object that was never written */
  bytes(): Uint8Array {
    for (let number = 1; number < this.#count; number++) {
      if (this.#table[ENTRY_LENGTH * number] === 0) throw new RangeError(`object ${number} was never written`);
    }
    return this.#table.subarray(0, ENTRY_LENGTH * this.#count);
  }
}

const END_OF_STREAM = Buffer.from("\nendstream\nendobj\n", "latin1");

/** The bytes of a stream as files have them. */
export function compressed(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes, QUICKLY);
}

/** A text as PDF writes it: UTF-16 in hex digits. */
export function textString(text: string): string {
  let digits = "FEFF";
  for (let i = 0; i < text.length; i++) digits += text.charCodeAt(i).toString(16).padStart(4, "0");
  return `<${digits}>`;
}

export function listOf(numbers: readonly number[]): string {
  return `[${numbers.map((number) => `${number} 0 R`).join(" ")}]`;
}

/** Writes the list of these objects. */
export function writeList(out: Writer, numbers: readonly number[]): void {
  out.write("[");
  for (let i = 0; i < numbers.length; i++) {
    if (i > 0) out.write(" ");
    out.writeNumber(numbers[i] as number);
    out.write(" 0 R");
  }
  out.write("]");
}
