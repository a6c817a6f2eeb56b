import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteDeed } from '../../actions/note-deed.ts';
import { Plans, type PlansOptions } from '../../console/uploads/plans.ts';
import { receiver } from '../../console/uploads/receive-upload.ts';
import { openSpool } from '../../console/uploads/upload-spool.ts';
import type { Uploads } from '../../console/uploads/uploads.ts';
import { messageOf } from '../../errors.ts';
import { hasBatch } from '../../ledger/batch/batches.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { line } from '../../printable.ts';
import { takeLock } from '../../redis/private/data-dir-lock.ts';
import { makeDataDir } from '../../redis/private/data-directory.ts';
import type { Context } from '../context.ts';
import { childSubmitter } from './child-submitter.ts';
import { consoleActor } from './console-log.ts';
import { childrenOf } from './start-child.ts';

/** The command line that plans and submits: that of this program. */
const PROGRAM = [fileURLToPath(new URL('../../cli.js', import.meta.url))];

/**
 * Opens the uploads of this prefix, in a folder of the data directory. A console that cannot have
 * it, because another one does or the disk refuses, does everything else.
 */
export async function openUploads(
  context: Context,
  ledger: Ledger,
  program: readonly string[] = PROGRAM,
): Promise<Uploads> {
  const { config, io, closers, logger } = context;
  const folder = await takeFolder(context);
  if (typeof folder === 'string') return { closed: folder };
  const spool = openSpool(folder.path);
  const submitter = childSubmitter(childrenOf({ program, env: io.env }));
  const note = noteOf(context, ledger);
  const isStored = (batch: string) => hasBatch(ledger, batch);
  const plans = new Plans({ spool, submitter, note, isStored, logger, now: Date.now });
  await plans.resume();
  const timer = setInterval(() => void swept(plans, context), io.timings.uploadSweepMs);
  closers.add('lock of uploads', folder.release);
  closers.add('uploads', () => {
    clearInterval(timer);
    return plans.close();
  });
  const { uploadBytes: mostBytes, approval } = config.console;
  return {
    plans,
    receive: receiver({ spool, plans, mostBytes }),
    rejectedOf: spool.rejectedOf,
    mostBytes,
    approval,
    canNotify: config.notifyUrl() !== undefined,
    hasKey: config.apiKey() !== '',
  };
}

async function swept(plans: Plans, { logger }: Context): Promise<void> {
  await plans.sweep().catch((error: unknown) => {
    logger.warn({ reason: messageOf(error) }, 'expired uploads could not be removed');
  });
}

/** The folder of this prefix with its lock, or why it cannot be had. */
async function takeFolder({ config, logger }: Context) {
  try {
    const dataDir = await makeDataDir(config.dataDir);
    const prefix = createHash('sha256').update(config.prefix).digest('hex').slice(0, 12);
    const path = join(dataDir, 'uploads', prefix);
    await mkdir(path, { recursive: true, mode: 0o700 });
    const lock = await takeLock(path);
    if (lock.kind === 'taken') return { path, release: lock.release };
    const { pid, host } = lock.holder;
    return line`Another console takes the lists of this prefix: process ${pid} on ${host}. Upload there, or end it and start this one again.`;
  } catch (error) {
    logger.warn({ reason: messageOf(error) }, 'uploads are not possible');
    return line`This console cannot keep uploads: ${messageOf(error)}.`;
  }
}

/** Records a step of a plan, with the numbers of the plan. */
function noteOf(context: Context, ledger: Ledger): PlansOptions['note'] {
  return (action, who, { summary }) => {
    const { accepted, rejected, duplicates } = summary ?? {};
    const details = { accepted, rejected, duplicates, ...summary?.types };
    const by = consoleActor(context, who);
    return noteDeed(ledger, { action, by, batch: summary?.batch.id, details });
  };
}
