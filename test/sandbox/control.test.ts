import { expect, it } from 'vitest';
import { buildApp } from '../../src/sandbox/http/web-app.ts';
import { buildPortal } from '../../src/sandbox/stand-in-portal.ts';

const calls = ['GET /state', 'GET /faults', 'POST /faults', 'GET /anything-else'] as const;

/** A request from a peer, without a network. */
async function from(
  peer: string,
  request: string,
  portal = buildPortal({}),
  headers: Record<string, string> = {},
): Promise<Response> {
  const [method = '', path = ''] = request.split(' ');
  const socket = { remoteAddress: peer, remotePort: 40_000, remoteFamily: 'IPv4' };
  const init = {
    method,
    headers: { host: 'localhost:8090', ...headers },
    ...(method === 'POST' ? { body: '{"stallMs":1}' } : {}),
  };
  return buildApp(portal).request(`/__sandbox${path}`, init, { incoming: { socket } });
}

it.each(calls)('%s is not for other machines, and tells them nothing', async (request) => {
  const portal = buildPortal({ existing: ['old@example.com'] });
  const answer = await from('192.168.0.7', request, portal);
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({
    error: { message: 'Call state and faults from the machine of the sandbox.' },
  });
  expect(portal.conditions.faults.stallMs).toBe(45_000);
});

it.each(calls.slice(0, 3))('%s is for this machine', async (request) => {
  expect((await from('::ffff:127.0.0.1', request)).status).toBe(200);
});

it('knows GET alone for the state', async () => {
  expect((await from('127.0.0.1', 'POST /state')).status).toBe(405);
});

it.each<[string, Record<string, string>]>([
  ['a name of its own that leads here', { host: 'rebound.example:8090' }],
  ['a form', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['a form of an old browser', { origin: 'https://evil.example' }],
  ['a frame without an origin', { origin: 'null' }],
  ['a proxy', { 'x-forwarded-for': '203.0.113.7' }],
])(
  'a page elsewhere can neither read the state nor change faults, through %s',
  async (_, headers) => {
    const portal = buildPortal({ existing: ['old@example.com'] });
    for (const request of calls) {
      const answer = await from('127.0.0.1', request, portal, headers);
      expect([answer.status, await answer.text()]).toEqual([
        403,
        expect.not.stringContaining('old@'),
      ]);
    }
    expect(portal.conditions.faults.stallMs).toBe(45_000);
  },
);

it('a page of the sandbox itself may', async () => {
  const headers = { origin: 'http://localhost:8090', 'sec-fetch-site': 'same-origin' };
  expect((await from('127.0.0.1', 'GET /state', buildPortal({}), headers)).status).toBe(200);
});
