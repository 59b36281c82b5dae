/** `frame/lock.json`: what the locked frame is, from which files, by which reading. Plain data without clock or path. */
import type { CoreColumn } from "./columns.ts";
import type { Encoding } from "./source-file.ts";

export interface LockedColumn {
  /** Name in the canonical table and in `frame.parquet`. */
  readonly name: string;
  /** Field of `templates/ledger-fields.yaml` that the column holds, where it was recognised. */
  readonly field: string | null;
}

export interface LockedSource {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: Encoding | null;
  readonly tables: readonly LockedTable[];
  /** Hidden sheets of a workbook, which are not read unless `--sheet` names one. */
  readonly hiddenSheets: readonly string[];
}

/** One table that was read: a CSV file has one, a workbook one for each sheet with headings. */
export interface LockedTable {
  readonly sheet: string | null;
  readonly headerRow: number;
  /** Rows that are not blank. */
  readonly rows: number;
  /** Rows among them that the workbook hides, by hand or by a filter; they are read like all others. */
  readonly hiddenRows: number;
  /** Rows among the hidden ones whose sheet is being filtered; absent where there are none. */
  readonly filteredRows?: number;
  /** Heading or headings of each core field. */
  readonly headings: { readonly [field in CoreColumn]?: string };
}

/** A row that the lock keeps out of the frame, and why. */
export interface ExcludedRow {
  readonly file: string;
  readonly sheet: string | null;
  readonly row: number;
  readonly id: string;
  readonly codes: readonly string[];
}

export interface LockedBlock {
  /** `<city code>/<class>` */
  readonly key: string;
  readonly count: number;
  readonly digest: string;
}

/** Where the units stay in a database: the table, and its column for each of the lock's; null where it has none. */
export interface LockedDatabase {
  readonly system: "postgres";
  readonly table: string;
  readonly columns: readonly (string | null)[];
}

export interface FrameLock {
  readonly spec: "draw-spec/1";
  readonly frameDigest: string;
  readonly units: number;
  /** Rows read = units + excluded rows. */
  readonly rowsRead: number;
  readonly columns: readonly LockedColumn[];
  /** Sorted by key in byte order. */
  readonly blocks: readonly LockedBlock[];
  readonly sources: readonly LockedSource[];
  readonly options: {
    readonly map: { readonly [field: string]: readonly string[] };
    readonly set: { readonly [field: string]: string };
    /** What the office's own words for classes and statuses mean: text of the ledger → class or status. */
    readonly values: {
      readonly class: { readonly [text: string]: string };
      readonly status: { readonly [text: string]: string };
    };
    readonly sheet: string | null;
    readonly excludeProblemRows: boolean;
    readonly encoding: Encoding | null;
  };
  readonly excluded: readonly ExcludedRow[];
  /** How many problems of each code were found, excluded rows included. */
  readonly problemCounts: { readonly [code: string]: number };
  /** Absent where the units were read from files. */
  readonly database?: LockedDatabase;
}
