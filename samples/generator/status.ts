/** Operating status of a unit and the reason for any but 运行. */
import type { SourceClass } from "../../src/reference/classes.ts";
import { type Chance, Weighted } from "./chance.ts";
import { REASONS } from "./tables.ts";

type Status = "运行" | "停产" | "关闭" | "其他";

export interface StatusCells {
  readonly status: Status;
  readonly statusReason?: string;
}

export const RUNNING: StatusCells = { status: "运行" };

const SHARES = new Weighted<Status>([
  ["运行", 85],
  ["停产", 6],
  ["关闭", 7],
  ["其他", 2],
]);

/** A status by ordinary shares, with a reason where the unit does not run. */
export function anyStatus(chance: Chance, sourceClass: SourceClass): StatusCells {
  const status = SHARES.pick(chance);
  return status === "运行" ? RUNNING : { status, statusReason: chance.pick(REASONS[sourceClass]?.[status] ?? []) };
}
