import { expect } from 'vitest';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { createdOn } from '../support/people.ts';

/**
 * Checks the portal after a batch of `people` new people has finished, despite any kills: everybody
 * was posted once, and one accepted invite has exactly the accounts.
 */
export function expectEverybodyOnce(sandbox: RunningSandbox, people: number): void {
  const { postsByEmail, acceptedInvites, refusedInvites } = sandbox.state();
  const created = createdOn(sandbox);
  expect(created).toHaveLength(people);
  expect(new Set(Object.values(postsByEmail))).toEqual(new Set([1]));
  expect(refusedInvites).toEqual([]);
  expect(acceptedInvites).toHaveLength(1);
  expect(acceptedInvites[0]?.emails.toSorted()).toEqual(created.toSorted());
}
