#!/usr/bin/env node
import process from 'node:process';
import { CommanderError } from 'commander';
import { exit, goesOn } from './commands/io.ts';
import { buildProgram } from './commands/program.ts';
import { errorCodes, OnboardError } from './errors.ts';
import { endOnUncaught, lastWords, takeEnvironment } from './last-words.ts';
import { interruption } from './shutdown.ts';
import { timings } from './timings.ts';

const env = takeEnvironment(process);
endOnUncaught(process, env);

/** Says what went wrong in one clear message and returns the exit status for it. */
function explain(error: unknown, interrupted: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : errorCodes.E_USAGE;
  if (interrupted) {
    process.stderr.write(goesOn);
    return exit.interrupted;
  }
  if (error instanceof OnboardError) {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return error.exitStatus;
  }
  process.stderr.write(lastWords(error, env));
  return errorCodes.E_INTERNAL;
}

// A reader that has seen enough (`onboard report … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exit.ok : errorCodes.E_INTERNAL);
});

const interrupt = interruption(process, () => process.exit(exit.interrupted));
const { stdin, stdout, stderr } = process;
let status: number = exit.ok;
try {
  const program = buildProgram({ env, stdin, stdout, stderr, interrupt, timings }, (code) => {
    status = code;
  });
  await program.parseAsync(process.argv);
} catch (error) {
  status = explain(error, interrupt.aborted);
}
// Results written to a pipe must be out before the process ends; connections must not hold it.
process.stdout.write('', () => process.exit(status));
