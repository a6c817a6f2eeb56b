import { Command } from 'commander';
import type { Io } from './io.ts';
import { verbsOf } from './verbs.ts';
import { addBatchVerbs } from './verbs-batches.ts';
import { addChangeVerbs } from './verbs-changes.ts';
import { addFindVerbs } from './verbs-find.ts';
import { addKeepVerbs } from './verbs-keep.ts';
import { addServiceVerbs } from './verbs-services.ts';
import { addSubmissionVerbs } from './verbs-submission.ts';

/** Builds the command line. `done` receives the exit status of the verb that ran. */
export function buildProgram(io: Io, done: (status: number) => void): Command {
  const program = new Command('onboard')
    .description('turns a list of people into ONLYOFFICE DocSpace accounts and one invite')
    .configureOutput({ writeOut: (s) => io.stdout.write(s), writeErr: (s) => io.stderr.write(s) })
    .exitOverride()
    .showHelpAfterError('(onboard --help lists what there is)');
  const verbs = verbsOf(program, io, done);
  addSubmissionVerbs(verbs);
  addBatchVerbs(verbs);
  addChangeVerbs(verbs);
  addFindVerbs(verbs);
  addKeepVerbs(verbs);
  addServiceVerbs(verbs);
  return program;
}
