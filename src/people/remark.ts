/** Facts about a list that its reader should know, and whether something may be wrong. */
export const remarkCodes = {
  /** No value of an optional column was understood, so that it is not read. */
  'column-not-understood': 'warning',
  /** The culture of the submission is not one of the portal's. */
  'culture-unknown': 'warning',
  /** Names of groups that the portal does not have. */
  'groups-unknown': 'warning',
  /** The key may not read the groups of the portal. */
  'groups-unread': 'warning',
  /** Groups that were made for the list. */
  'groups-made': 'info',
  /** Rows that a spreadsheet hides were read. */
  'hidden-rows': 'warning',
  /** A workbook has several sheets. */
  'sheet-chosen': 'info',
  /** Rows before the header were skipped. */
  'rows-skipped': 'info',
  /** The text was not in UTF-8. */
  encoding: 'info',
} as const;
export const remarkCodeNames = Object.keys(remarkCodes) as RemarkCode[];
export type RemarkCode = keyof typeof remarkCodes;

/** A sentence about a list of people; it may repeat the names of files, sheets and headers. */
export interface Remark {
  code: RemarkCode;
  text: string;
}
