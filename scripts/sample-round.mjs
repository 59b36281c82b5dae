// Makes samples/round anew: a finished round of one sample city, with a fixed actor and clock, so that it is the same
// bytes each time. Run after `npm run build`.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { drawRound } from "../dist/draw/draw-round.js";
import { writeForms } from "../dist/forms/write-forms.js";
import { lockFrame } from "../dist/frame/lock-frame.js";
import { newRound } from "../dist/round/new-round.js";
import { addContribution } from "../dist/seed/contribute.js";

const folder = process.argv[2] ?? join("samples", "round");
const ledger = join("samples", "yunfu-ledger.xlsx");
let minutes = 0;
/** Half an hour for each thing that is done, on the day of the draw. */
const actor = { name: "样例", now: () => new Date(Date.UTC(2019, 8, 30, 1, 30 * minutes++)) };
const quietly = () => {};

rmSync(folder, { recursive: true, force: true });
const round = newRound(folder, actor, {
  template: "provincial",
  name: "2019年9月样例核查",
  cities: [],
  rate: undefined,
});
await lockFrame(
  round,
  actor,
  [ledger],
  {
    map: new Map(),
    constants: new Map(),
    values: { class: new Map(), status: new Map() },
    sheet: undefined,
    encoding: undefined,
    names: new Map(),
  },
  false,
  quietly,
);
await addContribution(round, actor, { by: "省普查办", value: "骰子 3 6 1 4 2 5 6 6 1 3" });
await addContribution(round, actor, { by: "云浮市普查办", value: "山水云浮" });
await addContribution(round, actor, { by: "见证人", value: "20190930" });
await drawRound(round, actor, undefined, quietly);
await writeForms(round, actor, undefined, quietly);
