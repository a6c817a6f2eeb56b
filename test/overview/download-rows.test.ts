import { expect, test } from 'vitest';
import { closeIntake } from '../../src/ledger/batch/batches.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { downloadRows } from '../../src/overview/download-rows.ts';
import { fill, openSpace } from '../ledger/fill.ts';
import { people, person } from '../support/people.ts';

async function textOf(text: Promise<AsyncIterable<string>>): Promise<string> {
  let all = '';
  for await (const piece of await text) all += piece;
  return all;
}

/** p0 failed with a name that a spreadsheet would run, p1 is pending, one row is rejected. */
async function opened() {
  const ledger = openSpace();
  const [first] = people(1);
  if (first?.kind !== 'person') throw new Error('no person');
  const named = { ...first, person: { ...first.person, firstName: '=1+1' } };
  const faults = [{ field: 'email', code: 'email-shape', value: 'x', reason: 'No "address".' }];
  const at = { file: 'people.csv', line: 4 };
  const raw = { email: '<img src=x onerror=alert(1)>', firstName: 'Bo', lastName: '' };
  await fill(ledger, 'b1', [
    named,
    person('p1@example.com', 1),
    { kind: 'rejected', at, raw, faults },
  ]);
  await closeIntake(ledger, 'b1');
  const failed = { code: 'timeout', reason: 'No answer.', attempts: 4 };
  await settleRow(ledger, { batch: 'b1', round: 1, row: 0 }, { state: 'failed', outcome: failed });
  return { ledger };
}

test('the report has every row, in a form that no spreadsheet runs', async () => {
  const readable = await opened();
  const text = await textOf(downloadRows(readable, 'b1', { kind: 'report', format: 'csv' }));
  expect(text.split('\r\n')).toEqual([
    'file,line,email,name,type,groups,state,code,reason,portalId,attempts,invited,marks',
    "people.csv,2,p0@example.com,'=1+1 Lee,User,,failed,timeout,No answer.,,4,false,",
    'people.csv,3,p1@example.com,Ana Lee,User,,pending,,,,0,false,',
    'people.csv,4,<img src=x onerror=alert(1)>,Bo,,,rejected,email-shape,"email: No ""address"".",,0,false,',
    '',
  ]);
});

test('failed and rejected people are lists to correct and to submit again', async () => {
  const readable = await opened();
  const failed = await textOf(downloadRows(readable, 'b1', { kind: 'failed', format: 'csv' }));
  expect(failed.split('\r\n')[0]).toMatch(/^email,first_name,last_name,type,/);
  expect(failed.split('\r\n')[1]).toMatch(
    /^p0@example.com,'=1\+1,Lee,User,.*,timeout,No answer\.$/,
  );
  expect(failed.split('\r\n')).toHaveLength(3);
  const rejected = await textOf(
    downloadRows(readable, 'b1', { kind: 'rejected', format: 'ndjson' }),
  );
  expect(
    rejected
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { email: '<img src=x onerror=alert(1)>', first_name: 'Bo', code: 'email-shape', line: 4 },
  ]);
});

test('people who failed for one reason are a list of their own', async () => {
  const readable = await opened();
  const end = { state: 'failed', outcome: {} } as const;
  await settleRow(readable.ledger, { batch: 'b1', round: 1, row: 1 }, end);
  const of = async (code: string) =>
    (await textOf(downloadRows(readable, 'b1', { kind: 'failed', format: 'ndjson', code })))
      .split('\n')
      .flatMap((line) => (line === '' ? [] : JSON.parse(line).email));
  expect(await of('timeout')).toEqual(['p0@example.com']);
  expect(await of('unknown')).toEqual(['p1@example.com']);
  expect(await of('reset')).toEqual([]);
});

test('the first piece comes before any row is read, an unknown batch before the first piece', async () => {
  const readable = await opened();
  const text = await downloadRows(readable, 'b1', { kind: 'report', format: 'csv' });
  const { redis } = readable.ledger;
  const send = redis.sendCommand.bind(redis);
  let sent = 0;
  redis.sendCommand = (...command: Parameters<typeof send>) => {
    sent += 1;
    return send(...command);
  };
  const pieces = text[Symbol.asyncIterator]();
  expect([(await pieces.next()).value, sent]).toEqual([expect.stringMatching(/^file,/), 0]);
  await pieces.return?.();
  redis.sendCommand = send;
  await expect(
    downloadRows(readable, 'b9', { kind: 'report', format: 'csv' }),
  ).rejects.toMatchObject({ code: 'E_BATCH_UNKNOWN' });
});
