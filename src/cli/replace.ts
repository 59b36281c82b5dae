/** `chouqian replace`: replaces a unit of the sample by the next of its stratum, undoes that, or lists what was replaced. */
import type { Command } from "commander";
import { newcomerTeams } from "../assign/newcomer-teams.ts";
import { RULE_WORDS } from "../assign/rules.ts";
import { type CurrentSample, FATE_NAMES, type Replacement } from "../draw/replacement.ts";
import { stratumInWords } from "../draw/strata.ts";
import { REASONS, REPLACEMENT_REASONS } from "../reference/replacement-reasons.ts";
import { evidenceInWords } from "../replace/evidence.ts";
import { type Papers, refreshCurrentList } from "../replace/papers.ts";
import { replaceUnit, undoReplacement } from "../replace/replace-round.ts";
import type { Recorded } from "../round/recorded.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, type Words, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayMissing } from "./shared.ts";
import { sayStaleSinceChange } from "./stale-forms.ts";
import type { Terminal } from "./terminal.ts";

interface Flags {
  readonly reason?: string;
  readonly evidence?: string[];
  readonly despiteRecord?: string;
  readonly undo?: boolean;
}

const LIST = "list";

export function replaceCommand(say: Say, language: Language): Command {
  const reasons = REPLACEMENT_REASONS.map((code) => say(REASONS[code].name.zh, code)).join(say("、", ", "));
  return makeCommand(
    "replace",
    say,
    words(
      "替换确实无法核查的样本单位，由该层下一家递补，不作挑选；不写单位则列出全部替换",
      "replace a unit of the sample by the next of its stratum; without a unit, list all replacements",
    ),
    "chouqian -C 2019年9月核查 replace 91440500MA4X8K2R71 --reason 不存在 --evidence 注销证明.pdf",
  )
    .argument("[unit]", say("样本单位的代码", "id of the unit"))
    .option("--reason <reason>", say(`理由：${reasons}；撤销时写原因`, `${reasons}; with --undo: why`))
    .option("--evidence <evidence...>", say("佐证：说明文字或文件，可写多个", "evidence: words or files"))
    .option(
      "--despite-record <why>",
      say(
        "退出样本的单位已有或有过核查记录的，写为何仍退出；评定会列出",
        "why a unit leaves that has or had a record; the evaluation tells it",
      ),
    )
    .option("--undo", say("撤销这个单位的替换（由后往前）", "take back this unit's replacement"))
    .action(async (unit: string | undefined, flags: Flags, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      if (unit === undefined || unit === LIST) {
        refuseStrayFlags(flags);
        sayAll(await refreshCurrentList(round()), terminal);
        return;
      }
      if (flags.undo === true) {
        if (flags.evidence !== undefined) throw stray("--evidence");
        const asked = { unit, reason: flags.reason, despiteRecord: flags.despiteRecord };
        const opened = round();
        const { replacement, lost, papers } = await undoReplacement(opened, actor, asked, terminal.progress);
        terminal.done();
        const returned = { undone: replacement.unit, returned: replacement.by?.id ?? null, recorded: lost ?? null };
        terminal.result({ ...returned, ...shownPapers(papers) });
        const by =
          replacement.by === undefined ? "" : `，${replacement.by.id} 退回第 ${replacement.by.rank} 位，下次仍由它递补`;
        const byEn = replacement.by === undefined ? "" : `; ${replacement.by.id} is the next again`;
        terminal.line(
          words(
            `✓ 已撤销：${replacement.unit} 回到样本${by}`,
            `✓ undone: ${replacement.unit} is in the sample again${byEn}`,
          ),
        );
        if (lost !== undefined && replacement.by !== undefined) sayLost(replacement.by.id, lost, terminal);
        sayPapers(papers, terminal);
        await sayStaleSinceChange(opened, terminal);
        return;
      }
      const { reason, evidence = [], despiteRecord } = flags;
      const asked = { unit, reason, evidence, despiteRecord };
      const opened = round();
      const { replacement, papers } = await replaceUnit(opened, actor, asked, terminal.progress);
      terminal.done();
      terminal.result({ ...shown(replacement), ...shownPapers(papers) });
      sayReplaced(replacement, terminal);
      sayTeam(replacement, await newcomerTeams(opened), terminal);
      sayPapers(papers, terminal);
      await sayStaleSinceChange(opened, terminal);
    });
}

