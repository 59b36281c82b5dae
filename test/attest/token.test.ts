/** What OpenSSL's authority grants is accepted; what is forged, swapped or refused is named. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stampStatement } from "../../src/attest/statement.ts";
import { checkToken, makeRequest, readRequest, readResponse } from "../../src/attest/token.ts";
import { readCertificates } from "../../src/attest/token-signer.ts";
import { digest } from "../../src/text/canonical.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { type Authority, type AuthorityKind, hasOpenssl, makeAuthority, opensslNote } from "./authority.ts";

const STATEMENT = stampStatement({ round: "R1", of: "frame", digest: digest("frame") });
const NONCE = Uint8Array.from([255, 1, 2, 3, 4, 5, 6, 7]);

test("what is stamped is the text that the documents state", () => {
  expect(stampStatement({ round: "R1", of: "plan", digest: "00" })).toBe(
    '{"digest":"00","of":"plan","round":"R1","spec":"chouqian-stamp/1"}',
  );
});

test("a request holds the SHA-256 of the text and its nonce, whatever that is", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.uint8Array({ minLength: 8, maxLength: 8 }), (statement, nonce) => {
      const { imprint, nonce: found } = readRequest(makeRequest(statement, nonce));
      expect(imprint).toBe(`2.16.840.1.101.3.4.2.1:${digest(statement)}`);
      expect(found.slice(2)).toBe(Buffer.from(nonce).toString("hex").slice(2));
    }),
  );
});

test("what is no response is refused as such", () => {
  const refused = (bytes: Uint8Array) => {
    try {
      readResponse(bytes);
    } catch (error) {
      return error instanceof ChouqianError ? error.code : error;
    }
    return undefined;
  };
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(refused(bytes)).toBe("E-STAMP-FORMAT");
    }),
  );
  expect(refused(makeRequest(STATEMENT, NONCE))).toBe("E-STAMP-FORMAT");
  expect(refused(new Uint8Array(2_000_000))).toBe("E-STAMP-FORMAT");
  expect(() => readCertificates(Buffer.from("garbage"))).toThrow(/E-STAMP-CA/);
});

describe.skipIf(!hasOpenssl)(`a token of a local authority${opensslNote}`, () => {
  let scratch = "";
  let number = 0;
  let rsa: Authority;
  beforeAll(() => {
    scratch = scratchFolder("token");
    rsa = made({ key: "rsa" });
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const made = (kind: AuthorityKind) => makeAuthority(join(scratch, `authority-${number++}`), kind);
  const request = (statement = STATEMENT, nonce = NONCE) => {
    const file = join(scratch, `request-${number++}.tsq`);
    writeFileSync(file, makeRequest(statement, nonce));
    return file;
  };
  const trusted = ({ root }: Authority) => readCertificates(readFileSync(root));
  const { nonce: asked } = readRequest(makeRequest(STATEMENT, NONCE));
  const check = async (answer: Uint8Array, authorities = trusted(rsa)) =>
    checkToken(readResponse(answer), STATEMENT, asked, authorities);
  /** What the authority states, to be signed again in another way. */
  const statedBy = (authority: Authority) => readResponse(authority.answer(request())).info;
  const derOf = (info: ReturnType<typeof statedBy>) => new Uint8Array(info.toSchema().toBER());

  test.each<AuthorityKind>([{ key: "rsa" }, { key: "ec" }, { key: "ec", between: "ca" }])(
    "of %o is accepted, its chain up to the root",
    async (kind) => {
      const authority = made(kind);
      const before = new Date(Date.now() - 2000).toISOString();
      const stamp = await check(authority.answer(request()), trusted(authority));
      expect(stamp.authority).toBe("CN=tsa, O=时间戳测试");
      expect(stamp.genTime >= before && stamp.genTime <= new Date().toISOString()).toBe(true);
      await expect(check(authority.answer(request()), [])).resolves.toMatchObject({ authority: stamp.authority });
    },
  );

  test("made from the authority's own statement by CMS is accepted too, so that the forgeries below fail for their fault alone", async () => {
    await expect(check(rsa.sign(derOf(statedBy(rsa)), "-cades"))).resolves.toMatchObject({
      authority: "CN=tsa, O=时间戳测试",
    });
  });

  test("for another digest is refused", async () => {
    const answer = rsa.answer(request(stampStatement({ round: "R1", of: "frame", digest: digest("another") })));
    await expect(check(answer)).rejects.toMatchObject({ code: "E-STAMP-DIGEST" });
  });

  test("for another nonce is refused", async () => {
    const answer = rsa.answer(request(STATEMENT, Uint8Array.from([255, 1, 2, 3, 4, 5, 6, 8])));
    await expect(check(answer)).rejects.toMatchObject({ code: "E-STAMP-NONCE" });
  });

  test("that leads to another root, or through one who is no authority, is refused", async () => {
    const other = made({ key: "ec" });
    await expect(check(rsa.answer(request()), trusted(other))).rejects.toMatchObject({ code: "E-STAMP-CHAIN" });
    const between = made({ key: "ec", between: "signer" });
    const answer = between.answer(request());
    await expect(check(answer, trusted(between))).rejects.toMatchObject({ code: "E-STAMP-CHAIN" });
  });

  test.each(["critical,codeSigning", "timeStamping", "critical,timeStamping,codeSigning"])(
    "by a certificate for %s is refused",
    async (usage) => {
      const other = made({ key: "ec", usage });
      const answer = other.sign(derOf(statedBy(rsa)), "-cades");
      await expect(check(answer, trusted(other))).rejects.toMatchObject({ code: "E-STAMP-PURPOSE" });
    },
  );

  test("from before its certificate was valid is refused", async () => {
    const info = statedBy(rsa);
    info.genTime = new Date(Date.UTC(2019, 8, 30));
    await expect(check(rsa.sign(derOf(info), "-cades"))).rejects.toMatchObject({ code: "E-STAMP-CERTIFICATE" });
  });

  test("that is not tied to its certificate, or comes without one, is refused", async () => {
    const info = derOf(statedBy(rsa));
    await expect(check(rsa.sign(info))).rejects.toMatchObject({ code: "E-STAMP-SIGNATURE" });
    const bare = rsa.sign(info, "-cades", "-nocerts");
    await expect(check(bare, [])).rejects.toMatchObject({ code: "E-STAMP-CERTIFICATE" });
  });

  test("that the authority refuses is refused with its reason", async () => {
    const answer = made({ key: "ec", digests: "sha512" }).answer(request());
    await expect(check(answer)).rejects.toThrow(/E-STAMP-REJECTED.*status 2.*badAlg/);
  });

  test("with any bit turned is refused by name, or states the same", async () => {
    const answer = rsa.answer(request());
    const good = await check(answer);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(answer.length * 8 - 1), async (bit) => {
        const changed = Uint8Array.from(answer, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        const outcome = await check(changed).catch((error: unknown) => error);
        if (!(outcome instanceof ChouqianError)) expect(outcome).toEqual(good);
        else seen.add(outcome.code);
        if (outcome instanceof ChouqianError) expect(outcome.code).toMatch(/^E-STAMP-/);
      }),
      { numRuns: 150 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(["E-STAMP-FORMAT", "E-STAMP-SIGNATURE"]));
  });
});
