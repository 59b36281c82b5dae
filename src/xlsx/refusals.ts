/** Why a workbook is refused: one table of stable codes with words for people and the way out. */
import { basename } from "node:path";
import { ChouqianError, type Place } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

const SAVE_AS_XLSX = words(
  "用 Excel 或 WPS 打开该文件，“另存为”选择“Excel 工作簿（*.xlsx）”，再重试",
  'open the file in Excel or WPS, use "Save as" with type "Excel Workbook (*.xlsx)", and try again',
);
const GET_AGAIN = words(
  "重新拷贝或下载该文件（核对文件大小），或请报送单位重新发送；能用 Excel 打开的，另存为新的 .xlsx 后重试",
  "copy or download the file again and compare its size, or ask the sender for a new one; if Excel opens it, save it as a new .xlsx",
);
const ASK_SENDER = words(
  "不要打开该文件，先向报送单位核实来源；确属正常名录的，在 Excel 中另存为新的 .xlsx 后重试",
  "do not open the file before its sender confirms it; if it is a normal ledger, save it as a new .xlsx in Excel",
);

/** Meaning of each code and what to do about it. */
const REFUSALS = {
  "E-XLSX-UNREADABLE": {
    message: words("文件打不开", "the file cannot be opened"),
    advice: words(
      "核对文件路径和读取权限，关闭正在占用该文件的程序后重试",
      "check the path and the permission to read it, close programs that hold the file, and try again",
    ),
  },
  "E-XLSX-NOT-A-WORKBOOK": {
    message: words("文件不是 .xlsx 工作簿", "the file is not an .xlsx workbook"),
    advice: SAVE_AS_XLSX,
  },
  "E-XLSX-OLD-FORMAT": {
    message: words("文件是旧版格式（.xls）", "the file is in the old .xls format"),
    advice: SAVE_AS_XLSX,
  },
  "E-XLSX-ENCRYPTED": {
    message: words("工作簿设有打开密码", "the workbook is encrypted with a password"),
    advice: words(
      "用 Excel 或 WPS 打开，在“文件—信息—保护工作簿”中取消打开密码，保存后重试",
      "open it in Excel or WPS, remove the password under File, Info, Protect Workbook, save and try again",
    ),
  },
  "E-XLSX-TRUNCATED": {
    message: words("文件不完整，后半部分缺失", "the file is incomplete: its end is missing"),
    advice: GET_AGAIN,
  },
  "E-XLSX-DAMAGED": { message: words("文件内容已损坏", "the file is damaged"), advice: GET_AGAIN },
  "E-XLSX-TOO-LARGE": {
    message: words("工作簿超出读取上限", "the workbook exceeds the limits of the reader"),
    advice: words(
      "删去名录以外的工作表、图片和空白行列后另存，或按地市分成几个文件，或改存为 CSV",
      "remove other sheets, pictures and blank rows and columns, or split the file by city, or save it as CSV",
    ),
  },
  "E-XLSX-UNSAFE": {
    message: words("文件内容可疑，已拒绝读取", "the file looks unsafe and was not read"),
    advice: ASK_SENDER,
  },
  "E-XLSX-NO-SHEETS": {
    message: words("工作簿里没有工作表", "the workbook holds no worksheet"),
    advice: words("核对是否发错了文件", "check whether this is the right file"),
  },
  "E-XLSX-NO-SUCH-SHEET": {
    message: words("工作簿里没有这个工作表", "the workbook has no such sheet"),
    advice: words("改用工作簿里有的工作表名", "name one of the workbook's own sheets"),
  },
} as const satisfies Record<string, { message: Words; advice: Words }>;

export type XlsxCode = keyof typeof REFUSALS;

/** A refusal of the workbook at `path`; `detail` says what was found, beyond what the code means. */
export function refusal(code: XlsxCode, path: string, detail?: Words, at: Place = {}): ChouqianError {
  const { message, advice } = REFUSALS[code];
  return new ChouqianError(code, {
    message: detail ? words(`${message.zh}：${detail.zh}`, `${message.en}: ${detail.en}`) : message,
    advice,
    at: { file: basename(path), ...at },
  });
}

/** Turns what the unzipper or the XML parser threw into a refusal; refusals and defects pass unchanged. */
export function asRefusal(error: unknown, path: string, part?: string): unknown {
  if (error instanceof ChouqianError || !(error instanceof Error)) return error;
  const detail = words(
    part ? `${part}（${error.message}）` : error.message,
    part ? `${part}, ${error.message}` : error.message,
  );
  if (/^(ENOENT|EACCES|EPERM|EISDIR|EBUSY)/.test(error.message)) return refusal("E-XLSX-UNREADABLE", path, detail);
  if (/encrypt/i.test(error.message)) return refusal("E-XLSX-ENCRYPTED", path);
  if (/directory record signature not found|unexpected EOF|overflows file bounds/i.test(error.message))
    return refusal("E-XLSX-TRUNCATED", path);
  if (/absolute path|invalid relative path|invalid characters in fileName|too many bytes/i.test(error.message))
    return refusal("E-XLSX-UNSAFE", path, detail);
  if (error instanceof RangeError || (error instanceof TypeError && !isDecodingError(error))) return error;
  return refusal("E-XLSX-DAMAGED", path, detail);
}

/** `TextDecoder` with `fatal` throws a TypeError for bytes that are no text. */
function isDecodingError(error: TypeError): boolean {
  return "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA";
}
