/** Files that hold a committed value and its nonce, kept by the party until it discloses them. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { readTextFile } from "../round/round.ts";
import { commitmentTo } from "../seed/derive.ts";
import type { Secret } from "../seed/sealed.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";

export interface CommitOptions {
  readonly by: string;
  readonly secret?: string;
  readonly sealed?: boolean;
  readonly commitment?: string;
}

/**
 * Refuses a sealed contribution that would not stay secret or not be random: a value chosen by hand, a file in the round's
 * folder, which others see.
 * @throws ChouqianError E-SEED-SEALED-VALUE, E-SEED-SECRET-PLACE
 */
export function refuseUnsafeSecret(
  { secret, commitment }: CommitOptions,
  value: string | undefined,
  folder: string,
): void {
  if (value !== undefined || commitment !== undefined) {
    throw new ChouqianError("E-SEED-SEALED-VALUE", {
      message: words("封存的内容由程序随机生成，不能自己写", "a sealed value is made at random, not by hand"),
      advice: words("去掉原值和 --commitment，只写 --by 和 --secret 文件", "give --by and --secret FILE alone"),
    });
  }
  const place = secret === undefined ? ".." : relative(folder, resolve(secret));
  if (place.startsWith("..") || isAbsolute(place)) return;
  throw new ChouqianError("E-SEED-SECRET-PLACE", {
    message: words(
      "封存文件不能放在轮次文件夹里，那里的文件会给人看",
      "the secret must not lie in the round's folder, which others see",
    ),
    advice: words("放到检查组自己保管的地方，如 U 盘", "keep it elsewhere, such as on a stick of your own"),
    at: { file: place },
  });
}

/** A value (random where none is given), its nonce and commitment, and the file they are kept in. */
export function makeSecret({ by, secret }: CommitOptions, value: string | undefined) {
  if (secret === undefined) {
    throw new ChouqianError("E-USAGE-SECRET", {
      message: words("请用 --secret 指定保存原值的文件", "name a file for the value with --secret"),
      advice: words(
        "例如 --secret 汕头承诺.json；没有它以后无法公开",
        "such as --secret mine.json; without it nothing can be disclosed",
      ),
    });
  }
  if (existsSync(secret)) {
    throw new ChouqianError("E-SEED-SECRET-EXISTS", {
      message: words(`${secret} 已存在，不会覆盖`, `${secret} exists and is not overwritten`),
      advice: words("换一个文件名", "choose another file name"),
    });
  }
  const content = { by: canonicalText(by), value: canonicalText(value ?? randomHex()), nonce: randomHex() };
  return { file: secret, content, commitment: commitmentTo(content, content.nonce) };
}

function randomHex(): string {
  return randomBytes(32).toString("hex");
}

/** What a file of a commitment holds; undefined members where it lacks them. */
export function readDisclosed(file: string): {
  by?: string | undefined;
  value: string | undefined;
  nonce: string | undefined;
} {
  try {
    const { by, value, nonce } = JSON.parse(readTextFile(file)) as { by?: string; value?: string; nonce?: string };
    return { by, value, nonce };
  } catch (error) {
    if (error instanceof ChouqianError) throw error;
    throw notASecret(file);
  }
}

/**
 * The secret of a file that `seed commit` wrote.
 * @throws ChouqianError E-SEED-SECRET, E-FILE-READ
 */
export function readSecret(file: string): Secret {
  const { by, value, nonce } = readDisclosed(file);
  if (typeof by !== "string" || typeof value !== "string" || typeof nonce !== "string") throw notASecret(file);
  return { by, value, nonce };
}

function notASecret(file: string): ChouqianError {
  return new ChouqianError("E-SEED-SECRET", {
    message: words(`${file} 不是承诺文件`, `${file} is no file of a commitment`),
    advice: words("指定 seed commit 时生成的文件", "name the file that seed commit wrote"),
  });
}
