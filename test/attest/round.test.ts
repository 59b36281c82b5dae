/** Stamps and signatures of a round: taken, kept, checked again, and found where they are forged. */
import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey, readPublicKey } from "../../src/attest/keys.ts";
import { signRound } from "../../src/attest/sign-round.ts";
import { recordedSignatures, signaturesShown } from "../../src/attest/signature-folder.ts";
import { stampFiles } from "../../src/attest/stamp-folder.ts";
import { addStamp, requestStamp, stampsOf, unstamped } from "../../src/attest/stamps.ts";
import type { Stamped } from "../../src/attest/statement.ts";
import { readCertificates } from "../../src/attest/token-signer.ts";
import { drawRound } from "../../src/draw/draw-round.ts";
import { lockFrame } from "../../src/frame/lock-frame.ts";
import { standing } from "../../src/round/epochs.ts";
import { appendEntry, readJournal } from "../../src/round/journal.ts";
import { newRound } from "../../src/round/new-round.ts";
import { type Actor, openRound, type Round } from "../../src/round/round.ts";
import { addContribution } from "../../src/seed/contribute.ts";
import { digest } from "../../src/text/canonical.ts";
import { silent } from "../../src/text/progress.ts";
import { attestFindings, type Trusted } from "../../src/verify/attest-findings.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { type Authority, hasOpenssl, makeAuthority, opensslNote } from "./authority.ts";

const actor: Actor = { name: "测试员", now: () => new Date() };
const READING = {
  map: new Map(),
  constants: new Map(),
  values: { class: new Map(), status: new Map() },
  sheet: undefined,
  encoding: undefined,
  names: new Map(),
};
let scratch = "";
let authority: Authority;
const province = newKey("省普查办");
const city = newKey("市普查办");
let nonces = 0;

/** Asks for a stamp and takes the local authority's answer. */
async function stamped(round: Round, of: Stamped, by: Authority = authority) {
  const { files } = await requestStamp(round, actor, of, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, nonces++]));
  const answer = join(scratch, `answer-${files.name}.tsr`);
  writeFileSync(answer, by.answer(files.request));
  // The authority states whole seconds at most, so its answer never lies after this machine's clock.
  return { files, answer, added: await addStamp(round, actor, answer, readCertificates(readFileSync(by.root))) };
}

function copyOf(name: string): Round {
  const folder = join(scratch, name);
  cpSync(join(scratch, "good"), folder, { recursive: true });
  return openRound(join(folder, "round"));
}

async function outcomes(round: Round, trusted: Trusted = {}) {
  const { entries } = readJournal(readFileSync(round.paths.journal, "utf8"));
  const findings = await attestFindings(round, { entries: standing(entries), all: entries }, trusted);
  return findings.map(({ check, outcome, detail }) => ({ check, outcome, detail: detail.zh }));
}

async function faults(round: Round, trusted: Trusted = {}) {
  return (await outcomes(round, trusted)).filter(({ outcome }) => outcome === "failed");
}

