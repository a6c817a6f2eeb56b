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
