import type { Command } from 'commander';
import { batchIds } from '../ledger/batches.ts';
import { bashScript } from './completion-bash.ts';
import { fishScript } from './completion-fish.ts';
import { modelOf } from './completion-model.ts';
import { zshScript } from './completion-zsh.ts';
import { withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { openRunning } from './open-running.ts';

/** What `onboard completion` prints: a script for a shell, or the batches that a script offers. */
export type Wanted = 'bash' | 'zsh' | 'fish' | 'batches';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** A shell waits for it: whoever presses Tab wants no list of everything that ever was. */
const MOST_BATCHES = 100;

/** `onboard completion SHELL`: the script to source; `batches` is what the scripts ask. */
export async function completion(io: Io, program: Command, wanted: Wanted): Promise<number> {
  if (wanted === 'batches') return listBatches(io);
  io.stdout.write(scripts[wanted](modelOf(program)));
  return exit.ok;
}

/** Ids of batches, newest first; nothing when Redis does not answer at once. */
async function listBatches(io: Io): Promise<number> {
  try {
    return await withContext(io, { needs: [], logLevel: 'silent' }, async (context) => {
      const ledger = await openRunning(context);
      const ids = ledger === undefined ? [] : await batchIds(ledger);
      io.stdout.write(
        ids
          .slice(0, MOST_BATCHES)
          .map((id) => `${id}\n`)
          .join(''),
      );
      return exit.ok;
    });
  } catch {
    return exit.ok;
  }
}
