/** What the frame commands say of a reading: files, rows, problems. */
import type { BuiltFrame } from "../frame/build.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import { words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

export function summaryForScripts(lock: FrameLock, excludedRows = lock.excluded.length) {
  const { frameDigest, units, rowsRead, problemCounts } = lock;
  return { frameDigest, units, rowsRead, excluded: excludedRows, problemCounts };
}

/** Files named one by one; a folder of exports may hold thousands. */
const MOST_FILES = 30;

export function sayReading(terminal: Terminal, lock: FrameLock, excludedRows = lock.excluded.length): void {
  const isExport = ({ encoding, tables, name }: FrameLock["sources"][number]) =>
    encoding === null && tables.every(({ sheet }) => sheet === null) && !name.toLowerCase().endsWith(".parquet");
  const exports = lock.sources.filter(isExport);
  if (exports.length > 0) {
    terminal.line(
      words(`普查系统导出表：${exports.length} 个文件`, `exports of the census system: ${exports.length} files`),
    );
  }
  const others = lock.sources.filter((source) => !isExport(source));
  const shown = others.slice(0, MOST_FILES);
  for (const { name, encoding, tables, hiddenSheets } of shown) {
    if (hiddenSheets.length > 0) {
      const names = hiddenSheets.join("、");
      terminal.line(
        words(
          `  ${name} 的隐藏工作表没有读：${names}（要读请用 --sheet 指定）`,
          `  hidden sheets of ${name} are not read: ${names} (name one with --sheet)`,
        ),
      );
    }
    for (const { sheet, headerRow, rows, hiddenRows, filteredRows = 0 } of tables) {
      const what = sheet === null ? (encoding ?? "Parquet") : `工作表“${sheet}”`;
      const whatEn = sheet === null ? (encoding ?? "Parquet") : `sheet "${sheet}"`;
      const byHand = hiddenRows - filteredRows;
      const filter = filteredRows === 0 ? "" : `，其中 ${filteredRows} 行未显示（该表正在自动筛选），一并读入`;
      const filterEn = filteredRows === 0 ? "" : `, ${filteredRows} of them not shown (a filter is on), read as well`;
      const hidden = byHand === 0 ? filter : `${filter}，其中 ${byHand} 行是隐藏行，一并读入`;
      const hiddenEn = byHand === 0 ? filterEn : `${filterEn}, ${byHand} of them hidden, read as well`;
      terminal.line(
        words(
          `${name}（${what}，表头在第 ${headerRow} 行）：${rows} 行${hidden}`,
          `${name} (${whatEn}, headings in row ${headerRow}): ${rows} rows${hiddenEn}`,
        ),
      );
    }
  }
  const rest = others.length - shown.length;
  if (rest > 0) terminal.line(words(`……另有 ${rest} 个文件`, `… and ${rest} more files`));
  terminal.line(
    words(
      `读入 ${lock.rowsRead} 行 = ${lock.units} 个对象 + ${excludedRows} 行排除`,
      `${lock.rowsRead} rows read = ${lock.units} units + ${excludedRows} excluded`,
    ),
  );
}

/** Refused rows one by one; warnings and notes by kind, for there may be thousands. */
export function sayProblems(terminal: Terminal, { problems, lock }: BuiltFrame): void {
  if (terminal.voice.quiet || terminal.voice.json) return;
  terminal.problems(problems.filter(({ code }) => code.startsWith("E-")));
  for (const [code, count] of Object.entries(lock.problemCounts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const first = problems.find((problem) => problem.code === code);
    if (first === undefined || code.startsWith("E-")) continue;
    const said = first.plain ?? first.message;
    const kind = code.startsWith("W-") ? words("提醒", "warning") : words("提示", "note");
    terminal.line(
      words(`  ${kind.zh}：${said.zh}，${count} 处  [${code}]`, `  ${kind.en}: ${said.en}, found ${count}  [${code}]`),
    );
  }
}
