/** The one definition of a further form (`templates/papers/*.yaml`): records, ledgers and summaries of a round, any layout. */
import { z } from "zod";
import { FOUND_FILLS } from "./found.ts";
import { Signature, Text, VALUE_TYPES } from "./template.ts";

/** What a round can fill in beforehand: its name, the office that holds it, the city, the document date and so on. */
export const PAPER_FILLS = ["round", "holder", "city", "date", "seed", "manifest", "drawn"] as const;

/** What can be filled into a place to write: by the round, and after an evaluation by what it found. */
const BLANK_FILLS = [...PAPER_FILLS, ...FOUND_FILLS] as const;

/** What a drawn source can fill in beforehand besides the fields of the ledger. */
export const SOURCE_FILLS = ["number", "rank", "role", "stratum"] as const;

/** A label with a place to write. */
const Blank = z.strictObject({
  label: Text,
  type: z.enum(VALUE_TYPES).optional(),
  unit: Text.optional(),
  /** Boxes to tick instead of a place to write. */
  options: z.array(Text).min(2).optional(),
  fill: z.enum(BLANK_FILLS, { error: `fill 可为 ${BLANK_FILLS.join("、")}` }).optional(),
  /** Takes the whole width. */
  wide: z.boolean().optional(),
});
export type Blank = z.infer<typeof Blank>;

const PaperColumn = z.strictObject({
  heading: Text,
  /** Share of the table's width; columns without one are of width 1. */
  width: z.number().positive().optional(),
  type: z.enum(VALUE_TYPES).optional(),
  unit: Text.optional(),
  options: z.array(Text).min(2).optional(),
  /** Where rows are drawn sources: a field of the ledger, or number, rank, role, stratum; where they are classes: see `found.ts`. */
  fill: Text.optional(),
});
export type PaperColumn = z.infer<typeof PaperColumn>;

/** Rows of a table: empty ones, given ones, or one for each drawn source of the city, or for each class and all together. */
const PaperRows = z.union(
  [
    z.strictObject({ blank: z.int().min(1).max(200) }),
    /** The first cells of each row; what is left is empty. */
    z.strictObject({ given: z.array(z.array(z.string())).min(1), blank: z.int().min(0).max(200).optional() }),
    z.strictObject({ from: z.enum(["sources", "classes"]), blank: z.int().min(0).max(200).optional() }),
  ],
  { error: "rows 应为 { blank: 行数 }、{ given: [[…]] } 或 { from: sources }、{ from: classes }" },
);
export type PaperRows = z.infer<typeof PaperRows>;

/** One part of a paper, under its heading. */
const Part = {
  heading: Text.optional(),
};
export const PaperPart = z.union(
  [
    /** Words to read: what to do, agenda, rules. */
    z.strictObject({ ...Part, text: z.array(Text).min(1) }),
    /** Labels with places to write, two in a row. */
    z.strictObject({ ...Part, blanks: z.array(Blank).min(1) }),
    z.strictObject({ ...Part, table: z.strictObject({ columns: z.array(PaperColumn).min(2), rows: PaperRows }) }),
    /** Room for several lines of handwriting. */
    z.strictObject({
      ...Part,
      room: z.strictObject({
        label: Text,
        /** Least height, in millimetres; what the page has left is added. */
        height: z.int().min(10).max(220),
        /** Without lines to write on, for a sketch. */
        plain: z.boolean().optional(),
      }),
    }),
    /** Boxes to tick. */
    z.strictObject({ ...Part, ticks: z.array(Text).min(1) }),
    /** Frames to stick photographs on, each with lines to say what it shows. */
    z.strictObject({
      ...Part,
      photos: z.strictObject({ count: z.int().min(1).max(24), captions: z.array(Text).min(1) }),
    }),
  ],
  { error: "每一部分应写 text、blanks、table、room、ticks、photos 之一" },
);
export type PaperPart = z.infer<typeof PaperPart>;

export const Paper = z.strictObject({
  title: Text,
  /** Table number, in the office's own numbering. */
  number: Text.optional(),
  unitLine: Text.optional(),
  /** What the paper is for and who fills it in. */
  note: Text.optional(),
  orientation: z.enum(["portrait", "landscape"]).optional(),
  /** Is about one unit, whose name is to be written on each further page too. */
  oneUnit: z.boolean().optional(),
  parts: z.array(PaperPart).min(1),
  notes: z.array(Text).optional(),
  signatures: z.array(Signature).min(1).optional(),
});
export type Paper = z.infer<typeof Paper>;
