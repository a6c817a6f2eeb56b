import { defined } from '../../defined.ts';
import { meanings } from '../pages/parts/column-words.ts';
import type { UploadOptions } from '../uploads/plan-record.ts';
import { optionsIn } from './submit-form.ts';

/**
 * The options of an upload with the columns and the reading of the form: `header` and `means` come in
 * pairs.
 * @throws {OnboardError} E_USAGE
 */
export function mappedOptions(before: UploadOptions, fields: URLSearchParams): UploadOptions {
  const { delimiter, encoding, sheet, splitName } = optionsIn(fields);
  const means = fields.getAll('means');
  const pairs = fields.getAll('header').map((header, at) => [header, means[at] ?? ''] as const);
  const map: string[] = [];
  let order = splitName;
  for (const [header, meaning] of pairs) {
    if (!meanings.some(([known]) => known === meaning)) continue;
    const [column = '', ...names] = meaning.split(' ');
    map.push(`${header}=${column}`);
    if (column === 'name') order = names.join(' ');
  }
  const ignore = pairs.filter(([, meaning]) => meaning === 'ignore').map(([header]) => header);
  const { map: _, ignore: __, delimiter: ___, encoding: ____, sheet: _____, ...others } = before;
  const { splitName: ______, ...rest } = others;
  return defined({
    ...rest,
    map: map.length === 0 ? undefined : map,
    ignore: ignore.length === 0 ? undefined : ignore,
    ...{ delimiter, encoding, sheet, splitName: order },
  });
}
