import { signInLog } from '../../../src/commands/serve/console-log.ts';
import { loadConfig } from '../../../src/config/config.ts';
import type { Logger } from '../../../src/process/logger.ts';
import { Closers } from '../../../src/process/shutdown.ts';
import { createComplaints } from '../../../src/redis/complaints.ts';
import { deafIo } from '../../support/deaf-io.ts';
import type { Stage } from '../../support/stage.ts';

/** Notes signing in and out as the program does, in the log of the process and the action log. */
export function notingOn({ ledger, timings }: Stage, logger: Logger) {
  const context: Parameters<typeof signInLog>[0] = {
    io: deafIo(),
    config: loadConfig({ env: {}, readFile: () => '', needs: [] }),
    logger,
    complaints: createComplaints({ logger, repeatMs: 1000, now: Date.now }),
    closers: new Closers(timings),
    fail: () => undefined,
  };
  return signInLog(context, ledger);
}
