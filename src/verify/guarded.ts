/** Turns a refusal inside a check, such as a damaged file, into a failed finding. */
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type Finding, failed } from "./finding.ts";

export async function guarded(check: () => Promise<Finding[]> | Finding[]): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const malformed = asMalformed(error);
    if (malformed !== undefined) return [malformed];
    if (!(error instanceof ChouqianError)) throw error;
    const [first] = error.problems;
    const detail =
      first === undefined ? error.words : words(`${error.words.zh}：${first.message.zh}`, first.message.en);
    return [failed(error.code, words(error.at.file ?? "文件", error.at.file ?? "file"), detail)];
  }
}

/** A file that is JSON and not what it should be trips the program up somewhere: evidence that fails, not the verifier. */
function asMalformed(error: unknown): Finding | undefined {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return undefined;
  const place = words("轮次文件", "the round's files");
  return failed(
    "E-VERIFY-MALFORMED",
    place,
    words(
      `某个文件的内容不合规格，无法核对（${error.message}）；请看其他各项`,
      `a file is not of the form it should have and cannot be checked (${error.message}); see the other checks`,
    ),
  );
}
