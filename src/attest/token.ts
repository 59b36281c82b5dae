/** RFC 3161 time stamps: making a request, reading a response and checking its token. Pure: bytes in, values out. */
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { chainFault, checkSigner, nameOf } from "./token-signer.ts";

const SHA256 = "2.16.840.1.101.3.4.2.1";
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
/** No response is longer: a token with a chain of certificates takes some 10 kB. */
const MOST_BYTES = 1_000_000;

/** What a request asks to be stamped, as hex digits. */
export interface StampRequest {
  readonly imprint: string;
  readonly nonce: string;
}

/** A checked token. */
export interface Stamp {
  /** When the authority says that it saw the digest. ISO 8601 in UTC. */
  readonly genTime: string;
  /** Subject of the certificate that signed. */
  readonly authority: string;
  /** Digest of that certificate's DER bytes. */
  readonly authorityDigest: string;
}

/** A granted response, not yet checked. */
export interface StampResponse extends Partial<StampRequest> {
  readonly imprint: string;
  readonly token: pkijs.SignedData;
  readonly info: pkijs.TSTInfo;
}

/**
 * The DER bytes of a request (`.tsq`) for the SHA-256 of a text, asking for the authority's certificate.
 * @param nonce eight random bytes
 */
export function makeRequest(statement: string, nonce: Uint8Array): Uint8Array {
  // DER integers are signed and without leading zeros: these two bits keep any nonce positive and at full length.
  const positive = Uint8Array.from(nonce, (byte, i) => (i === 0 ? (byte & 0x3f) | 0x40 : byte));
  const request = new pkijs.TimeStampReq({
    version: 1,
    messageImprint: new pkijs.MessageImprint({
      hashAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new asn1js.Null() }),
      hashedMessage: new asn1js.OctetString({ valueHex: bufferOf(Buffer.from(digest(statement), "hex")) }),
    }),
    nonce: new asn1js.Integer({ valueHex: bufferOf(positive) }),
    certReq: true,
  });
  return new Uint8Array(request.toSchema().toBER());
}

/** @throws ChouqianError E-STAMP-FORMAT */
export function readRequest(bytes: Uint8Array): StampRequest {
  const { messageImprint, nonce } = readingAsn1(() => pkijs.TimeStampReq.fromBER(bufferOf(bytes)));
  return { imprint: imprintOf(messageImprint), nonce: integerHex(nonce) ?? "" };
}

/**
 * Reads a response (`.tsr`).
 * @throws ChouqianError E-STAMP-FORMAT where it is none, E-STAMP-REJECTED where the authority refused
 */
export function readResponse(bytes: Uint8Array): StampResponse {
  if (bytes.length > MOST_BYTES) throw noResponse();
  const response = readingAsn1(() => pkijs.TimeStampResp.fromBER(bufferOf(bytes)));
  const { status, statusStrings, failInfo } = response.status;
  if (status !== pkijs.PKIStatus.granted && status !== pkijs.PKIStatus.grantedWithMods) {
    const said = (statusStrings ?? []).map(({ valueBlock }) => valueBlock.value).join(" ");
    const reason = [`status ${status}`, said, failInfo === undefined ? "" : failureName(failInfo)];
    const text = reason.filter((part) => part !== "").join(", ");
    throw new ChouqianError("E-STAMP-REJECTED", {
      message: words(`时间戳机构没有签发：${text}`, `the authority did not grant the stamp: ${text}`),
      advice: words("按机构给出的原因处理后，重新提交 .tsq", "see to the reason and hand in the .tsq again"),
    });
  }
  return readingAsn1(() => {
    if (response.timeStampToken?.contentType !== SIGNED_DATA) throw noResponse();
    const token = new pkijs.SignedData({ schema: response.timeStampToken.content });
    const content = token.encapContentInfo.eContent;
    if (token.encapContentInfo.eContentType !== TST_INFO || content === undefined) throw noResponse();
    const info = pkijs.TSTInfo.fromBER(content.getValue());
    const nonce = integerHex(info.nonce);
    return { token, info, imprint: imprintOf(info.messageImprint), ...(nonce === undefined ? {} : { nonce }) };
  });
}

