import { describe, expect, it } from 'vitest';
import type { RequestKind } from '../../src/portal/answer.ts';
import { classify } from '../../src/portal/classify.ts';
import { empty, html, raw } from './answers.ts';
import { context, type Row, verdictOf } from './verdict-of.ts';

const cloudflare = raw(403, 'text/plain; charset=UTF-8', 'error code: 1020');
const basic = { 'www-authenticate': 'Basic realm="internal"' };
const cookie = { 'set-cookie': 'asc_auth_key=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/' };

const answers: Row[] = [
  ['Cloudflare that blocks', 'create', cloudflare, 'stopped proxy-refused'],
  ['Cloudflare that blocks a read', 'whoami', cloudflare, 'stopped proxy-refused'],
  ['a web server with a login', 'whoami', empty(401, basic), 'stopped login-in-between'],
  ['its page', 'create', html(401, basic), 'stopped login-in-between'],
  ['a removed header', 'whoami', empty(401, cookie), 'stopped key-removed'],
  ['a wrong key', 'whoami', empty(401), 'stopped key-rejected'],
  ['407', 'create', empty(407), 'stopped proxy-login'],
  ['405 to the first request', 'create', empty(405), 'stopped wrong-address'],
];

describe('boxes between here and the portal', () => {
  it.each(answers)('%s (%s) is named', (_, request, answer, verdict) => {
    expect(verdictOf(request, answer)).toBe(verdict);
  });

  const later = (kind: RequestKind, answer: Parameters<typeof classify>[1]) => {
    const verdict = classify({ kind }, answer, { ...context, hasWorked: true });
    return 'code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind;
  };

  it('a firewall that refuses POST after reads that worked is no wrong address', () => {
    expect(later('create', empty(405))).toBe('stopped proxy-refused');
    expect(later('lookup', html(405))).toBe('stopped proxy-refused');
  });

  it.each(['create', 'lookup', 'invite', 'whoami'] as const)(
    'a web page with status 200 in the middle of a batch (%s) is an outage',
    (kind) => {
      expect(verdictOf(kind, html(200))).toBe('stopped html-answer');
      expect(later(kind, html(200))).toBe('unknown web-page');
    },
  );
});
