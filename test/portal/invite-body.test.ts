import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { measure } from '../../src/portal/invite-body.ts';
import { envelope } from './answers.ts';
import { fakePortal, openClient } from './fake-portal.ts';

const slices = [['ana@example.com'], ['bo@example.com', 'cy@example.com']] as const;

/** An invite whose second slice is read when `second` allows it; only the sending reads it twice. */
async function waiting(second: () => Promise<unknown>) {
  let reads = 0;
  async function* emails(): AsyncGenerator<readonly string[]> {
    reads += 1;
    yield slices[0];
    if (reads > 1) await second();
    yield slices[1];
  }
  return measure({ people: 3, emails, type: 'User', culture: 'de' });
}

test('the portal has the first people of an invite before the last are read', async () => {
  const gate = new EventEmitter();
  let body = '';
  let length: string | undefined;
  const url = await fakePortal(async (request, response) => {
    length = request.headers['content-length'];
    request.setEncoding('utf8');
    for await (const piece of request) {
      body += piece;
      if (body.includes('ana@')) gate.emit('first');
    }
    response.writeHead(200).end(envelope([]).body);
  });
  const invitations = await waiting(() => once(gate, 'first'));
  expect(await openClient(url).invite(invitations)).toMatchObject({ kind: 'ok' });
  const people = slices.flat().map((email) => ({ email, type: 'User' }));
  expect(JSON.parse(body)).toEqual({ invitations: people, culture: 'de' });
  expect(length).toBe(String(Buffer.byteLength(body)));
});

test('an invite whose people cannot be read to the end is never whole for the portal', async () => {
  const portal = new EventEmitter<{ cut: [request: IncomingMessage, bytes: number] }>();
  const url = await fakePortal(async (request) => {
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    request.on('error', () => portal.emit('cut', request, bytes));
  });
  const invitations = await waiting(() => Promise.reject(new Error('row 1 is damaged')));
  const cut = once(portal, 'cut');
  const verdict = await openClient(url).invite(invitations);
  expect(verdict).toMatchObject({ kind: 'unknown', code: 'aborted' });
  const [request, bytes] = await cut;
  expect(request.complete).toBe(false);
  expect(bytes).toBeLessThan(invitations.bytes);
  expect(request.headers['content-length']).toBe(String(invitations.bytes));
});

test('an invite that the portal refuses before it has read it all has the answer of the portal', async () => {
  const url = await fakePortal((request, response) => {
    request.once('data', () => response.writeHead(401).end());
  });
  const never = new EventEmitter();
  const verdict = await openClient(url).invite(await waiting(() => once(never, 'end')));
  expect(verdict).toMatchObject({ kind: 'stopped', code: 'key-rejected' });
});

test('an invite that is not read to the end in time is given up, and its outcome is unknown', async () => {
  const url = await fakePortal((request) => request.resume());
  const never = new EventEmitter();
  const invitations = await waiting(() => once(never, 'end'));
  const portal = openClient(url, { requestTimeoutMs: 100 });
  expect(await portal.invite(invitations)).toMatchObject({ kind: 'unknown', code: 'timeout' });
});
