import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { childSubmitter } from '../../../src/commands/serve/child-submitter.ts';
import { childrenOf } from '../../../src/commands/serve/start-child.ts';
import { onRelease } from '../../support/resources.ts';

const UPLOAD = { folder: '/nowhere', files: ['people.csv'], options: {} };
const ANA = { name: 'ana', role: 'operator' };

/** A submitter whose child is a script. */
function scripted(script: string, env: Record<string, string> = {}) {
  return childSubmitter(
    childrenOf({ program: ['-e', script], env: { PATH: process.env.PATH, ...env } }),
  );
}

function planning(rejected: string, signal = new AbortController().signal) {
  return { rejected, onProgress: () => undefined, signal };
}

function file(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'onboard-child-'));
  onRelease(() => rm(dir, { recursive: true }));
  return join(dir, name);
}

const ROW = JSON.stringify({
  kind: 'rejected',
  file: 'people.csv',
  line: 2,
  code: 'email-shape',
  reason: 'No.',
  cells: { email: 'x' },
});

test('rows that stay out and find no room on the disk end the plan and its process, and not the console', async () => {
  const endless = `const put = () => process.stdout.write(${JSON.stringify(`${ROW},\n`)}.repeat(500), put); put()`;
  const plan = scripted(endless).plan(UPLOAD, planning('/dev/full'));
  await expect(plan).rejects.toMatchObject({
    code: 'E_DISK_FULL',
    message: expect.stringContaining('ONBOARD_DATA_DIR'),
  });
});

test('a row that finds no room while the child works on ends nothing but the plan', async () => {
  const script = `process.stdout.write(${JSON.stringify(`${ROW},\n`)}); setTimeout(() => {}, 200)`;
  const plan = scripted(script).plan(UPLOAD, planning('/dev/full'));
  await expect(plan).rejects.toMatchObject({ code: 'E_DISK_FULL' });
});

test('a child that prints what is no plan is a plan that says so', async () => {
  const odd = `process.stdout.write('{"kind":"odd"}\\n')`;
  await expect(scripted(odd).plan(UPLOAD, planning(file('rows')))).rejects.toThrow();
});

test('an error of a child after a long log is the failure that is shown', async () => {
  const script = `console.error('a line of a log\\n'.repeat(5000)); console.error('E_PLAN_MOVED: nothing was submitted'); process.exit(2)`;
  const signal = new AbortController().signal;
  const { failure } = await scripted(script).submit(UPLOAD, { plan: 'p1', by: ANA, signal });
  expect(failure).toEqual({ code: 'E_PLAN_MOVED', message: 'nothing was submitted' });
});

test('an error of a child is shown without what its log says later', async () => {
  const script = `console.error('E_FILE_COLUMNS: no column for email.\\nUse --map.'); process.exit(2)`;
  const { failure } = await scripted(script).plan(UPLOAD, planning(file('rows')));
  expect(failure).toEqual({
    code: 'E_FILE_COLUMNS',
    message: 'no column for email.\nUse --map.',
  });
});

test('a child gets the name of the viewer and none of the settings of the console', async () => {
  const path = file('env.json');
  const script = `require('fs').writeFileSync(${JSON.stringify(path)}, JSON.stringify(process.env))`;
  const env = { CONSOLE_PROXY_SECRET: 'secret', REDIS_URL: 'redis://here', ONBOARD_ACTOR: 'me' };
  const signal = new AbortController().signal;
  await scripted(script, env).submit(UPLOAD, { plan: 'p1', by: ANA, signal });
  const seen = JSON.parse(readFileSync(path, 'utf8'));
  expect(seen).toMatchObject({ ONBOARD_ACTOR: 'ana', REDIS_URL: 'redis://here' });
  expect(Object.keys(seen).filter((name) => name.startsWith('CONSOLE_'))).toEqual([]);
});

test('a child leaves the processor to the console: pages come first', async () => {
  const path = file('priority');
  const script = `require('fs').writeFileSync(${JSON.stringify(path)}, String(require('os').getPriority()))`;
  await scripted(script).plan(UPLOAD, planning(file('rows')));
  expect(Number(readFileSync(path, 'utf8'))).toBe(getPriority() + 10);
});
