import type { OptionChange } from '../../batch/option-changes.ts';
import { type BatchOptionName, batchOptions } from '../../ledger/batch/batch-options.ts';
import { zonedTime } from '../../zoned-time.ts';

/** Says of each option of a later submission what it changed; nothing when none was given. */
export function changesText(changes: readonly OptionChange[]): string {
  const lines = changes.flatMap(changeLine);
  if (changes.length > 0 && lines.length === 0) {
    return 'no option was changed: the batch has them already\n';
  }
  return lines.map((text) => `${text}\n`).join('');
}

function changeLine({ name, from, to, refused }: OptionChange): string[] {
  const { flag } = batchOptions[name];
  if (refused !== undefined) return [`not changed: ${flag}, because ${refused}`];
  if (from === to) return [];
  return [`changed: ${flag} is ${valueText(name, to)}, was ${valueText(name, from)}`];
}

function valueText(name: BatchOptionName, value: OptionChange['to']): string {
  if (value === undefined || value === false) return 'not given';
  if (value === true) return 'given';
  const { kind } = batchOptions[name];
  if (kind === 'time') return zonedTime(value);
  return kind === 'percent' ? `${value} %` : String(value);
}
