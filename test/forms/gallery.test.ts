/** docs/forms.md shows every form and paper, and its pictures are there. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { previewTemplate } from "../../src/forms/print-template.ts";
import { listTemplates, readTemplateFile } from "../../src/forms/templates.ts";
import { assetPath, assetText } from "../../src/text/assets.ts";
import { scratchFolder } from "../support/chouqian.ts";

const folder = assetPath("docs", "forms");
const shown = [...assetText("docs", "forms.md").matchAll(/!\[[^\]]+\]\(forms\/([\w-]+)\.png\)/g)].map(
  ([, name]) => name,
);

/** Width, height and kind of colour of a PNG. */
function headOf(png: Buffer): { width: number; height: number; isGrey: boolean } {
  expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), isGrey: png[25] === 0 };
}

test("every form, every paper and the papers of a round are shown", () => {
  const names = listTemplates(undefined).map(({ name }) => name);
  const ofRound = ["certificate", "sample-list", "checklist", "record-form", "record-workbook"];
  expect([...shown].sort()).toEqual([...names, ...ofRound].sort());
});

test("every picture is there, grey and small, and there is no other", () => {
  expect(readdirSync(folder).sort()).toEqual(shown.map((name) => `${name}.png`).sort());
  for (const name of shown) {
    const png = readFileSync(join(folder, `${name}.png`));
    expect(png.length, name).toBeLessThanOrEqual(100 * 1024);
    expect(headOf(png).isGrey, name).toBe(true);
  }
});

const hasPoppler = spawnSync("pdftoppm", ["-v"]).error === undefined;
test.skipIf(!hasPoppler)("a picture has the size of the page as it is printed now (needs pdftoppm)", async () => {
  const scratch = scratchFolder("gallery");
  try {
    for (const name of ["city-summary", "team-log"]) {
      const file = assetPath("templates", "papers", `${name}.yaml`);
      const pdf = join(scratch, `${name}.pdf`);
      writeFileSync(pdf, (await previewTemplate(readTemplateFile(file, undefined))).bytes);
      execFileSync("pdftoppm", ["-singlefile", "-gray", "-png", "-r", "100", pdf, join(scratch, name)]);
      expect(existsSync(join(scratch, `${name}.png`))).toBe(true);
      const [now, kept] = [scratch, folder].map((each) => {
        const { width, height } = headOf(readFileSync(join(each, `${name}.png`)));
        return { width, height };
      });
      expect(now).toEqual(kept);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
