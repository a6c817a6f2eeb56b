import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onRelease } from '../support/resources.ts';

const PROGRAM = `
import { openPrivateRedis } from './redis/private/private-redis.js';
import { timings } from './timings.js';
process.on('SIGINT', () => process.stdout.write('draining\\n'));
const logger = { error() {} };
const settings = { role: 'owner', logger, timings };
const { socketPath } = await openPrivateRedis({ dataDir: process.argv[2], ...settings });
process.stdout.write(socketPath + '\\n');
setInterval(() => undefined, 1000);
`;

export interface OwnerBuild {
  program: string;
  remove(): void;
}

/** Compiles the private Redis (Node 20 cannot run .ts) and a program that opens one and waits. */
export function buildOwner(): OwnerBuild {
  const dir = mkdtempSync(join(tmpdir(), 'onboard-owner-'));
  const config = {
    extends: resolve('tsconfig.build.json'),
    compilerOptions: { outDir: dir, rootDir: resolve('src'), noCheck: true, types: [] },
    include: [],
    files: [resolve('src/redis/private/private-redis.ts'), resolve('src/timings.ts')],
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  const program = join(dir, 'owner.js');
  writeFileSync(program, PROGRAM);
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', dir]);
  return { program, remove: () => rmSync(dir, { recursive: true }) };
}

export interface Owner {
  pid: number;
  socketPath: string;
  nextLine(): Promise<string>;
  kill(): Promise<void>;
}

/** Another process that owns a data directory; it leads a process group, like a job of a shell. */
export async function startOwner(build: OwnerBuild, dataDir: string): Promise<Owner> {
  const child = spawn(process.execPath, [build.program, dataDir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): Promise<void> => killed(child);
  onRelease(kill);
  const lines = createInterface({ input: child.stdout });
  const nextLine = async (): Promise<string> => String((await once(lines, 'line'))[0]);
  return { pid: child.pid ?? 0, socketPath: await nextLine(), nextLine, kill };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
