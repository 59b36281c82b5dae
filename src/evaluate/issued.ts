/** What an evaluation was issued with: fixed when it is made, so that its reports can be made again whatever `round.yaml` says later. */
import { z } from "zod";
import { lastLineOf } from "../round/journal.ts";
import { journalOf, type Round } from "../round/round.ts";
import type { Evaluation } from "./evaluation.ts";

export const Issued = z.strictObject({
  /** Title of the inspection, who holds it, and the document's date, as `round.yaml` had them; the date may be empty. */
  title: z.string(),
  holder: z.string(),
  date: z.string(),
  /** The journal's last line then, and its digest: on paper it tells whether the journal was cut or written anew since. */
  journal: z.strictObject({ line: z.int().min(0), digest: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export type Issued = z.infer<typeof Issued>;

/** What `results/evaluation.json` holds. */
export interface IssuedEvaluation extends Evaluation {
  readonly issued: Issued;
}

/** What an evaluation that is made now is issued with. */
export function issuedNow(round: Round): Issued {
  const { name, holder, date } = round.config;
  return { title: name, holder, date, journal: lastLineOf(journalOf(round).text) };
}
