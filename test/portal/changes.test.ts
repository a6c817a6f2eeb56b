import { expect, test } from 'vitest';
import { accountDto, envelope, shapeA } from './answers.ts';
import { asked, openClient, recordingPortal } from './fake-portal.ts';
import { types } from './verdict-of.ts';

const ids = Array.from({ length: 500 }, (_, index) => `id${index}`);

test('people who are mailed again, or get another type, are named by their ids alone', async () => {
  const mailed = await asked();
  await mailed.portal.resend(['a', 'b']);
  expect(mailed.first()).toMatchObject({ method: 'PUT', url: '/api/2.0/people/invite' });
  expect(JSON.parse(mailed.first().body)).toEqual({ userIds: ['a', 'b'], resendAll: false });
  const changed = await asked();
  await changed.portal.changeType('User', ['a']);
  expect(changed.first()).toMatchObject({ method: 'PUT', url: '/api/2.0/people/type/User' });
  expect(JSON.parse(changed.first().body)).toEqual({ userIds: ['a'] });
});

test('500 people are mailed once: the answer lists them in more than what is kept of it', async () => {
  // An account takes some 900 bytes on the wire.
  const avatar = 'x'.repeat(500);
  const { url } = await recordingPortal(envelope(ids.map((id) => ({ ...accountDto, id, avatar }))));
  const portal = openClient(url);
  expect(await portal.resend(ids)).toMatchObject({ kind: 'ok' });
  expect(await portal.changeType('User', ids)).toMatchObject({ kind: 'ok' });
});

test.each([
  ['no seat', shapeA(402, 'x', types.quota), 'no-seat'],
  [
    'a User who was left a RoomAdmin',
    shapeA(403, 'Access denied', types.security),
    'type-not-allowed',
  ],
  ['an unknown account', shapeA(404, 'x', types.notFound), 'not-found'],
])('another type is refused for %s, and nothing is held', async (_, answer, code) => {
  const { portal } = await asked(answer);
  expect(await portal.changeType('RoomAdmin', ['a'])).toMatchObject({ kind: 'refused', code });
});
