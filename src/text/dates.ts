/** Dates in words. Pure: no clock, no time zone. */

/** `2019-09-30` as `2019年9月30日`; empty text stays empty, for a blank to be filled in by hand. */
export function dateInWords(isoDate: string): string {
  const [year, month, day] = isoDate.split("-").map(Number);
  return year === undefined || month === undefined || day === undefined ? "" : `${year}年${month}月${day}日`;
}
