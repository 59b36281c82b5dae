/** Bad input of many kinds: each ends in a clear Chinese message, its exit code, no stack trace and no half-written file. */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assetPath } from "../../src/text/assets.ts";
import { chouqian, type Run, type RunOptions, scratchFolder } from "../support/chouqian.ts";
import { LEDGER_HEAD, madeUpCode, SMALL_PLAN, smallLedger } from "../support/ledger.ts";

interface BadCase {
  readonly name: string;
  /** How far the round has come before the bad step. */
  readonly from: Stage;
  /** Spoils something, and returns the command to run (`-C ROUND` is put before it). */
  readonly spoil: (round: string) => readonly string[];
  readonly code: string;
  readonly status?: 2 | 3;
  readonly options?: RunOptions;
  /** Text that the message must hold, besides its code. */
  readonly says?: string;
}

const STAGES = ["empty", "new", "locked", "seeded", "drawn", "formed"] as const;
type Stage = (typeof STAGES)[number];

let scratch = "";
let number = 0;
const stageFolder = (stage: Stage) => join(scratch, stage, "轮次");

beforeAll(async () => {
  scratch = scratchFolder("bad");
  const steps: readonly (readonly [Stage, readonly string[]])[] = [
    ["empty", []],
    ["new", ["new", "轮次", "--template", "provincial", "--name", "测试轮次"]],
    ["locked", ["-C", "轮次", "frame", "lock", "轮次/名录.csv"]],
    ["seeded", ["-C", "轮次", "seed", "add", "--by", "省普查办", "3 6 1 4 2"]],
    ["drawn", ["-C", "轮次", "draw"]],
    ["formed", ["-C", "轮次", "forms"]],
  ];
  let before: string | undefined;
  for (const [stage, args] of steps) {
    const folder = join(scratch, stage);
    if (before === undefined) mkdirSync(folder);
    else cpSync(before, folder, { recursive: true });
    if (args.length > 0) {
      const run = await chouqian(args, { cwd: folder });
      expect(run.status, `${args.join(" ")}\n${run.stderr}`).toBe(0);
    }
    if (stage === "new") {
      writeFileSync(join(folder, "轮次", "plan.yaml"), SMALL_PLAN);
      writeFileSync(join(folder, "轮次", "名录.csv"), smallLedger());
    }
    before = folder;
  }
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const file = (round: string, name: string, content: string | Uint8Array) => {
  writeFileSync(join(round, name), content);
  return join(round, name);
};
const change = (round: string, name: string, edit: (text: string) => string) => {
  const path = join(round, name);
  writeFileSync(path, edit(readFileSync(path, "utf8")));
};
/** The command to run after something was spoilt. */
const after = (_: unknown, command: readonly string[]) => command;
const lock = (round: string, name: string, content: string | Uint8Array) => [
  "frame",
  "lock",
  file(round, name, content),
];
const good = `${madeUpCode(1)},甲厂,工业源,汕头,龙湖区,路,陈某,1,运行\n`;
const zipHead = Buffer.from("504b0304140000000800", "hex");
const setPlan = (text: string) => (round: string) => {
  file(round, "plan.yaml", text);
  return ["draw", "--seed", "20190930"];
};

const CASES: readonly BadCase[] = [
  // Files that are no ledger.
  {
    name: "a file that does not exist",
    from: "new",
    spoil: () => ["frame", "lock", "没有.csv"],
    code: "E-FRAME-NO-FILE",
  },
  {
    name: "a folder without ledgers",
    from: "new",
    spoil: (r) => after(mkdirSync(join(r, "空文件夹")), ["frame", "lock", join(r, "空文件夹")]),
    code: "E-FRAME-NO-FILE",
  },
  { name: "an empty file", from: "new", spoil: (r) => lock(r, "空.csv", ""), code: "E-FRAME-EMPTY-FILE" },
  { name: "white space only", from: "new", spoil: (r) => lock(r, "空白.csv", "\n\n  \n"), code: "E-FRAME-NO-HEADER" },
  { name: "no header", from: "new", spoil: (r) => lock(r, "无表头.csv", good), code: "E-FRAME-NO-HEADER" },
  {
    name: "one column",
    from: "new",
    spoil: (r) => lock(r, "一列.csv", "企业名称\n甲厂\n乙厂\n"),
    code: "E-FRAME-NO-HEADER",
  },
  {
    name: "a header alone",
    from: "new",
    spoil: (r) => lock(r, "只有表头.csv", `${LEDGER_HEAD}\n`),
    code: "E-FRAME-NO-UNITS",
  },
  {
    name: "no column for the class",
    from: "new",
    spoil: (r) => lock(r, "缺列.csv", `${LEDGER_HEAD.replace("污染源类别", "颜色")}\n${good}`),
    code: "E-FRAME-NO-COLUMN",
    says: "污染源类别",
  },
  {
    name: "a PDF named .csv",
    from: "new",
    spoil: (r) => lock(r, "其实是.csv", "%PDF-1.7\n%âãÏÓ\n"),
    code: "E-FRAME-NOT-A-TABLE",
    says: "PDF",
  },
  {
    name: "a picture named .xlsx",
    from: "new",
    spoil: (r) => lock(r, "图片.xlsx", Buffer.from("89504e470d0a1a0a", "hex")),
    code: "E-FRAME-NOT-A-TABLE",
  },
  {
    name: "text named .xlsx",
    from: "new",
    spoil: (r) => lock(r, "文本.xlsx", smallLedger()),
    code: "E-FRAME-NOT-A-TABLE",
  },
  {
    name: "a CSV of a million columns",
    from: "new",
    spoil: (r) => lock(r, "太宽.csv", `${LEDGER_HEAD}\n${",".repeat(999_999)}\n`),
    code: "E-FRAME-CSV",
    says: "第 2 行超过 16384 列",
  },
  {
    name: "NUL bytes",
    from: "new",
    spoil: (r) => lock(r, "空字符.csv", smallLedger().replace("某路1号", "某路\0号")),
    code: "E-FRAME-ENCODING",
    says: "空字符",
  },
  {
    name: "a damaged Parquet file",
    from: "new",
    spoil: (r) => lock(r, "名录.parquet", "PAR1 and nothing else"),
    code: "E-FRAME-PARQUET",
  },
  {
    name: "text named .parquet",
    from: "new",
    spoil: (r) => lock(r, "文本.parquet", smallLedger()),
    code: "E-FRAME-NOT-A-TABLE",
  },
  {
    name: "a mapping file with an unknown field",
    from: "new",
    spoil: (r) => {
      file(r, "mapping.yaml", "columns: { 怪列: x }\n");
      return lock(r, "好.csv", smallLedger());
    },
    code: "E-FRAME-MAPPING",
    says: "怪列",
  },
  {
    name: "a mapping file that is no YAML",
    from: "new",
    spoil: (r) => {
      file(r, "mapping.yaml", "columns: [\n");
      return lock(r, "好.csv", smallLedger());
    },
    code: "E-FRAME-MAPPING",
  },
  {
    name: "an old .xls",
    from: "new",
    spoil: (r) => lock(r, "旧版.xls", Buffer.from("d0cf11e0a1b11ae1", "hex")),
    code: "E-XLSX-NOT-A-WORKBOOK",
  },
  {
    name: "a truncated XLSX",
    from: "new",
    spoil: (r) => lock(r, "残缺.xlsx", Buffer.concat([zipHead, Buffer.alloc(500, 7)])),
    code: "E-XLSX-",
  },
  {
    name: "bytes of no encoding",
    from: "new",
    spoil: (r) => lock(r, "乱码.csv", Buffer.from([0x61, 0x2c, 0xff, 0xff, 0x80, 0x0a])),
    code: "E-FRAME-ENCODING",
  },
  {
    name: "binary content",
    from: "new",
    spoil: (r) => lock(r, "二进制.csv", `${LEDGER_HEAD}\n${good}\0\0`),
    code: "E-FRAME-ENCODING",
  },
  {
    name: "GB18030 forced to be UTF-8",
    from: "new",
    spoil: (r) => [...lock(r, "国标.csv", Buffer.from("c3fbc2bc0ad0f2bac50a", "hex")), "--encoding", "utf-8"],
    code: "E-FRAME-ENCODING",
  },
  {
    name: "a quotation mark that does not close",
    from: "new",
    spoil: (r) => lock(r, "引号.csv", `${LEDGER_HEAD}\n"${good}${good}`),
    code: "E-FRAME-CSV",
    says: "第 2 行",
  },
  {
    name: "a cell of 10 MB",
    from: "new",
    spoil: (r) => lock(r, "巨大.csv", `${LEDGER_HEAD}\n${good.replace("路", "路".repeat(3_500_000))}`),
    code: "E-FRAME-CSV",
  },
  {
    name: "the same file twice",
    from: "new",
    spoil: (r) => ["frame", "lock", join(r, "名录.csv"), join(r, "名录.csv")],
    code: "E-FRAME-SAME-FILE",
  },
  // Rows that cannot be identified or placed.
  {
    name: "an unknown city",
    from: "new",
    spoil: (r) =>
      lock(r, "外市.csv", `${LEDGER_HEAD}\n${good.replace("汕头", "长沙")}${smallLedger().split("\n")[2]}\n`),
    code: "E-FRAME-PROBLEM-ROWS",
    says: "长沙",
  },
  {
    name: "an unknown class",
    from: "new",
    spoil: (r) =>
      lock(r, "怪类.csv", `${LEDGER_HEAD}\n${good.replace("工业源", "核电")}${smallLedger().split("\n")[2]}\n`),
    code: "E-FRAME-PROBLEM-ROWS",
    says: "核电",
  },
  {
    name: "a missing id",
    from: "new",
    spoil: (r) => lock(r, "缺码.csv", `${LEDGER_HEAD}\n${good.slice(18)}${smallLedger().split("\n")[2]}\n`),
    code: "E-FRAME-PROBLEM-ROWS",
    says: "第 2 行",
  },
  {
    name: "a duplicate id",
    from: "new",
    spoil: (r) => lock(r, "重码.csv", `${LEDGER_HEAD}\n${good}${good}`),
    code: "E-FRAME-PROBLEM-ROWS",
    says: "第 3 行",
  },
  {
    name: "ids that a spreadsheet rounded",
    from: "new",
    spoil: (r) =>
      lock(r, "科学.csv", `${LEDGER_HEAD}\n${good.replace(/^\w+/, "9.1E+17")}${smallLedger().split("\n")[2]}\n`),
    code: "E-FRAME-PROBLEM-ROWS",
    says: "科学计数法",
  },
  {
    name: "a --map without a heading",
    from: "new",
    spoil: (r) => ["frame", "lock", join(r, "名录.csv"), "--map", "id"],
    code: "E-USAGE-MAP",
  },
  {
    name: "a --map to a heading that is not there",
    from: "new",
    spoil: (r) => ["frame", "lock", join(r, "名录.csv"), "--map", "id=甲乙丙"],
    code: "E-FRAME-NO-COLUMN",
    says: "甲乙丙",
  },
  // Steps out of order.
  { name: "a folder that is no round", from: "empty", spoil: () => ["status"], code: "E-ROUND-NOT-FOUND" },
  {
    name: "drawing before the frame is locked",
    from: "new",
    spoil: () => ["draw", "--seed", "1"],
    code: "E-FRAME-NOT-LOCKED",
  },
  {
    name: "a seed before the frame is locked",
    from: "new",
    spoil: () => ["seed", "add", "--by", "甲", "1"],
    code: "E-FRAME-NOT-LOCKED",
  },
  {
    name: "locking twice",
    from: "locked",
    spoil: (r) => ["frame", "lock", join(r, "名录.csv")],
    code: "E-FRAME-LOCKED",
  },
  { name: "drawing without a seed", from: "locked", spoil: () => ["draw"], code: "E-SEED-MISSING" },
  { name: "forms before the draw", from: "seeded", spoil: () => ["forms"], code: "E-DRAW-MISSING" },
  { name: "drawing twice", from: "drawn", spoil: () => ["draw"], code: "E-DRAW-DONE" },
  {
    name: "a seed after the draw",
    from: "drawn",
    spoil: () => ["seed", "add", "--by", "乙", "1"],
    code: "E-SEED-AFTER-DRAW",
  },
  { name: "--seed beside a seed record", from: "seeded", spoil: () => ["draw", "--seed", "1"], code: "E-SEED-EXISTS" },
  {
    name: "the same party twice",
    from: "seeded",
    spoil: () => ["seed", "add", "--by", "省普查办", "1"],
    code: "E-SEED-PARTY",
  },
  { name: "an empty seed", from: "locked", spoil: () => ["seed", "add", "--by", "甲", "  "], code: "E-SEED-EMPTY" },
  {
    name: "a commitment after a contribution",
    from: "seeded",
    spoil: (r) => ["seed", "commit", "--by", "甲", "--secret", join(r, "秘.json")],
    code: "E-SEED-ORDER",
  },
  {
    name: "a block that is not there",
    from: "locked",
    spoil: () => ["frame", "export", "440100/industrial"],
    code: "E-FRAME-NO-BLOCK",
  },
  {
    name: "forms of a city that was not drawn",
    from: "drawn",
    spoil: () => ["forms", "--city", "广州"],
    code: "E-FORMS-CITY",
  },
  // Plans and rounds that cannot be.
  {
    name: "a negative quota",
    from: "locked",
    spoil: setPlan(SMALL_PLAN.replace("count: 4", "count: -4")),
    code: "E-PLAN-INVALID",
    says: "第 3 行",
  },
  {
    name: "a quota for an unknown class",
    from: "locked",
    spoil: setPlan(SMALL_PLAN.replace("工业源", "核电站")),
    code: "E-PLAN-INVALID",
    says: "核电站",
  },
  { name: "a plan that is no YAML", from: "locked", spoil: setPlan("method: [ticket\nquotas"), code: "E-PLAN-INVALID" },
  {
    name: "a plan without a rate",
    from: "locked",
    spoil: setPlan("method: ticket\nquotas:\n  - { class: 工业源, by: county, rate: , min: 1 }\n"),
    code: "E-PLAN-INVALID",
    says: "抽取比例",
  },
  {
    name: "an exclusion without a reason",
    from: "locked",
    spoil: setPlan(`${SMALL_PLAN}exclude:\n  - { ids: [A] }\n`),
    code: "E-PLAN-INVALID",
  },
  {
    name: "an exclusion of a unit that is not there",
    from: "locked",
    spoil: setPlan(`${SMALL_PLAN}exclude:\n  - { ids: [A], reason: 已查 }\n`),
    code: "E-PLAN-FRAME",
  },
  {
    name: "a unit that is taken for certain and excluded as well",
    from: "locked",
    spoil: setPlan(
      `method: ticket\nquotas:\n  - { class: 工业源, count: 4, takeAll: { ids: [${madeUpCode(1)}] } }\nexclude:\n  - { ids: [${madeUpCode(1)}], reason: 已查 }\n`,
    ),
    code: "E-PLAN-FRAME",
    says: madeUpCode(1),
  },
  {
    name: "a plan that is gone",
    from: "locked",
    spoil: (r) => after(rmSync(join(r, "plan.yaml")), ["draw", "--seed", "1"]),
    code: "E-PLAN-NOT-FOUND",
  },
  {
    name: "an unknown city in round.yaml",
    from: "locked",
    spoil: (r) =>
      after(
        change(r, "round.yaml", (text) => text.replace("cities: all", "cities: [长沙]")),
        ["draw", "--seed", "1"],
      ),
    code: "E-ROUND-CONFIG",
    says: "长沙",
  },
  {
    name: "an impossible date in round.yaml",
    from: "locked",
    spoil: (r) =>
      after(
        change(r, "round.yaml", (text) => text.replace('date: ""', "date: 2019-02-30")),
        ["draw", "--seed", "1"],
      ),
    code: "E-ROUND-CONFIG",
  },
  {
    name: "a new round over an old one",
    from: "new",
    spoil: (r) => ["new", r, "--template", "provincial"],
    code: "E-ROUND-EXISTS",
  },
  {
    name: "a new round for an unknown city",
    from: "empty",
    spoil: () => ["new", "甲", "--template", "provincial", "--cities", "长沙"],
    code: "E-ROUND-CITY",
  },
  // Things changed behind the program's back.
  {
    name: "a plan changed after sealing",
    from: "seeded",
    spoil: (r) => after(file(r, "plan.yaml", SMALL_PLAN.replace("count: 4", "count: 5")), ["draw"]),
    code: "E-PLAN-CHANGED",
    status: 3,
  },
  {
    name: "a frame changed after locking",
    from: "seeded",
    spoil: (r) =>
      after(
        change(r, "frame/lock.json", (text) => text.replace(/"digest":"./, '"digest":"x')),
        ["draw"],
      ),
    code: "E-FRAME-CHANGED",
    status: 3,
  },
  {
    name: "a frame file that is damaged",
    from: "seeded",
    spoil: (r) => after(file(r, "frame/frame.parquet", "PAR1"), ["draw"]),
    code: "E-FRAME-DAMAGED",
    status: 3,
  },
  {
    name: "a frame changed after the draw",
    from: "drawn",
    spoil: (r) =>
      after(
        change(r, "frame/lock.json", (text) => text.replace('"units":25', '"units":26')),
        ["verify"],
      ),
    code: "lock.json",
    status: 3,
  },
  {
    name: "a journal line changed",
    from: "seeded",
    spoil: (r) =>
      after(
        change(r, "journal.jsonl", (text) => text.replace("frame.locked", "frame.lockeb")),
        ["draw"],
      ),
    code: "E-JOURNAL-BROKEN",
    status: 3,
  },
  {
    name: "a seed record changed",
    from: "seeded",
    spoil: (r) =>
      after(
        change(r, "seed.json", (text) => text.replace('"contributions"', '"contribution"')),
        ["draw"],
      ),
    code: "E-SEED-DAMAGED",
    status: 3,
  },
  {
    name: "a manifest changed before the forms",
    from: "drawn",
    spoil: (r) =>
      after(
        change(r, "draw/manifest.json", (text) => text.replace('"rank":1', '"rank":2')),
        ["forms"],
      ),
    code: "E-MANIFEST-CHANGED",
    status: 3,
  },
  // Usage.
  // Outputs over what is read, over other files, over what a round is proven by.
  {
    name: "a preview over its template",
    from: "new",
    spoil: (r) => {
      const template = file(r, "甲.yaml", readFileSync(assetPath("templates", "forms", "mobile.yaml")));
      return ["templates", "preview", template, "--output", template];
    },
    code: "E-USAGE-OUTPUT",
    says: "正是要读的文件",
  },
  {
    name: "a paper over a file that is no PDF",
    from: "new",
    spoil: (r) => ["templates", "print", "city-summary", "--output", join(r, "名录.csv")],
    code: "E-USAGE-OUTPUT",
    says: "不是 PDF 文件",
  },
  {
    name: "a list of problems over the ledger",
    from: "new",
    spoil: (r) => ["frame", "check", join(r, "名录.csv"), "--output", join(r, ".", "名录.csv")],
    code: "E-USAGE-OUTPUT",
  },
  {
    name: "a mapping over the ledger",
    from: "new",
    spoil: (r) => ["frame", "map", r, "--force", "--output", join(r, "名录.csv")],
    code: "E-USAGE-OUTPUT",
  },
  {
    name: "an option that counts once and is given twice",
    from: "drawn",
    spoil: () => ["verify", "--city", "汕头", "--city", "云浮"],
    code: "E-USAGE-OPTION",
    says: "--city 写了两次",
  },
  {
    name: "a report over the manifest",
    from: "drawn",
    spoil: (r) => ["verify", "--report", join(r, "draw", "manifest.json")],
    code: "E-USAGE-OUTPUT",
    says: "凭据",
  },
  {
    name: "a curve over the certificate",
    from: "drawn",
    spoil: (r) => ["plan", "size", "--population", "300", "--output", join(r, "draw", "抽签见证单.pdf")],
    code: "E-USAGE-OUTPUT",
  },
  { name: "an unknown command", from: "empty", spoil: () => ["抽"], code: "E-USAGE" },
  { name: "an unknown option", from: "new", spoil: () => ["draw", "--sed", "1"], code: "E-USAGE", says: "--sed" },
  { name: "a missing argument", from: "new", spoil: () => ["frame", "lock"], code: "E-USAGE" },
  { name: "an unknown template", from: "empty", spoil: () => ["new", "甲", "--template", "全国"], code: "E-USAGE" },
  {
    name: "a rate above 100%",
    from: "empty",
    spoil: () => ["new", "甲", "--template", "county", "--rate", "120%"],
    code: "E-USAGE-RATE",
  },
];

/** All files below a folder with their content, to see what a run left. */
function snapshot(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => [
      join(entry.parentPath, entry.name),
      readFileSync(join(entry.parentPath, entry.name), "base64"),
    ]),
  );
}

function expectRefusal(run: Run, { code, status = 2, says = "" }: Pick<BadCase, "code" | "status" | "says">): void {
  const said = run.stdout + run.stderr;
  expect(said).toContain(code);
  expect(said).toContain(says);
  expect(said).toMatch(/[\u4e00-\u9fff]{4}/);
  expect(said).not.toMatch(/^\s+at .*[:(]\d+/m);
  expect(run.status, said).toBe(status);
}

describe.concurrent("bad input", () => {
  test.each(CASES)("$name: $code", async (bad) => {
    const folder = join(scratch, `case-${number++}`);
    cpSync(join(stageFolder(bad.from), ".."), folder, { recursive: true });
    const round = bad.from === "empty" ? folder : join(folder, "轮次");
    const args = bad.spoil(round);
    const before = snapshot(folder);
    const run = await chouqian(["-C", round, ...args], { cwd: folder, ...bad.options });
    expectRefusal(run, bad);
    expect(snapshot(folder)).toEqual(before);
  });
});

test("there are more than 60 kinds of bad input", () => {
  expect(CASES.length).toBeGreaterThan(60);
});

const isRoot = process.getuid?.() === 0;

test.skipIf(isRoot || process.platform === "win32")(
  "a read-only folder is refused (skipped for root, who may write anywhere)",
  async () => {
    const folder = join(scratch, "read-only");
    cpSync(join(scratch, "new"), folder, { recursive: true });
    chmodSync(join(folder, "轮次"), 0o500);
    const run = await chouqian(["-C", join(folder, "轮次"), "frame", "lock", join(scratch, "new", "轮次", "名录.csv")]);
    chmodSync(join(folder, "轮次"), 0o700);
    expectRefusal(run, { code: "E-FILE-WRITE" });
  },
);

test.skipIf(process.platform === "win32")(
  "a full disk, simulated by a limit on file size, leaves the round as it was",
  async () => {
    const folder = join(scratch, "full");
    cpSync(join(scratch, "seeded"), folder, { recursive: true });
    const before = snapshot(folder);
    const run = await chouqian(["-C", join(folder, "轮次"), "draw"], { before: "trap '' XFSZ; ulimit -f 4;" });
    expectRefusal(run, { code: "E-FILE-WRITE" });
    expect(snapshot(folder)).toEqual(before);
    expect(existsSync(join(folder, "轮次", "draw"))).toBe(false);
  },
);

test("another process at work on the round is named", async () => {
  const folder = join(scratch, "busy");
  cpSync(join(scratch, "locked"), folder, { recursive: true });
  writeFileSync(join(folder, "轮次", ".lock"), String(process.pid));
  expectRefusal(await chouqian(["-C", join(folder, "轮次"), "draw", "--seed", "1"]), { code: "E-ROUND-BUSY" });
});

test("a lock left by a process that died does not stop the next one", async () => {
  const folder = join(scratch, "dead");
  cpSync(join(scratch, "locked"), folder, { recursive: true });
  writeFileSync(join(folder, "轮次", ".lock"), "4194000");
  expect((await chouqian(["-C", join(folder, "轮次"), "draw", "--seed", "1"])).status).toBe(0);
});

test("a refusal is JSON for scripts, and English where it is asked for", async () => {
  const run = await chouqian(["-C", stageFolder("drawn"), "draw", "--json", "--lang", "en"]);
  expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, error: { code: "E-DRAW-DONE", exitCode: 2 } });
  expect(run.stdout).not.toMatch(/[\u4e00-\u9fff]/);
});
