import { type Command, Option } from 'commander';
import {
  type BatchOptionName,
  type BatchOptions,
  batchOptionNames,
  batchOptions,
  type OptionKind,
} from '../../ledger/batch/batch-options.ts';
import { percent, time, wholeNumber } from './parsers.ts';

/** Placeholder and parser of each kind of value; a switch has neither. */
const kinds: Record<Exclude<OptionKind, 'switch'>, [string, (text: string) => number]> = {
  percent: ['<percent>', percent],
  count: ['<n>', wholeNumber(1)],
  size: ['<n>', wholeNumber(0)],
  time: ['<time>', time],
};

/** Adds the flags of these batch options to a command. */
export function addBatchFlags(command: Command, names: readonly BatchOptionName[]): Command {
  for (const name of names) command.addOption(optionOf(name));
  return command;
}

/** The batch options among parsed flags; flags that were not given stay undefined. */
export function batchOptionsOf(flags: object): BatchOptions {
  const given: Readonly<Record<string, unknown>> = { ...flags };
  return Object.fromEntries(
    batchOptionNames.map((name) => [name, given[optionOf(name).attributeName()]]),
  );
}

function optionOf(name: BatchOptionName): Option {
  const { flag, description, kind } = batchOptions[name];
  if (kind === 'switch') return new Option(flag, description);
  const [placeholder, parser] = kinds[kind];
  return new Option(`${flag} ${placeholder}`, description).argParser(parser);
}
