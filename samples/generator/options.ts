/** The command line of the generator. */
import { parseArgs } from "node:util";
import { findCity } from "../../src/reference/divisions.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { words } from "../../src/text/words.ts";
import type { LedgerEncoding } from "./csv.ts";
import type { Sample } from "./province.ts";

export const HELP = `生成编造的样本名录 / makes an invented sample ledger

npm run sample -- --out 文件 [选项]

  --out FILE            写到哪里；.xlsx 结尾写成工作簿 / where to write; a name in .xlsx makes a workbook
  --rows N              全省行数，默认 12000 / rows of the whole province, default 12000
  --seed TEXT           种子，默认 1；同种子同行数则字节相同 / same seed and rows give the same bytes
  --encoding utf8|gb18030   CSV 编码，默认 utf8 / encoding of the CSV
  --city NAME|CODE      只要一个市的行，如 云浮、445300 / only one city's rows
  --records ROUND       不做名录，而是代填这个轮次的核查记录表，写入 --out 文件夹 / fill in a round's record workbooks
  --rate N              与 --records 同用：差错率，如 0.02；默认各市轮流取 0.4%、2%、6% / share of wrong values
  --dirty               约 60 行带常见毛病的名录（UTF-8 带 BOM） / about 60 rows with typical faults
  --help                显示本说明 / show this

单位、人名、电话均为编造；信用代码的登记机关区划为 000000，不属于任何单位。
All units, people and numbers are invented; credit codes carry the division 000000 and belong to nobody.
`;

export interface Options extends Sample {
  readonly out: string;
  readonly encoding: LedgerEncoding;
  readonly isDirty: boolean;
  /** Folder of a round whose record workbooks are to be filled in, instead of a ledger made. */
  readonly records?: string | undefined;
  readonly rate?: number | undefined;
}

const MOST_ROWS = 20_000_000;

/**
 * Reads the command line.
 * @returns "help" where help is asked for
 * @throws ChouqianError E-SAMPLE-USAGE
 */
export function readOptions(args: readonly string[]): Options | "help" {
  const { rows, seed, out, encoding, city, dirty, records, rate, help } = parsed(args);
  if (help === true) return "help";
  if (out === undefined || out === "") throw usage("缺少 --out 文件名", "--out FILE is missing");
  const count = Number(rows ?? "12000");
  if (!/^\d+$/.test(rows ?? "12000") || count < 1 || count > MOST_ROWS) {
    throw usage(
      `--rows 应为 1 到 ${MOST_ROWS} 的整数，不能是 ${rows}`,
      `--rows must be 1 to ${MOST_ROWS}, not ${rows}`,
    );
  }
  if (encoding !== undefined && encoding !== "utf8" && encoding !== "gb18030") {
    throw usage(
      `--encoding 只能是 utf8 或 gb18030，不能是 ${encoding}`,
      `--encoding is utf8 or gb18030, not ${encoding}`,
    );
  }
  const cityCode = city === undefined ? undefined : findCity(city);
  if (city !== undefined && cityCode === undefined) {
    throw usage(`--city 不是广东省的地级以上市：${city}`, `--city is no prefecture-level city of Guangdong: ${city}`);
  }
  const share = rate === undefined ? undefined : Number(rate);
  if (share !== undefined && !(share >= 0 && share <= 1)) {
    throw usage(`--rate 应为 0 到 1 的数，不能是 ${rate}`, `--rate must be 0 to 1, not ${rate}`);
  }
  const about = { rows: count, seed: seed ?? "1", out, encoding: encoding ?? "utf8", city: cityCode } as const;
  return { ...about, isDirty: dirty === true, records, rate: share };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rows: { type: "string" },
        seed: { type: "string" },
        out: { type: "string" },
        encoding: { type: "string" },
        city: { type: "string" },
        records: { type: "string" },
        rate: { type: "string" },
        dirty: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usage(`参数不对：${reason}`, `bad arguments: ${reason}`);
  }
}

export function usage(zh: string, en: string): ChouqianError {
  return new ChouqianError("E-SAMPLE-USAGE", {
    message: words(zh, en),
    advice: words("npm run sample -- --help 查看说明", "see npm run sample -- --help"),
  });
}
