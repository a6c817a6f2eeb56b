import { once } from 'node:events';
import { get } from 'node:http';
import { expect, test } from 'vitest';
import { timings } from '../../src/timings.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

test('the built console signs in, serves its pages with their script, and ends with a page open', async () => {
  const stage = await openStage({ env: { CONSOLE_PORT: '0' }, timings });
  const running = stage.process.start(['console']);
  const found = await waitFor(() => /sign in: (\S+)\/sign-in#(\S+)/.exec(running.stdout));
  const [, url = '', code = ''] = found;
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ code }),
    headers: { origin: url },
    redirect: 'manual',
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await (await fetch(url, { headers: { cookie } })).text();
  expect(page).toContain('<h1>Overview</h1>');
  const script = /src="([^"]+page-script\.js)"/.exec(page)?.[1] ?? '';
  expect((await fetch(url + script)).status).toBe(200);
  // A stream that stays open; `fetch` would keep the rest of its connections too.
  const [live] = await once(get(`${url}/live`, { headers: { cookie } }), 'response');
  expect(live.headers['content-type']).toContain('text/event-stream');
  const cut = once(live, 'error');
  live.resume();
  const began = performance.now();
  running.send('SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0, signal: null });
  await cut;
  expect(performance.now() - began).toBeLessThan(2000);
  expect(running.stderr).not.toContain(code);
});
