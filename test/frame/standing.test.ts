/** A frame's file that stands as locked is known again, beside other work, and is not made twice. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFrame } from "../../src/frame/build.ts";
import { openEngine } from "../../src/frame/engine.ts";
import { namedLedgers } from "../../src/frame/ledger-paths.ts";
import type { FrameLock } from "../../src/frame/lock-record.ts";
import { recomputeLock } from "../../src/frame/recompute.ts";
import { type StandingQuestion, standsAsLocked } from "../../src/frame/standing.ts";
import { NO_VALUE_MAPS } from "../../src/frame/value-maps.ts";
import { canonicalJson, type JsonValue } from "../../src/text/canonical.ts";
import { silent } from "../../src/text/progress.ts";

const LEDGER = `统一社会信用代码,企业名称,污染源类别,地区,县区,地址
91440511MA513YLA1A,甲厂,工业源,汕头,龙湖区,一路1号
91440500192875062E,乙厂,工业源,汕头市,,二路2号
91441224MA4X1Y7741,丙场,农业源,441200,怀集县,三路3号
`;

let folder = "";
let ledger = "";
let lock: FrameLock;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "chouqian-standing-"));
  ledger = join(folder, "ledger.csv");
  writeFileSync(ledger, LEDGER);
  const engine = await openEngine(folder);
  const reading = {
    map: new Map(),
    constants: new Map(),
    values: NO_VALUE_MAPS,
    sheet: undefined,
    encoding: undefined,
  };
  const building = { folder, excludeProblemRows: false };
  const built = await buildFrame(engine, namedLedgers([ledger]), { ...reading, names: new Map() }, building, silent);
  engine.close();
  // As it comes back from its file, whose keys are sorted.
  lock = JSON.parse(canonicalJson(built.lock as unknown as JsonValue));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const question = (): StandingQuestion => ({
  parquet: join(folder, "frame.parquet"),
  columns: lock.columns,
  blocks: lock.blocks,
});

/** What is done on the way, in Chinese. */
async function stepsOf(stands: boolean): Promise<string[]> {
  const steps: string[] = [];
  const known = { parquet: question().parquet, lock, stands: Promise.resolve(stands) };
  const again = await recomputeLock([ledger], lock, known, (label) => steps.push(label.zh));
  expect(again).toEqual(lock);
  return steps;
}

describe("a frame's file", () => {
  test("that stands as locked is not written anew; one that does not is", async () => {
    expect(await stepsOf(true)).not.toContain("写入抽样框");
    expect(await stepsOf(false)).toContain("写入抽样框");
  });

  test("stands only with the units of its lock", async () => {
    const other = lock.blocks.map((block) => ({ ...block, digest: "0".repeat(64) }));
    expect(await standsAsLocked(question())).toBe(true);
    expect(await standsAsLocked({ ...question(), blocks: other })).toBe(false);
    const broken = join(folder, "broken.parquet");
    copyFileSync(ledger, broken);
    expect(await standsAsLocked({ ...question(), parquet: broken })).toBe(false);
    expect(await standsAsLocked({ ...question(), parquet: join(folder, "absent.parquet") })).toBe(false);
  });

  test("is judged alike in a thread of its own, as the built program does with a large one", async () => {
    const built = new URL("../../dist/frame/standing.js", import.meta.url).href;
    const { standsAsLocked: inThread } = (await import(built)) as { standsAsLocked: typeof standsAsLocked };
    expect(await inThread(question(), 0)).toBe(true);
    const fewer = lock.blocks.map((block) => ({ ...block, count: block.count - 1 }));
    expect(await inThread({ ...question(), blocks: fewer }, 0)).toBe(false);
    expect(await inThread({ ...question(), parquet: join(folder, "absent.parquet") }, 0)).toBe(false);
  });
});
