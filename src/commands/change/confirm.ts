import { createInterface } from 'node:readline/promises';
import { OnboardError } from '../../errors.ts';
import type { Io } from '../io.ts';

/**
 * Asks on a terminal before something is done that cannot be undone.
 * @throws {OnboardError} E_USAGE where nobody can be asked; E_REFUSED when the answer is no.
 */
export async function confirm(io: Io, question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!io.stdin.isTTY) {
    throw new OnboardError('E_USAGE', `${question} Confirm with --yes: this is no terminal.`);
  }
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  const answer = await lines.question(`${question} [y/N] `, { signal: io.interrupt });
  lines.close();
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new OnboardError('E_REFUSED', 'nothing was changed');
}
