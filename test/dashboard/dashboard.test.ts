import { Queue } from 'bullmq';
import type { Hono } from 'hono';
import { beforeEach, describe, expect, inject, it, test } from 'vitest';
import { buildDashboard } from '../../src/dashboard/dashboard.ts';
import { createLogger } from '../../src/process/logger.ts';
import { timings } from '../../src/timings.ts';
import { silent } from '../support/batches.ts';
import { refusingRedis } from '../support/refusing-redis.ts';
import { onRelease } from '../support/resources.ts';
import { clientOf, redisSpace } from '../support/space.ts';

const LOCAL = { host: 'localhost:3000' };
const credentials = { user: 'admin', password: 'pässword:1' };

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

let queue: Queue;
let app: Hono;
let closedApp: Hono;
let banner = '';

beforeEach(() => {
  const space = redisSpace();
  queue = new Queue('create-user', { connection: space.redis, prefix: space.prefix });
  onRelease(() => queue.close());
  const isReady = (): Promise<boolean> => Promise.resolve(true);
  const readBanner = (): Promise<string> => Promise.resolve(banner);
  app = buildDashboard({ queues: [queue], isReady, readBanner, logger: silent, timings });
  closedApp = buildDashboard({
    queues: [queue],
    isReady,
    readBanner,
    logger: silent,
    timings,
    credentials,
  });
});

function get(path: string, headers: Record<string, string> = LOCAL) {
  return app.request(path, { headers });
}

describe('buildDashboard', () => {
  it('serves the page of bull-board and all that it loads', async () => {
    const html = await (await get('/')).text();
    const assets = [...html.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => path);
    expect(assets.length).toBeGreaterThan(3);
    for (const path of assets) expect((await get(`/${path}`)).status).toBe(200);
    expect(html).toContain('docspace-onboard');
  });

  it('tells a hold at each queue, and no longer when it is over', async () => {
    const described = async () => {
      const body = JSON.parse(await (await get('/api/queues')).text());
      return body.queues[0].description;
    };
    expect(await described()).toBeUndefined();
    banner = 'held (key-rejected): The key.';
    expect(await described()).toBe(banner);
    banner = '';
    expect(await described()).toBeUndefined();
  });

  it('allows its pages nothing from elsewhere', async () => {
    const { headers } = await get('/');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*base-uri 'self'/);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect((await get('/api/queues')).headers.get('cache-control')).toBe('no-store');
  });

  it('shows the queues and marks them read-only', async () => {
    await queue.add('create-user', { batch: 'b', round: 1, row: 7 }, { jobId: 'b.1.7' });
    const url = '/api/queues?activeQueue=create-user&status=latest&page=1&jobsPerPage=10';
    expect(await (await get(url)).json()).toMatchObject({
      queues: [
        { name: 'create-user', readOnlyMode: true, allowRetries: false, jobs: [{ id: 'b.1.7' }] },
      ],
    });
    expect((await get('/api/redis/stats')).status).toBe(403);
  });

  it('asks for the password, and takes only the right one', async () => {
    const ask = async (authorization?: string) => {
      const headers = { host: 'board.example', ...(authorization ? { authorization } : {}) };
      return (await closedApp.request('/api/queues', { headers })).status;
    };
    expect(await ask()).toBe(401);
    expect(await ask(basic('admin', 'wrong'))).toBe(401);
    expect(await ask(basic('other', credentials.password))).toBe(401);
    expect(await ask(basic('admin', credentials.password))).toBe(200);
  });

  it.each(['/', '/static/favicon.ico', '/api/queues', '/queue/create-user', '/nowhere'])(
    'shows nothing of %s without the password',
    async (path) => {
      const response = await closedApp.request(path, { headers: LOCAL });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Basic');
    },
  );

  it('answers only to names of this machine when there is no password', async () => {
    const response = await get('/api/queues', { host: 'rebound.example:3000' });
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('DASHBOARD_PASSWORD'),
    ]);
  });

  it('answers probes without a password and under any name', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const headers = { host: '10.1.2.3:3000' };
      expect((await closedApp.request(path, { headers })).status).toBe(200);
      expect((await app.request(path, { headers })).status).toBe(200);
    }
  });
});

test('a page that Redis refuses is a short answer, and one line of the log without a command', async () => {
  const redis = await refusingRedis(inject('redisUrl'));
  const refused = new Queue('create-user', { connection: clientOf(redis.url), prefix: '{gone}' });
  onRelease(() => refused.close());
  refused.on('error', () => undefined);
  await refused.waitUntilReady();
  const lines: string[] = [];
  const logger = createLogger({
    level: 'warn',
    destination: { write: (line) => lines.push(line) },
  });
  const isReady = () => Promise.resolve(true);
  const client = clientOf(redis.url);
  const readBanner = async () => String(await client.get('{gone}:hold'));
  const options = { queues: [refused], isReady, readBanner, logger, timings };
  const board = buildDashboard(options);
  redis.refuse = () => 'NOAUTH Authentication required.';
  for (let count = 0; count < 3; count += 1) {
    const answer = await board.request('/api/queues', { headers: LOCAL });
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('log')]);
  }
  expect(lines).toEqual([expect.stringContaining('"refusal":"NOAUTH"')]);
  expect(lines.join('')).not.toContain('{gone}');
});
