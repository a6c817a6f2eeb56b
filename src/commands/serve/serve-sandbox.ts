import { readFile } from 'node:fs/promises';
import { messageOf, OnboardError } from '../../errors.ts';
import { type FaultsPatch, parseFaults } from '../../sandbox/faults/faults.ts';
import { readExistingFile } from '../../sandbox/people/existing-file.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { untilAborted, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';

interface SandboxFlags {
  port: number;
  host: string;
  key?: string[];
  existing?: string;
  existingGroups?: string[];
  latency: number;
  locale: 'en' | 'de';
  requestsPerMinute: number;
  writers: number;
  readers: number;
  writesPerDay: number;
  faults?: string;
  seed: number;
}

/** `onboard sandbox`: serves a stand-in portal on loopback until it is interrupted. */
export function sandbox(io: Io, flags: SandboxFlags): Promise<number> {
  return withContext(io, { logLevel: 'info' }, async ({ logger, closers }) => {
    const existing = flags.existing === undefined ? [] : await readExistingFile(flags.existing);
    const running = await startSandbox({
      port: flags.port,
      host: flags.host,
      keys: flags.key,
      existing,
      groups: flags.existingGroups,
      latencyMs: flags.latency,
      locale: flags.locale,
      logger,
      limits: {
        requestsPerMinute: flags.requestsPerMinute,
        concurrentWrites: flags.writers,
        concurrentReads: flags.readers,
        writesPerDay: flags.writesPerDay,
      },
      seed: flags.seed,
      faults: await readFaults(flags.faults),
    });
    closers.add('sandbox', () => running.close());
    io.stdout.write(`DOCSPACE_URL=${running.url}\nDOCSPACE_API_KEY=${running.key}\n`);
    await untilAborted(io.interrupt);
    return exit.ok;
  });
}

/**
 * The value of `--faults`: JSON, or `@` and a file with it.
 * @throws {OnboardError} E_FILE_UNREADABLE, E_CONFIG
 */
async function readFaults(flag = '{}'): Promise<FaultsPatch> {
  return parseFaults(flag.startsWith('@') ? await textOf(flag.slice(1)) : flag);
}

async function textOf(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    const text = `--faults @${path}: the file cannot be read (${messageOf(error)}): name a file with JSON.`;
    throw new OnboardError('E_FILE_UNREADABLE', text, { cause: error, details: { path } });
  }
}
