import { expect, test } from 'vitest';
import type { Role } from '../../src/console/auth/roles.ts';
import { silent } from '../support/batches.ts';
import { SYSTEM } from './console-case.ts';
import { ANYTHING, addressesOf, markedBatches, PERSON, wholeAnswer } from './marked-case.ts';
import { uploadingConsole } from './upload-case.ts';

/** Checks with words of the portal, as `onboard check` has them. */
const check = async () => [
  { level: 'fault' as const, what: 'not so', detail: 'saidword mailword1@example.com' },
];
const system = { ...SYSTEM, check };

/** Words that match the pattern, at every address that a role can ask for. */
async function seenBy(role: Role, pattern: RegExp) {
  const { stage, paths: batches, job } = await markedBatches();
  const owner = uploadingConsole(stage);
  const list = 'email,first_name,remarkword\nmailword7@example.com,Ottokar,x\n';
  const { location } = await owner.plan({ 'fileword.csv': list });
  const { uploads } = owner;
  const console = uploadingConsole(stage, { role, uploads, system, logger: silent });
  const key = location.split('/').at(-1) ?? '';
  const found: string[] = [];
  const statuses = new Set<number>();
  for (const path of addressesOf(console, { batches, key, job })) {
    if (/\.(?:csv|ndjson)$/.test(path) && role !== 'viewer') continue;
    const { status, text } = await wholeAnswer(console, path);
    statuses.add(status);
    for (const [word] of text.matchAll(new RegExp(pattern, 'gi'))) {
      found.push(`${path}: ${word}`);
    }
  }
  return { found: [...new Set(found)], statuses };
}

test('a viewer finds no word of the list or of the portal at any address', async () => {
  const { found, statuses } = await seenBy('viewer', ANYTHING);
  expect(found).toEqual([]);
  expect([...statuses].sort()).toEqual([200, 403, 404]);
});

test('an operator who has not asked for people finds no name and no whole e-mail', async () => {
  const { found, statuses } = await seenBy('operator', PERSON);
  expect(found).toEqual([]);
  expect([...statuses].sort()).toEqual([200, 403, 404]);
});
