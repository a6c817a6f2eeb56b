import type { Command } from 'commander';
import type { Io } from '../io.ts';

type Run<Args extends unknown[]> = (io: Io, ...args: Args) => Promise<number>;

/** Makes the action of a verb from a function that imports its command. */
type ActionOf = <Args extends unknown[]>(
  load: (...args: NoInfer<Args>) => Promise<Run<Args>>,
) => (...args: Args) => Promise<void>;

export interface Verbs {
  program: Command;
  /** Begins a verb; its help ends in these examples. */
  verb(name: string, about: string, examples: readonly string[]): Command;
  run: ActionOf;
  /** As `run`, for a command that writes many rows or runs for long. */
  runLong: ActionOf;
}

/** The last line of a usage error: where the right usage is. */
export function helpHint(verb?: string): string {
  return verb === undefined
    ? '(onboard --help lists the commands)'
    : `(onboard --help lists the commands, onboard ${verb} --help the flags of this one)`;
}

/**
 * `done` receives the exit status of the verb. An action imports its command when it runs, because
 * the packages of the others (BullMQ, undici, a web server) take half a second to load.
 */
export function verbsOf(program: Command, io: Io, done: (status: number) => void): Verbs {
  const run: ActionOf = (load) => {
    return async (...args) => {
      const command = await load(...args);
      done(await command(io, ...args));
    };
  };
  const runLong: ActionOf = (load) => {
    return run(async (...args) => {
      const command = await load(...args);
      await keepHeapSmall();
      return command;
    });
  };
  const verb: Verbs['verb'] = (name, about, examples) => {
    const lines = ['', 'Examples:', ...examples.map((line) => `  $ ${line}`)];
    return program
      .command(name)
      .description(about)
      .addHelpText('after', lines.join('\n'))
      .showHelpAfterError(helpHint(name));
  };
  return { program, verb, run, runLong };
}

/**
 * Makes V8 collect garbage after 50 % growth; by default a heap grows several times over first.
 * `submit` of 100,000 rows then takes about 140 instead of 243 MiB at its peak, at the same speed.
 * Other commands do without: it costs 20 ms at the start, and saves `report` no memory.
 */
async function keepHeapSmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--heap-growing-percent=50');
}
