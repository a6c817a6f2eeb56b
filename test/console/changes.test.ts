import { expect, test } from 'vitest';
import { readActivity } from '../../src/overview/activity.ts';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { firstPost } from '../worker/first-post.ts';
import { consoleOn, readText, sent } from './console-case.ts';

/** A finished batch of five: two failed with one reason, one with another. */
async function withFailures(): Promise<{ stage: Stage; batch: string }> {
  const plan = firstPost({
    'p0@example.com': { before: shapeA(400, 'bad name', 'System.ArgumentException') },
    'p1@example.com': { before: shapeA(400, 'bad name', 'System.ArgumentException') },
    'p2@example.com': { before: shapeA(404, 'gone', 'System.Exception') },
  });
  const stage = await openStage({ plan, works: true });
  const batch = await stage.submit(people(5));
  await stage.untilFinished(batch);
  return { stage, batch };
}

type Served = ReturnType<typeof consoleOn>;

/** The values that the form of a page sends back. */
async function formOf({ app }: Served, path: string): Promise<Record<string, string>> {
  const html = await (await app.request(path)).text();
  const hidden = html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]));
}

test('a retry of one reason opens exactly its people, with one entry that names who and how', async () => {
  const { stage, batch } = await withFailures();
  const console = consoleOn(stage);
  const path = `/batches/${batch}/retry?code=bad-request`;
  expect(await readText(console, path)).toContain('Retry 2 people?');
  const answer = await sent(console, `/batches/${batch}/retry`, await formOf(console, path));
  expect([answer.status, answer.location]).toEqual([303, `/batches/${batch}`]);
  const report = await stage.until(
    batch,
    ({ round, state }) => round === 2 && state === 'finished',
  );
  expect(report).toMatchObject({ created: 4, failed: 1, invited: 4 });
  const { entries } = await readActivity(stage, { batch, action: 'retry', size: 9 });
  expect(entries).toMatchObject([{ by: { name: 'ana' }, details: { opened: 2 }, outcome: 'done' }]);
});

test('after a retry that creates everybody nobody has failed on any page of the batch', async () => {
  const { stage, batch } = await withFailures();
  const console = consoleOn(stage);
  await sent(console, `/batches/${batch}/retry`, await formOf(console, `/batches/${batch}/retry`));
  await stage.until(batch, ({ round, state }) => round === 2 && state === 'finished');
  for (const path of [
    '/',
    '/batches',
    `/batches/${batch}`,
    `/batches/${batch}/rows?state=failed`,
  ]) {
    const text = await readText(console, path);
    // A time is no number of people: the table of the course has one after the word "Failed".
    expect(text).not.toMatch(/with failures|[1-9]\d* failed|Failed [1-9]\d*\b(?!:)/);
  }
});

test('of two tabs with the same confirmation one begins a round, the other sees both numbers', async () => {
  const { stage, batch } = await withFailures();
  const console = consoleOn(stage);
  const path = `/batches/${batch}/retry`;
  const form = await formOf(console, path);
  const answers = await Promise.all([sent(console, path, form), sent(console, path, form)]);
  const [first, second] = answers.sort((a, b) => a.status - b.status);
  expect([first?.status, second?.status]).toEqual([303, 409]);
  expect(second?.text).toMatch(/showed 3 people in round 1; now it is .* in round 2/);
  const report = await stage.until(
    batch,
    ({ round, state }) => round === 2 && state === 'finished',
  );
  expect(report.created).toBe(5);
});

test('chosen rows are retried and nobody else', async () => {
  const { stage, batch } = await withFailures();
  const console = consoleOn(stage);
  const rows = await stage.rows(batch);
  const row = rows.findIndex(({ email }) => email === 'p2@example.com');
  const path = `/batches/${batch}/retry?row=${row}`;
  expect(await readText(console, path)).toContain('Retry 1 person?');
  await sent(console, `/batches/${batch}/retry`, await formOf(console, path));
  const report = await stage.until(
    batch,
    ({ round, state }) => round === 2 && state === 'finished',
  );
  expect(report).toMatchObject({ created: 3, failed: 2 });
});

test('an invite says how many people it reaches, and reaches as many', async () => {
  const stage = await openStage({ works: true });
  const batch = await stage.submit(people(4), { inviteHeld: true });
  await stage.until(batch, ({ gate }) => gate !== null);
  const console = consoleOn(stage);
  const path = `/batches/${batch}/invite`;
  expect(await readText(console, '/')).toContain(`${batch}: the invite is held back`);
  expect(await readText(console, path)).toContain('Invite 4 people?');
  await sent(console, path, await formOf(console, path));
  expect((await stage.untilFinished(batch)).invited).toBe(4);
  const [request, ...others] = stage.sandbox.state().acceptedInvites;
  expect([request?.emails.length, others]).toEqual([4, []]);
});

test('a purge needs the name of the batch; afterwards its page says who purged it', async () => {
  const { stage, batch } = await withFailures();
  const operator = await consoleOn(stage).app.request(`/batches/${batch}/purge`);
  expect(operator.status).toBe(403);
  const console = consoleOn(stage, 'admin');
  const path = `/batches/${batch}/purge`;
  const form = { ...(await formOf(console, path)), what: 'batch' };
  expect((await sent(console, path, { ...form, name: 'other' })).status).toBe(400);
  expect((await stage.report(batch)).accepted).toBe(5);
  const people = await sent(console, path, { ...form, what: 'people', name: batch });
  expect(people.location).toBe(`/batches/${batch}`);
  const whole = { ...(await formOf(console, path)), what: 'batch', name: batch };
  expect((await sent(console, path, whole)).location).toBe('/batches');
  const gone = await console.app.request(`/batches/${batch}`);
  expect([gone.status, await gone.text()]).toEqual([410, expect.stringContaining('ana')]);
});

test('a cancel says how many people it leaves without an account', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  const console = consoleOn(stage);
  const path = `/batches/${batch}/cancel`;
  expect(await readText(console, path)).toContain('3 people will have no account');
  await sent(console, path, { ...(await formOf(console, path)), invite: 'no' });
  expect(await readText(console, `/batches/${batch}`)).toContain('Cancelled 3');
});

test('pause and resume concern everybody, with the name of who did it', async () => {
  const stage = await openStage();
  const console = consoleOn(stage);
  await stage.submit(people(2));
  await sent(console, '/pause');
  expect(await readText(console, '/batches')).toMatch(/Paused by ana.*2 people wait/);
  await sent(console, '/resume');
  expect(await readText(console, '/batches')).not.toContain('Paused');
});

test('a change without its confirmation is refused', async () => {
  const { stage, batch } = await withFailures();
  const answer = await sent(consoleOn(stage), `/batches/${batch}/retry`);
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('E_USAGE')]);
  expect((await stage.report(batch)).round).toBe(1);
});
