/** Options of the plan commands. */
import { parseShare } from "../plan/share.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";

/**
 * A share given on the command line, as an exact decimal.
 * @throws ChouqianError E-USAGE-SHARE
 */
export function shareOption(option: string, text: string): string {
  const share = parseShare(text);
  if (share !== undefined) return share;
  throw new ChouqianError("E-USAGE-SHARE", {
    message: words(`${option} ${text} 应大于 0、不超过 100%`, `${option} ${text} must be above 0 and at most 100%`),
    advice: words(`写成 ${option} 2% 或 ${option} 0.02`, `write ${option} 2% or ${option} 0.02`),
  });
}
