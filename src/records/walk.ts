/** Finds filled forms in a sheet without marks: by its head row, its labels and its indicator codes, wherever they stand. Pure. */
import { CODE } from "../forms/record-marks.ts";
import { canonicalCode } from "../text/canonical.ts";
import type { Place } from "../text/errors.ts";
import { fault } from "./faults.ts";
import {
  type Claim,
  type FilledArea,
  type FilledItem,
  type FilledRow,
  type FilledSheet,
  type FilledSource,
  type FilledValue,
  HEAD_PARTS,
  type HeadPart,
  ITEM_PARTS,
  type ItemPart,
} from "./filled.ts";
import {
  AREA_HEADINGS,
  type AreaHeading,
  columnsOf,
  headingIn,
  LABELS,
  type Label,
  TABLE_HEADINGS,
  type TableHeading,
} from "./headings.ts";
import { HEAD_NAMES, PART_NAMES, placeOf, RESULT_NAME, some } from "./places.ts";
import { readOutcome } from "./values.ts";

/** What someone meant for a code. */
const LIKE_CODE = /^[A-Z]{1,2}\d{2,4}[-.\d]/;
const DIGEST = /样本清单摘要\D{0,10}([0-9a-f]{16,64})/;

/** What the workbook's hidden sheet says: its round and draw, and the units of each sheet by its name. */
export interface WorkbookIdentity {
  readonly claim: Claim;
  readonly units: ReadonlyMap<string, readonly string[]>;
}

/** A source that is being read. */
interface Draft {
  unit: FilledValue | undefined;
  manifest: string | undefined;
  readonly at: Place;
  readonly head: Partial<Record<HeadPart, FilledValue>>;
  readonly items: FilledItem[];
  readonly faults: FilledSource["faults"][number][];
}

/** Goes over a sheet without marks from top to bottom. */
export class Walk {
  readonly #file: string;
  readonly #sheet: FilledSheet;
  readonly #identity: WorkbookIdentity | undefined;
  /** Sheets of one source each, and tables of several: those by unit. */
  readonly #drafts: Draft[] = [];
  readonly #byUnit = new Map<string, Draft>();
  readonly #areas: FilledArea[] = [];
  readonly #paper: Partial<Record<AreaHeading, FilledValue>> = {};
  #current: Draft | undefined;
  #columns: Partial<Record<TableHeading, number>> | undefined;
  #areaColumns: Partial<Record<AreaHeading, number>> | undefined;

  constructor(file: string, sheet: FilledSheet, identity: WorkbookIdentity | undefined) {
    this.#file = file;
    this.#sheet = sheet;
    this.#identity = identity;
  }

