/**
 * Puts the three faces that documents are printed in, and their licences, into `fonts/`:
 * 宋 (Noto Serif SC), 黑 (Noto Sans SC) and 楷 (LXGW WenKai, which also holds the rare ideographs that Noto lacks).
 * Does nothing where they are up to date.
 */
import { copyFile, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(fileURLToPath(import.meta.url), "../..");
const TARGET = join(ROOT, "fonts");

const require = createRequire(import.meta.url);
const SERIF = dirname(require.resolve("@expo-google-fonts/noto-serif-sc/package.json"));
const SANS = dirname(require.resolve("@expo-google-fonts/noto-sans-sc/package.json"));
const KAI = dirname(require.resolve("@fontsource/lxgw-wenkai/package.json"));

/** What is copied: folder of a package, its file, the name under which it is shipped. A `.woff2` becomes TrueType. */
const FILES = [
  [SERIF, "400Regular/NotoSerifSC_400Regular.ttf", "NotoSerifSC-Regular.ttf"],
  [SANS, "500Medium/NotoSansSC_500Medium.ttf", "NotoSansSC-Medium.ttf"],
  [KAI, "files/lxgw-wenkai-latin-500-normal.woff2", "LXGWWenKai.ttf"],
  [SERIF, "LICENSE_FONT", "OFL-Noto.txt"],
  [KAI, "LICENSE", "OFL-LXGWWenKai.txt"],
];

/**
 * Writes what is absent or older than its package.
 * @returns names of the files written; empty where all was up to date
 */
export async function buildFonts() {
  await mkdir(TARGET, { recursive: true });
  const stampFile = join(TARGET, "sources.json");
  const stamps = await readFile(stampFile, "utf8").then(JSON.parse, () => ({}));
  const written = [];
  for (const [folder, path, name] of FILES) {
    const source = join(folder, path);
    const { name: packageName, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const stamp = `${packageName}@${version} ${path} ${(await stat(source)).size}`;
    const target = join(TARGET, name);
    const size = await stat(target).then(
      (found) => found.size,
      () => -1,
    );
    if (stamps[name]?.source === stamp && stamps[name]?.size === size) continue;
    await writeFont(source, target);
    stamps[name] = { source: stamp, size: (await stat(target)).size };
    written.push(name);
  }
  if (written.length > 0) await writeFile(stampFile, `${JSON.stringify(stamps, null, 2)}\n`);
  return written;
}

async function writeFont(source, target) {
  const unfinished = `${target}.${process.pid}.tmp`;
  if (source.endsWith(".woff2")) {
    const { default: wawoff2 } = await import("wawoff2");
    await writeFile(unfinished, await wawoff2.decompress(await readFile(source)));
  } else {
    await copyFile(source, unfinished);
  }
  await rename(unfinished, target);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const written = await buildFonts();
  console.log(written.length > 0 ? `fonts: ${written.join(", ")}` : "fonts: up to date");
}
