import type { Command, Option } from 'commander';

/** Values of a verb or a flag, as a shell can complete them. */
export type Values = readonly string[] | 'batches' | 'files' | 'unknown';

/** A flag as a shell completes it. */
export interface FlagModel {
  flag: string;
  about: string;
  /** Absent for a flag that takes no value. */
  values?: Values | undefined;
}

/** A verb as a shell completes it. */
export interface VerbModel {
  name: string;
  about: string;
  flags: FlagModel[];
  /** Its arguments; absent when it has none. */
  values?: Values | undefined;
  /** Whether it takes any number of arguments. */
  isMany: boolean;
}

const ofPlaceholder: Readonly<Record<string, Values>> = { file: 'files', batch: 'batches' };

const help: FlagModel = { flag: '--help', about: 'display help for command' };

/** Every verb with its flags, read from the program itself, so that nothing is listed twice. */
export function modelOf(program: Command): VerbModel[] {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    const values = argument?.argChoices ?? ofPlaceholder[argument?.name() ?? ''];
    return {
      name: command.name(),
      about: command.description(),
      flags: [...command.options.map(flagOf), help],
      values: argument && (values ?? 'unknown'),
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
