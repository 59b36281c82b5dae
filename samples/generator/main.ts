/** Makes an invented ledger of a census of pollution sources: `npm run sample -- --out FILE`. */

import { openRound } from "../../src/round/round.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { HELP, readOptions } from "./options.ts";
import { sampleSize } from "./province.ts";
import { fillRound } from "./records.ts";
import { writeSample } from "./write.ts";

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(HELP);
  else if (options.records !== undefined) {
    const { out, seed, rate } = options;
    for (const { city, sources, rate: own } of await fillRound(openRound(options.records), out, seed, rate)) {
      console.log(`${city}：${sources} 家，差错率 ${Number((own * 100).toFixed(2))}%`);
    }
  } else await writeSample(options, progressOf(sampleSize(options)));
} catch (error) {
  if (!(error instanceof ChouqianError)) throw error;
  console.error(`${error.words.zh}\n${error.words.en}\n${error.advice.zh} / ${error.advice.en}`);
  process.exitCode = error.exitCode;
}

/** Shows on a terminal how many rows are done; silent elsewhere. */
function progressOf(total: number): (rows: number) => void {
  if (!process.stderr.isTTY) return () => {};
  return (rows) => process.stderr.write(`\r${rows} / ${total} (${Math.floor((rows * 100) / total)}%)`);
}
