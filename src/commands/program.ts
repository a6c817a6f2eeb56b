import { Command } from 'commander';
import { printableLines } from '../printable.ts';
import { helpHint, type Verbs, verbsOf } from './flags/verbs.ts';
import { addBatchVerbs } from './flags/verbs-batches.ts';
import { addChangeVerbs } from './flags/verbs-changes.ts';
import { addRecordVerbs } from './flags/verbs-records.ts';
import { addServiceVerbs } from './flags/verbs-services.ts';
import { addSubmissionVerbs } from './flags/verbs-submission.ts';
import type { Io } from './io.ts';
import { packageVersion } from './version.ts';

const groups: readonly (readonly [add: (verbs: Verbs) => void, names: readonly string[]])[] = [
  [addSubmissionVerbs, ['check', 'run', 'submit']],
  [addBatchVerbs, ['status', 'watch', 'report']],
  [addChangeVerbs, []],
  [addRecordVerbs, []],
  [addServiceVerbs, []],
];

/**
 * Builds the command line. `done` receives the exit status of the verb. With `verb`, one of those
 * that people run most, the verbs of other groups stay out: building them takes 5 ms.
 */
export function buildProgram(io: Io, done: (status: number) => void, verb?: string): Command {
  const program = new Command('onboard')
    .description('turns a list of people into ONLYOFFICE DocSpace accounts and one invite')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(printableLines(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'E_USAGE: ')),
    })
    .version(packageVersion(), '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError(helpHint());
  const verbs = verbsOf(program, io, done);
  const own = groups.find(([, names]) => verb !== undefined && names.includes(verb));
  for (const [add] of own === undefined ? groups : [own]) add(verbs);
  return program;
}
