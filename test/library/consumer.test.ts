import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createdOn } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { openStage } from '../support/stage.ts';

const exec = promisify(execFile);
const EXAMPLE = resolve('examples/enqueue.mjs');
const TIMEOUT_MS = 120_000;

const PROGRAM = `
import { OnboardError, openOnboard, type PersonInput, type Report } from 'docspace-onboard';

const [redisUrl = '', portalUrl = '', prefix = ''] = process.argv.slice(2);
async function* people(): AsyncGenerator<PersonInput> {
  yield { email: 'ana@example.com', firstName: 'Ana', lastName: 'Lee', type: 'User' };
}
const onboard = await openOnboard({ redisUrl, portalUrl, prefix });
const { batchId, report } = await onboard.submit(people(), { inviteHeld: true, limit: 5 });
const status: Report = await onboard.status(batchId);
const states: string[] = [];
for await (const row of onboard.report(batchId)) states.push(row.state);
const code = await onboard.status('b000000000000').catch((error: unknown) =>
  error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN' ? error.code : 'other',
);
await onboard.close();
process.stdout.write(JSON.stringify([report.accepted, status.batchId === batchId, states, code]));
`;

/** Calls that must not compile, each for one reason. */
const WRONG = `
import { openOnboard } from 'docspace-onboard';
const onboard = await openOnboard({ redisUrl: '', portalUrl: '' });
// @ts-expect-error a portal is needed
await openOnboard({ redisUrl: '' });
// @ts-expect-error there is no such account type
await onboard.submit([{ email: '', firstName: '', lastName: '', type: 'Guest' }]);
// @ts-expect-error a person needs an e-mail
await onboard.submit([{ firstName: '', lastName: '' }]);
// @ts-expect-error there is no such option
await onboard.submit([], { concurrency: 5 });
// @ts-expect-error states are known
if ((await onboard.status('b1')).state === 'done') await onboard.close();
`;

const CONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    types: ['node'],
    outDir: 'out',
    rootDir: '.',
  },
  include: ['program.ts', 'wrong.ts'],
};

/** A separate project with the tarball of \`npm pack\` and the packages that it needs. */
async function openProject(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'onboard-consumer-'));
  onRelease(() => rm(dir, { recursive: true, force: true }));
  const modules = join(dir, 'node_modules');
  const home = join(modules, 'docspace-onboard');
  await mkdir(home, { recursive: true });
  await exec('npm', ['pack', '--silent', '--pack-destination', dir]);
  const [tarball = ''] = (await readdir(dir)).filter((name) => name.endsWith('.tgz'));
  await exec('tar', ['-xzf', join(dir, tarball), '-C', home, '--strip-components', '1']);
  const packages = (await readdir('node_modules')).filter((name) => !name.startsWith('.'));
  await Promise.all(
    packages.map((name) => symlink(resolve('node_modules', name), join(modules, name))),
  );
  await writeFile(join(dir, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  await writeFile(join(dir, 'tsconfig.json'), JSON.stringify(CONFIG));
  await writeFile(join(dir, 'program.ts'), PROGRAM);
  await writeFile(join(dir, 'wrong.ts'), WRONG);
  return dir;
}

test(
  'a project that installs the package compiles strictly against its types, and runs',
  async () => {
    const stage = await openStage();
    const dir = await openProject();
    const compiled = await exec(process.execPath, [resolve('node_modules/typescript/bin/tsc')], {
      cwd: dir,
    }).catch((error: { stdout: string }) => error);
    expect(compiled.stdout).toBe('');
    const home = join(dir, 'node_modules', 'docspace-onboard');
    const readme = await readFile(join(home, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/\.?\/?(scripts\/[\w.-]+)/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(home, path)))).toEqual([]);
    // In the package nothing is to be installed or built.
    const setUp = await exec(join(home, 'scripts/setup.sh'), { cwd: dir });
    expect(setUp.stderr).toBe('');
    const args = [stage.env.REDIS_URL ?? '', stage.sandbox.url, stage.prefix];
    const ran = await exec(process.execPath, [join(dir, 'out', 'program.js'), ...args], {
      env: {},
      cwd: dir,
    });
    expect([ran.stderr, JSON.parse(ran.stdout)]).toEqual([
      '',
      [1, true, ['pending'], 'E_BATCH_UNKNOWN'],
    ]);
  },
  TIMEOUT_MS,
);

test(
  'the example enqueues people whom a worker creates',
  async () => {
    const stage = await openStage();
    await stage.worker();
    const { DOCSPACE_API_KEY, ...env } = stage.env;
    const example = [EXAMPLE];
    const first = await exec(process.execPath, example, { env: { ...env } });
    expect(first.stdout).toMatch(/^batch b\w{12}\n5 accepted, 1 rejected\nperson 6: email: /);
    const [, batch = ''] = /^batch (\w+)/.exec(first.stdout) ?? [];
    await stage.untilFinished(batch);
    expect(createdOn(stage.sandbox).sort()).toEqual(
      [0, 1, 2, 3, 4].map((n) => `newcomer${n}@example.com`),
    );
    const again = await exec(process.execPath, example, { env: { ...env } });
    expect(again.stdout).toContain(`batch ${batch}, submitted before`);
    const log = await stage.run(['log', batch, '--json']);
    expect(JSON.parse(log.stdout)[0].by.name).toBe('enqueue example');
  },
  TIMEOUT_MS,
);
