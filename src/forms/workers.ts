/** Makes the forms of several cities at once. Which worker makes a city changes no byte of it. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { HAS_THREADS } from "../round/thread.ts";
import { ChouqianError } from "../text/errors.ts";
import { type CityResult, type CityTask, makeCityForms } from "./city-forms.ts";

/** What a worker answers: a result, or what went wrong in a form that survives the way. */
export type Answer =
  | { readonly result: CityResult }
  | { readonly refusal: Pick<ChouqianError, "code" | "words" | "advice" | "at" | "problems" | "exitCode"> }
  | { readonly defect: string };

/** Each worker holds the fonts for itself, some 200 MB. */
const MOST_BY_DEFAULT = 4;
/** What a city leaves behind is large and soon forgotten: with more room for it, less is tidied up. */
const LIMITS = { maxYoungGenerationSizeMb: 96 };

/** As many workers as there are processors, up to four. */
export function defaultWorkers(): number {
  return Math.min(MOST_BY_DEFAULT, availableParallelism());
}

/** Hands out tasks to workers; `end` lets them go. */
export class Workforce {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  readonly #most: number;

  /** @param workers 1 makes everything in this thread */
  constructor(workers: number) {
    this.#most = HAS_THREADS ? workers : 1;
  }

  async make(task: CityTask): Promise<CityResult> {
    if (this.#most <= 1) return makeCityForms(task);
    const worker = await this.#take();
    try {
      return resultOf(await ask(worker, task));
    } finally {
      this.#give(worker);
    }
  }

  #take(): Worker | Promise<Worker> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length < this.#most) {
      const worker = new Worker(new URL("./worker.js", import.meta.url), { resourceLimits: LIMITS });
      this.#all.push(worker);
      return worker;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
  }

  async end(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, task: CityTask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (answer: Answer): void => {
      worker.off("error", fail);
      resolve(answer);
    };
    const fail = (error: Error): void => {
      worker.off("message", settle);
      reject(error);
    };
    worker.once("message", settle);
    worker.once("error", fail);
    worker.postMessage(task);
  });
}

function resultOf(answer: Answer): CityResult {
  if ("result" in answer) return answer.result;
  if ("defect" in answer) throw new Error(answer.defect);
  const { code, words, advice, at, problems, exitCode } = answer.refusal;
  throw new ChouqianError(code, { message: words, advice, at, problems, exitCode });
}
