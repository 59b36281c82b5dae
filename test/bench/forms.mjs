// Times the forms of the sample province (1,407 sources, checklist and record form): pages a second of processor time on one
// core, separate files, two workers, peak memory. The peer in the same run: ReportLab drawing the same tables, its lines
// broken beforehand, in one font of the same design (skipped by name where python3 has no reportlab).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const load = (module) => import(new URL(`../../dist/${module}.js`, import.meta.url).href);

/** What is to be printed, city by city. */
async function tasksOf(folder) {
  const { openRound } = await load("round/round");
  const { readTasks } = await load("forms/tasks");
  return (await readTasks(openRound(folder), undefined)).tasks;
}

async function kindsOf(task) {
  const { checklistKind } = await load("forms/checklist-pdf");
  const { recordKind } = await load("forms/record-pdf");
  const { tailoredForms, templatesOf } = await load("forms/city-forms");
  const forms = tailoredForms(task.sources, templatesOf(task));
  return [checklistKind(forms), recordKind(forms)];
}

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** The parts that are measured, each in a process of its own. */
const PARTS = {
  async province(folder) {
    const { renderForms } = await load("forms/form-pdf");
    const tasks = await tasksOf(folder);
    const startedAt = cpuSeconds();
    const user = process.cpuUsage().user;
    let pages = 0;
    for (const task of tasks) {
      for (const kind of await kindsOf(task)) pages += (await renderForms([kind], task.head, task.sources)).pages;
    }
    const seconds = cpuSeconds() - startedAt;
    return { pages, seconds, user: (process.cpuUsage().user - user) / 1e6 };
  },

  async separate(folder) {
    const { renderForms } = await load("forms/form-pdf");
    const tasks = await tasksOf(folder);
    const startedAt = cpuSeconds();
    let files = 0;
    for (const task of tasks) {
      const kinds = await kindsOf(task);
      for (const source of task.sources) {
        await renderForms(kinds, task.head, [source]);
        files++;
      }
    }
    return { files, seconds: cpuSeconds() - startedAt };
  },

  async workbooks(folder) {
    const { recordWorkbook } = await load("forms/record-workbook");
    const { templatesOf } = await load("forms/city-forms");
    const tasks = await tasksOf(folder);
    const startedAt = cpuSeconds();
    for (const { head: round, title, sources, replaced, ...task } of tasks) {
      const templateOf = templatesOf({ sources, ...task });
      await recordWorkbook({ round, title, sources, templateOf, replaced, layout: "source" });
    }
    return { workbooks: tasks.length, seconds: cpuSeconds() - startedAt };
  },

  async workers(folder, count) {
    const { Workforce } = await load("forms/workers");
    const tasks = await tasksOf(folder);
    const startedAt = performance.now();
    const workforce = new Workforce(Number(count));
    const made = tasks.map((task, i) => {
      const own = join(folder, `bench-${count}-${i}`);
      mkdirSync(own);
      return { ...task, folder: own, forPhones: false, layout: "rows" };
    });
    if (count === "1") for (const task of made) await workforce.make(task);
    else await Promise.all(made.map((task) => workforce.make(task)));
    const seconds = (performance.now() - startedAt) / 1000;
    await workforce.end();
    return { seconds, cpu: cpuSeconds() };
  },

  /** Writes the tables of the forms, cell by cell, as the kit lays them out. */
  async tables(folder, file) {
    const cities = [];
    for (const task of await tasksOf(folder)) {
      for (const kind of await kindsOf(task)) {
        cities.push(task.sources.map((source) => tablesOf(kind.blocks(task.head, source, kind.form(source)))));
      }
    }
    writeFileSync(file, JSON.stringify(cities));
    return { cities: cities.length };
  },
};

/** Blocks as tables: a row group's cells are told by the order in which the kit draws rules and lines of a cell. */
function tablesOf(blocks) {
  const tables = [];
  for (const block of blocks) {
    const cells = recorded(block);
    const last = tables.at(-1);
    if (block.table !== undefined && last?.frame === block.table) last.rows.push({ height: block.height, cells });
    else {
      const rows = [{ height: block.height, cells }];
      const header = block.table?.header;
      if (header !== undefined) rows.unshift({ height: header.height, cells: recorded(header) });
      tables.push({ frame: block.table, isRuled: block.table?.ruled === true, hasHeader: header !== undefined, rows });
    }
  }
  return tables.map(({ isRuled, hasHeader, rows }) => ({ isRuled, hasHeader, rows }));
}

function recorded(block) {
  const cells = [];
  let cell = { left: 0, right: 442, top: 0, bottom: block.height, lines: [], size: 9 };
  const recorder = {
    tag() {},
    ornament() {},
    once: (paint, x, y) => paint(recorder, x, y),
    fill() {},
    fillAll() {},
    // the peer draws none: what they take counts against the kit
    writingLine() {},
    rule(x1, y1, x2, y2) {
      if (y1 === y2) {
        cell = { left: x1, right: x2, top: 0, bottom: y1, lines: [], size: 9 };
        cells.push(cell);
      } else if (x1 === cell.right) cell.top = y1;
    },
    line(line) {
      if (cells.length === 0) cells.push(cell);
      cell.size = line.style.size;
      cell.lines.push(
        line.runs
          .flatMap(({ glyphs }) => glyphs)
          .map(({ codePoint }) => String.fromCodePoint(codePoint))
          .join(""),
      );
    },
  };
  block.paint(recorder, 0, 0);
  return cells;
}