  take(of: FilledRow): void {
    const { row, cells } = of;
    const columns = columnsOf(TABLE_HEADINGS, cells);
    if (columns.code !== undefined && (columns.found ?? columns.ruling ?? columns.result) !== undefined) {
      if (this.#columns !== undefined && columns.unit === undefined) this.#current = undefined;
      this.#columns = columns;
      if (columns.unit === undefined) this.#current ??= this.#begin(row);
      return;
    }
    const areas = columnsOf(AREA_HEADINGS, cells);
    if (areas.area !== undefined && areas.listed !== undefined && areas.found !== undefined) {
      this.#areaColumns = areas;
      return;
    }
    if (this.#columns?.unit !== undefined) this.#takeFlat(of, this.#columns);
    else if (this.#areaColumns !== undefined) this.#takeArea(row, cells, this.#areaColumns);
    else if (!this.#takeItem(of)) this.#takeLabels(row, cells);
  }

  end(): { readonly sources: readonly FilledSource[]; readonly areas: readonly FilledArea[] } {
    const { area, listed, found } = this.#paper;
    if (area !== undefined && (listed ?? found) !== undefined) this.#areas.push({ at: area.at, values: this.#paper });
    // an index of sources has their ids and outcomes as headings; a form without indicators says what became of the visit
    const sources = this.#drafts.filter(
      ({ items, faults, unit, head }) =>
        items.length > 0 ||
        faults.length > 0 ||
        (unit !== undefined && readOutcome(head.outcome?.text ?? "") !== undefined),
    );
    return { sources: sources.map((draft) => this.#finished(draft, sources.length)), areas: this.#areas };
  }

  #place(row: number, column?: number, heading?: string): Place {
    return placeOf(this.#file, this.#sheet, row, column, heading);
  }

  #begin(row: number): Draft {
    const draft: Draft = {
      unit: undefined,
      manifest: undefined,
      at: this.#place(row),
      head: {},
      items: [],
      faults: [],
    };
    this.#drafts.push(draft);
    return draft;
  }

  /** A row of the table that a sheet of one source has; false where it is none. */
  #takeItem(row: FilledRow): boolean {
    if (this.#columns === undefined || this.#current === undefined) return false;
    const item = this.#itemOf(row, this.#columns, this.#current);
    if (item !== undefined) this.#current.items.push(item);
    return item !== undefined;
  }

  #itemOf(
    { row, cells, formulas }: FilledRow,
    columns: Partial<Record<TableHeading, number>>,
    draft: Draft,
  ): FilledItem | undefined {
    const text = cells[columns.code ?? -1] ?? "";
    const code = canonicalCode(text).replace(/\s/g, "");
    if (!CODE.test(code)) {
      if (!LIKE_CODE.test(code)) return undefined;
      const at = { ...this.#place(row, columns.code, "指标代码"), value: text };
      draft.faults.push(fault("E-RECORDS-CODE", "指标代码不成形", "this is no indicator's code", at));
      return undefined;
    }
    const columnOf = (part: ItemPart) => (part === "ruling" ? (columns.ruling ?? columns.result) : columns[part]);
    const nameOf = (part: ItemPart) =>
      part === "ruling" && columns.ruling === undefined ? RESULT_NAME : PART_NAMES[part];
    const isTyped = columns.ruling !== undefined && !formulas?.includes(columns.result ?? -1);
    const typedResult = isTyped ? this.#value(row, cells, columns.result, RESULT_NAME) : undefined;
    return {
      code,
      at: this.#place(row),
      values: some(ITEM_PARTS, (part) => this.#value(row, cells, columnOf(part), nameOf(part))),
      cells: some(ITEM_PARTS, (part) => this.#place(row, columnOf(part)).cell),
      ...(typedResult === undefined ? {} : { typedResult }),
    };
  }

  #value(row: number, cells: readonly string[], column: number | undefined, name: string): FilledValue | undefined {
    const text = cells[column ?? -1] ?? "";
    return text.trim() === "" ? undefined : { text, at: this.#place(row, column, name) };
  }

  /** A row of a table that holds the indicators of several units. */
  #takeFlat(of: FilledRow, columns: Partial<Record<TableHeading, number>>): void {
    const { row, cells } = of;
    if (cells.every((cell) => cell.trim() === "")) return;
    const unit = this.#value(row, cells, columns.unit, "单位代码");
    const id = canonicalCode(unit?.text ?? "");
    let draft = this.#byUnit.get(id);
    if (draft === undefined) {
      draft = this.#begin(row);
      draft.unit = unit;
      this.#byUnit.set(id, draft);
    }
    for (const part of HEAD_PARTS) {
      const value =
        part === "conclusion" || part === "note" ? undefined : this.#value(row, cells, columns[part], HEAD_NAMES[part]);
      if (value !== undefined) draft.head[part] ??= value;
    }
    const item = this.#itemOf(of, columns, draft);
    if (item !== undefined) draft.items.push(item);
    else if ((cells[columns.code ?? -1] ?? "").trim() !== "" && !draft.faults.some(({ at }) => at.row === row)) {
      const at = { ...this.#place(row, columns.code, "指标代码"), value: cells[columns.code ?? -1] };
      draft.faults.push(fault("E-RECORDS-CODE", "指标代码不成形", "this is no indicator's code", at));
    }
  }

  #takeArea(row: number, cells: readonly string[], columns: Partial<Record<AreaHeading, number>>): void {
    const values = some(Object.keys(AREA_HEADINGS) as AreaHeading[], (part) =>
      this.#value(row, cells, columns[part], AREA_HEADINGS[part][0]),
    );
    if (values.area !== undefined) this.#areas.push({ at: this.#place(row), values });
  }

  #takeLabels(row: number, cells: readonly string[]): void {
    const digest = cells.map((cell) => DIGEST.exec(cell)?.[1]).find((found) => found !== undefined);
    const labels = cells.flatMap((cell, column) => {
      const label = headingIn(LABELS, cell);
      return label === undefined ? [] : [{ label, column }];
    });
    const startsHead = digest !== undefined || labels.some(({ label }) => label === "unit");
    // The head row may stand above the labels of its form.
    const isFresh = this.#current?.unit === undefined && this.#current?.items.length === 0;
    if (startsHead && !isFresh && (this.#columns !== undefined || this.#current === undefined)) {
      this.#columns = undefined;
      this.#current = this.#begin(row);
    }
    if (this.#current !== undefined) {
      if (digest !== undefined) this.#current.manifest = digest;
      for (const { label, column } of labels) this.#takeLabel(this.#current, label, row, cells, column);
    }
    cells.forEach((cell, column) => {
      const label = headingIn(AREA_HEADINGS, cell);
      const value = label === undefined ? undefined : this.#beside(row, cells, column, AREA_HEADINGS[label][0]);
      if (label !== undefined && value !== undefined) this.#paper[label] ??= value;
    });
  }

  #takeLabel(draft: Draft, label: Label, row: number, cells: readonly string[], column: number): void {
    const value = this.#beside(row, cells, column, LABELS[label][0]);
    if (value === undefined) return;
    if (label === "unit") draft.unit = value;
    else draft.head[label] = value;
  }

  /** The value to the right of a label: the first cell that is filled, unless it is a label itself. */
  #beside(row: number, cells: readonly string[], column: number, name: string): FilledValue | undefined {
    const next = cells.findIndex((cell, c) => c > column && cell.trim() !== "");
    if (next < 0 || isLabel(cells[next] ?? "")) return undefined;
    return this.#value(row, cells, next, name);
  }

  #finished({ unit, manifest, at, head, items, faults }: Draft, count: number): FilledSource {
    const [only, ...others] = this.#identity?.units.get(this.#sheet.name ?? "") ?? [];
    const named = count === 1 && others.length === 0 ? (only ?? "") : "";
    const id = canonicalCode(unit?.text ?? "");
    const identity = canonicalCode(named);
    const clash =
      id !== "" && identity !== "" && id !== identity
        ? [
            fault(
              "E-RECORDS-UNIT-UNCLEAR",
              `表上是 ${id}，隐藏标识是 ${identity}`,
              `${id} on the sheet, ${identity} hidden`,
              {
                ...(unit?.at ?? at),
              },
            ),
          ]
        : [];
    const own = this.#identity?.claim.manifest;
    // what stands on the sheet itself goes before what the workbook says, into which it may have been copied
    const claim: Claim =
      manifest === undefined || own?.startsWith(manifest) ? (this.#identity?.claim ?? { manifest }) : { manifest };
    return {
      unit: id === "" ? identity : id,
      at: unit?.at ?? at,
      claim,
      head,
      headCells: {},
      items,
      faults: [...clash, ...faults],
    };
  }
}

const OTHER_LABELS = ["单位名称", "陪同人员", "递补说明", "抽样层", "抽样序位", "联系人", "详细地址"];

function isLabel(cell: string): boolean {
  return (
    headingIn(LABELS, cell) !== undefined ||
    headingIn(AREA_HEADINGS, cell) !== undefined ||
    OTHER_LABELS.includes(cell.replace(/\s/g, ""))
  );
}
