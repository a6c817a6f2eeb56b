import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import {
  boundedQuery,
  loopbackOnly,
  readOnly,
  sameSite,
  withoutEmails,
} from '../../src/dashboard/guards.ts';

describe('loopbackOnly', () => {
  const app = new Hono().use(loopbackOnly).get('/', (c) => c.text('in'));
  const status = async (host: string): Promise<number> => {
    return (await app.request('/', { headers: { host } })).status;
  };

  it.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])(
    'lets a request to %s in',
    async (host) => {
      expect(await status(host)).toBe(200);
    },
  );

  it.each(['evil.example', 'evil.example:3000', '192.168.0.7:3000', 'localhost.evil.example', '/'])(
    'turns a request to %s away',
    async (host) => {
      expect(await status(host)).toBe(403);
    },
  );
});

describe('loopbackOnly behind a proxy', () => {
  const app = new Hono().use(loopbackOnly).get('/', (c) => c.text('in'));

  it.each(['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Via'])(
    'whom a proxy of this machine forwards, with %s, cannot look without a password',
    async (name) => {
      const headers = { host: '127.0.0.1:3000', [name]: '203.0.113.7' };
      const response = await app.request('/', { headers });
      expect([response.status, await response.text()]).toEqual([
        403,
        expect.stringContaining('DASHBOARD_PASSWORD'),
      ]);
    },
  );
});

describe('sameSite', () => {
  const app = new Hono().use(sameSite).get('/', (c) => c.text('in'));
  const status = async (site?: string) => {
    const headers = site === undefined ? {} : { 'sec-fetch-site': site };
    return (await app.request('/', { headers })).status;
  };

  it('a page of another site cannot make a browser load the dashboard', async () => {
    expect(await status('cross-site')).toBe(403);
  });

  it.each([undefined, 'same-origin', 'same-site', 'none'])(
    'a request with %s passes',
    async (site) => {
      expect(await status(site)).toBe(200);
    },
  );
});

describe('boundedQuery', () => {
  const app = new Hono().use(boundedQuery).get('/', (c) => c.text('in'));
  const status = async (query: string) => (await app.request(`/?${query}`)).status;

  it.each([
    'jobsPerPage=10000000',
    'jobsPerPage=-1',
    'jobsPerPage=1e7',
    'jobsPerPage=0x999999',
    'jobsPerPage=10&jobsPerPage=10000000',
    'maxChildren=1000000',
    'depth=1000000',
    'page=99999999999',
  ])('a client cannot make Redis read everything at once: %s', async (query) => {
    expect(await status(query)).toBe(400);
  });

  it.each(['', 'jobsPerPage=50&page=3', 'depth=10&maxChildren=20', 'status=latest'])(
    'an ordinary page passes: %s',
    async (query) => {
      expect(await status(query)).toBe(200);
    },
  );
});

describe('readOnly', () => {
  const app = new Hono().use(readOnly).all('/', (c) => c.text('in'));

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    const response = await app.request('/', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it.each(['GET', 'HEAD'])('lets %s pass', async (method) => {
    expect((await app.request('/', { method })).status).toBe(200);
  });
});

describe('withoutEmails', () => {
  const answer = async (body: object | string): Promise<unknown> => {
    const app = new Hono().use(withoutEmails).get('/', (c) => c.json(body));
    return (await app.request('/')).json();
  };

  it.each([
    ['ann@example.org', '[e-mail]'],
    ["for Ann O'Hara <ann.o@example.org>, again", "for Ann O'Hara <[e-mail]>, again"],
    ['line one\nann@example.org\tand "bob@example.org"\\', 'line one\n[e-mail]\tand "[e-mail]"\\'],
    ['\u0001ann@example.org', '\u0001[e-mail]'],
    ['лена@пример.рф', '[e-mail]'],
    ['batch.1.27 at 12:30', 'batch.1.27 at 12:30'],
  ])('turns %j into %j', async (given, expected) => {
    expect(await answer(given)).toBe(expected);
    expect(await answer({ [given]: [given] })).toEqual({ [expected]: [expected] });
  });

  it('a word of 80,000 letters before an @ does not keep the process busy', async () => {
    const texts = ['a', 'a.', "'", 'a@'].map((part) => `${part.repeat(80_000)} @`);
    for (const text of texts) expect(await answer(text)).toEqual(expect.any(String));
    const text = 'a'.repeat(1_000_000);
    expect(await answer(text)).toBe(text);
  }, 5000);

  it('keeps status and headers, and leaves other kinds of answers alone', async () => {
    const app = new Hono()
      .use(withoutEmails)
      .get('/json', (c) => c.json('a@b.org', 404, { 'x-kept': 'yes' }))
      .get('/text', (c) => c.text('logo@2x'));
    const json = await app.request('/json');
    expect([json.status, json.headers.get('x-kept')]).toEqual([404, 'yes']);
    expect(await (await app.request('/text')).text()).toBe('logo@2x');
  });
});
