/** How a record form ends on the phone: the evidence taken, photographs, the conclusion, signatures. */
import type { FormTemplate, Signature } from "../template.ts";
import { relevanceOf } from "./relevance.ts";
import { type Choice, type Group, plain, type Question, type Row } from "./survey.ts";

/** What was taken as evidence, ticked in a list; a photograph is asked for where the template says so. */
export function evidenceRows(template: FormTemplate): { rows: Row[]; choices: Choice[] } {
  const pieces = template.record.evidence.map((piece, i) => ({ ...piece, value: `e${i + 1}` }));
  const conditions = pieces.flatMap((piece) => {
    const relevant = relevanceOf(piece);
    return relevant === undefined ? [] : [`(name != '${piece.value}' or (${relevant}))`];
  });
  const photos = pieces
    .filter(({ photo }) => photo === true)
    .map(
      (piece): Question => ({
        type: "image",
        name: `photo_${piece.value}`,
        label: `照片：${plain(piece.name)}`,
        relevant: relevanceOf(piece),
      }),
    );
  return {
    rows: [
      {
        type: "select_multiple",
        name: "evidence",
        label: "已取得的佐证材料",
        list: "evidence",
        ...(conditions.length === 0 ? {} : { filter: conditions.join(" and ") }),
      },
      ...photos,
      { type: "image", name: "photo_more_1", label: "其他照片一" },
      { type: "image", name: "photo_more_2", label: "其他照片二" },
      { type: "image", name: "photo_more_3", label: "其他照片三" },
    ],
    choices: pieces.map(({ value, name }) => ({ value, label: plain(name) })),
  };
}

/** Who signs on the phone where the template names nobody. */
const SIGNATURES: readonly Signature[] = [
  { label: "核查人员签名（一）", kind: "name" },
  { label: "核查人员签名（二）", kind: "name" },
  { label: "普查员签名", kind: "name" },
  { label: "被核查单位签名", kind: "name" },
  { label: "拒签说明", kind: "refusal" },
];

/** Conclusion and signatures, at the end of the form. */
export function closingGroup({ record }: FormTemplate): Group {
  const signatures = (record.signatures ?? SIGNATURES).map(signatureQuestion);
  return {
    type: "group",
    name: "closing",
    label: "结论与签名",
    rows: [
      { type: "text", name: "conclusion", label: "核查结论", appearance: "multiline" },
      { type: "text", name: "demand", label: "整改要求及期限", appearance: "multiline" },
      ...signatures,
    ],
  };
}

function signatureQuestion({ label, kind }: Signature, index: number): Question {
  const about = { name: `sign_${index + 1}`, label: plain(label) };
  if (kind === "name") return { type: "image", ...about, appearance: "signature" };
  return { type: kind === "date" ? "date" : "text", ...about };
}
