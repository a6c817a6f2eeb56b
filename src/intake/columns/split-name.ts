import { OnboardError } from '../../errors.ts';
import { line } from '../../printable.ts';
import type { Fault } from '../entry.ts';

const nameOrders = ['first last', 'last, first'] as const;
export type NameOrder = (typeof nameOrders)[number];

/** The value of `--split-name`. @throws {OnboardError} E_USAGE */
export function nameOrder(text: string): NameOrder {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/\s*,\s*/, ', ')
    .replace(/\s+/g, ' ');
  const found = nameOrders.find((order) => order === plain);
  if (found !== undefined) return found;
  const sentence = 'give "first last" (Ana Lima) or "last, first" (Lima, Ana)';
  throw new OnboardError('E_USAGE', line`--split-name ${text}: ${sentence}`);
}

/**
 * The two names of a whole name. `first last` divides at the last space, so that `Ana Maria Lima`
 * has the last name Lima; a single word is a first name. Undefined for a name without the comma that
 * `last, first` needs.
 */
export function splitName(
  whole: string,
  order: NameOrder,
): { firstName: string; lastName: string } | undefined {
  const name = whole.trim();
  if (order === 'first last') {
    const [, firstName = name, lastName = ''] = /^(.*\S)\s+(\S+)$/su.exec(name) ?? [];
    return { firstName, lastName };
  }
  const [lastName = '', firstName, ...more] = name.split(',').map((part) => part.trim());
  return firstName === undefined || more.length > 0 ? undefined : { firstName, lastName };
}

/** The fault of a whole name that cannot be divided. */
export const notSplit: Fault = {
  field: 'firstName',
  code: 'name-split',
  value: '',
  reason:
    'The whole name must have one comma, as "Lima, Ana", because of --split-name "last, first".',
};
