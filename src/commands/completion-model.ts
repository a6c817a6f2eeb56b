import type { Command, Option } from 'commander';

/** What stands after a verb or a flag, as a shell can complete it. */
export type Values = readonly string[] | 'batches' | 'files' | 'unknown';

/** A flag as a shell completes it. */
export interface FlagModel {
  flag: string;
  about: string;
  /** Absent for a flag that takes no value. */
  values?: Values;
}

/** A verb as a shell completes it. */
export interface VerbModel {
  name: string;
  about: string;
  flags: FlagModel[];
  /** What its arguments are; absent when it has none. */
  values?: Values;
  /** Whether it takes any number of them. */
  isMany: boolean;
}

const ofPlaceholder: Readonly<Record<string, Values>> = { file: 'files', batch: 'batches' };

const help: FlagModel = { flag: '--help', about: 'display help for command' };

/** Every verb of the program with its flags, read off the program itself: nothing is listed twice. */
export function modelOf(program: Command): VerbModel[] {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    const values = argument?.argChoices ?? ofPlaceholder[argument?.name() ?? ''];
    return {
      name: command.name(),
      about: command.description(),
      flags: [...command.options.map(flagOf), help],
      ...(argument === undefined ? {} : { values: values ?? 'unknown' }),
      isMany: argument?.variadic ?? false,
    };
  });
}

function flagOf(option: Option): FlagModel {
  const flag = { flag: option.long ?? option.flags, about: option.description };
  if (!option.required && !option.optional) return flag;
  const [, placeholder = ''] = /<(\w+)/.exec(option.flags) ?? [];
  return { ...flag, values: option.argChoices ?? ofPlaceholder[placeholder] ?? 'unknown' };
}
