/** One row of a ledger as it was read: text cells, and the number a spreadsheet shows beside it. */
export interface LedgerRow {
  readonly row: number;
  readonly cells: readonly string[];
  /** Hidden by hand or by a filter. Such rows are read like all others. */
  readonly hidden?: true;
  /** Hidden while a filter is at work in its sheet. */
  readonly filtered?: true;
}
