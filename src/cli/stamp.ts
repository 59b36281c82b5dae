/** `chouqian stamp`: RFC 3161 time stamps by exchange of files. */
import { randomBytes } from "node:crypto";
import { relative } from "node:path";
import { type Command, Option } from "commander";
import { readBytes } from "../attest/stamp-folder.ts";
import { type Authority, STAMPED_NAMES } from "../attest/stamp-words.ts";
import { STAMPED, type Stamped } from "../attest/statement.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";

/** Certificates and time stamps take a package that no other command needs; it loads when a stamp is dealt with. */
const stamping = () => import("../attest/stamps.ts");

/**
 * Certificates of a file named by `--ca`, none where it is not given.
 * @throws ChouqianError E-FILE-READ, E-STAMP-CA
 */
export async function authoritiesOption(ca: string | undefined): Promise<Authority[]> {
  if (ca === undefined) return [];
  const { readCertificates } = await import("../attest/token-signer.ts");
  return readCertificates(readBytes(ca));
}

export function stampCommand(say: Say, language: Language): Command {
  const stamp = makeCommand(
    "stamp",
    say,
    words(
      "时间戳：由外部机构证明抽样框、方案等在何时已经存在",
      "time stamps: an authority attests when something existed",
    ),
    "chouqian -C 2019年9月核查 stamp request",
  );
  stamp.addCommand(requestCommand(say, language));
  stamp.addCommand(addCommand(say, language));
  stamp.addCommand(showCommand(say, language));
  return stamp;
}

function requestCommand(say: Say, language: Language): Command {
  return makeCommand(
    "request",
    say,
    words(
      "写出时间戳申请（.tsq），交给时间戳机构；不写 --of 时，抽签前为抽样框和方案，抽签后为样本清单",
      "write requests (.tsq) for an authority; without --of frame and plan before the draw, the manifest after it",
    ),
    "chouqian -C 2019年9月核查 stamp request --of plan",
  )
    .addOption(
      new Option(
        "--of <what>",
        say(
          "frame 抽样框、plan 方案（同时封存）、manifest 样本清单、journal 日志",
          "frame, plan (seals it), manifest or journal",
        ),
      ).choices(STAMPED),
    )
    .action(async ({ of }: { of?: Stamped }, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const opened = round();
      const { requestStamp, unstamped } = await stamping();
      const kinds = of === undefined ? unstamped(opened) : [of];
      if (kinds.length === 0) throw allRequested();
      const requests: { of: Stamped; digest: string; request: string; statement: string }[] = [];
      for (const kind of kinds) {
        const { digest, files } = await requestStamp(opened, actor, kind, randomBytes(8));
        const shown = (path: string) => relative(opened.folder, path).replaceAll("\\", "/");
        requests.push({ of: kind, digest, request: shown(files.request), statement: shown(files.statement) });
        const name = STAMPED_NAMES[kind];
        terminal.line(
          words(
            `${name.zh} ${digest}\n  申请  ${shown(files.request)}`,
            `${name.en} ${digest}\n  request  ${shown(files.request)}`,
          ),
        );
      }
      terminal.result({ requests });
      if (of === undefined && kinds.includes("frame") && !kinds.includes("plan")) {
        terminal.line(
          words(
            "方案还没有封存：stamp request --of plan 封存方案并写出申请",
            "the plan is not sealed yet: stamp request --of plan seals it and writes its request",
          ),
        );
      }
      terminal.line(
        words(
          "把 .tsq 交给时间戳机构（申请里只有摘要，没有名录内容）；取得 .tsr 后：stamp add 文件.tsr --ca 机构根证书.pem",
          "hand the .tsq to an authority (it holds a digest, nothing of the ledger); then: stamp add FILE.tsr --ca ROOT.pem",
        ),
      );
    });
}

function allRequested(): ChouqianError {
  return new ChouqianError("E-STAMP-NOTHING", {
    message: words("没有尚待申请时间戳的内容", "there is nothing left to request a stamp for"),
    advice: words(
      "先锁定抽样框；要再申请一次，用 --of frame、plan、manifest 或 journal 指明",
      "lock the frame first; to ask once more name it with --of frame, plan, manifest or journal",
    ),
  });
}

function addCommand(say: Say, language: Language): Command {
  return makeCommand(
    "add",
    say,
    words("核对时间戳机构的答复（.tsr）并存入轮次", "check an authority's answer (.tsr) and keep it"),
    "chouqian -C 2019年9月核查 stamp add frame-1.tsr --ca 机构根证书.pem",
  )
    .argument("<file>", say("时间戳机构给出的 .tsr 文件", "the .tsr from the authority"))
    .option("--ca <file>", say("该机构公布的根证书（PEM 或 DER）", "root certificate of the authority (PEM or DER)"))
    .action(async (file: string, { ca }: { ca?: string }, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const { addStamp } = await stamping();
      const added = await addStamp(round(), actor, file, await authoritiesOption(ca));
      terminal.result(added);
      const name = STAMPED_NAMES[added.of];
      terminal.line(
        words(`已收下 ${added.name}：${name.zh} ${added.digest}`, `${added.name}: ${name.en} ${added.digest}`),
      );
      terminal.line(words(`  时间  ${added.genTime}`, `  time  ${added.genTime}`));
      terminal.line(words(`  机构  ${added.authority}`, `  authority  ${added.authority}`));
      if (!added.isAuthorityChecked) {
        terminal.line(
          words(
            "! 机构的身份没有核对：verify 时用 --ca 给出它公布的根证书",
            "! who the authority is was not checked: give its root certificate to verify with --ca",
          ),
        );
      }
    });
}

function showCommand(say: Say, language: Language): Command {
  return makeCommand(
    "show",
    say,
    words("列出时间戳和尚未答复的申请", "list stamps and requests without an answer"),
    "chouqian -C 2019年9月核查 stamp show",
  ).action(async (_: object, self: Command) => {
    const { terminal, round } = contextOf(self, language);
    const { stampsOf } = await stamping();
    const stamps = stampsOf(round());
    terminal.result({ stamps });
    if (stamps.length === 0) {
      terminal.line(words("还没有时间戳；先运行 stamp request", "no stamps yet; run stamp request first"));
      return;
    }
    terminal.table(
      [words("申请", "request"), words("内容", "of"), words("时间", "time"), words("机构", "authority")],
      stamps.map(({ name, of, genTime, authority }) => [
        name,
        terminal.say(STAMPED_NAMES[of]),
        genTime?.replace(".000Z", "Z") ?? terminal.say(words("待答复", "no answer yet")),
        authority ?? "",
      ]),
    );
  });
}
