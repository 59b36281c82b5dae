/** What can be stamped, in words. */
import type { Certificate } from "pkijs";
import { type Words, words } from "../text/words.ts";
import type { Stamped } from "./statement.ts";

/** A certificate that an auditor trusts. */
export type Authority = Certificate;

export const STAMPED_NAMES: Readonly<Record<Stamped, Words>> = {
  frame: words("抽样框", "frame"),
  plan: words("方案", "plan"),
  manifest: words("样本清单", "manifest"),
  journal: words("日志", "journal"),
};
