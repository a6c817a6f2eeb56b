import { expect } from 'vitest';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { createdOn } from '../support/people.ts';

/**
 * What must hold on the portal once a batch of `people` new people has finished, whatever was
 * killed on the way: everybody posted once, and one accepted invite with exactly the accounts.
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
