import { z } from 'zod';
import { OnboardError } from '../errors.ts';

/**
 * Answers of Redis about a value of another type or form; the last two are those of Lua. A refusal
 * of Redis, such as OOM, has another word, also within a script.
 */
const WRONG_VALUE =
  /WRONGTYPE|not an integer|not a valid float|bit offset|attempt to [a-z]+ |bad argument/;

const CODE = 'E_LEDGER_DAMAGED';

/**
 * E_LEDGER_DAMAGED for an error that a value in Redis causes which this program does not write;
 * undefined for every other error.
 */
export function damageOf(error: unknown): OnboardError | undefined {
  if (error instanceof OnboardError) return error.code === CODE ? error : undefined;
  const what = faultOf(error);
  if (what === undefined) return undefined;
  const text = `the ledger in Redis is damaged: ${what} than this program writes; restore Redis from a backup`;
  return new OnboardError(CODE, text);
}

/** The damage of one batch; undefined for an error that is none. */
export function damageOfBatch(id: string, error: unknown): OnboardError | undefined {
  if (error instanceof OnboardError && error.code === CODE) return error;
  const what = faultOf(error);
  if (what === undefined) return undefined;
  const text = `batch ${id} cannot be read: ${what} in Redis than this program writes; restore Redis from a backup (other batches are not affected)`;
  return new OnboardError(CODE, text, { details: { batchId: id } });
}

function faultOf(error: unknown): string | undefined {
  if (error instanceof z.ZodError) return `a value has another form${fieldsOf(error)}`;
  const isReply = error instanceof Error && error.name === 'ReplyError';
  if (!isReply || !WRONG_VALUE.test(error.message)) return undefined;
  return 'a key has a value of another type';
}

/** The fields at fault, ours by name: what is stored in them may be anything. */
function fieldsOf({ issues }: z.ZodError): string {
  const fields = [...new Set(issues.map(({ path }) => path.join('.')))].filter(
    (name) => name !== '',
  );
  return fields.length === 0 ? '' : ` (${fields.join(', ')})`;
}

/** The value, or `otherwise` where the ledger is damaged: one batch must not stop the others. */
export async function unlessDamaged<T, const D>(reading: Promise<T>, otherwise: D): Promise<T | D> {
  try {
    return await reading;
  } catch (error) {
    if (damageOf(error) === undefined) throw error;
    return otherwise;
  }
}
