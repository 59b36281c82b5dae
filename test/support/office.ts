/** LibreOffice, for tests that let an office program open and save a workbook. */
import { execFileSync } from "node:child_process";

export function hasLibreOffice(): boolean {
  try {
    execFileSync("soffice", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens a workbook and saves it into a folder under its own name.
 * @param profile folder of LibreOffice's own settings, made where it is not there
 */
export function saveByLibreOffice(
  path: string,
  folder: string,
  kind: "xlsx" | "xls" | "ods" | "pdf",
  profile: string,
): void {
  const to = { xls: "xls:MS Excel 97", xlsx: "xlsx:Calc MS Excel 2007 XML", ods: "ods:calc8", pdf: "pdf" }[kind];
  const settings = `-env:UserInstallation=file://${profile}`;
  execFileSync("soffice", [settings, "--headless", "--convert-to", to, "--outdir", folder, path], { stdio: "ignore" });
}
