import { expect, test } from 'vitest';
import { NeedsCard } from '../../../src/console/pages/needs-card.tsx';
import type { Need } from '../../../src/overview/needs.ts';
import { samplePlan } from './sample-plan.ts';
import { shown } from './shown.ts';

const now = Date.UTC(2026, 10, 29);
const operator = { role: 'operator', now } as const;
const viewer = { role: 'viewer', now } as const;

/** A line as people read it, with where its button leads. */
function lineOf(need: Partial<Need>, reader: typeof operator | typeof viewer = operator) {
  const needs: Need[] = [{ kind: 'failed', batch: 'spring', people: 2, ...need }];
  const { html, text } = shown(NeedsCard({ needs, plans: [], reader }));
  const [, href, button] = /<a class="button" href="([^"]+)">([^<]*)/.exec(html) ?? [];
  return { text, href, button };
}

test.each<[Partial<Need>, string, string, string]>([
  [
    { kind: 'gate', gate: 'invite-held' },
    'The invite of spring waits the invite is held back · 2 people without an invite',
    '/batches/spring/invite',
    'Look and invite',
  ],
  [
    { kind: 'limit', people: 1 },
    'spring has done its first people 1 person is held back',
    '/batches/spring/continue',
    'Look and continue',
  ],
  [
    { kind: 'incomplete' },
    '2 people are recorded; submit the same files again',
    '/batches/spring',
    'See it',
  ],
  [
    { kind: 'failed', retryable: 1 },
    'spring finished; 2 people failed 1 can be retried as they are',
    '/batches/spring',
    'See why',
  ],
  [{ kind: 'notification-given-up' }, 'check ONBOARD_NOTIFY_URL', '/batches/spring', 'See it'],
  [
    { kind: 'roles' },
    'another role than asked',
    '/batches/spring/rows?mark=role-differs',
    'See who',
  ],
  [{ kind: 'unmailed' }, 'no activation mail', '/batches/spring/rows?mark=unmailed', 'See who'],
])('%j says what it is, and leads to what helps', (need, text, href, button) => {
  const line = lineOf(need);
  expect(line.text).toContain(text);
  expect([line.href, line.button]).toEqual([href, button]);
});

test.each([['gate'], ['limit']] as const)(
  'a viewer is led to the page of a %s, not to a change',
  (kind) => {
    expect(lineOf({ kind, gate: 'invite-held' }, viewer).href).toBe('/batches/spring');
  },
);

test('of many needs eight are shown and the others counted', () => {
  const needs = Array.from({ length: 1010 }, (_, at): Need => {
    return { kind: 'failed', batch: `b${at}`, people: 1 };
  });
  const { text } = shown(NeedsCard({ needs, plans: [], reader: operator }));
  expect(text).toMatch(/b7 finished; 1 person failed See why and 1,002 more, of older batches$/);
});

test('nothing that needs somebody says what would stand there', () => {
  const { text } = shown(NeedsCard({ needs: [], plans: [], reader: operator }));
  expect(text).toMatch(/^Needs you Nothing does\./);
});

test.each([
  [
    samplePlan(),
    'A plan of 10 people from march.csv waits for approval uploaded by ana Look and approve',
  ],
  [
    samplePlan({ accepted: 0 }),
    'The plan of 0 people from march.csv cannot be approved as it is uploaded by ana See why',
  ],
  [samplePlan({}, { state: 'failed' }), 'The list march.csv cannot be planned as it is See why'],
])('a plan stands first, with what it waits for: %#', (plan, text) => {
  const needs: Need[] = [{ kind: 'failed', batch: 'spring', people: 2 }];
  const card = shown(NeedsCard({ needs, plans: [plan], reader: operator }));
  expect(card.text).toContain(`Needs you ${text} spring finished`);
  expect(card.html).toContain(`href="/plans/${plan.key}"`);
  expect(shown(NeedsCard({ needs, plans: [plan], reader: viewer })).text).not.toContain('march');
});
