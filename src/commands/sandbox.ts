import { OnboardError } from '../errors.ts';
import { readExistingFile } from '../sandbox/existing-file.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { exit, type Io, untilInterrupted, withContext } from './context.ts';

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
}

/** `onboard sandbox`: a stand-in portal on loopback, until it is told to stop. */
export function sandbox(io: Io, flags: SandboxFlags): Promise<number> {
  return withContext(io, { needs: [], logLevel: 'info' }, async ({ logger, closers }) => {
    const existing = flags.existing === undefined ? [] : await readExistingFile(flags.existing);
    const running = await startSandbox({
      port: whole('--port', flags.port),
      host: flags.host,
      existing,
      latencyMs: whole('--latency', flags.latency),
      locale: flags.locale,
      logger,
      limits: limitsOf(flags),
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

function whole(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OnboardError('E_USAGE', `${flag} ${text}: give a whole number, 0 or more`);
}
