/**
 * Ed25519 keys of those who sign: PEM files with the holder's name in the explanatory text before the key (RFC 7468, 2),
 * which `openssl` passes over.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { canonicalText, digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

export interface NewKey {
  readonly fingerprint: string;
  /** Text of the private key's file. */
  readonly privatePem: string;
  readonly publicPem: string;
}

/** A public key in its PEM form with the name of its holder, and the digest by which people compare it. */
export interface PublicKey {
  readonly name: string | undefined;
  readonly fingerprint: string;
  readonly key: KeyObject;
}

/**
 * Makes a key pair.
 * @throws ChouqianError E-KEY-NAME
 */
export function newKey(name: string): NewKey {
  const holder = canonicalText(name);
  if (holder === "") {
    throw refusal(
      "E-KEY-NAME",
      words("没有写签名人", "the signer's name is empty"),
      words("用 --name 写明", "give --name"),
    );
  }
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    fingerprint: fingerprintOf(publicKey),
    privatePem: `${NAME_LINE}${holder}\n${privateKey.export({ type: "pkcs8", format: "pem" })}`,
    publicPem: publicPem(publicKey, holder),
  };
}

const NAME_LINE = "chouqian-signer: ";

/** Text of a public key's file. */
export function publicPem(key: KeyObject, name: string): string {
  return `${NAME_LINE}${name}\nSHA-256: ${fingerprintOf(key)}\n${key.export({ type: "spki", format: "pem" })}`;
}

/** SHA-256 of the key's SubjectPublicKeyInfo in DER, as `openssl pkey -pubin -outform DER | sha256sum` prints it. */
function fingerprintOf(publicKey: KeyObject): string {
  return digest(publicKey.export({ type: "spki", format: "der" }));
}

/**
 * Reads a private key file.
 * @throws ChouqianError E-KEY-READ, E-KEY-TYPE
 */
export function readPrivateKey(text: string): PublicKey & { readonly privateKey: KeyObject } {
  const privateKey = readingKey(() => createPrivateKey(text));
  const key = createPublicKey(privateKey);
  return { privateKey, key, name: nameIn(text), fingerprint: fingerprintOf(key) };
}

/**
 * Reads a public key file. A private key is refused: it has no business where a public one is asked for.
 * @throws ChouqianError E-KEY-READ, E-KEY-TYPE
 */
export function readPublicKey(text: string): PublicKey {
  const key = readingKey(() => {
    if (text.includes("PRIVATE KEY")) throw new Error("a private key");
    return createPublicKey(text);
  });
  return { key, name: nameIn(text), fingerprint: fingerprintOf(key) };
}

function nameIn(text: string): string | undefined {
  const line = text.split(/\r?\n/).find((each) => each.startsWith(NAME_LINE));
  const name = line === undefined ? "" : canonicalText(line.slice(NAME_LINE.length));
  return name === "" ? undefined : name;
}

function readingKey(read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    throw refusal(
      "E-KEY-READ",
      words("不是密钥文件，或有口令、已损坏", "no key file, or one with a passphrase, or damaged"),
      words(
        "签名用 key new 生成的私钥文件；核对签名用旁边的 .pub 文件",
        "sign with the file made by key new; check with the .pub beside it",
      ),
    );
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw refusal(
    "E-KEY-TYPE",
    words(`密钥种类是 ${key.asymmetricKeyType}，应为 Ed25519`, `the key is ${key.asymmetricKeyType}, not Ed25519`),
    words("用 key new 生成", "make one with key new"),
  );
}

function refusal(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice });
}
