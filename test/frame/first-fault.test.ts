/** A file in another encoding than it is said to be is refused at the byte where it stops making sense. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { firstFault } from "../../src/frame/first-fault.ts";
import { type Encoding, inspectFile } from "../../src/frame/source-file.ts";
import { withTemporaryFolder } from "../../src/round/files.ts";

const LINE = Buffer.from("汕头市，甲厂\n");
const GB = Buffer.from("c9c7cdb7cad00a", "hex"); // 汕头市 and a line feed
const LONG = Buffer.concat(Array.from({ length: 9000 }, () => LINE)); // over several blocks, whose ends cut characters
const NO_LINES = Buffer.from("汕".repeat(70_000));
const utf16 = (text: string) => Buffer.from(text, "utf16le");

test.each<[string, Encoding, Buffer, number | undefined]>([
  ["a clean file", "utf-8", LINE, undefined],
  ["GB18030 read as UTF-8", "utf-8", GB, 2],
  ["a wrong byte far down", "utf-8", Buffer.concat([LONG, Buffer.from([0xff])]), LONG.length + 1],
  ["a wrong byte in a line without end", "utf-8", Buffer.concat([NO_LINES, Buffer.from([0xff])]), NO_LINES.length + 1],
  ["a character cut off at the end", "utf-8", LONG.subarray(0, -2), LONG.length - 1],
  ["UTF-8 read as GB18030", "gb18030", Buffer.from([0x41, 0x0a, 0x80, 0x0a, 0xff]), 5],
  ["half of a pair", "utf-16le", Buffer.concat([utf16("甲"), Buffer.from([0x00, 0xdc]), utf16("乙")]), 4],
  ["a pair over two blocks", "utf-16le", utf16(`${"甲".repeat(32_767)}𠮷乙`), undefined],
  [
    "a wrong byte after a pair over two blocks",
    "utf-16le",
    Buffer.concat([utf16(`${"甲".repeat(32_767)}𠮷`), Buffer.from([0, 0xdc])]),
    65_540,
  ],
])("%s (%s)", async (_, encoding, bytes, byte) => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "a.csv");
    writeFileSync(path, bytes);
    expect(await firstFault(path, encoding)).toBe(byte);
  });
});

test("a forced encoding that is wrong is refused with the byte, and so is a file of none", async () => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "名录.csv");
    const refusalOf = (forced?: Encoding) =>
      inspectFile(path, forced, new Map()).then(
        () => "taken",
        (error: { code: string; message: string }) => `${error.code} ${error.message}`,
      );
    writeFileSync(path, Buffer.concat([Buffer.from("编号\n"), GB]));
    expect(await refusalOf("utf-8")).toMatch(/^E-FRAME-ENCODING .*no utf-8 at byte 9$/);
    writeFileSync(path, Buffer.concat([GB, Buffer.from([0xff])]));
    expect(await refusalOf()).toMatch(/no utf-8 at byte 2, no gb18030 at byte 8$/);
    writeFileSync(path, Buffer.from("编号\0甲\n"));
    expect(await refusalOf()).toContain("NUL at byte 7");
    writeFileSync(path, GB);
    expect(await refusalOf("gb18030")).toBe("taken");
  });
});
