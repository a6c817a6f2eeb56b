import { expect, test } from 'vitest';
import { may, type Role } from '../../src/console/auth/roles.ts';
import type { Viewer } from '../../src/console/auth/viewer.ts';
import type { Route } from '../../src/console/route.ts';
import { shapeA } from '../portal/answers.ts';
import { dump } from '../support/dump.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { firstPost } from '../worker/first-post.ts';
import { linkAuthOn } from './auth/auth-case.ts';
import { consoleOn, TOKEN } from './console-case.ts';

const OURS = { origin: 'http://localhost' };
const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

/** A console with a batch that has a failed person, so that every change would find something. */
async function openConsole() {
  const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };
  const stage = await openStage({ plan: firstPost({ 'p1@example.com': refused }) });
  const workers = await stage.startWorkers();
  const batch = await stage.submit(people(3));
  await stage.untilFinished(batch);
  await workers.close();
  const { auth } = linkAuthOn(stage);
  const asRole = (role: Role | undefined) => {
    const viewer: Viewer | undefined = role && { name: 'ana', role, token: TOKEN };
    return consoleOn(stage, role, { auth: { ...auth, identify: async () => viewer } });
  };
  const parameter = /:\w+(?:\{(?:[^{}]|\{[^{}]*\})*\})?/g;
  const pathOf = ({ path }: Route) => path.replace(':id', batch).replace(parameter, '0');
  // Not what BullMQ lets expire by itself.
  const content = () => dump(stage, /^(?!.*:(?:stalled-check|limiter)$)/);
  return { asRole, pathOf, content };
}

type Ask = { fields?: Record<string, string>; headers?: Record<string, string>; method?: string };

function request(path: string, { fields = {}, headers = OURS, method = 'POST' }: Ask) {
  const body = method === 'GET' ? null : new URLSearchParams(fields);
  return new Request(`http://localhost${path}`, { method, headers, body });
}

/** Ways to send a change that is none of a page of ours. */
const FOREIGN: Readonly<Record<string, Ask>> = {
  'without a token': {},
  'with another token': { fields: { token: `${TOKEN}s` } },
  'from another site': { fields: { token: TOKEN }, headers: { origin: 'http://evil.example' } },
  'from another port': { fields: { token: TOKEN }, headers: { origin: 'http://localhost:81' } },
  'from a page without an origin': { fields: { token: TOKEN }, headers: { origin: 'null' } },
  'across sites': {
    fields: { token: TOKEN },
    headers: { ...OURS, 'sec-fetch-site': 'cross-site' },
  },
  'from a neighbour': { fields: { token: TOKEN }, headers: { 'sec-fetch-site': 'same-site' } },
  'by no browser': { fields: { token: TOKEN }, headers: {} },
};

test('no change is made for another site, without the form of the session, or by another method', async () => {
  const { asRole, pathOf, content } = await openConsole();
  const { app, routes } = asRole('admin');
  const changing = routes.filter(({ method }) => method === 'POST');
  expect(changing.length).toBeGreaterThan(4);
  const before = await content();
  for (const route of changing) {
    const path = pathOf(route);
    for (const [how, ask] of Object.entries(FOREIGN)) {
      const { status } = await app.request(request(path, ask));
      expect([path, how, status]).toEqual([path, how, 403]);
    }
    const hasPage = routes.some(({ method, path }) => method === 'GET' && path === route.path);
    for (const method of ['PUT', 'DELETE', 'PATCH', ...(hasPage ? [] : ['GET'])]) {
      const ask = { fields: { token: TOKEN }, method };
      const { status } = await app.request(request(path, ask));
      expect([path, method, status]).toEqual([path, method, 405]);
    }
  }
  expect(await content()).toBe(before);
  // A form of a page of ours is obeyed.
  const { status } = await app.request(request('/pause', { fields: { token: TOKEN } }));
  expect(status).toBe(303);
  expect(await content()).not.toBe(before);
});

test('a role that may not do something cannot do it by hand either', async () => {
  const { asRole, pathOf, content } = await openConsole();
  const before = await content();
  let refused = 0;
  for (const role of ROLES) {
    const { app, routes } = asRole(role);
    for (const route of routes) {
      if (route.needs === 'nothing' || may(role, route.needs)) continue;
      const ask = { fields: { token: TOKEN }, method: route.method };
      const { status } = await app.request(request(pathOf(route), ask));
      expect([role, route.method, route.path, status]).toEqual([
        ...[role, route.method, route.path],
        403,
      ]);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(2);
  expect(await content()).toBe(before);
});

test('without a session nothing but health, assets and sign-in is answered, and nothing done', async () => {
  const { asRole, pathOf, content } = await openConsole();
  const { app, routes } = asRole(undefined);
  const open = routes.filter(({ needs }) => needs === 'nothing');
  expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /sign-in',
    'POST /sign-in',
    'POST /sign-out',
  ]);
  const before = await content();
  for (const route of routes.filter(({ needs }) => needs !== 'nothing')) {
    const ask = { fields: { token: TOKEN }, method: route.method };
    const answer = await app.request(request(pathOf(route), ask));
    const { status, headers } = answer;
    const [page] = (headers.get('location') ?? '').split('?');
    const found = [route.path, status, page, await answer.text()];
    expect(found).toEqual([route.path, 303, '/sign-in', '']);
  }
  for (const path of ['/healthz', '/readyz', '/sign-in']) {
    expect((await app.request(path)).status).toBe(200);
  }
  expect(await content()).toBe(before);
});

test('a form that is far too large is refused before it is read', async () => {
  const { asRole, pathOf, content } = await openConsole();
  const { app, routes } = asRole('admin');
  const before = await content();
  for (const route of routes.filter(({ method }) => method === 'POST')) {
    const fields = { token: TOKEN, filling: 'x'.repeat(66_000) };
    const { status } = await app.request(request(pathOf(route), { fields }));
    expect([route.path, status]).toEqual([route.path, 413]);
  }
  expect(await content()).toBe(before);
});
