import { describe, expect, it } from 'vitest';
import { call, openSandbox, post, shapeA } from './support.ts';

describe('a host name that is no portal', () => {
  it('fails with a key before the limiter, and stores nobody', async () => {
    const limits = { requestsPerMinute: 1 };
    const sandbox = await openSandbox({ limits, faults: { hostUnknown: true } });
    for (const key of [sandbox.key, 'sk-wrong']) {
      const text = 'Could not resolve current tenant :-(.';
      const answer = await post(sandbox, {}, { key });
      expect(answer.json).toMatchObject(shapeA(500, 'System.Exception', text));
    }
    expect(sandbox.state()).toMatchObject({ accounts: [], faultsByKind: { 'host.unknown': 2 } });
  });

  it('is a 401 without a key, and a 404 where nobody needs one', async () => {
    const sandbox = await openSandbox({ faults: { hostUnknown: true } });
    const self = await call(sandbox, 'GET /people/@self', { key: null });
    const settings = await call(sandbox, 'GET /settings', { key: null });
    expect([self.status, self.text]).toEqual([401, '']);
    expect(settings.json).toMatchObject({ title: 'Not Found', status: 404 });
  });
});

describe('an address that the portal does not allow', () => {
  it.each([
    ['text/html', /^text\/plain/, /^Access .*\.$/],
    ['application/json', /^application\/json/, /^"Access .*\."$/],
  ])('gets one sentence for Accept: %s', async (Accept, type, text) => {
    const sandbox = await openSandbox({ faults: { addressRefused: true } });
    const answer = await post(sandbox, {}, { headers: { Accept } });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toMatch(type);
    expect(answer.text).toMatch(text);
    expect(sandbox.state().accounts).toEqual([]);
  });

  it('reads it in the language of the key', async () => {
    const sandbox = await openSandbox({ locale: 'de', faults: { addressRefused: true } });
    expect((await post(sandbox)).text).toMatch(/Zugriff/);
  });
});
