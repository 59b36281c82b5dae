/** The edge of letters and cover pages: the office's own Word template, filled for each city or once for all. */
import { basename, dirname, extname, join } from "node:path";
import { readCurrentSample } from "../../draw/fates.ts";
import { openFrame } from "../../frame/locked.ts";
import { divisionName, findCity } from "../../reference/divisions.ts";
import { isFolder, isSameFile, replaceFolder, writeFileAtomically } from "../../round/files.ts";
import { type Round, withRoundLock } from "../../round/round.ts";
import { ChouqianError } from "../../text/errors.ts";
import { words } from "../../text/words.ts";
import { carryStrangers } from "../keep.ts";
import type { FormRound } from "../source.ts";
import { citiesDrawn, formRound, formSources, idsInSample } from "../tasks.ts";
import { fillDocx, hasLoop } from "./fill-docx.ts";
import { CITIES_TAG, type CitySources, cityLetter, roundLetter } from "./letter-data.ts";
import { readDocx } from "./open-docx.ts";

/** Folder of the letters within `forms/`. */
export const LETTERS_FOLDER = "公文";

/**
 * Fills a template and writes `forms/公文/<template>/<city>.docx`, or one `<template>.docx` there where it loops over the cities.
 * The same round and template give the same bytes.
 * @param only codes of cities, or undefined for all
 * @returns paths within the round's folder
 * @throws ChouqianError E-DOCX-… where the template cannot be used, E-DRAW-MISSING, E-FORMS-CITY
 */
export function writeLetters(round: Round, file: string, only: readonly string[] | undefined): Promise<string[]> {
  return withRoundLock(round.folder, async () => {
    const folder = join(round.paths.forms, LETTERS_FOLDER, basename(file, extname(file)));
    refuseOwnLetter(file, folder);
    const template = await readDocx(file);
    const { head, cities } = await drawnSources(round, only);
    const name = basename(file, extname(file));
    const letters = hasLoop(template, CITIES_TAG)
      ? [{ name: `${name}.docx`, bytes: fillDocx(template, roundLetter(head, cities), file) }]
      : cities.map((city, i) => ({
          name: `${city.name}.docx`,
          bytes: fillDocx(template, cityLetter(head, city, i), file),
        }));
    const writeInto = async (place: string) => {
      for (const letter of letters) writeFileAtomically(join(place, letter.name), letter.bytes);
    };
    // letters of cities that are no longer asked for must not stay; those of other cities must
    const isLetter = (path: string) => {
      const stem = /^([^/]+)\.docx$/.exec(path)?.[1];
      return stem !== undefined && (stem === name || findCity(stem) !== undefined);
    };
    const writeAll = async (staging: string) => {
      await writeInto(staging);
      carryStrangers(folder, staging, isLetter, () => {});
    };
    await (only === undefined ? replaceFolder(folder, writeAll) : writeInto(folder));
    return letters.map((letter) => ["forms", LETTERS_FOLDER, name, letter.name].join("/"));
  });
}

/** A template among the letters that are made from it would be written over. */
function refuseOwnLetter(file: string, folder: string): void {
  if (!isFolder(folder) || !isSameFile(dirname(file), folder)) return;
  throw new ChouqianError("E-DOCX-PLACE", {
    message: words(
      `模板放在它要生成的公文的文件夹里（forms/${LETTERS_FOLDER}/${basename(folder)}），会被覆盖`,
      `the template lies in the folder of the letters made from it and would be written over`,
    ),
    advice: words("把模板移到别处再制作", "move the template elsewhere"),
    at: { file: basename(file) },
  });
}

/** The sources that are to be inspected now, by city. */
async function drawnSources(
  round: Round,
  only: readonly string[] | undefined,
): Promise<{ readonly head: FormRound; readonly cities: readonly CitySources[] }> {
  const { manifest, sample } = readCurrentSample(round);
  const frame = await openFrame(round);
  try {
    const cities: CitySources[] = [];
    for (const code of citiesDrawn(manifest, only)) {
      const units = await frame.unitsById(idsInSample(sample, code));
      cities.push({ name: divisionName(code), code, sources: formSources(sample, code, frame.lock, units) });
    }
    return { head: formRound(round, manifest), cities };
  } finally {
    frame.close();
  }
}
