import { text } from 'node:stream/consumers';
import { OnboardError } from '../errors.ts';
import type { Io } from './io.ts';

/**
 * The addresses of a command line; `-` stands for those on standard input, one on each line, because
 * every user of the machine can read the arguments of a process.
 * @throws {OnboardError} E_USAGE when standard input has none.
 */
export async function givenAddresses({ stdin }: Io, given: readonly string[]): Promise<string[]> {
  if (!given.includes('-')) return [...given];
  const lines = (await text(stdin)).split('\n').map((line) => line.trim());
  const addresses = lines.filter((line) => line !== '');
  if (addresses.length === 0) {
    throw new OnboardError('E_USAGE', '-: standard input has no address; write one on each line');
  }
  return [...given.filter((address) => address !== '-'), ...addresses];
}
