import type { Command } from 'commander';
import { batchIds } from '../../ledger/batch/batches.ts';
import { withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { openRunning } from '../open/running.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { modelOf } from './model.ts';
import { zshScript } from './zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** A script for a shell, or the batches that a script offers. */
export type Wanted = keyof typeof scripts | 'batches';

/** The shell waits for the list, so it is short. */
const MOST_BATCHES = 100;

/** `onboard completion SHELL`: the script to source; the scripts ask for `batches`. */
export async function completion(io: Io, program: Command, wanted: Wanted): Promise<number> {
  if (wanted === 'batches') return listBatches(io);
  io.stdout.write(scripts[wanted](modelOf(program)));
  return exit.ok;
}

/** Ids of batches, newest first; nothing when Redis does not answer at once. */
function listBatches(io: Io): Promise<number> {
  const listing = withContext(io, { isQuiet: true }, async (context) => {
    const ledger = await openRunning(context);
    const ids = ledger === undefined ? [] : await batchIds(ledger, MOST_BATCHES);
    io.stdout.write(ids.map((id) => `${id}\n`).join(''));
    return exit.ok;
  });
  return listing.catch(() => exit.ok);
}
