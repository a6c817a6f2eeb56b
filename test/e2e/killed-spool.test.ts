import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { openPlace } from '../support/place.ts';
import { listenOn } from '../support/ports.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';

const WORKBOOK = resolve('examples/people.xlsx');

/** A Redis that never answers: a command that asks it has read its list. */
async function deafRedis(): Promise<{ url: string; asked: () => boolean }> {
  let isAsked = false;
  const server = createServer((socket) => {
    isAsked = true;
    socket.on('error', () => undefined);
    onRelease(() => socket.destroy());
  });
  const port = await listenOn(server);
  onRelease(() => server.close());
  return { url: `redis://127.0.0.1:${port}`, asked: () => isAsked };
}

test.each([
  ['standard input', ['-', '--format', 'csv']],
  ['a workbook', [WORKBOOK]],
])(
  'somebody who kills a submission of %s finds no list in the temporary folder',
  async (_, args) => {
    const { url, asked } = await deafRedis();
    const folder = mkdtempSync(join(tmpdir(), 'onboard-spool-'));
    const env = { REDIS_URL: url, DOCSPACE_URL: 'http://127.0.0.1:1', TMPDIR: folder };
    const place = openPlace(env);
    const submitting = place.process.start(['submit', ...args], { stdin: peopleCsv(3) });
    await waitFor(asked, { what: 'the list to be read' });
    submitting.send('SIGKILL');
    expect((await submitting.ended).signal).toBe('SIGKILL');
    expect(readdirSync(folder)).toEqual([]);
  },
);
