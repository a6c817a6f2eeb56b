import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { takeTurn } from '../../src/ledger/notes/keeper-notes.ts';
import { timings } from '../../src/timings.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

const HOOK = pathToFileURL(`${import.meta.dirname}/../support/note-loads.mjs`).href;

/** Runs the executable; the packages it loaded, those in its bundle among them, and its own files. */
async function loadedBy(stage: Stage, args: readonly string[]) {
  const file = join(stage.dir, 'loaded');
  const env = { NODE_OPTIONS: `--import=${HOOK}`, LOADED_FILES: file };
  expect(await stage.process.run(args, { env })).toMatchObject({ code: 0, stderr: '' });
  const urls = [...new Set(readFileSync(file, 'utf8').split('\n'))];
  const own = urls.filter((url) => url.includes('/dist/'));
  const names = urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  const bundled = own.flatMap((url) => /\/bundle\/(bullmq|ioredis|zod)\.js$/.exec(url)?.[1] ?? []);
  return { packages: [...new Set([...names, ...bundled])].sort(), files: own.length };
}

test.each([
  ['--help', [], 4],
  ['--version', [], 4],
  ['status --help', [], 4],
  ['completion bash', ['ioredis', 'zod'], 12],
  ['status', ['ioredis', 'zod'], 8],
  ['report BATCH', ['ioredis', 'zod'], 14],
  ['find p0@example.com', ['ioredis', 'zod'], 14],
  ['log', ['ioredis', 'zod'], 12],
  ['status BATCH', ['bullmq', 'ioredis', 'zod'], 12],
])('`onboard %s` starts without the packages of other commands', async (line, packages, most) => {
  const stage = await openStage({ timings });
  const batch = await stage.submit(people(1));
  // Without a keeper, `status` checks the queue of a batch that is not over.
  await takeTurn(stage.ledger, 60_000);
  const args = line.split(' ').map((word) => (word === 'BATCH' ? batch : word));
  const loaded = await loadedBy(stage, args);
  expect(loaded.packages).toEqual(packages);
  expect(loaded.files).toBeLessThanOrEqual(most);
});

test('the bundle asks for modules of Node without reading their exports', () => {
  const dist = join(import.meta.dirname, '../../dist');
  const files = readdirSync(join(dist, 'bundle')).filter((name) => name.endsWith('.js'));
  for (const file of ['cli.js', ...files.map((name) => join('bundle', name))]) {
    const text = readFileSync(join(dist, file), 'utf8');
    expect(text.match(/\bimport[^;"']*["']node:\w+["']/g) ?? [], file).toEqual([]);
    expect(text.match(/__commonJSMin\(\(\(?[\w$, ]*\)?=>/g) ?? [], file).toEqual([]);
  }
});
