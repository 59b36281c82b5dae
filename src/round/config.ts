/** `round.yaml`: who holds the round, its id and name, level, document date, cities. */
import { z } from "zod";
import { findCity } from "../reference/divisions.ts";
import { canonicalText } from "../text/canonical.ts";

/** The draw id of every rehearsal, so that none runs on a real seed (draw-spec, "Seed"). No round is called so. */
export const REHEARSAL = "REHEARSAL";

const line = z.string().transform(canonicalText);

const City = z
  .union([z.string(), z.int().transform(String)], { error: "应为城市名称或代码" })
  .transform((text, context) => {
    const code = findCity(text);
    if (code !== undefined) return code;
    context.issues.push({
      code: "custom",
      input: text,
      message: `不认识的城市“${text}”，应为广东省地级以上市的名称或六位代码`,
    });
    return z.NEVER;
  });

export const RoundConfig = z.strictObject({
  /** Enters the seed; must not change once contributions are made. */
  id: line.pipe(
    z
      .string()
      .min(1, { error: "轮次编号不能为空" })
      .max(60, { error: "轮次编号不超过 60 个字" })
      .refine((id) => id !== REHEARSAL, { error: `轮次编号不能是 ${REHEARSAL}，它是演练专用的` }),
  ),
  name: line.pipe(z.string().min(1, { error: "轮次名称不能为空" }).max(60, { error: "轮次名称不超过 60 个字" })),
  holder: line.default(""),
  level: z.enum(["province", "city"], { error: "level 应为 province（省级）或 city（市级）" }),
  /** Document date `YYYY-MM-DD`; empty leaves a blank to be filled in by hand. */
  date: z
    .union([z.literal(""), z.iso.date({ error: "日期应写成 2019-09-30 的样子，或留空" })], {
      error: "日期应写成 2019-09-30 的样子，或留空",
    })
    .default(""),
  /** Font files of the office for text (仿宋) and titles (小标宋); the shipped 宋 where absent. */
  fonts: z
    .strictObject({
      body: z.string({ error: "写字体文件的路径" }).optional(),
      title: z.string({ error: "写字体文件的路径" }).optional(),
    })
    .default({}),
  /** Codes of the cities to draw from; `all` means every city of the frame. */
  cities: z.union([z.literal("all"), z.array(City).min(1, { error: "至少写一个城市，或写 all" })]).default("all"),
});
export type RoundConfig = z.infer<typeof RoundConfig>;
