import { counted, grouped } from '../../count.ts';
import type { PlanRecord, PlanSummary, Rejection } from '../uploads/plan-record.ts';
import { MOST_LISTED } from '../uploads/rejected-rows.ts';
import { zoneText } from '../uploads/zone-moment.ts';
import { inFormWords } from './parts/field-labels.ts';
import { reasonTitle } from './parts/row-words.ts';
import { Scroll } from './parts/scroll.tsx';
import { people } from './parts/words.ts';

interface Props {
  record: PlanRecord;
}

/** Whether a check found what the command line would refuse to submit. */
export function hasFault({ summary }: PlanRecord): boolean {
  return summary?.checks.some(({ level }) => level === 'fault') ?? false;
}

/** Whether somebody may approve it now; a plan that has moved can only be made again. */
export function isApprovable(record: PlanRecord): boolean {
  const { state, summary, failure } = record;
  const isWhole = state === 'ready' && failure?.code !== 'E_PLAN_MOVED';
  return isWhole && (summary?.accepted ?? 0) > 0 && !hasFault(record);
}

/** Rows that stay out, by reason. */
export function RejectedCard({ record: { key, state, summary, rejections = [] } }: Props) {
  if (summary === undefined) return null;
  return (
    <section class="card">
      <h2>Rejected rows</h2>
      {rejections.length === 0 ? (
        <p class="muted">None: every row of the list is a person.</p>
      ) : (
        <Scroll label="Rejected rows">
          <table>
            <thead>
              <tr>
                <th scope="col">Reason</th>
                <th scope="col" class="number">
                  Rows
                </th>
                <th scope="col">First</th>
              </tr>
            </thead>
            <tbody>
              {rejections.map((rejection) => (
                <tr>
                  <td>{reasonTitle(rejection.kind, rejection.code)}</td>
                  <td class="number">{grouped(rejection.count)}</td>
                  <td>
                    <bdi>{placesOf(rejection)}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {rejections.length === 0 || state === 'submitted' ? null : (
        <p class="muted">
          They stay out; everybody else runs.{' '}
          <a href={`/plans/${key}/rejected.csv`}>Download to correct</a>
          {rejections.reduce((sum, { count }) => sum + count, 0) > MOST_LISTED
            ? ` (the first ${grouped(MOST_LISTED)})`
            : null}
        </p>
      )}
    </section>
  );
}

function placesOf({ first }: Rejection): string {
  const files = new Set(first.map(({ file }) => file));
  if (files.size > 1) return first.map(({ file, line }) => `${file} line ${line}`).join(', ');
  const lines = first.map(({ line }) => grouped(line)).join(', ');
  return `${first[0]?.file ?? ''} ${first.length === 1 ? 'line' : 'lines'} ${lines}`;
}

const signs = { ok: '✓', warning: '!', fault: '✗' } as const;
const signWords = { ok: 'fine', warning: 'to know', fault: 'fault' } as const;

/** What was checked before, with what to do. */
export function PlanChecks({ record: { summary } }: Props) {
  if (summary === undefined) return null;
  const [fine, others] = [true, false].map((isFine) =>
    summary.checks.filter(({ level }) => (level === 'ok') === isFine),
  );
  const ofLevel = (wanted: string) => others?.filter(({ level }) => level === wanted) ?? [];
  return (
    <section class="card">
      <h2>Checks</h2>
      <CheckList checks={[...ofLevel('fault'), ...ofLevel('warning')]} />
      <details>
        <summary>
          <span class="good">✓</span> {counted(fine?.length ?? 0, 'check is', 'checks are')} fine
        </summary>
        <CheckList checks={fine ?? []} />
      </details>
    </section>
  );
}

function CheckList({ checks }: { checks: PlanSummary['checks'] }) {
  if (checks.length === 0) return null;
  return (
    <ul class="checks">
      {checks.map(({ level, what, remedy }) => (
        <li class={level}>
          <span aria-hidden="true">{signs[level]}</span>
          <div>
            <span class="unseen">{signWords[level]}: </span>
            <bdi>{what}</bdi>
            {remedy === undefined ? null : (
              <div class="muted">
                <bdi>{inFormWords(remedy)}</bdi>
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Groups of a list: those to be made, and those that nobody knows. */
export function PlanGroups({ record: { summary } }: Props) {
  const { groups } = summary ?? {};
  if (groups === undefined) return null;
  if (groups === 'later') {
    return (
      <section class="card">
        <h2>Groups</h2>
        <p class="muted">Workers find them: there is no key here to ask the portal with.</p>
      </section>
    );
  }
  const { existing, toMake, unknown } = groups;
  if (existing.length + toMake.length + unknown.length === 0) return null;
  return (
    <section class="card">
      <h2>Groups</h2>
      {toMake.length === 0 ? null : (
        <p>
          To be created: <bdi>{countedNames(toMake)}</bdi>
        </p>
      )}
      {unknown.length === 0 ? null : (
        <p>
          The portal does not have: <bdi>{countedNames(unknown)}</bdi>
        </p>
      )}
      {existing.length === 0 ? null : (
        <p class="muted">
          Existing: <bdi>{countedNames(existing)}</bdi>
        </p>
      )}
    </section>
  );
}

/** Groups that are named; a list has thousands at most. */
const SHOWN_GROUPS = 30;

function countedNames(groups: readonly { name: string; people: number }[]): string {
  const named = groups.slice(0, SHOWN_GROUPS).map((one) => `${one.name} (${grouped(one.people)})`);
  const more = groups.length - named.length;
  return [...named, ...(more > 0 ? [`${grouped(more)} more`] : [])].join(', ');
}

/** What was found in the files, and what was asked for. */
export function PlanRemarks({ record: { summary, options } }: Props) {
  const { changed, remarks = [], notInvitable = 0 } = summary ?? {};
  const asked = askedFor(options);
  const texts = remarks.map(({ text }) => text);
  if (changed?.example !== undefined) {
    const { file, line, reason } = changed.example;
    const rows = counted(changed.count, 'row', 'rows');
    texts.push(`Cleaned while reading: ${rows}, as ${file} line ${line}: ${reason}`);
  }
  if (notInvitable > 0) {
    texts.push(
      `${people(notInvitable)} with an address that the portal’s invite does not take: they get an account and its activation mail`,
    );
  }
  if (texts.length + asked.length === 0) return null;
  return (
    <section class="card">
      <h2>Asked for, and found</h2>
      <ul>
        {[...asked, ...texts].map((text) => (
          <li>
            <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}

function askedFor(options: PlanRecord['options']): string[] {
  const { inviteAt, inviteZone = 'UTC', inviteHeld, limit, maxFailedPercent, notify } = options;
  const { minCreatedPercent, culture, group } = options;
  return [
    inviteAt === undefined ? '' : `Invite at ${zoneText(inviteAt, inviteZone)}, not before`,
    inviteHeld ? 'The invite is held back until somebody releases it' : '',
    minCreatedPercent === undefined
      ? ''
      : `The invite is held back while fewer than ${minCreatedPercent} % have an account`,
    limit === undefined ? '' : `Only the first ${limit === 1 ? 'person' : people(limit)} now`,
    maxFailedPercent === undefined ? '' : `Held when more than ${maxFailedPercent} % failed`,
    culture === undefined ? '' : `Language ${culture}`,
    group === undefined ? '' : `Groups for everybody: ${group.join(', ')}`,
    notify === false ? 'Nobody is notified' : '',
  ].filter((text) => text !== '');
}

/** What an approval means. */
export function ExactlyCard({ record: { summary, state } }: Props) {
  if (summary === undefined || state === 'submitted') return null;
  return (
    <section class="card">
      <h2>What runs is exactly this</h2>
      <p class="muted">
        If the file, an option, a rule of the portal or a key changes before somebody approves,
        nothing is submitted and this page says what moved. Plan <code>{summary.id}</code>, batch{' '}
        <bdi>{summary.batch.id}</bdi>
        {summary.batch.state === null ? '' : `, which exists and is ${summary.batch.state}`}.
      </p>
    </section>
  );
}
