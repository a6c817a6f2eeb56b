import type { Command, Option } from 'commander';

/** Values of a verb or a flag, as a shell can complete them. */
export type Values = readonly string[] | 'batches' | 'files' | 'unknown';

export type VerbModel = ReturnType<typeof modelOf>[number];

export interface FlagModel {
  flag: string;
  about: string;
  /** Absent for a flag that takes no value. */
  values?: Values;
}

const help: FlagModel = { flag: '--help', about: 'display help for command' };

/** Every verb with its flags, read from the program itself, so that nothing is listed twice. */
export function modelOf(program: Command) {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      about: command.description(),
      flags: [...command.options.filter(({ hidden }) => !hidden).map(flagOf), help],
      /** Undefined for a verb without arguments. */
      values: argument && valuesOf(argument.argChoices, argument.name()),
      /** Whether it takes any number of arguments. */
      isMany: argument?.variadic ?? false,
    };
  });
}

function flagOf(option: Option): FlagModel {
  const flag = { flag: option.long ?? option.flags, about: option.description };
  if (!option.required && !option.optional) return flag;
  const [, placeholder = ''] = /<(\w+)/.exec(option.flags) ?? [];
  return { ...flag, values: valuesOf(option.argChoices, placeholder) };
}

function valuesOf(choices: string[] | undefined, placeholder: string): Values {
  if (choices !== undefined) return choices;
  if (placeholder === 'file') return 'files';
  return placeholder === 'batch' ? 'batches' : 'unknown';
}
