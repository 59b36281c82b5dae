/** A round, a template and drawn sources for the tests of the printed forms. */
import type { FormRound, FormSource } from "../../src/forms/source.ts";
import { FormTemplate } from "../../src/forms/template.ts";
import { digest } from "../../src/text/canonical.ts";

export const round: FormRound = {
  roundId: "GD-2019-09",
  name: "广东省第二次全国污染源普查2019年9月省级质量核查",
  holder: "广东省第二次全国污染源普查领导小组办公室",
  date: "2019年9月30日",
  seed: digest("seed"),
  manifestDigest: digest("manifest"),
};

const items = [
  [
    "核对统一社会信用代码、单位详细名称与营业执照是否一致，是否存在一证多址或一址多证。",
    "营业执照 ↔ 普查表 G101-1 第1—3项",
    "营业执照、组织机构代码证、排污许可证",
    "代码填写旧组织机构代码；名称使用简称；分厂与总厂混填。",
  ],
  [
    "核对主要产品产量。",
    "产量 ↔ 原料单耗 ↔ 用电量 ↔ 销售台账",
    "生产日报表、销售发票、统计年报",
    "计量单位错误（吨与千克、万米与米），产量为设计产能而非实际产量。",
  ],
  [
    "核对原辅材料用量与产品、工艺是否匹配，含挥发性有机物的油墨、稀释剂、清洗剂是否全部填报。",
    "采购量 − 库存变化 = 使用量",
    "采购合同、出入库台账",
    "漏填稀释剂、洗车水；水性油墨填为溶剂型。",
  ],
  [
    "核对取水量与水费单。",
    "取水量 ≥ 废水产生量 ≥ 废水排放量",
    "水费发票、取水许可证",
    "把全年水费金额当水量；单位为万立方米时少乘 10000。",
  ],
] as const;

const section = (heading: string) => ({
  heading,
  items: items.map(([check, compare, evidence, pitfall]) => ({ check, compare, evidence, pitfall })),
});

const indicator = (code: string, name: string, more: object = {}) => ({
  code,
  name,
  form: code.split(".")[0] ?? "",
  key: true,
  type: "text" as const,
  ...more,
});

export const template: FormTemplate = FormTemplate.parse({
  class: "industrial",
  checklist: {
    title: "工业污染源现场核查清单",
    note: "到场后先出示核查通知和证件，说明来意；核对营业执照与厂区位置，再按本清单逐项查看。凡“有问题”须在备注栏写明证据名称和页码。",
    sections: [section("一、基本信息"), section("二、产品、原料与能源"), section("三、废水、废气与固体废物")],
  },
  record: {
    title: "工业污染源现场核查记录表",
    note: "填报值由名录预填，空白处以普查表为准；核查值由核查人员现场填写。★为关键指标，允许误差：登记信息须完全一致，数量指标±10%。",
    groups: [
      {
        heading: "一、单位基本情况（G101-1）",
        indicators: [
          indicator("G101-1.01", "统一社会信用代码", { type: "code", field: "id" }),
          indicator("G101-1.02", "单位详细名称", { field: "name" }),
          indicator("G101-1.03", "行业代码", { field: "industryCode" }),
          indicator("G101-1.04", "运行状态", {
            type: "choice",
            options: ["运行", "停产", "关闭", "其他"],
            field: "status",
          }),
          indicator("G101-1.05", "企业规模", { key: false, field: "scale" }),
          indicator("G101-1.06", "是否有锅炉", { type: "yesno", key: false }),
        ],
      },
      {
        heading: "二、产品、原料、能源与水（G101-2、G101-3、G102）",
        indicators: [
          indicator("G101-2.01", "主要产品产量", {
            type: "number",
            unit: "吨",
            field: "output",
            unitField: "outputUnit",
          }),
          indicator("G101-3.01", "主要原辅材料用量", {
            type: "number",
            field: "materialUse",
            unitField: "materialUnit",
          }),
          indicator("G101-3.02", "煤炭消耗量", { type: "number", unit: "吨", field: "coal" }),
          indicator("G101-3.03", "用电量", { type: "number", unit: "万千瓦时", field: "electricity" }),
          indicator("G102.01", "取水量", { type: "number", unit: "立方米", field: "water" }),
          indicator("G102.02", "废水排放量", { type: "number", unit: "立方米", field: "wastewater" }),
          indicator("G102.03", "废水排放去向", {
            type: "choice",
            options: ["直接进入海域", "进入城市污水处理厂", "直接进入江河湖库", "其他"],
            field: "wastewaterDestination",
          }),
          indicator("G102.04", "化学需氧量排放量", { type: "number", unit: "吨", field: "cod" }),
          indicator("G103-1.01", "二氧化硫排放量", { type: "number", unit: "吨", field: "so2" }),
          indicator("G103-1.02", "挥发性有机物排放量", { type: "number", unit: "千克", field: "vocs" }),
          indicator("G104-1.01", "一般工业固体废物产生量", { type: "number", unit: "吨", field: "solidWaste" }),
        ],
      },
    ],
    evidence: [
      "营业执照",
      "排污许可证",
      "生产日报表",
      "产品销售台账",
      "原辅材料出入库台账",
      "水费发票",
      "电费发票",
      "危险废物转移联单",
      "环境影响评价批复",
      "现场照片",
    ],
  },
});

/** A printing works with every ledger value; `more` replaces parts of it. */
export function source(more: Partial<FormSource> = {}): FormSource {
  return {
    id: "91440101MA59ABCD0X",
    name: "广州市番禺区石楼镇永兴彩色印刷包装有限公司",
    sourceClass: "industrial",
    cityCode: "440100",
    cityName: "广州市",
    countyName: "番禺区",
    stratum: "440100/industrial",
    N: 23510,
    n: 50,
    rank: 3,
    role: "primary",
    team: "",
    values: new Map([
      ["address", "广州市番禺区石楼镇市莲路石楼路段18号之一"],
      ["contact", "陈女士"],
      ["phone", "020-00000000"],
      ["legalPerson", "李某"],
      ["status", "运行"],
      ["industryCode", "2319"],
      ["industryName", "包装装潢及其他印刷"],
      ["scale", "小型"],
      ["product", "纸质包装盒"],
      ["output", "1250.5"],
      ["outputUnit", "吨"],
      ["materialUse", "1398"],
      ["materialUnit", "吨"],
      ["coal", "0"],
      ["electricity", "86.4"],
      ["water", "3200"],
      ["wastewater", "2560"],
      ["wastewaterDestination", "进入城市污水处理厂"],
      ["cod", "0.512"],
      ["vocs", "123456789012345.678"],
    ]),
    ...more,
  };
}
