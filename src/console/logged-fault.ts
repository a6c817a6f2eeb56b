import { OnboardError } from '../errors.ts';

/**
 * Facts of an error that the log may have: the code of ours, else the kind and the place in the program. The
 * words of an error can repeat what it was about, such as a person.
 */
export function loggedFault(error: unknown): { error: string; at?: string | undefined } {
  if (error instanceof OnboardError) return { error: error.code };
  if (!(error instanceof Error)) return { error: typeof error };
  const { name, message, stack = '' } = error;
  const frames = stack.slice(stack.indexOf(message) + message.length);
  return { error: name, at: /^\s+at (.*)$/m.exec(frames)?.[1] };
}
