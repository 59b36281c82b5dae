/** The sample ledger's columns, their headings as `templates/ledger-fields.yaml` names them, and one unit's cells. */
import { parse } from "yaml";
import { z } from "zod";
import { assetText } from "../../src/text/assets.ts";

/** Keys of the ledger fields in the order of the sample's columns. */
export const COLUMNS = [
  "id",
  "name",
  "class",
  "subclass",
  "province",
  "city",
  "county",
  "division",
  "address",
  "longitude",
  "latitude",
  "legalPerson",
  "contact",
  "phone",
  "openedOn",
  "status",
  "statusReason",
  "scale",
  "permitNumber",
  "industryCode",
  "industryName",
  "product",
  "output",
  "outputUnit",
  "process",
  "material",
  "materialUse",
  "materialUnit",
  "coal",
  "gas",
  "electricity",
  "water",
  "wastewater",
  "wastewaterDestination",
  "receivingWater",
  "wastewaterFacilities",
  "boilers",
  "kilns",
  "gasOutlets",
  "gasFacilities",
  "vocMaterials",
  "cod",
  "ammonia",
  "so2",
  "nox",
  "particulates",
  "vocs",
  "solidWaste",
  "hazardousWaste",
  "livestock",
  "stock",
  "sold",
  "dungRemoval",
  "manureTreatment",
  "urineTreatment",
  "farmland",
  "boilerCapacity",
  "boilerFuel",
  "fuelUse",
  "fuelUnit",
  "households",
  "population",
  "sewageTreatment",
  "refuseTreatment",
  "designCapacity",
  "capacityUnit",
  "treated",
  "treatedUnit",
  "daysRun",
  "codIn",
  "codOut",
  "sludge",
  "tanks",
  "tankVolume",
  "turnover",
  "vapourRecovery",
  "vapourDevice",
] as const;
export type Column = (typeof COLUMNS)[number];

/** Some cells of a unit. */
export type Cells = Partial<Record<Column, string>>;

/**
 * All cells of a unit, empty where nothing applies. Every unit has its keys in the order of the columns: one shape for
 * millions of objects is what makes the generator quick.
 */
export type Unit = Record<Column, string>;

const BLANK = Object.fromEntries(COLUMNS.map((column) => [column, ""])) as Unit;

/** A unit with these cells and no others. */
export function unitOf(cells: Cells): Unit {
  return fill({ ...BLANK }, cells);
}

/** Writes more cells into a unit and gives it back. */
export function fill(unit: Unit, cells: Cells): Unit {
  return Object.assign(unit, cells);
}

const Fields = z.object({ fields: z.array(z.object({ key: z.string(), name: z.string(), kind: z.string() })) });

const FIELDS = new Map(
  Fields.parse(parse(assetText("templates", "ledger-fields.yaml"))).fields.map((field) => [field.key, field]),
);

function fieldOf(column: Column) {
  const field = FIELDS.get(column);
  if (field === undefined) throw new RangeError(`templates/ledger-fields.yaml has no field ${column}`);
  return field;
}

/** Headings of the columns. */
export const HEADINGS: readonly string[] = COLUMNS.map((column) => fieldOf(column).name);

/** Columns that a workbook holds as numbers. */
export const NUMBER_COLUMNS: ReadonlySet<Column> = new Set(
  COLUMNS.filter((column) => fieldOf(column).kind === "number"),
);

/** A unit's cells in the order of the columns. */
export function rowOf(unit: Unit): string[] {
  return Object.values(unit);
}
