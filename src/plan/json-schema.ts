/** The JSON Schema of `plan.yaml`, for editors that complete and check it. */
import { z } from "zod";
import { Plan } from "./plan.ts";

/** Draft 2020-12, as text; rules that go across several keys are checked by `plan check` alone. */
export function planJsonSchema(): string {
  const schema = z.toJSONSchema(Plan, { io: "input", unrepresentable: "any" });
  return `${JSON.stringify({ title: "chouqian plan.yaml", ...schema }, null, 2)}\n`;
}
