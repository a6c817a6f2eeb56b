import { z } from 'zod';
import { type BatchOptions, batchOptionNames, batchOptions } from './batch-options.ts';

const kinds = {
  percent: z.number().int().min(0).max(100),
  count: z.number().int().min(1).max(999_999_999),
  size: z.number().int().min(0).max(999_999_999),
  time: z.union([z.number(), z.date()]).transform(Number),
  switch: z.boolean(),
};

/** Options as a caller gives them: a time may be a Date. */
export type BatchOptionsInput = Omit<BatchOptions, 'inviteAt'> & {
  inviteAt?: number | Date | undefined;
};

/** Checks the values of the options that are given. */
export const batchOptionsSchema: z.ZodType<BatchOptions, BatchOptionsInput> = z.object(
  Object.fromEntries(
    batchOptionNames.map((name) => [name, kinds[batchOptions[name].kind].optional()]),
  ),
);

/** The options in a batch's record, where every value is text and a switch is 1. */
export function storedOptions(record: Readonly<Record<string, string>>): BatchOptions {
  const values = batchOptionNames.flatMap((name) => {
    const text = record[name];
    if (text === undefined) return [];
    return [[name, batchOptions[name].kind === 'switch' ? true : Number(text)] as const];
  });
  return batchOptionsSchema.parse(Object.fromEntries(values));
}
