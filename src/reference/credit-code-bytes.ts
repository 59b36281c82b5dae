/** The check of a credit code (GB 32100-2015) on bytes, for ledgers of millions of rows. */
import { ALPHABET, isCreditCodeCategory, isCreditCodeDivision, WEIGHTS } from "./credit-code.ts";

const LENGTH = 18;
const ZERO = 0x30;
const VALUES = new Int8Array(256).fill(-1);
for (const [value, character] of [...ALPHABET].entries()) VALUES[character.charCodeAt(0)] = value;

/** Beginnings that have been looked at, by their bytes as numbers; few differ in a ledger. */
const knownHeads = new Map<number, boolean>();

/** Whether the bytes are a credit code in capitals with nothing wrong: the same answer as `creditCodeDefect` gives. */
export function creditCodeIsClean(bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== LENGTH) return false;
  let sum = 0;
  for (let i = 0; i < LENGTH - 1; i++) {
    const value = VALUES[bytes[start + i] as number] as number;
    if (value < 0) return false;
    sum += value * (WEIGHTS[i] as number);
  }
  if (VALUES[bytes[end - 1] as number] !== (31 - (sum % 31)) % 31) return false;
  const head = bytes.readUIntBE(start, 6);
  let isKnown = knownHeads.get(head);
  if (isKnown === undefined) {
    const text = bytes.toString("latin1", start, start + 8);
    // Digits 5 and 6 of the division do not matter but for the invented one, which is all zeros.
    isKnown = isCreditCodeCategory(text) && isCreditCodeDivision(`${text.slice(0, 6)}00`);
    knownHeads.set(head, isKnown);
  }
  if (!isKnown) return false;
  // 0000 begins the invented division only.
  return bytes[start + 2] !== ZERO || (bytes[start + 6] === ZERO && bytes[start + 7] === ZERO);
}
