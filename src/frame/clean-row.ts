/**
 * The short way for rows with nothing wrong, which most rows are: from the bytes of a CSV file to a canonical line
 * without a text in between. `check-row.ts` is the one judge of what is wrong; this only says whether a row is surely
 * clean, and every other row goes there.
 */

import { cityBox, isInBox } from "../reference/city-boxes.ts";
import { SOURCE_CLASSES } from "../reference/classes.ts";
import { creditCodeIsClean } from "../reference/credit-code-bytes.ts";
import { divisionOfCode, findCity, findCounty } from "../reference/divisions.ts";
import { INDUSTRIES } from "../reference/industries.ts";
import type { LedgerField } from "../reference/ledger-fields.ts";
import { ByteDictionary } from "./byte-dictionary.ts";
import { copyRun, isFilled, isUnquoted, runsOf } from "./cell-runs.ts";
import { fitsClass, statusNeedsReason } from "./check-values.ts";
import { isCleanCell, plainDecimal } from "./clean-cell.ts";
import type { Header } from "./columns.ts";
import { type CsvScanner, KIND } from "./csv-scanner.ts";
import type { UnitStore } from "./unit-store.ts";
import { classOf, statusOf } from "./value-maps.ts";

/** What a column's cells must be to need no closer look. */
type Demand = "text" | "code" | "figure";

interface City {
  readonly code: string;
  readonly county: ByteDictionary<Buffer | undefined>;
}

