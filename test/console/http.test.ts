import { expect, test } from 'vitest';
import type { Route } from '../../src/console/route.ts';
import { createLogger } from '../../src/process/logger.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { consoleOn, servedConsole, TOKEN } from './console-case.ts';
import { rawRequest } from './raw-request.ts';
import { uploadsOn } from './upload-case.ts';

/** A console on a port, with every route of it and what it logged as a fault. */
async function opened() {
  const stage = await openStage();
  await stage.submit(people(3), { id: 'spring' });
  const { uploads } = uploadsOn(stage);
  const faults: string[] = [];
  const destination = { write: (line: string) => void faults.push(line) };
  const logger = createLogger({ level: 'error', destination });
  const parts = { uploads, logger };
  const { routes } = consoleOn(stage, 'admin', parts);
  return { routes, faults, url: await servedConsole(stage, 'admin', parts) };
}

/** Addresses with this text in place of every parameter. */
function withParameter(routes: readonly Route[], text: string): string[] {
  const paths = routes.filter(({ method, path }) => method === 'GET' && path.includes(':'));
  return paths.map(({ path }) => path.replaceAll(/:\w+(?:\{.*?\}\}?)?/g, text));
}

const ODD = [
  ...['%00', '%2e%2e', '..', '%zz', '%c3%28', '%F0%9F%98%80', '__proto__'],
  ...['%0d%0ax:y', 'a%2fb', '*', '-1', '%25', 'x'.repeat(3000)],
];

test('an odd name in an address leads to no page, and to no fault', async () => {
  const { routes, faults, url } = await opened();
  for (const odd of ODD) {
    for (const path of withParameter(routes, odd)) {
      const answer = await rawRequest(url, path);
      // A set of roles is refused without a portal; some odd names make another address.
      expect([path, [200, 404, 409].includes(answer.status)]).toEqual([path, true]);
      if (answer.status === 200) expect(path).toMatch(/\/(?:\.|%2e){2}|\*/);
      expect(answer.text).not.toMatch(/ {4}at |node_modules/);
    }
  }
  expect(faults).toEqual([]);
});

/** Queries of every page that takes one; `V` is what somebody typed. */
const QUERIES = [
  '/batches?state=V&prefix=V&after=V',
  '/batches?after=V',
  '/activity?name=V&before=V&action=V',
  '/batches/spring/activity?before=V',
  '/queues?queue=create-user&job=V',
  '/queues?queue=V&job=spring.1.1',
  '/batches/spring/rows?from=V&size=V&state=V&mark=V',
  '/batches/spring/rows?state=failed&code=V&from=V',
  '/batches/spring/rows/1?row=V',
  '/batches/spring/retry?code=V',
  '/batches/spring/retry?row=V&row=V',
  '/?V',
];
const VALUES = [
  '-1',
  '99999999999999999999',
  '1e3',
  '%00',
  '%ff',
  '%',
  '(',
  '1-1',
  '0-0',
  '__proto__',
];

test('a query out of range or without sense is no fault', async () => {
  const { faults, url } = await opened();
  for (const query of QUERIES) {
    for (const value of [...VALUES, 'x'.repeat(3000)]) {
      const path = query.replaceAll('V', value);
      const { status } = await rawRequest(url, path);
      expect([path, status]).toEqual([path, 200]);
    }
  }
  expect(faults).toEqual([]);
});

test('a form of another kind, or a broken one, is refused without a fault', async () => {
  const { routes, faults, url } = await opened();
  const types = {
    'application/json': JSON.stringify({ token: TOKEN }),
    'text/plain': `token=${TOKEN}`,
    'multipart/form-data': 'x',
    'multipart/form-data; boundary=x': `--x\r\ncontent-disposition: form-data; name="token"\r\n`,
    'application/x-www-form-urlencoded; charset=%': '%zz=%',
    '': `token=${TOKEN}`,
  };
  const origin = url;
  for (const { method, path } of routes) {
    if (method !== 'POST') continue;
    const address = path
      .replaceAll(/:\w+(?:\{.*?\}\}?)?/g, '1')
      .replace('/batches/1', '/batches/spring');
    for (const [type, body] of Object.entries(types)) {
      const headers = { origin, ...(type === '' ? {} : { 'content-type': type }) };
      const { status } = await rawRequest(url, address, { method, headers, body });
      expect([address, type, [400, 403].includes(status)]).toEqual([address, type, true]);
    }
  }
  expect(faults).toEqual([]);
});

test('another method is refused with those that the address takes', async () => {
  const { routes, url } = await opened();
  for (const path of new Set(routes.map((route) => route.path))) {
    const address = path.replaceAll(/:\w+(?:\{.*?\}\}?)?/g, '1').replace('*', 'x');
    const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
    const taken = methods.includes('GET')
      ? ['GET', 'HEAD', ...methods.filter((one) => one !== 'GET')]
      : methods;
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'PROPFIND']) {
      const { status, headers } = await rawRequest(url, address, { method });
      expect([address, method, status, headers.allow]).toEqual([
        ...[address, method, 405],
        taken.join(', '),
      ]);
    }
  }
});

test('pages are of this moment, files forever, and each says what it is', async () => {
  const { url } = await opened();
  const page = await rawRequest(url, '/batches', { headers: { 'accept-encoding': 'gzip' } });
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=UTF-8',
    'cache-control': 'no-store',
    'content-encoding': 'gzip',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  const { text } = await rawRequest(url, '/');
  const [, style = ''] = /href="([^"]+console\.css)"/.exec(text) ?? [];
  const asset = await rawRequest(url, style);
  expect(asset.headers).toMatchObject({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': expect.stringContaining('immutable'),
  });
  const old = style.replace(/assets\/[^/]+/, 'assets/oldversion00');
  for (const path of [old, `${style}x`, '/assets/', '/assets/a', '/assets/../package.json']) {
    const { status, headers } = await rawRequest(url, path);
    expect([path, status, headers['cache-control']]).toEqual([path, 404, 'no-store']);
  }
});

test('a request for the headers alone has those of the page, opens no stream and records no download', async () => {
  const stage = await openStage();
  await stage.submit(people(3), { id: 'spring' });
  let watches = 0;
  const { hub } = consoleOn(stage);
  const counting = {
    ...hub,
    watch: (...given: Parameters<typeof hub.watch>) => {
      watches += 1;
      return hub.watch(...given);
    },
  };
  const url = await servedConsole(stage, 'operator', { hub: counting as typeof hub });
  for (const path of ['/', '/batches/spring', '/live', '/batches/spring/report.csv']) {
    const { status, text } = await rawRequest(url, path, { method: 'HEAD' });
    expect([path, status, text]).toEqual([path, 200, '']);
  }
  expect(watches).toBe(0);
  expect(await stage.redis.xlen(stage.ledger.keys.log)).toBe(0);
});
