import { describe, expect, it } from 'vitest';
import { answer } from '../../src/sandbox/http/pipeline.ts';
import { buildPortal } from '../../src/sandbox/stand-in-portal.ts';
import { call, clock, openSandbox, post, types } from './support.ts';

describe('the paths of the portal', () => {
  const unknown = [
    'DELETE /people',
    'PUT /people',
    'GET /people/invite',
    'GET /api/2.0/files',
    'GET /api/2.0',
    'POST /settings',
  ];

  it.each(unknown)('that the sandbox does not have are an empty 404: %s', async (request) => {
    const reply = await call(await openSandbox(), request);
    expect([reply.status, reply.text]).toEqual([404, '']);
  });

  it.each(['GET /', 'GET /accounts/people', 'POST /api/3.0/people', 'GET /api/2.0x'])(
    'outside the API are the single-page app: %s',
    async (request) => {
      const reply = await call(await openSandbox(), request);
      expect(reply.status).toBe(200);
      expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
    },
  );

  it.each(['GET /API/2.0/People/@Self', 'GET /api/2.0/people/@self/'])(
    'are found in any case and with a slash at the end: %s',
    async (request) => {
      expect((await call(await openSandbox(), request)).status).toBe(200);
    },
  );
});

describe('every answer of the API', () => {
  it('carries the timing, the version and the date of the portal’s own clock', async () => {
    const time = clock(Date.UTC(2030, 0, 2, 3, 4, 5));
    const sandbox = await openSandbox({ now: time.now });
    for (const request of ['GET /people/@self', 'GET /api/2.0/nothing']) {
      const { headers } = await call(sandbox, request);
      expect(headers.get('date')).toBe('Wed, 02 Jan 2030 03:04:05 GMT');
      expect(headers.get('server-timing')).toBe('aspnetcore-request-time;dur=0ms');
      expect(headers.get('api-supported-versions')).toBe('2.0');
    }
  });

  it('has no rate limit headers unless it is a 429', async () => {
    const { headers } = await post(await openSandbox());
    const names = [...headers.keys()].filter((name) => name.startsWith('x-ratelimit'));
    expect(names).toEqual([]);
  });

  it('in shape A forbids caching and names the exception', async () => {
    const reply = await post(await openSandbox(), { firstName: '1' });
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-cache,no-store');
    expect(reply.headers.get('pragma')).toBe('no-cache');
    expect(reply.headers.get('expires')).toBe('-1');
    expect(reply.json).toEqual({
      error: {
        message: 'Incorrect firstname or lastname',
        type: types.argument,
        stack: expect.stringMatching(/^ {3}at /),
        hresult: -2147024809,
      },
      status: 1,
      statusCode: 400,
    });
  });

  it('takes at least the latency', async () => {
    const sandbox = await openSandbox({ latencyMs: 60 });
    for (const request of ['GET /people/@self', 'POST /people']) {
      const startedAt = performance.now();
      const body = { email: 'a@example.com', firstName: 'Ana', lastName: '', type: 'User' };
      const reply = await call(sandbox, request, request.startsWith('POST') ? { body } : {});
      expect(reply.status).toBe(200);
      // Timers of Node may fire up to 1 ms early, twice for a POST.
      expect(performance.now() - startedAt).toBeGreaterThan(57);
    }
  });
});

describe('the pipeline', () => {
  function exchange(): Parameters<typeof answer>[0] & { released: number } {
    const made = {
      portal: buildPortal({ latencyMs: 0 }),
      request: new Request('http://sandbox.example/api/2.0/people'),
      url: new URL('http://sandbox.example/api/2.0/people'),
      endpoint: undefined,
      peer: 'test',
      life: new AbortController().signal,
      link: { href: '', action: 'GET' },
      caller: undefined,
      body: undefined,
      bytes: undefined,
      email: undefined,
      fault: undefined,
      reply: undefined,
      released: 0,
      release: () => {
        made.released += 1;
      },
    };
    return made;
  }

  it('ends at the first step that answers and gives the slot back once', async () => {
    const one = exchange();
    const reply = { status: 299, headers: {}, body: '' };
    const never = (): never => {
      throw new Error('reached');
    };
    const steps = [
      { name: 'pass', run: () => undefined },
      { name: 'reply', run: () => reply },
      { name: 'never', run: never },
    ];
    expect(await answer(one, steps)).toBe(reply);
    expect(one.released).toBe(1);
  });

  it('gives the slot back when a step breaks, and answers 500', async () => {
    const one = exchange();
    const broken = async (): Promise<never> => {
      throw new Error('a mistake of the sandbox');
    };
    const reply = await answer(one, [{ name: 'broken', run: broken }]);
    expect(reply.status).toBe(500);
    expect(reply.body).not.toContain('a mistake of the sandbox');
    expect(one.released).toBe(1);
  });
});