const PEER = `
import io, json, sys, time
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, SimpleDocTemplate, Spacer, Table, TableStyle
MM = 72 / 25.4
cities = json.load(open(sys.argv[1], encoding="utf-8"))
start = time.process_time()
pdfmetrics.registerFont(TTFont("K", sys.argv[2]))

def flowable(table):
    rows = table["rows"]
    if not table["isRuled"]:
        return [Table([["\\n".join(l for c in r["cells"] for l in c["lines"])]], rowHeights=[r["height"]],
                      style=[("FONT", (0, 0), (-1, -1), "K", 9, 12)]) if r["cells"] else Spacer(1, r["height"]) for r in rows]
    edges = sorted({round(e, 2) for r in rows for c in r["cells"] for e in (c["left"], c["right"])})
    column = {e: i for i, e in enumerate(edges)}
    data, heights = [], []
    style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "K", 9, 12), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
             ("LEFTPADDING", (0, 0), (-1, -1), 2.5), ("RIGHTPADDING", (0, 0), (-1, -1), 2.5)]
    for r in rows:
        lines = sorted({round(c["top"], 2) for c in r["cells"]} | {round(c["bottom"], 2) for c in r["cells"]})
        at = {y: i for i, y in enumerate(lines)}
        base = len(data)
        data += [[""] * (len(edges) - 1) for _ in lines[1:]]
        heights += [b - a for a, b in zip(lines, lines[1:])]
        for c in r["cells"]:
            x0, x1 = column[round(c["left"], 2)], column[round(c["right"], 2)] - 1
            y0, y1 = base + at[round(c["top"], 2)], base + at[round(c["bottom"], 2)] - 1
            data[y0][x0] = "\\n".join(c["lines"])
            if x0 != x1 or y0 != y1:
                style.append(("SPAN", (x0, y0), (x1, y1)))
    return [Table(data, colWidths=[b - a for a, b in zip(edges, edges[1:])], rowHeights=heights,
                  repeatRows=1 if table["hasHeader"] else 0, style=TableStyle(style))]

pages = 0
def page(canvas, document):
    global pages
    pages += 1
    canvas.setFont("K", 9)
    canvas.drawString(28 * MM, 265 * MM, "2019")
    canvas.drawString(28 * MM, 30 * MM, str(pages))

for city in cities:
    story = []
    for source in city:
        for table in source:
            story += flowable(table)
        story.append(PageBreak())
    document = SimpleDocTemplate(io.BytesIO(), pagesize=(210 * MM, 297 * MM), leftMargin=24 * MM, rightMargin=22 * MM,
                                 topMargin=33 * MM, bottomMargin=31 * MM)
    document.build(story, onFirstPage=page, onLaterPages=page)
print(json.dumps({"pages": pages, "seconds": time.process_time() - start}))
`;

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.at(0)}: ${stderr || error}`);
  return stdout;
}

function part(name, ...args) {
  return JSON.parse(run(process.execPath, [resolve("test/bench/forms.mjs"), "--part", name, ...args]));
}

function hasReportLab() {
  return spawnSync("python3", ["-c", "import reportlab"]).status === 0;
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), "chouqian-bench-"));
  const round = join(folder, "轮次");
  const step = (...args) => run(process.execPath, [resolve("dist/cli/main.js"), ...args, "--quiet"]);
  const say = (name, value, words) => console.log(`${name.padEnd(16)} ${value.padStart(12)}  ${words}`);
  try {
    step("new", round, "--template", "provincial", "--name", "bench");
    step("-C", round, "frame", "lock", resolve("samples/province-ledger.csv"), "--exclude-problem-rows");
    step("-C", round, "draw", "--seed", "bench");
    const whole = part("province", round);
    const rate = whole.pages / whole.seconds;
    say("province", `${rate.toFixed(0)} pages/s`, `${whole.pages} pages on one core (at least 500)`);
    say("peak", `${whole.megabytes.toFixed(0)} MB`, "(limit 600 MB)");
    if (hasReportLab()) {
      const file = join(folder, "tables.json");
      part("tables", round, file);
      const font = resolve("fonts/LXGWWenKai.ttf");
      const script = join(folder, "peer.py");
      writeFileSync(script, PEER);
      const peer = JSON.parse(run("python3", [script, file, font]));
      const peerRate = peer.pages / peer.seconds;
      const words = `${peer.pages} pages; a page of ours takes ${(peerRate / rate).toFixed(2)} times its time (at most 1)`;
      say("ReportLab", `${peerRate.toFixed(0)} pages/s`, words);
    } else say("ReportLab", "skipped", "python3 has no reportlab here");
    const separate = part("separate", round);
    say(
      "separate files",
      `${(separate.files / separate.seconds).toFixed(0)} files/s`,
      `${separate.files} files (at least 150)`,
    );
    const books = part("workbooks", round);
    say("workbooks", `${books.seconds.toFixed(1)} s`, `${books.workbooks} cities, a sheet a source (limit 20 s)`);
    // One worker alone still has the other core collect its garbage, so that it is bound to one where that can be done.
    const isBound = spawnSync("taskset", ["-c", "0", "true"]).status === 0;
    const alone = [process.execPath, resolve("test/bench/forms.mjs"), "--part", "workers", round, "1"];
    const one = isBound ? JSON.parse(run("taskset", ["-c", "0", ...alone])) : part("workers", round, "1");
    const two = part("workers", round, "2");
    say(
      "two workers",
      `${(one.seconds / two.seconds).toFixed(2)} times`,
      `${one.seconds.toFixed(1)} s${isBound ? " on one core" : ""} and ${two.seconds.toFixed(1)} s with workbooks (at least 1.6 on two free cores)`,
    );
    say("", `${((2 * one.cpu) / two.cpu).toFixed(2)} times`, "by processor time, as two free cores would give");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [flag, name, ...args] = process.argv.slice(2);
if (flag === "--part") {
  const result = await PARTS[name](...args);
  console.log(JSON.stringify({ ...result, megabytes: process.resourceUsage().maxRSS / 1024 }));
} else await main();
