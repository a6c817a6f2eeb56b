import { CommanderError } from 'commander';
import { helpHint } from './commands/flags/verbs.ts';
import { continues, exit, type Io } from './commands/io.ts';
import { buildProgram } from './commands/program.ts';
import { errorCodes, OnboardError } from './errors.ts';
import { printableLines } from './printable.ts';
import { endOnUncaught, isTerminalGone, lastWords, takeEnvironment } from './process/crash.ts';
import { interruption } from './process/shutdown.ts';
import type { Timings } from './timings.ts';

/** The whole program in a process of its own, which it ends. */
export async function main(process: NodeJS.Process, timings: Timings): Promise<void> {
  const env = takeEnvironment(process);
  endOnUncaught(process, env);
  const interrupt = interruption(process, () => process.exit(exit.interrupted));
  // A reader that has seen enough (`onboard report … | head`) is no error. A drain finishes without
  // one, because a closed terminal sends SIGHUP and takes the reader away.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isTerminalGone(error) || interrupt.aborted) return;
    process.exit(error.code === 'EPIPE' ? exit.ok : errorCodes.E_INTERNAL);
  });
  process.stderr.on('error', () => undefined);
  const { stdout, stderr } = process;
  // Node opens standard input when it is first asked for, and most commands do not read it.
  const io = {
    env,
    stdout,
    stderr,
    interrupt,
    timings,
    get stdin() {
      return process.stdin;
    },
  };
  const status = await runCommand(io, process.argv.slice(2));
  // Results written to a pipe must be out before the process ends; connections must not hold it.
  stdout.write('', () => process.exit(status));
}

/** Runs one command line and returns its exit status. Errors go to standard error. */
export async function runCommand(io: Io, args: readonly string[]): Promise<number> {
  let status: number = exit.ok;
  try {
    const done = (code: number) => {
      status = code;
    };
    const program = buildProgram(io, done, args[0]);
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return explain(error, io, args);
  }
}

/** Says what went wrong in one clear message and returns the exit status for it. */
function explain(
  error: unknown,
  { env, stderr, interrupt }: Io,
  [verb]: readonly string[],
): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : errorCodes.E_USAGE;
  if (interrupt.aborted) {
    stderr.write(continues);
    return exit.interrupted;
  }
  if (error instanceof OnboardError) {
    // A command ran, so the first argument is its name.
    const hint = error.code === 'E_USAGE' ? ` ${helpHint(verb)}` : '';
    stderr.write(`${error.code}: ${printableLines(error.message)}${hint}\n`);
    return error.exitStatus;
  }
  stderr.write(lastWords(error, env));
  return errorCodes.E_INTERNAL;
}
