import { expect, test } from 'vitest';
import { faultCodes } from '../../src/intake/entry.ts';
import { failedCodes } from '../../src/ledger/rows/failed-codes.ts';
import { markNames } from '../../src/ledger/rows/mark-text.ts';
import { NO_CODE, rowStates } from '../../src/ledger/rows/row-state.ts';
import { countRetryable, remedyCodes, remedyFor } from '../../src/overview/remedies.ts';
import { read } from '../support/documents.ts';

/** Rows of the documented table: code, kind, title, remedy. */
function documented(): string[][] {
  const [, text = ''] = read('docs/operations.md').split('### Remedies\n');
  const lines = (text.split(/^\*\*|^#/m)[0] ?? '').match(/^\| `.*$/gm) ?? [];
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

/** The states that share their codes with an earlier one are documented once. */
const states = rowStates.filter((state) => state !== 'existing' && remedyCodes(state).length > 0);

test('operations.md has the remedy of every code, with its kind, and no other', () => {
  const expected = states.flatMap((state) =>
    remedyCodes(state).map((code) => {
      const { kind, title, remedy } = remedyFor(state, code);
      return [state, code, kind, title, remedy];
    }),
  );
  expect(expected.length).toBeGreaterThan(50);
  expect(documented()).toEqual(expected);
});

test('every code with which a row can fail, be rejected or be marked has a remedy', () => {
  expect(remedyCodes('failed').sort()).toEqual([...failedCodes, NO_CODE].sort());
  const rejecting = [...faultCodes, 'group-unknown', 'in-other-batch'];
  expect(remedyCodes('rejected').sort()).toEqual(rejecting.sort());
  expect(remedyCodes('created')).toEqual(expect.arrayContaining(markNames));
});

test('a duplicate of the list is corrected, one that lost a race on the portal is retried', () => {
  expect(remedyFor('duplicate', 'duplicate').kind).toBe('correct');
  expect(remedyFor('failed', 'duplicate').kind).toBe('retry');
});

test('a code of another version, or of a prototype, is shown as it is', () => {
  for (const code of ['of-tomorrow', 'constructor', '__proto__']) {
    expect(remedyFor('failed', code)).toMatchObject({ kind: 'retry', title: code });
    expect(remedyFor('rejected', code)).toMatchObject({ kind: 'correct', title: code });
  }
});

test('people who can be retried as they are are counted without those to correct', () => {
  const causes = [
    { code: 'timeout', count: 3 },
    { code: 'bad-request', count: 5 },
    { code: 'type-not-allowed', count: 7 },
    { code: 'server-error', count: 11 },
  ];
  expect(countRetryable(causes)).toBe(14);
});
