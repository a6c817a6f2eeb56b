import { expect, test } from 'vitest';
import { batchIdOf, type Identity, submissionDigest } from '../../src/batch/identity.ts';
import { BATCH_ID } from '../../src/batch-id.ts';

const given: Identity = {
  content: 'a'.repeat(64),
  type: 'User',
  inviteType: 'All',
  culture: undefined,
  portal: 'https://p.example',
};
const idOf = (change: Partial<Identity> = {}) =>
  batchIdOf(submissionDigest({ ...given, ...change }));

test('the same submission has the same id', () => {
  expect(idOf()).toBe(idOf());
  expect(idOf({ content: given.content })).toBe(idOf());
});

test.each<Partial<Identity>>([
  { content: 'b'.repeat(64) },
  { type: 'RoomAdmin' },
  { allowedTypes: ['RoomAdmin'] },
  { inviteType: 'User' },
  { culture: 'de' },
  { culture: '' },
  { portal: 'https://q.example' },
])('%j makes another batch of the same list', (change) => {
  expect(idOf(change)).not.toBe(idOf());
});

test('a role moved from one option to the other makes another batch', () => {
  const one = idOf({ type: 'User', inviteType: 'RoomAdmin' });
  expect(idOf({ type: 'RoomAdmin', inviteType: 'User' })).not.toBe(one);
});

test('the id is one that keys, queues and files take', () => {
  expect(idOf()).toMatch(BATCH_ID);
  expect(idOf()).toMatch(/^b[0-9a-f]{12}$/);
});