/** Takes clean rows of one table into the store. */
export class CleanRows {
  readonly #header: Header;
  readonly #store: UnitStore;
  readonly #table: number;
  readonly #demands: Uint8Array;
  readonly #ids: readonly number[];
  readonly #name: number;
  /** Columns after the core ones, as runs of neighbours in the table. */
  readonly #runs: readonly (readonly [first: number, last: number])[];
  readonly #width: number;
  readonly #at: (field: string) => number;
  readonly #classes: ByteDictionary<string | undefined>;
  readonly #cities: ByteDictionary<City | undefined>;
  readonly #statuses: ByteDictionary<"fine" | "reason" | undefined>;
  /** Classes that an industry fits. */
  readonly #industries: ByteDictionary<readonly string[] | undefined>;
  readonly #divisions: ByteDictionary<string | undefined>;
  readonly #constantClass: string | undefined;
  readonly #constantCity: City | undefined;
  readonly #constantCounty: Buffer | undefined;
  readonly #hasCounty: boolean;
  /** Rows taken whose status asks for a reason, in a table without a column for one. */
  unreasoned = 0;
  readonly #blocks = new Map<string, number>();
  readonly #coreBytes = new Map<string, Buffer>();
  readonly #fields: {
    readonly class: number;
    readonly city: number;
    readonly county: number;
    readonly status: number;
    readonly reason: number;
    readonly industry: number;
    readonly division: number;
    readonly longitude: number;
    readonly latitude: number;
  };

  /**
   * @param others positions of the columns that follow the core columns, -1 where this table lacks one
   * @returns undefined for a table whose columns the short way does not know, such as a name put together from two
   */
  static of(
    header: Header,
    fields: ReadonlyMap<string, LedgerField>,
    others: readonly number[],
    store: UnitStore,
    table: number,
  ): CleanRows | undefined {
    const isJoined = [...header.fields].some(([key, positions]) => key !== "id" && positions.length > 1);
    return isJoined ? undefined : new CleanRows(header, fields, others, store, table);
  }

  private constructor(
    header: Header,
    fields: ReadonlyMap<string, LedgerField>,
    others: readonly number[],
    store: UnitStore,
    table: number,
  ) {
    this.#header = header;
    this.#store = store;
    this.#table = table;
    this.#runs = runsOf(others);
    this.#width = others.length;
    this.#at = (field) => header.fields.get(field)?.[0] ?? -1;
    this.#ids = header.fields.get("id") ?? [];
    this.#name = this.#at("name");
    this.#demands = demandsOf(header, fields);
    this.#fields = {
      class: this.#at("class"),
      city: this.#at("city"),
      county: this.#at("county"),
      status: this.#at("status"),
      reason: this.#at("statusReason"),
      industry: this.#at("industryCode"),
      division: this.#at("division"),
      longitude: this.#at("longitude"),
      latitude: this.#at("latitude"),
    };
    const cityOf = (text: string): City | undefined => {
      const code = findCity(text);
      if (code === undefined) return undefined;
      return { code, county: new ByteDictionary((county) => bytesOf(findCounty(code, county))) };
    };
    this.#classes = new ByteDictionary((text) => classOf(header.values, text));
    this.#cities = new ByteDictionary(cityOf);
    this.#statuses = new ByteDictionary((text) => {
      const status = statusOf(header.values, text);
      if (status === undefined) return undefined;
      return statusNeedsReason(status) ? "reason" : "fine";
    });
    this.#industries = new ByteDictionary((code) =>
      INDUSTRIES.has(code) ? SOURCE_CLASSES.filter((sourceClass) => fitsClass(code, sourceClass)) : undefined,
    );
    this.#divisions = new ByteDictionary((code) => divisionOfCode(code)?.city);
    const constant = (field: string) => header.constants.get(field);
    this.#constantClass = classOf(header.values, constant("class") ?? "");
    this.#constantCity = cityOf(constant("city") ?? "");
    const county = constant("county");
    this.#hasCounty = county !== undefined || this.#fields.county >= 0;
    this.#constantCounty =
      county === undefined || this.#constantCity === undefined
        ? undefined
        : bytesOf(findCounty(this.#constantCity.code, county));
  }

  /** Takes the row at hand if it is surely clean; false sends it the long way. */
  take(row: CsvScanner): boolean {
    if (row.count !== this.#header.headings.length || !this.#cellsAreClean(row)) return false;
    if (!this.#idIsClean(row) || !isFilled(row, this.#name)) return false;
    const { bytes, starts, ends } = row;
    const cell = <Value>(dictionary: ByteDictionary<Value>, at: number) =>
      dictionary.get(bytes, starts[at] as number, ends[at] as number);
    const fields = this.#fields;

    const sourceClass = fields.class >= 0 ? cell(this.#classes, fields.class) : this.#constantClass;
    const city = fields.city >= 0 ? cell(this.#cities, fields.city) : this.#constantCity;
    if (sourceClass === undefined || city === undefined) return false;
    let county: Buffer | undefined = EMPTY;
    if (this.#hasCounty) {
      county = fields.county >= 0 ? cell(city.county, fields.county) : this.#countyOf(city);
      if (county === undefined) return false;
    }
    let needsReason = false;
    if (fields.status >= 0) {
      if (!isFilled(row, fields.status)) return false;
      const status = cell(this.#statuses, fields.status);
      if (status === undefined) return false;
      needsReason = status === "reason";
      if (needsReason && fields.reason >= 0 && !isFilled(row, fields.reason)) return false;
    }
    if (isFilled(row, fields.industry)) {
      if (cell(this.#industries, fields.industry)?.includes(sourceClass) !== true) return false;
    }
    if (isFilled(row, fields.division) && cell(this.#divisions, fields.division) !== city.code) return false;
    if (!this.#isPlaced(row, city.code)) return false;
    if (needsReason && fields.reason < 0) this.unreasoned += 1;
    this.#put(row, sourceClass, city.code, county);
    return true;
  }

  /** A county given for the whole table is of the city given for it; with cities by row the long way looks it up. */
  #countyOf(city: City): Buffer | undefined {
    return city === this.#constantCity ? this.#constantCounty : undefined;
  }

  #cellsAreClean({ bytes, starts, ends, kinds, count }: CsvScanner): boolean {
    const demands = this.#demands;
    for (let at = 0; at < count; at++) {
      const kind = kinds[at] as number;
      if (kind === 0) continue;
      const demand = demands[at] as number;
      if (demand === FIGURE) {
        if (kind === KIND.digit) continue;
        if (Number.isNaN(plainDecimal(bytes, starts[at] as number, ends[at] as number, kind))) return false;
      } else if (demand === CODE) {
        if ((kind & (KIND.lower | KIND.other)) !== 0) return false;
      } else if ((kind & KIND.other) !== 0 && !isCleanCell(bytes, starts[at] as number, ends[at] as number, kind)) {
        return false;
      }
    }
    return true;
  }

  #idIsClean({ bytes, starts, ends }: CsvScanner): boolean {
    const [first = -1, ...rest] = this.#ids;
    if (first < 0) return false;
    const suffix = rest.reduce((sum, at) => sum + (ends[at] as number) - (starts[at] as number), 0);
    // Two digits tell the sites of one firm apart.
    if (rest.length > 0) {
      if (suffix !== 2) return false;
      for (const at of rest) {
        for (let i = starts[at] as number; i < (ends[at] as number); i++)
          if (!isDigit(bytes[i] as number)) return false;
      }
    }
    return creditCodeIsClean(bytes, starts[first] as number, ends[first] as number);
  }

  #isPlaced(row: CsvScanner, city: string): boolean {
    const { longitude, latitude } = this.#fields;
    if (longitude < 0 || latitude < 0) return true;
    if (!isFilled(row, longitude) || !isFilled(row, latitude)) return false;
    const { bytes, starts, ends, kinds } = row;
    const degrees = (at: number) => plainDecimal(bytes, starts[at] as number, ends[at] as number, kinds[at] as number);
    const box = cityBox(city);
    return box !== undefined && isInBox(box, degrees(longitude), degrees(latitude));
  }

  #put(row: CsvScanner, sourceClass: string, city: string, county: Buffer): void {
    const { bytes, starts, ends, count } = row;
    const store = this.#store;
    const key = city + sourceClass;
    let block = this.#blocks.get(key);
    if (block === undefined) {
      block = store.block(city, sourceClass);
      this.#blocks.set(key, block);
      this.#coreBytes.set(key, Buffer.from(`\t${sourceClass}\t${city}\t`));
    }
    const length = (ends[count - 1] as number) - (starts[0] as number);
    const room = store.reserve(block, length + this.#width + 160);
    const line = room.bytes;
    let to = room.at;
    const copy = (at: number) => {
      for (let from = starts[at] as number, end = ends[at] as number; from < end; from++, to++) {
        line[to] = bytes[from] as number;
      }
    };
    for (const at of this.#ids) copy(at);
    const idLength = to - room.at;
    const core = this.#coreBytes.get(key) as Buffer;
    for (let i = 0; i < core.length; i++, to++) line[to] = core[i] as number;
    for (let i = 0; i < county.length; i++, to++) line[to] = county[i] as number;
    line[to] = TAB;
    to += 1;
    copy(this.#name);
    for (const [first, last] of this.#runs) {
      if (first >= 0 && isUnquoted(row, first, last)) {
        to = copyRun(row, first, last, line, to);
        continue;
      }
      for (let at = first; at <= last; at++) {
        line[to] = TAB;
        to += 1;
        if (at >= 0) copy(at);
      }
    }
    store.commit(block, to, idLength, this.#table, row.row);
  }
}

const TAB = 9;
const EMPTY = Buffer.alloc(0);
const [TEXT, CODE, FIGURE] = [0, 1, 2] as const;
const DEMANDS: Readonly<Record<Demand, number>> = { text: TEXT, code: CODE, figure: FIGURE };

function demandsOf(header: Header, fields: ReadonlyMap<string, LedgerField>): Uint8Array {
  const demands = new Uint8Array(header.headings.length);
  for (const [key, positions] of header.fields) {
    const kind = key === "id" ? "code" : (fields.get(key)?.kind ?? "text");
    for (const at of positions) demands[at] = DEMANDS[kind === "number" ? "figure" : kind];
  }
  return demands;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function bytesOf(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}
