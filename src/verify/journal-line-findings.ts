/** Holds the journal against lines of it that were written down elsewhere, such as on a printed report. */
import { existsSync } from "node:fs";
import { type JournalLine, lineDigests } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type Finding, failed, passed } from "./finding.ts";

const TITLE = words("日志 ↔ 纸上记下的行", "journal ↔ lines on paper");
const WRITTEN = /^(\d{1,9})[:：]([0-9a-f]{16,64})$/;

/**
 * A line as it stands on paper: number, colon, at least sixteen digits of its digest. Blanks and capitals do not matter.
 * @throws ChouqianError E-USAGE-JOURNAL-LINE
 */
export function journalLineIn(text: string): JournalLine {
  const [, line, digest] = WRITTEN.exec(text.replace(/\s/g, "").toLowerCase()) ?? [];
  if (line !== undefined && digest !== undefined) return { line: Number(line), digest };
  throw new ChouqianError("E-USAGE-JOURNAL-LINE", {
    message: words(`“${text}”不是日志的行号和摘要`, `"${text}" is no line of a journal`),
    advice: words(
      "照纸上写：行号、冒号、摘要的前 16 位或更多，例如 57:3fa9c2d1e0b44a6f",
      "as it is printed: number, colon, 16 digits of the digest or more, such as 57:3fa9c2d1e0b44a6f",
    ),
  });
}

/** Nothing where no line is given. */
export function journalLineFindings(round: Round, lines: readonly JournalLine[]): Finding[] {
  if (lines.length === 0) return [];
  const digests = existsSync(round.paths.journal) ? lineDigests(readTextFile(round.paths.journal, true)) : [];
  return lines.map(({ line, digest }) => {
    const found = digests[line - 1];
    if (found === undefined) {
      return failed(
        "journal-line",
        TITLE,
        words(
          `纸上记到日志第 ${line} 行（${digest}），日志只有 ${digests.length} 行：其后的被删去，或这不是那一份日志`,
          `on paper the journal has line ${line} (${digest}); it has ${digests.length} lines: it was cut, or is another`,
        ),
      );
    }
    if (!found.startsWith(digest)) {
      return failed(
        "journal-line",
        TITLE,
        words(
          `日志第 ${line} 行的摘要，纸上为 ${digest}，实为 ${found.slice(0, digest.length)}：这一行或它之前的被改写`,
          `line ${line}: on paper ${digest}, found ${found.slice(0, digest.length)}: it or a line before it was written anew`,
        ),
      );
    }
    return passed(
      "journal-line",
      TITLE,
      words(
        `第 ${line} 行与纸上的一致，到该行为止没有改过`,
        `line ${line} is as on paper: nothing up to it was changed`,
      ),
    );
  });
}
