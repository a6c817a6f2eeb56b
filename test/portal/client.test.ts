import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { accountDto, empty, envelope, html, shapeA } from './answers.ts';
import {
  ana,
  asked,
  fakePortal,
  inviteOf,
  key,
  openClient,
  recordingPortal,
} from './fake-portal.ts';

describe('createPerson', () => {
  it('posts the person with type and an empty last name, and gives the account', async () => {
    const { portal, first } = await asked();
    const verdict = await portal.createPerson(ana);
    expect(verdict).toMatchObject({ kind: 'ok', value: { id: accountDto.id, type: 'User' } });
    expect(first()).toMatchObject({ method: 'POST', url: '/api/2.0/people' });
    expect(JSON.parse(first().body)).toEqual(ana);
  });

  it("sends the optional fields under the portal's names, in any script", async () => {
    const { portal, first } = await asked();
    const rest = { department: ['9c2f0000-0000-4000-8000-000000000001'], comment: '新しい' };
    await portal.createPerson({ ...ana, firstName: 'Łucja', culture: 'pl', ...rest });
    const body = JSON.parse(first().body);
    expect(body).toEqual({ ...ana, firstName: 'Łucja', cultureName: 'pl', ...rest });
  });

  it('sends the key, asks for JSON and names no origin', async () => {
    const { portal, first } = await asked();
    await portal.createPerson(ana);
    expect(first().headers).toMatchObject({
      authorization: `Bearer ${key}`,
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(first().headers).not.toHaveProperty('origin');
    expect(first().headers).not.toHaveProperty('cookie');
  });

  it('uses a new key at once', async () => {
    const { url, received } = await recordingPortal(envelope(accountDto));
    const keys = ['sk-first', 'sk-second'];
    const portal = openClient(url, { apiKey: () => keys.shift() ?? 'none' });
    await portal.createPerson(ana);
    await portal.createPerson(ana);
    const sent = received.map((request) => request.headers.authorization);
    expect(sent).toEqual(['Bearer sk-first', 'Bearer sk-second']);
  });

  it('is unknown when the envelope holds no account', async () => {
    const { portal } = await asked(envelope({ id: 7 }));
    expect(await portal.createPerson(ana)).toMatchObject({
      kind: 'unknown',
      code: 'wrong-envelope',
    });
  });

  it('sends nothing when the key cannot be a header', async () => {
    const { url, received } = await recordingPortal(envelope(accountDto));
    const portal = openClient(url, { apiKey: () => 'sk-0123456789\nabcdef' });
    const verdict = await portal.createPerson(ana);
    expect(verdict).toMatchObject({ kind: 'stopped', code: 'key-rejected' });
    expect(JSON.stringify(verdict)).not.toContain('0123456789');
    expect(received).toEqual([]);
  });
});

describe('findByEmail', () => {
  it('encodes the address and asks for English', async () => {
    const { portal, first } = await asked();
    await portal.findByEmail('ana+new&x=1@exämple.com');
    const encoded = 'ana%2Bnew%26x%3D1%40ex%C3%A4mple.com';
    expect(first().url).toBe(`/api/2.0/people/email?email=${encoded}&culture=en-US`);
    expect(first().body).toBe('');
    expect(first().headers).not.toHaveProperty('content-type');
  });

  it('finds nobody on 404 shape A, by the clock of the portal', async () => {
    const missing = shapeA(404, 'no', 'ASC.Common.Web.ItemNotFoundException');
    const { portal } = await asked(missing);
    const verdict = await portal.findByEmail(ana.email);
    expect(verdict).toEqual({ kind: 'absent', answeredAt: expect.any(Number) });
  });
});

describe('invite', () => {
  const emails = ['ana@example.com', 'bo@example.com', 'cy@example.com'];
  const people = emails.map((email) => ({ email, type: 'All' }));

  it('sends everybody in one request and counts who is pending', async () => {
    const { portal, first } = await asked(envelope([{ id: '1' }, { id: '2' }, { id: '3' }]));
    const verdict = await portal.invite(await inviteOf(emails, 'de'));
    expect(verdict).toMatchObject({ kind: 'ok', value: { pending: 3 } });
    expect(first()).toMatchObject({ method: 'POST', url: '/api/2.0/people/invite' });
    expect(JSON.parse(first().body)).toEqual({ invitations: people, culture: 'de' });
  });

  it('reads an answer of many megabytes', async () => {
    const list = Array.from({ length: 30_000 }, (_, id) => ({ id, displayName: 'x'.repeat(100) }));
    const answer = envelope(list);
    const { portal } = await asked({
      ...answer,
      body: answer.body.replace('"count":1', '"count":30000'),
    });
    expect(await portal.invite(await inviteOf(emails))).toMatchObject({
      kind: 'ok',
      value: { pending: 30_000 },
    });
  });

  it('waits longer the more people there are', async () => {
    const url = await fakePortal((_request, response) => {
      setTimeout(() => response.writeHead(200).end(envelope([]).body), 200);
    });
    const portal = openClient(url, { requestTimeoutMs: 100 });
    expect(await portal.invite(await inviteOf([]))).toMatchObject({
      kind: 'unknown',
      code: 'timeout',
    });
    const crowd = Array.from({ length: 100 }, () => 'ana@example.com');
    expect(await portal.invite(await inviteOf(crowd))).toMatchObject({ kind: 'ok' });
  });
});

describe('whoami and settings', () => {
  it("asks for the key's owner and permissions", async () => {
    const { portal, first } = await asked(envelope({ createBy: { id: 'owner' }, permissions: [] }));
    expect(await portal.whoami()).toMatchObject({ value: { ownerId: 'owner', permissions: [] } });
    expect(first()).toMatchObject({ method: 'GET', url: '/api/2.0/keys/@self' });
  });

  it('asks for the settings without the key', async () => {
    const { portal, first } = await asked(envelope({ version: '3.7.2', tenantStatus: 0 }));
    const verdict = await portal.settings();
    expect(verdict).toMatchObject({ kind: 'ok', value: { version: '3.7.2', tenantStatus: 0 } });
    expect(first().url).toBe('/api/2.0/settings');
    expect(first().headers).not.toHaveProperty('authorization');
  });

  it('holds when another kind of server answers', async () => {
    const { portal } = await asked(envelope('welcome'));
    const reads = ['whoami', 'settings', 'self', 'ownSettings', 'invitationSettings', 'quota'];
    for (const read of reads as (keyof typeof portal & 'self')[]) {
      const verdict = await portal[read]();
      expect([read, verdict]).toMatchObject([read, { kind: 'stopped', code: 'unexpected-answer' }]);
    }
  });
});

describe('answers over real HTTP', () => {
  it.each([
    ['a redirect is not followed', html(301, { location: '/elsewhere' }), 'redirected'],
    ['a page instead of the API', html(200), 'html-answer'],
    ['a rejected key', empty(401), 'key-rejected'],
  ])('%s', async (_what, answer, code) => {
    const { portal, received } = await asked(answer);
    expect(await portal.createPerson(ana)).toMatchObject({ kind: 'stopped', code });
    expect(received).toHaveLength(1);
  });

  it('a 429 with headers in any case gives its limiter and wait', async () => {
    const headers = { 'X-RateLimit-Limit': '10000', 'Retry-After': '100' };
    const { portal } = await asked(empty(429, headers));
    const verdict = await portal.createPerson(ana);
    expect(verdict).toMatchObject({ kind: 'rate-limited', limiter: 'daily', waitMs: 100_000 });
  });

  it('ignores a path, a query and a trailing slash of the base URL', async () => {
    const { url, received } = await recordingPortal(envelope(accountDto));
    await openClient(new URL('/api/2.0/?x=1', url)).findByEmail('a@b.c');
    expect(received[0]?.url).toMatch(/^\/api\/2\.0\/people\/email\?/);
  });
});

describe('log lines and reasons', () => {
  it('is method, path, status and duration at trace, and neither key nor address', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    // A logger that does not know the key, so that its filter hides the sk- form alone.
    const logger = createLogger({ level: 'trace', destination });
    const secret = 'a-key-of-another-form';
    const { url } = await recordingPortal(shapeA(500, `echo: Bearer ${secret}, ana@example.com`));
    const portal = openClient(url, { logger, apiKey: () => secret });
    const verdicts = [await portal.createPerson(ana), await portal.findByEmail(ana.email)];
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ method: 'POST', path: '/api/2.0/people', status: 500 }),
      expect.objectContaining({ method: 'GET', path: '/api/2.0/people/email', status: 500 }),
    ]);
    const told = `${lines.join('')}${JSON.stringify(verdicts)}`;
    expect(told).not.toContain(secret);
    expect(told).not.toMatch(/ana(?:@|%40)example/);
    expect(told).toContain('echo: Bearer [key], a***@example.com');
  });
});
