/** Progress off a terminal: a line now and then, and how far each step came in the end. */
import { afterEach, expect, test, vi } from "vitest";
import { Terminal } from "../../src/cli/terminal.ts";
import { words } from "../../src/text/words.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const READING = words("读取", "reading");
const WRITING = words("写入", "writing");

/** What a run writes to the error stream; time goes on by `after` milliseconds before each step. */
function written(steps: (terminal: Terminal, after: (ms: number) => void) => void): string[] {
  vi.useFakeTimers();
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const terminal = new Terminal({ language: "zh", json: false, quiet: false, redact: false });
  steps(terminal, (ms) => vi.advanceTimersByTime(ms));
  terminal.done();
  return lines;
}

test("the last count of a step is told when the step is over, be it by another step or by the end", () => {
  const lines = written(({ progress }, after) => {
    after(1100);
    progress(READING, 5000);
    after(100);
    progress(READING, 10_000);
    progress(READING, 11_233);
    progress(WRITING, 1, 3);
    after(100);
    progress(WRITING, 3, 3);
  });
  expect(lines).toEqual(["读取… 5000\n", "读取… 11233\n", "写入… 1/3\n", "写入… 3/3\n"]);
});

test("what is over before anybody waits says nothing, and nothing is told twice", () => {
  expect(written(({ progress }) => progress(READING, 5))).toEqual([]);
  const lines = written(({ progress }, after) => {
    after(1100);
    progress(READING, 1, 2);
    after(2100);
    progress(READING, 2, 2);
  });
  expect(lines).toEqual(["读取… 1/2\n", "读取… 2/2\n"]);
});

test.each([
  ["R1", "chouqian -C R1 draw", "chouqian -C R1 draw"],
  ["2019年9月 核查", 'chouqian -C "2019年9月 核查" draw', 'chouqian -C "2019年9月 核查" draw'],
  [".", "chouqian draw", "chouqian draw"],
  [undefined, "chouqian -C 轮次文件夹 draw", "chouqian -C ROUND draw"],
])("advice names the round's folder %s as it was given", (round, zh, en) => {
  const said = (language: "zh" | "en") =>
    new Terminal({ language, json: false, quiet: false, redact: false, round }).say(
      words("chouqian -C 轮次文件夹 draw", "chouqian -C ROUND draw"),
    );
  expect([said("zh"), said("en")]).toEqual([zh, en]);
});
