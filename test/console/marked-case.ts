import { addRemarks } from '../../src/ledger/batch/batch-remarks.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { childId } from '../../src/queue/job-id.ts';
import { holdReason } from '../../src/stops.ts';
import { shapeA } from '../portal/answers.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { emailIn } from '../worker/first-post.ts';
import type { consoleOn } from './console-case.ts';

/** Names and addresses of the list, whole: nobody sees one without having asked for people. */
export const PERSON = /ottokar|zimtstern|mailword\d|commentword/i;

/** All that can name a person, or repeat what the portal or the file says. */
export const ANYTHING = new RegExp(`${PERSON.source}|(?:said|group|file|remark|cell)word`, 'i');

function row(number: number): NewRow {
  const at = { file: 'fileword.csv', line: number + 2 };
  const email = `mailword${number}@example.com`;
  const names = { firstName: 'Ottokar', lastName: 'Zimtstern', comment: 'commentword' };
  return {
    kind: 'person',
    at,
    person: { email, ...names, type: 'User', department: ['groupword'] },
  };
}

const REJECTED: NewRow = {
  kind: 'rejected',
  at: { file: 'fileword.csv', line: 9 },
  raw: {
    ...{ email: 'Ottokar <mailword8@example.com>', firstName: 'Ottokar', lastName: 'Zimtstern' },
    ...{ type: 'cellword', culture: 'cellword', department: 'groupword', comment: 'commentword' },
  },
  faults: [
    { field: 'email', code: 'email-shape', value: '"x"', reason: 'saidword mailword8@example.com' },
  ],
};

const SAID = 'saidword: mailword1@example.com is not welcome';

/**
 * A batch that was retried and failed again, one whose invite the portal refused, a hold and a failed
 * job, each with marked words wherever a word of the list or of the portal can stand.
 */
export async function markedBatches(): Promise<{ stage: Stage; paths: string[]; job: string }> {
  const refused = { before: shapeA(400, SAID, 'System.ArgumentException') };
  const stage = await openStage({
    plan: (asked) =>
      asked.what === 'POST /people' && emailIn(asked) === 'mailword1@example.com'
        ? refused
        : undefined,
  });
  const workers = await stage.startWorkers();
  await stage.submit([row(0), row(1), row(0), REJECTED], { id: 'marked' });
  await stage.untilFinished('marked');
  await stage.submit([row(5)], { id: 'stuck', inviteHeld: true });
  await stage.until('stuck', ({ gate }) => gate !== null);
  await workers.close();
  const { ledger, redis } = stage;
  await addRemarks(ledger, 'marked', [
    { code: 'sheet-chosen', text: 'remarkword mailword1@example.com' },
  ]);
  const stuck = JSON.stringify({ code: 'invite-refused', detail: SAID });
  await redis.hset(ledger.keys.record('stuck'), 'stuck', stuck);
  await setHold(ledger, { ...holdReason('key-rejected'), detail: SAID, since: Date.now() });
  const job = childId({ batch: 'marked', round: 1, row: 1 });
  await redis.hset(stage.queues.createUser.toKey(job), 'failedReason', SAID);
  return { stage, job, paths: ['marked', 'stuck'] };
}

/** Every address that answers GET, with each batch, row and filter that it can be asked for. */
export function addressesOf(
  { routes }: Pick<ReturnType<typeof consoleOn>, 'routes'>,
  { batches, key, job }: { batches: readonly string[]; key: string; job: string },
): string[] {
  const queries: Readonly<Record<string, readonly string[]>> = {
    '/batches/:id/rows': ['?state=failed', '?state=rejected', '?state=failed&code=bad-request'],
    '/batches/:id/retry': ['?code=bad-request', '?row=1'],
    '/queues': [`?queue=create-user&job=${job}`],
    '/activity': ['?name=ana'],
  };
  const paths = routes.flatMap(({ method, path }) => {
    if (method !== 'GET') return [];
    return ['', ...(queries[path] ?? [])].map((query) => path + query);
  });
  const ids = [...batches, 'gone'];
  const named = paths.flatMap((path) =>
    path.includes(':id') ? ids.map((id) => path.replace(':id', id)) : [path],
  );
  const rows = named.flatMap((path) =>
    path.includes(':row')
      ? [0, 1, 2, 3].map((at) => path.replace(/:row\{.*?\}\}?/, String(at)))
      : [path],
  );
  return rows.map((path) => path.replace(':key', key).replace('*', ''));
}

/** Everything that an address answers: its status, headers and text; of a stream the first event. */
export async function wholeAnswer(
  { app }: Pick<ReturnType<typeof consoleOn>, 'app'>,
  path: string,
): Promise<{ status: number; text: string }> {
  const response = await app.request(path);
  const headers = JSON.stringify([...response.headers]);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const text = isStream ? await firstEvent(response) : await response.text();
  return { status: response.status, text: `${headers}\n${text}` };
}

async function firstEvent({ body }: Response): Promise<string> {
  if (body === null) return '';
  let text = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes('\n\n')) break;
  }
  return text;
}
