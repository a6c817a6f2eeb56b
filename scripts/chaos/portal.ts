import { setTimeout as sleep } from 'node:timers/promises';
import type { PortalEnd } from './round-end.ts';

/** The sandbox's own record of a round. */
export async function portalEnd(url: string): Promise<PortalEnd> {
  return (await (await fetch(`${url}/__sandbox/state`)).json()) as PortalEnd;
}

/** Changes the faults of the sandbox. An outage may refuse this connection as well. */
export async function setFaults(url: string, change: object): Promise<void> {
  for (let tries = 100; ; tries -= 1) {
    try {
      const body = JSON.stringify(change);
      const answer = await fetch(`${url}/__sandbox/faults`, { method: 'POST', body });
      if (answer.ok) return;
      throw new Error(`the sandbox refuses ${body}: ${await answer.text()}`);
    } catch (error) {
      if (tries === 0 || !(error instanceof TypeError)) throw error;
      await sleep(100);
    }
  }
}