/**
 * Checks a token against what was asked: digest, nonce, the authority's signature, its certificate's purpose and validity
 * when it signed, and, where certificates of authorities are given, the chain up to one of them (RFC 3161, 2.2 and 2.3;
 * RFC 5816).
 * @throws ChouqianError E-STAMP-DIGEST, E-STAMP-NONCE, E-STAMP-SIGNATURE, E-STAMP-CERTIFICATE, E-STAMP-PURPOSE,
 *   E-STAMP-CHAIN
 */
export async function checkToken(
  response: StampResponse,
  statement: string,
  nonce: string,
  authorities: readonly pkijs.Certificate[],
): Promise<Stamp> {
  const { token, info } = response;
  if (response.imprint !== imprintOfText(statement)) throw otherDigest();
  if (response.nonce !== nonce) throw otherNonce();
  const signer = await checkSigner(token, statement, info.genTime, authorities);
  const fault = authorities.length === 0 ? undefined : await chainFault(token, signer, info.genTime, authorities);
  if (fault !== undefined) {
    throw failedCheck(
      "E-STAMP-CHAIN",
      words(
        `时间戳机构的证书不能追溯到给定的根证书：${fault}`,
        `the authority's certificate does not lead to the one given: ${fault}`,
      ),
      words("核对 --ca 是否为该机构公布的根证书", "check that --ca is the certificate which the authority publishes"),
    );
  }
  return {
    genTime: info.genTime.toISOString(),
    authority: nameOf(signer),
    authorityDigest: digest(new Uint8Array(signer.toSchema().toBER())),
  };
}

/** The refusal of a stamp that was made for another digest. */
export function otherDigest(): ChouqianError {
  return failedCheck(
    "E-STAMP-DIGEST",
    words("时间戳不是为这个摘要签发的", "the stamp was made for another digest"),
    words("请用与 .tsq 对应的 .tsr", "use the .tsr that answers this .tsq"),
  );
}

/** The refusal of a stamp that answers another request for the same digest. */
export function otherNonce(): ChouqianError {
  return failedCheck(
    "E-STAMP-NONCE",
    words("时间戳的随机数与申请不符", "the stamp's nonce is not the request's"),
    words("这是对另一份申请的答复；请用与 .tsq 对应的 .tsr", "it answers another request; use the one for this .tsq"),
  );
}

function failedCheck(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice, exitCode: 3 });
}

/** Reads ASN.1 and turns whatever its parsers throw into a refusal. */
function readingAsn1<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ChouqianError ? error : noResponse();
  }
}

function noResponse(): ChouqianError {
  return new ChouqianError("E-STAMP-FORMAT", {
    message: words("不是 RFC 3161 时间戳文件，或已损坏", "no RFC 3161 time stamp file, or a damaged one"),
    advice: words(
      "应为时间戳机构对 .tsq 的答复（.tsr，二进制）；请重新取得",
      "give the authority's answer to the .tsq (.tsr, binary); fetch it again",
    ),
  });
}

function imprintOfText(statement: string): string {
  return `${SHA256}:${digest(statement)}`;
}

/** Algorithm and digits, so that an equal digest by another algorithm is another imprint. */
function imprintOf({ hashAlgorithm, hashedMessage }: pkijs.MessageImprint): string {
  return `${hashAlgorithm.algorithmId}:${hexOf(hashedMessage.valueBlock.valueHexView)}`;
}

/** Digits of an integer without leading zeros, for encoders differ in them. */
function integerHex(integer: asn1js.Integer | undefined): string | undefined {
  return integer === undefined ? undefined : hexOf(integer.valueBlock.valueHexView).replace(/^(00)+(?=.)/, "");
}

/** PKIFailureInfo of RFC 3161, 2.4.2, by bit. */
const FAILURES: Readonly<Record<number, string>> = {
  0: "badAlg",
  2: "badRequest",
  5: "badDataFormat",
  14: "timeNotAvailable",
  15: "unacceptedPolicy",
  16: "unacceptedExtension",
  17: "addInfoNotAvailable",
  25: "systemFailure",
};

function failureName(failInfo: asn1js.BitString): string {
  const bytes = failInfo.valueBlock.valueHexView;
  const bits = Object.keys(FAILURES).map(Number);
  const bit = bits.find((each) => (((bytes[each >> 3] ?? 0) << (each & 7)) & 0x80) !== 0);
  return bit === undefined ? "" : (FAILURES[bit] ?? "");
}

export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
