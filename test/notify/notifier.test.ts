import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createNotifier } from '../../src/notify/notifier.ts';
import { timings } from '../../src/timings.ts';
import { freePort } from '../support/ports.ts';
import { startReceiver } from '../support/receiver.ts';
import { onRelease } from '../support/resources.ts';

const NOW = Date.parse('2026-03-01T12:00:00.700Z');
const message = { body: '{"text":"Zoë"}', id: 'b1.1.finished.7' };

function open(secret?: string) {
  const notifier = createNotifier({
    secret: () => secret,
    timings: { ...timings, notifyTimeoutMs: 300 },
    now: () => NOW,
  });
  onRelease(() => notifier.close());
  return notifier;
}

test.each([
  ['the secret of both', Buffer.from('the secret of both')],
  [`whsec_${Buffer.alloc(24, 7).toString('base64')}`, Buffer.alloc(24, 7)],
])(
  'who captured a request cannot send it again under another id or time: %s',
  async (secret, key) => {
    const receiver = await startReceiver();
    const { url } = receiver;
    expect(await open(secret).send({ url, ...message })).toEqual({ kind: 'delivered' });
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const timestamp = String(Math.floor(NOW / 1000));
    const signed = createHmac('sha256', key).update(`b1_1_finished_7.${timestamp}.${body}`);
    expect(body).toBe(message.body);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'b1_1_finished_7',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signed.digest('base64')}`,
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  },
);

test('without a secret there is no signature at all', async () => {
  const receiver = await startReceiver();
  await open().send({ url: receiver.url, ...message });
  expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-signature');
});

test.each([
  [200, {}, 'delivered'],
  [204, {}, 'delivered'],
  [302, { location: 'http://127.0.0.1:1/' }, 'refused http-302'],
  [400, {}, 'refused http-400'],
  [404, { 'retry-after': '5' }, 'refused http-404'],
  [410, {}, 'refused http-410'],
  [408, {}, 'not-delivered http-408 0'],
  [429, { 'retry-after': '30' }, 'not-delivered http-429 30000'],
  [500, {}, 'not-delivered http-500 0'],
  [503, { 'retry-after': 'Sun, 01 Mar 2026 12:01:00 GMT' }, 'not-delivered http-503 59300'],
  [503, { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 'not-delivered http-503 0'],
  [503, { 'retry-after': '999999' }, 'not-delivered http-503 3600000'],
  [503, { 'retry-after': 'soon' }, 'not-delivered http-503 0'],
])('%i %o is %s', async (status, headers, expected) => {
  const receiver = await startReceiver({ status, headers });
  const delivery = await open().send({ url: receiver.url, ...message });
  expect(Object.values(delivery).join(' ')).toBe(expected);
  expect(receiver.received).toHaveLength(1);
});

test('no answer in time, and nobody there, are no delivery, and the code names no address', async () => {
  const receiver = await startReceiver('never');
  const nowhere = `http://127.0.0.1:${await freePort()}/secret`;
  const later = { kind: 'not-delivered', waitMs: 0 };
  const send = (url: string) => open().send({ url, ...message });
  expect(await send(receiver.url)).toEqual({ ...later, code: 'timeout' });
  expect(await send(nowhere)).toEqual({ ...later, code: 'econnrefused' });
});
