import type { KnownGroup } from '../people/groups.ts';
import type { Portal } from './client.ts';
import type { Verdict } from './verdict.ts';

/** Longest page of the portal (P-GROUP-04). */
const PAGE = 100;

interface Reading {
  signal?: AbortSignal | undefined;
  /** Called before each request. */
  beforePage?: () => Promise<unknown>;
}

/** Reads all groups, page by page; the first answer that is none ends it. */
export async function readAllGroups(
  portal: Pick<Portal, 'groups'>,
  { signal, beforePage = async () => {} }: Reading = {},
): Promise<Verdict<KnownGroup[]>> {
  const groups = new Map<string, KnownGroup>();
  for (let startIndex = 0; ; startIndex += PAGE) {
    await beforePage();
    const verdict = await portal.groups({ startIndex, count: PAGE }, { signal });
    if (verdict.kind !== 'ok') return verdict;
    const { items, total } = verdict.value;
    for (const group of items) groups.set(group.id, group);
    const isLast = items.length < PAGE || startIndex + PAGE >= (total ?? Number.POSITIVE_INFINITY);
    if (isLast) return { ...verdict, value: [...groups.values()] };
  }
}

/** Whether the answer says that the key, or its owner, has no access to groups. */
export function mayNotRead(verdict: Verdict<unknown>): boolean {
  const codes = ['key-missing-scope', 'access-denied', 'wrong-address', 'unexpected-answer'];
  return verdict.kind === 'stopped' && codes.includes(verdict.code);
}
