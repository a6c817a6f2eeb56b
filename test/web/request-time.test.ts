import { once } from 'node:events';
import { request } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { listen } from '../../src/web/listen.ts';
import { giveTime } from '../../src/web/request-time.ts';
import { onRelease } from '../support/resources.ts';

const REQUEST_MS = 150;

const app = new Hono<{ Bindings: HttpBindings }>()
  .post('/form', async (c) => c.text(await c.req.text()))
  .post('/files', async (c) => {
    giveTime(c.env.incoming, 60_000);
    return c.text(await c.req.text());
  });
app.onError((_, c) => c.text('the form was cut', 500));

/** Sends the first half of a body. */
async function begun(path: string) {
  const server = await listen({
    name: 'console',
    app,
    host: '127.0.0.1',
    port: 0,
    requestMs: REQUEST_MS,
  });
  onRelease(() => server.close());
  const sent = request(server.url + path, { method: 'POST', headers: { 'content-length': 8 } });
  sent.write('half');
  return sent;
}

test('a form that arrives too slowly is cut, while an upload of the same time is received', async () => {
  const files = await begun('/files');
  const form = await begun('/form');
  await expect(once(form, 'response')).rejects.toThrow(/hang up|ECONNRESET/);
  files.end('rest');
  const [answer] = await once(files, 'response');
  expect([answer.statusCode, Buffer.concat(await answer.toArray()).toString()]).toEqual([
    200,
    'halfrest',
  ]);
});
