import { Command } from 'commander';
import { printableLines } from '../printable.ts';
import { helpHint, verbsOf } from './flags/verbs.ts';
import { addBatchVerbs } from './flags/verbs-batches.ts';
import { addChangeVerbs } from './flags/verbs-changes.ts';
import { addRecordVerbs } from './flags/verbs-records.ts';
import { addServiceVerbs } from './flags/verbs-services.ts';
import { addSubmissionVerbs } from './flags/verbs-submission.ts';
import type { Io } from './io.ts';
import { packageVersion } from './version.ts';

/** Builds the command line. `done` receives the exit status of the verb. */
export function buildProgram(io: Io, done: (status: number) => void): Command {
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
  addSubmissionVerbs(verbs);
  addBatchVerbs(verbs);
  addChangeVerbs(verbs);
  addRecordVerbs(verbs);
  addServiceVerbs(verbs);
  return program;
}
