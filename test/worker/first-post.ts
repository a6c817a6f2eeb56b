import { shapeA } from '../portal/answers.ts';
import type { Asked, Fault, Plan } from '../support/faulty-portal.ts';

/** The address in a POST /people; empty for a request without a body. */
export function emailIn({ body }: Asked): string {
  return body === '' ? '' : JSON.parse(body).email;
}

/** Fails the first POST /people of every person with a fault. */
export function firstPost(faults: Record<string, Fault>): Plan {
  const left = new Map(Object.entries(faults));
  return (asked) => {
    if (asked.what !== 'POST /people') return undefined;
    const fault = left.get(emailIn(asked));
    left.delete(emailIn(asked));
    return fault;
  };
}

/**
 * Refuses a person each time, and leaves everybody else to the other plan. A refusal only the first
 * time can come after a timeout of 500 ms on a busy machine, and the next POST is accepted.
 */
export function refusing(email: string, others: Plan): Plan {
  const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };
  return (asked) => {
    const isAbout = asked.what === 'POST /people' && emailIn(asked) === email;
    return isAbout ? refused : others(asked);
  };
}
