/** Labels of the fields that are flags of the command line, by the name of the flag. */
export const fieldLabels = {
  type: 'Type of people without one',
  'allow-types': 'Other types that rows may name',
  culture: 'Language of accounts and invite',
  groups: 'Groups that the portal does not have',
  group: 'Groups for everybody',
  'join-existing': 'Add people who have an account to their groups, too',
  'invite-at': 'Time of the invite',
  'invite-size': 'Most people in one invite request',
  'min-created': 'Hold it back while fewer have an account, %',
  limit: 'Begin with this many people',
  'max-failures': 'Hold everything when more failed, %',
  batch: 'Name of the batch',
  lookup: 'Ask the portal who has an account already',
  delimiter: 'Delimiter of CSV',
  encoding: 'Encoding of text',
  sheet: 'Sheet of a workbook',
  'split-name': 'One column holds whole names',
  map: 'Columns with odd headers',
  ignore: 'Columns not to read',
} as const;

const labels: Readonly<Record<string, string>> = fieldLabels;

/**
 * A sentence of the command line for somebody who has a form: flags are the labels of their fields.
 */
export function inFormWords(text: string): string {
  return text
    .replace('run --dry-run again', 'plan again')
    .replace(/--([a-z]+(?:-[a-z]+)*)/g, (flag, name: string) => {
      const label = labels[name];
      return label === undefined ? flag : `“${label}”`;
    });
}
