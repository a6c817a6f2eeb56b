import { readFile } from 'node:fs/promises';
import { messageOf, OnboardError } from '../errors.ts';
import { readExistingFile } from '../sandbox/existing-file.ts';
import { type FaultsPatch, parseFaults } from '../sandbox/faults.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { untilInterrupted, withContext } from './context.ts';
import { exit, type Io } from './io.ts';

export interface SandboxFlags {
  port: string;
  host: string;
  key?: string[];
  existing?: string;
  latency: string;
  locale: 'en' | 'de';
  requestsPerMinute: string;
  writers: string;
  readers: string;
  writesPerDay: string;
  faults?: string;
  seed: string;
}

/** `onboard sandbox`: a stand-in portal on loopback, until it is told to stop. */
export function sandbox(io: Io, flags: SandboxFlags): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'info' }, async ({ logger, closers }) => {
    const existing = flags.existing === undefined ? [] : await readExistingFile(flags.existing);
    const running = await startSandbox({
      port: portOf(flags.port),
      host: flags.host,
      existing,
      latencyMs: whole('--latency', flags.latency),
      locale: flags.locale,
      logger,
      limits: limitsOf(flags),
      seed: whole('--seed', flags.seed),
      faults: await readFaults(flags.faults),
      ...(flags.key === undefined ? {} : { keys: flags.key }),
    });
    closers.add('sandbox', () => running.close());
    io.stdout.write(`DOCSPACE_URL=${running.url}\nDOCSPACE_API_KEY=${running.key}\n`);
    await untilInterrupted(io);
    return exit.ok;
  });
}

function limitsOf(flags: SandboxFlags) {
  return {
    requestsPerMinute: whole('--requests-per-minute', flags.requestsPerMinute),
    concurrentWrites: whole('--writers', flags.writers),
    concurrentReads: whole('--readers', flags.readers),
    writesPerDay: whole('--writes-per-day', flags.writesPerDay),
  };
}

/**
 * What `--faults` names: JSON, or `@` and a file with it.
 * @throws {OnboardError} E_FILE_UNREADABLE, E_CONFIG for faults that cannot be used
 */
async function readFaults(flag = '{}'): Promise<FaultsPatch> {
  return parseFaults(flag.startsWith('@') ? await textOf(flag.slice(1)) : flag);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const text = `--faults @${path}: the file cannot be read (${messageOf(error)}): name a file with JSON.`;
    throw new OnboardError('E_FILE_UNREADABLE', text, { cause: error, details: { path } });
  }
}

function portOf(text: string): number {
  const port = whole('--port', text);
  if (port <= 65_535) return port;
  throw new OnboardError('E_USAGE', `--port ${text}: give a port, 0 to 65535; 0 takes a free one`);
}

function whole(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OnboardError('E_USAGE', `${flag} ${text}: give a whole number, 0 or more`);
}
