/** A time-stamping authority on this machine, by OpenSSL: an independent implementation of RFC 3161. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
/** Ends the name of a describe block, so that a skip says why. */
export const opensslNote = hasOpenssl ? "" : " (skipped: no openssl on this machine)";

export interface Authority {
  /** The root certificate, PEM. */
  readonly root: string;
  /** Answers a request file with a response file. */
  readonly answer: (request: string) => Uint8Array;
  /** A granted response around any TSTInfo, signed as CMS by the certificate whatever its purpose. */
  readonly sign: (info: Uint8Array, ...options: string[]) => Uint8Array;
}

const KEYS = {
  rsa: ["-newkey", "rsa:2048"],
  ec: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
} as const;

export interface AuthorityKind {
  readonly key: keyof typeof KEYS;
  /** Extended key usage of the signing certificate, in OpenSSL's words. */
  readonly usage?: string;
  /** Digests that the authority stamps. */
  readonly digests?: string;
  /** Who signs the certificate between the root and itself, if anybody: an authority, or one who is none. */
  readonly between?: "ca" | "signer";
}

/** Makes root and signing certificate in a folder. */
export function makeAuthority(folder: string, kind: AuthorityKind): Authority {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = KEYS[kind.key];
  writeFileSync(at("tsa.cnf"), configuration(kind));
  const root = ["-subj", "/O=时间戳测试/CN=Root", "-utf8", "-keyout", "root.key", "-out", "root.pem", "-days", "30"];
  openssl("req", "-x509", "-config", "tsa.cnf", "-extensions", "ca", "-nodes", ...key, ...root);
  const issue = (name: string, issuer: string, extensions: string) => {
    const subject = ["-subj", `/O=时间戳测试/CN=${name}`, "-utf8", "-keyout", `${name}.key`, "-out", `${name}.csr`];
    openssl("req", "-new", "-config", "tsa.cnf", "-nodes", ...key, ...subject);
    const by = ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-set_serial", String(name.length)];
    const days = ["-days", "20"];
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...by,
      "-out",
      `${name}.pem`,
      ...days,
      "-extfile",
      "tsa.cnf",
      "-extensions",
      extensions,
    );
  };
  if (kind.between !== undefined) issue("between", "root", kind.between);
  issue("tsa", kind.between !== undefined ? "between" : "root", "signer");
  writeFileSync(at("chain.pem"), kind.between !== undefined ? readFileSync(at("between.pem")) : "");
  return {
    root: at("root.pem"),
    answer: (request) => {
      writeFileSync(at("serial"), "01\n");
      const chain = kind.between !== undefined ? ["-chain", "chain.pem"] : [];
      openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", request, "-out", "answer.tsr", ...chain);
      return readFileSync(at("answer.tsr"));
    },
    sign: (info, ...options) => {
      writeFileSync(at("info.der"), info);
      const content = ["-in", "info.der", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-binary", "-nodetach"];
      const signer = ["-signer", "tsa.pem", "-inkey", "tsa.key", "-outform", "DER", "-out", "token.der"];
      openssl("cms", "-sign", ...content, ...signer, ...options);
      return granted(readFileSync(at("token.der")));
    },
  };
}

/** TimeStampResp with status granted (RFC 3161, 2.4.2) around a token. */
function granted(token: Uint8Array): Uint8Array {
  const status = Uint8Array.from([0x30, 0x03, 0x02, 0x01, 0x00]);
  const length = status.length + token.length;
  return Buffer.concat([Uint8Array.from([0x30, 0x82, length >> 8, length & 0xff]), status, token]);
}

function configuration({ usage = "critical,timeStamping", digests = "sha256" }: AuthorityKind): string {
  return `
[ req ]
distinguished_name = name
[ name ]
[ ca ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ signer ]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = ${usage}
[ tsa ]
default_tsa = authority
[ authority ]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = ${digests}
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;
}
