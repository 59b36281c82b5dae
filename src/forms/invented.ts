/** Sources that do not exist, for previews of templates. */
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { blankSource, type FormSource } from "./source.ts";
import { indicatorsOf } from "./tailor.ts";
import type { FormTemplate } from "./template.ts";

/** A code without a valid check character: no unit has it. */
const INVENTED_ID = "91440000MA00000000";
const PLACE = { cityName: "某某市", countyName: "某某县" } as const;

/** Values as ledgers have them, by field; every other figure is `ANY_FIGURE`, every other text `ANY_TEXT`. */
const VALUES: Readonly<Record<string, string>> = {
  id: INVENTED_ID,
  division: "440000",
  address: "某某县某某镇某某工业园某某路1号",
  longitude: "113.264500",
  latitude: "23.129100",
  legalPerson: "张某某",
  contact: "李某某",
  phone: "020-00000000",
  status: "运行",
  statusReason: "",
  industryCode: "3360",
  industryName: "金属表面处理及热处理加工",
  product: "镀锌件",
  output: "1250",
  outputUnit: "吨",
  process: "酸洗、电镀、钝化",
  material: "锌锭",
  materialUse: "86.4",
  materialUnit: "吨",
  electricity: "312.5",
  water: "48600",
  wastewater: "36200",
  wastewaterDestination: "进入城市污水处理厂",
  receivingWater: "某某河",
  wastewaterFacilities: "2",
  boilers: "1",
  kilns: "1",
  gasOutlets: "3",
  gasFacilities: "3",
  livestock: "生猪",
  stock: "2300",
  sold: "4100",
  dungRemoval: "干清粪",
  manureTreatment: "堆肥还田",
  urineTreatment: "沼气工程后还田",
  farmland: "560",
  boilerFuel: "天然气",
  boilerCapacity: "4",
  fuelUnit: "万立方米",
  households: "420",
  population: "1610",
  sewageTreatment: "集中处理",
  refuseTreatment: "转运至县集中处理",
  capacityUnit: "吨/日",
  treatedUnit: "万吨",
  daysRun: "365",
  tanks: "4",
  tankVolume: "120",
  turnover: "5400",
  vapourRecovery: "二阶段",
  vapourDevice: "有",
};
const ANY_FIGURE = "12.5";
const ANY_TEXT = "某某";
const NAMES: Readonly<Record<FormTemplate["class"], string>> = {
  industrial: "某某市某某金属表面处理有限公司",
  agricultural: "某某县某某养殖场",
  domestic: "某某县某某镇某某村民委员会",
  centralized: "某某市某某污水处理厂",
  mobile: "某某市某某加油站",
};

const DEPARTMENT = "某某市某某局";

/** A source with a value for every field that the template fills in. */
export function inventedSource(template: FormTemplate): FormSource {
  const isFigure = new Map(loadLedgerFields().map(({ key, kind }) => [key, kind === "number"]));
  const name = template.department === true ? DEPARTMENT : NAMES[template.class];
  const invented = (field: string) => VALUES[field] ?? (isFigure.get(field) === true ? ANY_FIGURE : ANY_TEXT);
  const values = new Map<string, string>();
  for (const { field, unitField, options, type } of indicatorsOf(template)) {
    if (field !== undefined) values.set(field, options?.[0] ?? invented(field));
    if (unitField !== undefined && type !== "text") values.set(unitField, invented(unitField));
  }
  for (const field of ["id", "division", "address", "legalPerson", "contact", "phone", "status"])
    values.set(field, invented(field));
  if (template.class === "industrial") values.set("industryName", invented("industryName"));
  values.set("subclass", template.kinds?.[0] ?? "").set("name", name);
  return { ...blankSource(template.class, name), ...PLACE, id: INVENTED_ID, values };
}

/** A drawn source for the lists of papers. */
export function inventedDrawn(rank: number): FormSource {
  const source = blankSource("industrial", `某某市某某制造有限公司（第${rank}分厂）`);
  return { ...source, ...PLACE, id: INVENTED_ID, rank };
}
