import { z } from 'zod';

/** Shape A: an exception. `type` and `message` may be missing or null (P-ERROR-01). */
export const errorShape = z.object({
  error: z.object({ message: z.string().catch(''), type: z.string().catch('') }),
});

const fieldErrors = z.object({ errors: z.record(z.string(), z.array(z.string())) });

/** Shape B: a validation problem, with or without the wrapper; gives the texts by field. */
export const fieldsShape = z
  .union([z.object({ response: fieldErrors }).transform((body) => body.response), fieldErrors])
  .transform((body) => body.errors);

/** Shape C: plain problem details. `title` and `type` may be missing (402). */
export const problemShape = z
  .object({
    title: z.string().catch(''),
    status: z.number().optional(),
    traceId: z.string().optional().catch(undefined),
  })
  .refine((body) => body.status !== undefined || body.traceId !== undefined || body.title !== '');
