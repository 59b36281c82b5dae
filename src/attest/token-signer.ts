/** Who signed a time-stamp token: its certificate, the purpose of that, the signature and the chain. */
import { createHash, X509Certificate } from "node:crypto";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
/** Attributes that tie a signature to one certificate: RFC 2634 (SHA-1), and RFC 5816 with any digest. */
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const HASHES: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/**
 * The certificate that signed a token, after its signature, its tie to the certificate, validity and purpose were checked.
 * @param others certificates to look among besides the token's own
 * @throws ChouqianError E-STAMP-CERTIFICATE, E-STAMP-SIGNATURE, E-STAMP-PURPOSE
 */
export async function checkSigner(
  token: pkijs.SignedData,
  statement: string,
  at: Date,
  others: readonly pkijs.Certificate[],
): Promise<pkijs.Certificate> {
  const signer = await verifiedSigner(token, statement, others);
  if (!isTied(token, signer)) throw badSignature("signingCertificate");
  if (at < signer.notBefore.value || at > signer.notAfter.value) {
    throw refusal(
      "E-STAMP-CERTIFICATE",
      words("签发时，时间戳机构的证书不在有效期内", "the authority's certificate was not valid when it signed"),
      words("请换用证书有效的时间戳机构", "use an authority with a valid certificate"),
    );
  }
  if (!isForStampsAlone(signer)) {
    throw refusal(
      "E-STAMP-PURPOSE",
      words(
        "签名证书不是专用于时间戳的（扩展密钥用法应只含 timeStamping 并标为关键）",
        "the certificate is not for time stamps alone (extended key usage: timeStamping, critical)",
      ),
      words("这不是时间戳机构的证书；请换用正规的时间戳机构", "it is no time-stamping authority's; use one that is"),
    );
  }
  return signer;
}

async function verifiedSigner(
  token: pkijs.SignedData,
  statement: string,
  others: readonly pkijs.Certificate[],
): Promise<pkijs.Certificate> {
  const [info, ...more] = token.signerInfos;
  if (info?.signedAttrs === undefined || more.length > 0) throw badSignature("signerInfos");
  const type = info.signedAttrs.attributes.find((attribute) => attribute.type === CONTENT_TYPE)?.values[0];
  if (!(type instanceof asn1js.ObjectIdentifier) || type.getValue() !== TST_INFO) throw badSignature("contentType");
  token.certificates = [...(token.certificates ?? []), ...others];
  try {
    const data = new TextEncoder().encode(statement);
    const result = await token.verify({ signer: 0, data: data.buffer as ArrayBuffer, extendedMode: true });
    const { signatureVerified, signerCertificate } = result;
    if (signatureVerified === true && signerCertificate instanceof pkijs.Certificate) return signerCertificate;
    throw badSignature("signature");
  } catch (error) {
    if (error instanceof ChouqianError) throw error;
    const NO_CERTIFICATE = [2, 3];
    if (!(error instanceof pkijs.SignedDataVerifyError) || !NO_CERTIFICATE.includes(error.code)) {
      throw badSignature(error instanceof Error ? error.message : String(error));
    }
    throw refusal(
      "E-STAMP-CERTIFICATE",
      words("时间戳里没有签名者的证书", "the stamp lacks the certificate of its signer"),
      words("用 --ca 给出时间戳机构的证书", "give the authority's certificate with --ca"),
    );
  }
}

/** Whether the signed attributes name the certificate by its digest, so that it cannot be swapped for another. */
function isTied(token: pkijs.SignedData, signer: pkijs.Certificate): boolean {
  const attributes = token.signerInfos[0]?.signedAttrs?.attributes ?? [];
  const tie = attributes.find(({ type }) => type === SIGNING_CERTIFICATE_V2 || type === SIGNING_CERTIFICATE);
  const [first] = membersOf(membersOf(tie?.values[0])[0]);
  const [head, second] = membersOf(first);
  const isAlgorithm = head instanceof asn1js.Sequence;
  const certHash = isAlgorithm ? second : head;
  if (!(certHash instanceof asn1js.OctetString)) return false;
  const [oid] = membersOf(isAlgorithm ? head : undefined);
  const named = oid instanceof asn1js.ObjectIdentifier ? HASHES[oid.getValue()] : undefined;
  const hash = tie?.type === SIGNING_CERTIFICATE ? "sha1" : isAlgorithm ? named : "sha256";
  if (hash === undefined) return false;
  const found = createHash(hash).update(new Uint8Array(signer.toSchema().toBER())).digest();
  return found.equals(Buffer.from(certHash.valueBlock.valueHexView));
}

function membersOf(value: unknown): readonly unknown[] {
  return value instanceof asn1js.Sequence ? value.valueBlock.value : [];
}

/** RFC 3161, 2.3: one purpose, and marked critical. */
function isForStampsAlone({ extensions }: pkijs.Certificate): boolean {
  const usage = extensions?.find(({ extnID }) => extnID === pkijs.id_ExtKeyUsage);
  const purposes = usage?.parsedValue instanceof pkijs.ExtKeyUsage ? usage.parsedValue.keyPurposes : [];
  return usage?.critical === true && purposes.length === 1 && purposes[0] === TIME_STAMPING;
}

/**
 * Why the chain from a signer to one of the given authorities does not hold at a time; undefined where it does.
 * Revocation is not looked up: that needs the network.
 */
export async function chainFault(
  token: pkijs.SignedData,
  signer: pkijs.Certificate,
  at: Date,
  authorities: readonly pkijs.Certificate[],
): Promise<string | undefined> {
  const own = (token.certificates ?? []).filter((each) => each instanceof pkijs.Certificate);
  const between = own.filter((each) => each !== signer && !authorities.includes(each));
  // The engine takes the last certificate for the one to be proved.
  const engine = new pkijs.CertificateChainValidationEngine({
    trustedCerts: [...authorities],
    certs: [...between, signer],
    checkDate: at,
  });
  try {
    const { result, resultMessage } = await engine.verify({ passedWhenNotRevValues: true });
    return result ? undefined : resultMessage;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Certificates of a file, PEM (any number) or DER (one).
 * @throws ChouqianError E-STAMP-CA
 */
export function readCertificates(bytes: Uint8Array): pkijs.Certificate[] {
  const text = Buffer.from(bytes).toString("latin1");
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    const found = (blocks ?? [bytes]).map((block) => new X509Certificate(block).raw);
    return found.map((raw) => pkijs.Certificate.fromBER(Uint8Array.from(raw).buffer));
  } catch {
    throw refusal(
      "E-STAMP-CA",
      words("--ca 的文件不是证书", "the file given by --ca is no certificate"),
      words("请给出 PEM 或 DER 形式的根证书", "give a root certificate as PEM or DER"),
      2,
    );
  }
}

const NAMES: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
};

/** Subject of a certificate in one line, such as `CN=…, O=…`. */
export function nameOf({ subject }: pkijs.Certificate): string {
  return subject.typesAndValues
    .map(({ type, value }) => `${NAMES[type] ?? type}=${String(value.valueBlock.value)}`)
    .reverse()
    .join(", ");
}

function badSignature(detail: string): ChouqianError {
  return refusal(
    "E-STAMP-SIGNATURE",
    words(`时间戳的签名不成立（${detail}）`, `the stamp's signature does not hold (${detail})`),
    words("文件被改动或损坏；请向时间戳机构重新取得", "it was changed or damaged; fetch it from the authority again"),
  );
}

function refusal(code: string, message: Words, advice: Words, exitCode: 2 | 3 = 3): ChouqianError {
  return new ChouqianError(code, { message, advice, exitCode });
}
