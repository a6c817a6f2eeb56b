import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';

/**
 * The context in which a group of verbs is added. An action imports its command when it runs,
 * because the packages of the others (BullMQ, undici, a web server) take half a second to load.
 */
export interface Verbs {
  io: Io;
  /** Receives the exit status of the verb. */
  done: (status: number) => void;
  /** Begins a verb; its help ends in these examples. */
  verb(name: string, about: string, examples: readonly string[]): Command;
}

export function verbsOf(program: Command, io: Io, done: (status: number) => void): Verbs {
  return {
    io,
    done,
    verb: (name, about, examples) =>
      program
        .command(name)
        .description(about)
        .addHelpText(
          'after',
          ['', 'Examples:', ...examples.map((line) => `  $ ${line}`)].join('\n'),
        ),
  };
}

/** `--format` of everything that prints or reads rows. */
export function formatOption(about: string): Option {
  return new Option('--format <format>', about).choices(['csv', 'json', 'ndjson']);
}
