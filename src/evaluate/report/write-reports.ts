/** The reports of an evaluation as files of `results/`: PDF for the province and each city, and the workbook. */
import { divisionName } from "../../reference/divisions.ts";
import { type Evaluation, REPORT_FILES } from "../evaluation.ts";
import { type CityPaper, cityPaper } from "./city-paper.ts";
import { cityReport, provinceReport, type ReportAbout } from "./report-pdf.ts";
import { summaryWorkbook } from "./summary-workbook.ts";

/**
 * All files by their paths within `results/`: the province's report, each city's and its paper in a folder of its own, the workbook. The same
 * evaluation gives the same bytes.
 */
export async function reportFiles(
  evaluation: Evaluation,
  about: ReportAbout,
  paper: CityPaper,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  files.set(REPORT_FILES.report, await provinceReport(evaluation, about));
  for (const verdict of evaluation.verdicts) {
    const folder = divisionName(verdict.city);
    files.set(`${folder}/${REPORT_FILES.report}`, await cityReport(evaluation, verdict, about));
    files.set(`${folder}/${REPORT_FILES.paper}`, await cityPaper(evaluation, verdict, paper));
  }
  files.set(REPORT_FILES.summary, await summaryWorkbook(evaluation, about));
  return files;
}
