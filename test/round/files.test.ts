/** Files and folders are replaced whole or not at all, and a killed process leaves nothing that lasts. */
import {
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clearLeftovers, replaceFiles, replaceFolder, writeFileAtomically } from "../../src/round/files.ts";
import { scratchFolder } from "../support/chouqian.ts";

let folder = "";
beforeEach(() => {
  folder = scratchFolder("files");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is replaced only when it could be filled", async () => {
  const product = join(folder, "draw");
  const fill = (text: string) => async (staging: string) => writeFileAtomically(join(staging, "a.txt"), text);
  await replaceFolder(product, fill("一"));
  const broken = replaceFolder(product, async (staging) => {
    writeFileAtomically(join(staging, "a.txt"), "二");
    throw new Error("中途出错");
  });
  await expect(broken).rejects.toThrow("中途出错");
  expect(readFileSync(join(product, "a.txt"), "utf8")).toBe("一");
  await replaceFolder(product, fill("三"));
  expect(readFileSync(join(product, "a.txt"), "utf8")).toBe("三");
  expect(readdirSync(folder)).toEqual(["draw"]);
});

test("several files are replaced together or not at all, whichever of them cannot be written", () => {
  fc.assert(
    fc.property(fc.nat(3), fc.subarray(["a", "b", "c/d", "e"]), fc.boolean(), (blocked, before, fails) => {
      const root = join(folder, "results");
      rmSync(root, { recursive: true, force: true });
      const names = ["a", "b", "c/d", "e"];
      mkdirSync(join(root, "c"), { recursive: true });
      for (const name of before) writeFileSync(join(root, name), "旧");
      writeFileSync(join(root, "gone"), "旧");
      const stop = names[blocked] as string;
      // A folder in the place of a file cannot be replaced by it, whoever runs the test.
      if (!fails) {
        rmSync(join(root, stop), { force: true });
        mkdirSync(join(root, stop));
        writeFileSync(join(root, stop, "own"), "他人的");
      }
      const standing = () =>
        (readdirSync(root, { recursive: true, withFileTypes: true }) as Dirent[])
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
          .map((path) => [path, lstatSync(path).isDirectory() ? "" : readFileSync(path, "utf8")]);
      const then = standing();
      const files = new Map(["a", "b", "c/d", "e", "f/g"].map((name) => [join(root, name), "新"]));
      const put = () =>
        replaceFiles(files, [join(root, "gone"), join(root, "never")], () => {
          if (fails) throw new Error("日志写不了");
        });
      expect(put).toThrow(fails ? "日志写不了" : /E-FILE-WRITE/);
      expect(standing()).toEqual(then);
      if (fails) {
        replaceFiles(files, [join(root, "gone")], () => {});
        const [made, texts] = [standing().map(([path]) => path), standing().map(([, text]) => text)];
        expect(made.map((path) => path?.slice(root.length + 1))).toEqual(["a", "b", "c", "c/d", "e", "f", "f/g"]);
        expect(texts.filter((text) => text !== "")).toEqual(["新", "新", "新", "新", "新"]);
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});

test("a file in the place of a folder is named", async () => {
  const place = join(folder, "results");
  writeFileSync(place, "");
  const files = new Map([[join(place, "a"), ""]]);
  expect(() => replaceFiles(files, [], () => {})).toThrow(/E-FILE-WRITE/);
  expect(() => writeFileAtomically(join(place, "a"), "")).toThrow(/E-FILE-WRITE/);
  await expect(replaceFolder(join(place, "city"), async () => {})).rejects.toMatchObject({ code: "E-FILE-WRITE" });
  clearLeftovers(place);
  expect(readFileSync(place, "utf8")).toBe("");
});

test("after a kill, unfinished copies go and a product moved aside comes back", () => {
  for (const name of ["draw.4194000.tmp", "forms.4194000.old", "frame.4194000.old", "frame"])
    mkdirSync(join(folder, name));
  writeFileSync(join(folder, ".seed.json.4194000.tmp"), "半");
  writeFileSync(join(folder, "forms.4194000.old", "a.txt"), "原有");
  writeFileSync(join(folder, "名录.2019.csv"), "不是残留");
  clearLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual(["forms", "frame", "名录.2019.csv"]);
  expect(existsSync(join(folder, "forms", "a.txt"))).toBe(true);
});