describe.skipIf(!hasOpenssl)(`a round${opensslNote}`, () => {
  const trusted = (): Trusted => ({
    authorities: readCertificates(readFileSync(authority.root)),
    signers: [readPublicKey(province.publicPem), readPublicKey(city.publicPem)],
  });

  beforeAll(async () => {
    scratch = scratchFolder("attest");
    authority = makeAuthority(join(scratch, "authority"), { key: "ec" });
    const folder = join(scratch, "good");
    const template = { template: "provincial", name: "R1", cities: [], rate: undefined } as const;
    const round = newRound(join(folder, "round"), actor, template);
    writeFileSync(round.paths.plan, SMALL_PLAN);
    writeFileSync(join(folder, "名录.csv"), smallLedger());
    await lockFrame(round, actor, [join(folder, "名录.csv")], READING, false, silent);
    await stamped(round, "frame");
    await stamped(round, "plan");
    await addContribution(round, actor, { by: "省普查办", value: "3 6 1 4 2" });
    cpSync(folder, join(scratch, "undrawn"), { recursive: true });
    await drawRound(round, actor, undefined, silent);
    await stamped(round, "manifest");
    cpSync(folder, join(scratch, "unsigned"), { recursive: true });
    await signRound(round, actor, province.privatePem, undefined);
    await signRound(round, actor, city.privatePem, undefined);
    await stamped(round, "journal");
  }, 180_000);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test("that is stamped and signed is proven, with the authority and the keys known from outside", async () => {
    const round = openRound(join(scratch, "good", "round"));
    const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: false, ...trusted() }, silent);
    expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    const checks = findings.map(({ check }) => check);
    const expected = [
      ...Array(4).fill("stamp"),
      ...Array(2).fill("signature"),
      ...Array(2).fill("signer"),
      "certificate",
    ];
    expect(checks.slice(-9)).toEqual(expected);
    expect(findings.find(({ check }) => check === "stamp")?.detail.zh).toContain("先于抽签");
  });

  test("does not claim to know an authority or a signer that nobody has named", async () => {
    const skipped = (await outcomes(copyOf("unknown"))).filter(({ outcome }) => outcome === "skipped");
    expect(skipped.map(({ check }) => check)).toEqual(["stamp-authority", "signers"]);
  });

  test("can be checked by openssl alone", () => {
    const folder = join(scratch, "good", "round");
    const openssl = (...args: string[]) =>
      execFileSync("openssl", args, { cwd: folder, stdio: "pipe", encoding: "utf8" });
    const stamp = ["-data", "stamps/frame-1.json", "-in", "stamps/frame-1.tsr", "-CAfile", authority.root];
    expect(openssl("ts", "-verify", ...stamp)).toContain("Verification: OK");
    const signature = ["-rawin", "-in", "signatures/1.json", "-sigfile", "signatures/1.sig"];
    const key = ["-pubin", "-inkey", "signatures/1.pub"];
    expect(openssl("pkeyutl", "-verify", ...key, ...signature)).toContain("Signature Verified Successfully");
    const der = execFileSync("openssl", ["pkey", "-pubin", "-in", "signatures/1.pub", "-outform", "DER"], {
      cwd: folder,
    });
    expect(digest(der)).toBe(province.fingerprint);
  });

  test("prints its signatures on the certificate, in text and in a code that proves itself", async () => {
    const round = openRound(join(scratch, "good", "round"));
    const text = plainText((await readPdf(Uint8Array.from(readFileSync(round.paths.certificate)))).pages);
    const statement = readFileSync(join(round.paths.signatures, "1.json"), "utf8");
    for (const shown of ["省普查办", "市普查办", province.fingerprint, city.fingerprint]) {
      expect(text.replaceAll(/\s/g, "")).toContain(shown);
    }
    expect(JSON.parse(statement)).toMatchObject({
      spec: "chouqian-signature/1",
      round: "R1",
      signer: "省普查办",
      manifestDigest: digest(readFileSync(round.paths.manifest)),
    });
    const recorded = recordedSignatures(readJournal(readFileSync(round.paths.journal, "utf8")).entries);
    const codes = signaturesShown("R1", digest(readFileSync(round.paths.manifest)), recorded).map(({ code }) => code);
    expect(codes).toHaveLength(2);
    const [, signed = "", signature = ""] = /^chouqian:2:(\{.*\}):([\w-]{86})$/.exec(codes[0] ?? "") ?? [];
    expect(signed).toBe(statement);
    const key = createPublicKey(province.publicPem);
    expect(verify(null, Buffer.from(signed), key, Buffer.from(signature, "base64url"))).toBe(true);
  });

  test("signed twice by the same key from the same state has the same bytes", async () => {
    const [one, two] = ["same-1", "same-2"].map((name) => {
      cpSync(join(scratch, "unsigned"), join(scratch, name), { recursive: true });
      return openRound(join(scratch, name, "round"));
    }) as [Round, Round];
    const [first, second] = [
      await signRound(one, actor, province.privatePem, undefined),
      await signRound(two, actor, province.privatePem, undefined),
    ];
    expect(second).toEqual(first);
    expect(readFileSync(two.paths.certificate).equals(readFileSync(one.paths.certificate))).toBe(true);
    await expect(signRound(one, actor, province.privatePem, undefined)).rejects.toMatchObject({ code: "E-SIGN-DONE" });
  });

  test("refuses keys that cannot sign, and a signer without a name", async () => {
    const round = openRound(join(scratch, "good", "round"));
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
    const nameless = province.privatePem.split("\n").slice(1).join("\n");
    const signed = (text: string) => signRound.bind(undefined, round, actor, text, undefined);
    await expect(async () => signed("garbage")()).rejects.toMatchObject({ code: "E-KEY-READ" });
    await expect(async () => signed(String(rsa))()).rejects.toMatchObject({ code: "E-KEY-TYPE" });
    await expect(async () => signed(nameless)()).rejects.toMatchObject({ code: "E-SIGN-NAME" });
    expect(() => readPublicKey(province.privatePem)).toThrow(/E-KEY-READ/);
    expect(() => newKey(" ")).toThrow(/E-KEY-NAME/);
    const undrawn = openRound(join(scratch, "undrawn", "round"));
    await expect(signRound(undrawn, actor, province.privatePem, undefined)).rejects.toMatchObject({
      code: "E-DRAW-MISSING",
    });
  });

  test("takes no stamp of frame or plan after the draw, none twice, none without a request", async () => {
    const round = copyOf("late");
    await expect(requestStamp(round, actor, "plan", new Uint8Array(8))).rejects.toMatchObject({ code: "E-STAMP-LATE" });
    const { answer, files } = await stamped(round, "journal");
    await expect(addStamp(round, actor, answer, [])).rejects.toMatchObject({ code: "E-STAMP-DONE" });
    expect(stampsOf(round).map(({ name }) => name)).toEqual([
      "frame-1",
      "plan-1",
      "manifest-1",
      "journal-1",
      files.name,
    ]);
    expect(unstamped(round)).toEqual([]);
    const fresh = newRound(join(scratch, "fresh"), actor, {
      template: "provincial",
      name: "R2",
      cities: [],
      rate: undefined,
    });
    await expect(addStamp(fresh, actor, answer, [])).rejects.toMatchObject({ code: "E-STAMP-NO-REQUEST" });
    await expect(requestStamp(fresh, actor, "frame", new Uint8Array(8))).rejects.toMatchObject({
      code: "E-STAMP-NOTHING",
    });
  });

  test("takes no stamp that answers another request, lies in the future or came after the draw", async () => {
    const round = openRound(join(scratch, "undrawn", "round"));
    const asked = await requestStamp(round, actor, "frame", Uint8Array.from([9, 9, 9, 9, 9, 9, 9, 9]));
    const answer = join(scratch, "undrawn.tsr");
    const other = join(scratch, "good", "round", "stamps", "manifest-1.tsr");
    await expect(addStamp(round, actor, other, [])).rejects.toMatchObject({ code: "E-STAMP-DIGEST" });
    writeFileSync(answer, authority.answer(asked.files.request));
    const slow: Actor = { name: "慢钟", now: () => new Date(Date.now() - 3_600_000) };
    await expect(addStamp(round, slow, answer, [])).rejects.toMatchObject({ code: "E-STAMP-CLOCK" });
    await drawRound(round, slow, undefined, silent);
    await expect(addStamp(round, actor, answer, [])).rejects.toMatchObject({ code: "E-STAMP-LATE" });
    expect(existsSync(stampFiles(round, "frame", 2).response)).toBe(false);
  });

  /** Writes the journal anew with a good chain, each line as `edit` gives it, or without it. */
  function rewrite(
    round: Round,
    edit: (entry: ReturnType<typeof readJournal>["entries"][number]) => object | undefined,
  ) {
    const { entries } = readJournal(readFileSync(round.paths.journal, "utf8"));
    const kept = entries.map(edit).filter((entry) => entry !== undefined) as typeof entries;
    writeFileSync(
      round.paths.journal,
      kept.reduce(
        (text, { time, actor: by, event, about }) => appendEntry(text, { time, actor: by, event, about }),
        "",
      ),
    );
  }

  const file = (round: Round, path: string) => join(round.folder, path);
  const turnLastByte = (path: string) => {
    const bytes = readFileSync(path);
    bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    writeFileSync(path, bytes);
  };

  test.each<[string, (round: Round) => void, string, string]>([
    [
      "a turned byte of a stamp",
      (round) => turnLastByte(file(round, "stamps/frame-1.tsr")),
      "stamp",
      "E-STAMP-SIGNATURE",
    ],
    [
      "another stamp in its place",
      (round) => cpSync(file(round, "stamps/plan-1.tsr"), file(round, "stamps/frame-1.tsr")),
      "stamp",
      "E-STAMP-DIGEST",
    ],
    ["a stamp that is gone", (round) => rmSync(file(round, "stamps/plan-1.tsr")), "stamp", "plan-1.tsr"],
    ["a stamped text", (round) => writeFileSync(file(round, "stamps/plan-1.json"), "{}"), "stamp", "与日志不符"],
    [
      "a stamp that nobody recorded",
      (round) => cpSync(file(round, "stamps/plan-1.tsr"), file(round, "stamps/plan-7.tsr")),
      "stamp",
      "没有记录",
    ],
    [
      "a turned byte of a signature",
      (round) => turnLastByte(file(round, "signatures/2.sig")),
      "signature",
      "与日志不符",
    ],
    [
      "another's public key",
      (round) => cpSync(file(round, "signatures/1.pub"), file(round, "signatures/2.pub")),
      "signature",
      "与日志不符",
    ],
    ["a signed text", (round) => writeFileSync(file(round, "signatures/1.json"), "{}"), "signature", "与日志不符"],
    [
      "a signature that nobody recorded",
      (round) => cpSync(file(round, "signatures/1.sig"), file(round, "signatures/9.sig")),
      "signature",
      "没有记录",
    ],
    ["the certificate", (round) => turnLastByte(round.paths.certificate), "certificate", "所记的摘要不符"],
    [
      "the certificate from before the signatures",
      (round) => cpSync(join(scratch, "unsigned", "round", "draw"), round.paths.draw, { recursive: true }),
      "certificate",
      "所记的摘要不符",
    ],
    [
      "a journal rewritten with a good chain and an earlier draw",
      (round) =>
        rewrite(round, (entry) => (entry.event === "drawn" ? { ...entry, time: "2019-09-30T01:00:00.000Z" } : entry)),
      "stamp",
      "晚于抽签",
    ],
    [
      "a journal rewritten with a good chain and another actor",
      (round) => rewrite(round, (entry) => (entry.seq === 2 ? { ...entry, actor: "别人" } : entry)),
      "signature",
      "日志被改写",
    ],
    [
      "a journal from which a signature was taken",
      (round) => rewrite(round, (entry) => (entry.about.signer === "市普查办" ? undefined : entry)),
      "signer",
      "没有用公钥",
    ],
    [
      "a journal rewritten so that another has signed",
      (round) =>
        rewrite(round, (entry) =>
          entry.about.signer === "市普查办" ? { ...entry, about: { ...entry.about, signer: "别人" } } : entry,
        ),
      "signature",
      "与日志不符",
    ],
  ])("betrays %s", async (name, forge, check, said) => {
    const round = copyOf(`forged-${name}`);
    expect(await faults(round, trusted())).toEqual([]);
    forge(round);
    const found = await faults(round, trusted());
    expect(found.filter((each) => each.check === check && each.detail.includes(said))).not.toEqual([]);
  });

  test("by another authority, or signed by another key, is not taken for the one that was named", async () => {
    const other = makeAuthority(join(scratch, "other"), { key: "ec" });
    const elsewhere = { authorities: readCertificates(readFileSync(other.root)), signers: [] };
    const found = await faults(copyOf("elsewhere"), elsewhere);
    expect(found.map(({ check }) => check)).toEqual(["stamp", "stamp", "stamp", "stamp"]);
    expect(found[0]?.detail).toContain("E-STAMP-CHAIN");
    const stranger = { signers: [readPublicKey(newKey("省普查办").publicPem)] };
    expect((await faults(copyOf("stranger"), stranger)).map(({ check }) => check)).toEqual(["signer"]);
  });

  test("keeps its signatures while its journal goes on", async () => {
    const round = copyOf("goes-on");
    const text = readFileSync(round.paths.journal, "utf8");
    const more = {
      time: actor.now().toISOString(),
      actor: "测试员",
      event: "forms.written" as const,
      about: { cities: [] },
    };
    writeFileSync(round.paths.journal, appendEntry(text, more));
    expect(await faults(round, trusted())).toEqual([]);
    // There is something new to sign now; the certificate shows the key's latest signature alone.
    await signRound(round, actor, province.privatePem, undefined);
    expect(await faults(round, trusted())).toEqual([]);
  });
});
