import { type Remark, remarkCodes } from '../../people/remark.ts';
import { line } from '../../printable.ts';

/** A line for each remark about a list; those that something may be wrong are warnings. */
export function remarksText(remarks: readonly Remark[]): string {
  const lines = remarks.map(({ code, text }) => {
    const lead = remarkCodes[code] === 'warning' ? 'warning: ' : '';
    return line`${lead}${text}`;
  });
  return lines.map((each) => `${each}\n`).join('');
}
