import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { Authentication } from '../../../src/console/auth/authentication.ts';
import type { Heard, Hub } from '../../../src/console/live/hub.ts';
import { streamParts } from '../../../src/console/live/stream-parts.tsx';
import type { ConsoleEnv } from '../../../src/console/route.ts';
import { createLogger } from '../../../src/process/logger.ts';
import { listen } from '../../../src/web/listen.ts';
import { onRelease } from '../../support/resources.ts';
import { quick } from '../../support/timings.ts';
import { waitFor } from '../../support/wait-for.ts';

const TEXT = 'x'.repeat(100_000);
const viewer = { name: 'ana', role: 'operator' as const, token: 't' };

interface Reading {
  count: number;
  now: number;
}

interface Change {
  auth?: Partial<Authentication>;
  render?: (count: number) => string;
  shownAt?: number;
}

/** A stream of numbers that a test says, with all that it does. */
function opened(change: Change = {}) {
  const listeners = new Set<(heard: Heard<unknown>) => void>();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  let rendered = 0;
  const hub: Hub = {
    watch: (_topic, listener) => {
      const listen = (heard: Heard<unknown>) => listener(heard as Parameters<typeof listener>[0]);
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    close: () => undefined,
  };
  const deps = {
    ...{ hub, now: Date.now, timings: { ...quick, liveBeatMs: 20, liveViewerMs: 10 } },
    auth: { identify: async () => viewer, routes: [], ...change.auth },
    logger: createLogger({ level: 'info', destination }),
  };
  const render = ({ count, now }: Reading) => {
    rendered += 1;
    const still = change.render?.(count) ?? TEXT;
    return { parts: { still, count: String(count) }, at: now, state: '', text: '' };
  };
  const topic = { key: '/', read: async () => ({ count: 0, now: 0 }), isMoving: () => true };
  const { shownAt = 0 } = change;
  const app = new Hono<ConsoleEnv>();
  app.get('/live', (c) => {
    c.set('viewer', viewer);
    return streamParts(deps, c, { topic, render, shownAt });
  });
  const say = (heard: Heard<Reading>) => {
    for (const listener of listeners) listener(heard);
  };
  return { app, listeners, lines, say, rendered: () => rendered };
}

/** Reads a stream piece by piece, up to a text that stands in it. */
function readerOf({ body }: Response) {
  const pieces = body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  return async (wanted: string): Promise<string> => {
    let text = '';
    while (!text.includes(wanted)) {
      const { done, value } = (await pieces?.next()) ?? { done: true, value: '' };
      if (done) throw new Error(`the stream ended without ${wanted}`);
      text += value;
    }
    return text;
  };
}

const read = (count: number, now = Date.now()): Heard<Reading> => ({
  kind: 'read',
  value: { count, now },
});

test('a browser that reads slowly gets the latest numbers, and nothing waits for it in memory', async () => {
  const { app, listeners, say, rendered } = opened();
  const next = readerOf(await app.request('/live'));
  await waitFor(() => listeners.size > 0);
  for (let value = 1; value <= 5000; value += 1) say(read(value));
  expect(rendered()).toBeLessThan(10);
  expect((await next('"count":"5000"')).length).toBeLessThan(5 * TEXT.length);
});

test('after Redis was away everything is sent again', async () => {
  const { app, listeners, say } = opened();
  const next = readerOf(await app.request('/live'));
  await waitFor(() => listeners.size > 0);
  say(read(1));
  await next('"count":"1"');
  say({ kind: 'failed', error: new Error('gone') });
  expect(await next('event: away')).not.toContain('event: parts');
  say(read(1));
  expect(await next('"count":"1"')).toContain(TEXT);
});

test('a page that cannot be made says so on its stream, and the console lives on', async () => {
  const render = (value: number) => {
    if (value < 3) throw new Error('Ottokar');
    return 'fine';
  };
  const { app, listeners, lines, say } = opened({ render });
  const next = readerOf(await app.request('/live'));
  await waitFor(() => listeners.size > 0);
  for (const value of [1, 2]) {
    say(read(value));
    expect(await next('event: away')).toContain('the log of the console has the reason');
  }
  say(read(3));
  await next('"still":"fine"');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/"error":"Error".*page failed/);
  expect(lines[0]).not.toContain('Ottokar');
});

test('the end of the session ends the stream, also of a browser that reads nothing', async () => {
  let isKnown = true;
  const auth = { stillKnows: () => isKnown };
  const { app, listeners, say } = opened({ auth });
  const server = await listen({ name: 'console', app, host: '127.0.0.1', port: 0 });
  onRelease(() => server.close());
  const reading = await fetch(`${server.url}/live`);
  const stuck = await app.request('/live');
  await waitFor(() => listeners.size === 2);
  for (let value = 1; value <= 100; value += 1) say(read(value));
  isKnown = false;
  expect(await reading.text()).toContain('event: parts');
  await waitFor(() => listeners.size === 0);
  await stuck.body?.cancel();
});

test('a browser that reads nothing any more loses its stream after some signs of life', async () => {
  const { app, listeners } = opened();
  const { body } = await app.request('/live');
  await waitFor(() => listeners.size === 1);
  await waitFor(() => listeners.size === 0);
  await body?.cancel();
});

test('nobody is listened to and nothing waits after the last browser has left', async () => {
  const { app, listeners } = opened();
  const server = await listen({ name: 'console', app, host: '127.0.0.1', port: 0 });
  onRelease(() => server.close());
  const leaving = new AbortController();
  const tabs = [1, 2].map(() => fetch(`${server.url}/live`, { signal: leaving.signal }));
  await Promise.all(tabs);
  await waitFor(() => listeners.size === 2);
  leaving.abort();
  await waitFor(() => listeners.size === 0);
});

test('a sign of life has the time of the last reading, also of one that changed nothing', async () => {
  const { app, listeners, say } = opened();
  const next = readerOf(await app.request('/live'));
  await waitFor(() => listeners.size === 1);
  say(read(1));
  await next('"count":"1"');
  const before = Date.now();
  say(read(1));
  let at = 0;
  // A beat of before may still be on its way.
  while (at < before) at = Number(/\{"at":(\d+)\}/.exec(await next('{"at":'))?.[1]);
  say({ kind: 'failed', error: new Error('gone') });
  await next('event: away');
  expect(await next('data: {}')).toContain('event: beat');
});

test('a reading older than the page does not undo it, and the page counts as live', async () => {
  const shownAt = Date.now();
  const { app, listeners, say } = opened({ shownAt });
  const next = readerOf(await app.request('/live'));
  await waitFor(() => listeners.size === 1);
  say(read(1, shownAt - 1));
  const first = await next(`data: {"at":${shownAt}}`);
  expect(first).not.toContain('event: parts');
  say(read(2, shownAt));
  expect(await next('"count":"2"')).toContain(TEXT);
});

test('after the clock of the console was set back its pages stay live', async () => {
  const { app, listeners, say } = opened({ shownAt: Date.now() + 3_600_000 });
  const next = readerOf(await app.request('/live'));
  await waitFor(() => listeners.size === 1);
  say(read(1));
  await next('"count":"1"');
});
