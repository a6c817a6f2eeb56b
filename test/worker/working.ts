import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openWorld, type World } from '../support/world.ts';
import {
  type Asked,
  type Fault,
  type FaultyPortal,
  faultyPortal,
  type Plan,
} from './faulty-portal.ts';

/** A world whose workers talk to a portal that fails as planned. */
export async function working(
  plan: Plan = () => undefined,
  sandbox: SandboxOptions = {},
): Promise<{ world: World } & FaultyPortal> {
  const world = await openWorld({ sandbox });
  const faulty = await faultyPortal(world.sandbox, plan, { requestTimeoutMs: 500 });
  await world.startWorkers({ portal: faulty.portal });
  return { world, ...faulty };
}

/** The address that a POST /people carries; empty for a request without a body. */
export function emailIn({ body }: Asked): string {
  return body === '' ? '' : JSON.parse(body).email;
}

/** Fails the first POST /people of everybody for whom there is a fault. */
export function firstPost(faults: Record<string, Fault>): Plan {
  const left = new Map(Object.entries(faults));
  return (asked) => {
    if (asked.what !== 'POST /people') return undefined;
    const fault = left.get(emailIn(asked));
    left.delete(emailIn(asked));
    return fault;
  };
}
