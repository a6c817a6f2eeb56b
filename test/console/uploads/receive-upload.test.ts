import { readdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { receiver } from '../../../src/console/uploads/receive-upload.ts';
import { ANA, left, openFolder, plansIn } from './plans-case.ts';

const START = [
  '--x\r\nContent-Disposition: form-data; name="token"\r\n\r\nours\r\n',
  '--x\r\nContent-Disposition: form-data; name="files"; filename="people.csv"\r\n\r\nemail\r\n',
].join('');

/** A receiver of uploads, and a form that arrives until its body ends. */
function openReceiver() {
  const { root, spool } = openFolder();
  const receive = receiver({ spool, plans: plansIn(spool).plans, mostBytes: 1000 });
  const begin = () => {
    const body = new PassThrough();
    body.write(START);
    const form = {
      body,
      contentType: 'multipart/form-data; boundary=x',
      isOurs: (token: string) => token === 'ours',
      by: ANA,
      optionsOf: () => ({}),
    };
    return { received: receive(form), end: () => body.end('\r\n--x--\r\n') };
  };
  return { root, spool, begin };
}

test('a third upload at the same moment is refused in a sentence, leaves nothing, and may come later', async () => {
  const { root, begin } = openReceiver();
  const two = [begin(), begin()];
  await expect(begin().received).rejects.toMatchObject({
    code: 'E_UPLOAD_BUSY',
    message: expect.stringMatching(/send yours again in a minute/),
  });
  for (const { end } of two) end();
  const keys = await Promise.all(two.map(({ received }) => received));
  expect(readdirSync(root).sort()).toEqual([...keys].sort());
  const later = begin();
  later.end();
  expect(await later.received).toMatch(/^[0-9a-f]{24}$/);
});

test('an upload waits where fifty plans do, and leaves nothing', async () => {
  const { root, spool, begin } = openReceiver();
  const keys = await Promise.all(Array.from({ length: 50 }, () => left(spool, 'ready')));
  await expect(begin().received).rejects.toMatchObject({
    code: 'E_UPLOAD_BUSY',
    message: expect.stringMatching(/approve or discard some/),
  });
  expect(readdirSync(root)).toHaveLength(50);
  await spool.remove(keys[0] ?? '');
  const later = begin();
  later.end();
  expect(await later.received).toMatch(/^[0-9a-f]{24}$/);
});