/** Who goes there, where inspectors are assigned: the replaced unit's team, unless a rule forbids it. */
function sayTeam({ by }: Replacement, teams: Awaited<ReturnType<typeof newcomerTeams>>, terminal: Terminal): void {
  if (by === undefined || !teams.has(by.id)) return;
  const team = teams.get(by.id);
  if (team === undefined) {
    terminal.line(words("  ! 按回避和专长规则，没有一组能查递补单位", "  ! no team may inspect the replacement"));
    return;
  }
  const why = team.forbidden.map((rule) => RULE_WORDS[rule]);
  terminal.line(
    words(
      `  由第 ${Number(team.team.slice(1))} 组去查${why.length > 0 ? `（原组不能查：${why.map(({ zh }) => zh).join("、")}）` : "（原组）"}`,
      `  team ${team.team}${why.length > 0 ? ` (the other's may not: ${why.map(({ en }) => en).join(", ")})` : ""}`,
    ),
  );
}

function sayReplaced({ unit, by, stratum, isExtended, reason, recorded }: Replacement, terminal: Terminal): void {
  const { zh, en } = REASONS[reason].name;
  terminal.line(words(`✓ 已替换：${unit}，理由：${zh}`, `✓ replaced: ${unit}, ${en}`));
  if (recorded !== undefined) sayLost(unit, recorded, terminal);
  if (by === undefined) {
    terminal.line(
      words(
        `  ${stratumInWords(stratum)}已无单位可递补，列为缺额`,
        `  ${stratum} holds no further unit: its sample is one short`,
      ),
    );
    return;
  }
  const name = terminal.voice.redact ? "" : ` ${by.name}`;
  const extended = isExtended
    ? words("（备选已用完，按同一种子顺延）", " (reserves are used up: the ranking goes on)")
    : words("", "");
  terminal.line(
    words(
      `  递补：${by.id}${name}，${stratumInWords(stratum)}第 ${by.rank} 位${extended.zh}`,
      `  by: ${by.id}${name}, rank ${by.rank} of ${stratum}${extended.en}`,
    ),
  );
}

function sayLost(unit: string, { day, dropped }: Recorded, terminal: Terminal): void {
  terminal.line(
    dropped === undefined
      ? words(
          `  ! ${unit} 在 ${day} 导入的核查记录不再计入，评定会列出`,
          `  ! the record of ${unit} imported on ${day} counts no longer; the evaluation tells so`,
        )
      : words(
          `  ! ${unit} 的核查记录 ${day} 导入、${dropped.day} 撤回，评定会列出`,
          `  ! the record of ${unit}, imported on ${day}, was taken back on ${dropped.day}; the evaluation tells so`,
        ),
  );
}

function sayPapers({ city, hasForms, kept, missingCharacters }: Papers, terminal: Terminal): void {
  terminal.line(words("  replace/样本现状.xlsx 已更新", "  replace/样本现状.xlsx is up to date"));
  if (!hasForms) {
    terminal.line(
      words("  核查表还没有制作：chouqian -C 轮次文件夹 forms", "  make the forms: chouqian -C ROUND forms"),
    );
    return;
  }
  terminal.line(words(`  ${city}的核查表已重做，在 forms/${city}`, `  new forms: forms/${city}`));
  for (const path of kept) {
    terminal.line(words(`  原来填写或改动过的，留在 ${path}`, `  what had been filled in or changed is kept: ${path}`));
  }
  sayMissing(terminal, missingCharacters);
}

function sayAll(sample: CurrentSample, terminal: Terminal): void {
  const { replacements, strata, undone } = sample;
  const missing = strata.filter((stratum) => stratum.missing > 0).map(({ key, missing: short }) => ({ key, short }));
  terminal.result({ replacements: replacements.map(shown), missing, undone });
  if (replacements.length === 0) terminal.line(words("没有替换过单位", "nothing was replaced"));
  for (const { unit, by, reason, stratum, evidence, recorded } of replacements) {
    const shownEvidence = terminal.voice.redact ? "" : `；${evidenceInWords(evidence)}`;
    const despite = recorded === undefined ? words("", "") : despiteInWords(recorded, terminal);
    terminal.line(
      words(
        `${unit} → ${by?.id ?? FATE_NAMES.exhausted.zh}\n  ${stratumInWords(stratum)}；${REASONS[reason].name.zh}${shownEvidence}${despite.zh}`,
        `${unit} → ${by?.id ?? FATE_NAMES.exhausted.en}\n  ${stratum}; ${REASONS[reason].name.en}${shownEvidence}${despite.en}`,
      ),
    );
  }
  for (const { unit, returned, recorded } of undone) {
    const despite = despiteInWords(recorded, terminal);
    terminal.line(
      words(
        `${unit} 退出：${returned} 的替换已撤销${despite.zh}`,
        `${unit} left: the replacement of ${returned} was undone${despite.en}`,
      ),
    );
  }
  if (replacements.length === 0) return;
  const short = missing.reduce((sum, each) => sum + each.short, 0);
  const tail = short > 0 ? words(`，${short} 家无可替换，列为缺额`, `, ${short} without a replacement`) : words("", "");
  terminal.line(words(`共替换 ${replacements.length} 家${tail.zh}`, `${replacements.length} replaced${tail.en}`));
}

/** The record of a unit that left the sample, and why it left all the same. */
function despiteInWords({ day, dropped, why }: Recorded, { voice }: Terminal): Words {
  const reason = voice.redact || why === "" ? words("", "") : words(`：${why}`, `: ${why}`);
  return dropped === undefined
    ? words(`\n  已有 ${day} 导入的记录，仍退出${reason.zh}`, `\n  though recorded on ${day}${reason.en}`)
    : words(
        `\n  记录 ${day} 导入、${dropped.day} 撤回，仍退出${reason.zh}`,
        `\n  though recorded on ${day} and taken back on ${dropped.day}${reason.en}`,
      );
}

function shown({ unit, by, reason, stratum, evidence, isExtended, recorded }: Replacement): object {
  const successor = { replacement: by?.id ?? null, rank: by?.rank ?? null };
  return { unit, ...successor, stratum, reason, evidence, isExtended, recorded: recorded ?? null };
}

function shownPapers({ city, hasForms, kept }: Papers): object {
  return { city, forms: hasForms, kept };
}

function refuseStrayFlags({ reason, evidence, despiteRecord, undo }: Flags): void {
  if (undo === true) throw stray("--undo");
  if (reason !== undefined) throw stray("--reason");
  if (evidence !== undefined) throw stray("--evidence");
  if (despiteRecord !== undefined) throw stray("--despite-record");
}

function stray(option: string): ChouqianError {
  return new ChouqianError("E-USAGE-OPTION", {
    message: words(`这里不能用 ${option}`, `${option} has no place here`),
    advice: words(
      "替换：replace 单位代码 --reason 理由 --evidence 佐证；撤销：replace 单位代码 --undo --reason 原因",
      "replace UNIT --reason REASON --evidence …; replace UNIT --undo --reason WHY",
    ),
  });
}
