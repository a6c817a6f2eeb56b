import { expect, test } from 'vitest';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { assess } from '../../src/preflight/assess.ts';
import { lengthMatters, longestInvite } from '../../src/preflight/invite-length.ts';
import type { BatchNeeds } from '../../src/preflight/submission-needs.ts';
import { person } from '../support/people.ts';
import { portalFacts, serverFacts } from './facts.ts';

async function* listed(emails: readonly string[]): AsyncGenerator<NewRow> {
  for (const email of emails) yield person(email);
}

const needs: BatchNeeds = {
  rows: 800_000,
  newRows: 800_000,
  types: new Map(),
  inviteType: 'All',
  durationMs: 1000,
};

function faults(longestInvite: BatchNeeds['longestInvite']) {
  const found = assess({
    redis: serverFacts(),
    portal: portalFacts(),
    needs: { ...needs, longestInvite },
    now: 0,
  });
  return found.filter(({ check }) => check === 'invite-length');
}

test('an invite of everybody that the portal would not read is refused before anything is submitted', () => {
  expect(faults({ people: 800_000, bytes: 40_000_000 })).toEqual([
    {
      level: 'fault',
      check: 'invite-length',
      what: 'an invite request would hold 800,000 people in 40,000,000 bytes, and the portal reads 30,000,000',
      remedy: 'choose a smaller --invite-size, such as 300000, to invite in parts',
    },
  ]);
});

test('an invite of just as many bytes as the portal reads is no fault, and one more is', () => {
  expect(faults({ people: 600_000, bytes: 30_000_000 })).toEqual([]);
  expect(faults({ people: 600_000, bytes: 30_000_001 })).toHaveLength(1);
  expect(faults(undefined)).toEqual([]);
});

test('the longest request is that of the longest addresses next to each other, without whom no invite takes', async () => {
  const emails = ['a@b.cd', 'bb@b.cd', 'josè@b.cd', 'longer@b.cd', 'longest@b.cd', 'c@b.cd'];
  const cut = { inviteType: 'All' as const, inviteSize: 2 };
  const entries = ['longer@b.cd', 'longest@b.cd'].map((email) => ({ email, type: 'All' }));
  const bytes = entries.reduce((sum, entry) => sum + JSON.stringify(entry).length + 1, 0);
  expect(await longestInvite(listed(emails), cut)).toEqual({ people: 2, bytes });
  const all = await longestInvite(listed(emails), { inviteType: 'All', inviteSize: 0 });
  expect(all.people).toBe(5);
});

test('a list is read once more only where its requests could be too long', () => {
  const cut = { inviteType: 'All' as const };
  expect(lengthMatters(1_000_000, cut)).toBe(false);
  expect(lengthMatters(1_000_000, { ...cut, inviteSize: 0 })).toBe(true);
  expect(lengthMatters(1_000_000, { ...cut, inviteSize: 500_000 })).toBe(true);
  expect(lengthMatters(100_000, { ...cut, inviteSize: 0 })).toBe(false);
  expect(lengthMatters(1_000_000, { ...cut, inviteSize: 0, limit: 50 })).toBe(false);
});
