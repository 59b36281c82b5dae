/** Turns a refusal inside a check, such as a damaged file, into a failed finding. */
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type Finding, failed } from "./finding.ts";

export async function guarded(check: () => Promise<Finding[]> | Finding[]): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    const [first] = error.problems;
    const detail =
      first === undefined ? error.words : words(`${error.words.zh}：${first.message.zh}`, first.message.en);
    return [failed(error.code, words(error.at.file ?? "文件", error.at.file ?? "file"), detail)];
  }
}
