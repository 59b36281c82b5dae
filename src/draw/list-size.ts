/** Whether a sample is too long for its list, told before the draw is written. Pure. */
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";

/** Memory that the sample list needs for each unit while it is made, in bytes, as measured with 50,000 and 100,000 units. */
const BYTES_A_UNIT = 20_000;
/** Rows of a sheet (ECMA-376) less title and headings. */
const MOST_UNITS = 1_048_576 - 10;

/**
 * @param units sample and reserves
 * @param heap bytes that Node may use
 * @throws ChouqianError E-DRAW-TOO-LONG
 */
export function refuseTooLong(units: number, heap: number): void {
  const count = (value: number) => value.toLocaleString("en-US");
  if (units > MOST_UNITS) {
    throw new ChouqianError("E-DRAW-TOO-LONG", {
      message: words(
        `共抽 ${count(units)} 家，抽样名单一张表放不下（最多 ${count(MOST_UNITS)} 家）；没有写出任何抽签结果`,
        `${count(units)} units are more than the ${count(MOST_UNITS)} that a sheet of the sample list holds; nothing was drawn`,
      ),
      advice: words(
        "分几个轮次抽，例如每个市一个，或降低方案中的比例",
        "draw in several rounds, one a city for example, or lower the plan's rates",
      ),
    });
  }
  if (units * BYTES_A_UNIT <= heap) return;
  const megabytes = Math.ceil((units * BYTES_A_UNIT) / 2 ** 20 / 1024) * 1024;
  throw new ChouqianError("E-DRAW-TOO-LONG", {
    message: words(
      `共抽 ${count(units)} 家，制作抽样名单约需内存 ${count(megabytes)} MB，Node 现在只可用 ${count(Math.floor(heap / 2 ** 20))} MB；没有写出任何抽签结果`,
      `the list of ${count(units)} units takes about ${count(megabytes)} MB of memory, Node may use ${count(Math.floor(heap / 2 ** 20))} MB; nothing was drawn`,
    ),
    advice: words(
      `设环境变量 NODE_OPTIONS=--max-old-space-size=${megabytes} 后再运行同一条命令，结果不变`,
      `set NODE_OPTIONS=--max-old-space-size=${megabytes} and give the same command again: the result is the same`,
    ),
  });
}
