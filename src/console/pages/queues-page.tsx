import { grouped } from '../../count.ts';
import type { QueueFacts, readJob } from '../../overview/queue-facts.ts';
import { may, type Role } from '../auth/roles.ts';
import { Scroll } from './parts/scroll.tsx';
import { Time } from './parts/time.tsx';

type Job = NonNullable<Awaited<ReturnType<typeof readJob>>>;

interface QueuesProps {
  facts: QueueFacts;
  /** The job that was asked for; null where the queue has none with this id. */
  job?: Job | null | undefined;
  role: Role;
  now: number;
}

const words: Readonly<Record<string, string>> = {
  'create-user': 'Creations',
  invite: 'Invites',
  seal: 'Seals, one for each batch that is not settled',
  notify: 'Notifications',
};

/** The engine: jobs, limits and workers. The ledger, not these numbers, says who failed. */
export function QueuesPage({ facts, job, role, now }: QueuesProps) {
  return (
    <>
      <div class="head">
        <h1>Queues</h1>
        {may(role, 'raw-queues') ? (
          <a class="button" href="/queues/raw">
            Raw queues
          </a>
        ) : null}
      </div>
      <Jobs facts={facts} />
      <div class="columns">
        <Workers facts={facts} />
        <section class="card">
          <h2>Pace</h2>
          <dl class="facts">
            <dt>Limit</dt>
            <dd>{limitText(facts)}</dd>
            <dt>At a time</dt>
            <dd>{facts.limits?.writers ?? 'set by the first worker'}</dd>
          </dl>
        </section>
      </div>
      <FindJob facts={facts} job={job} role={role} now={now} />
    </>
  );
}

function limitText({ limits }: QueueFacts): string {
  if (limits === undefined) return 'set by the first worker';
  if (limits.perMinute === 0) return 'none';
  return `${grouped(Math.round(limits.perMinute))} requests a minute, ${reasons[limits.why]}`;
}

const reasons = {
  configured: 'as configured',
  portal: "the portal's own limit",
  shared: 'lowered, because others use the limit of the portal, too',
};

function Jobs({ facts }: { facts: QueueFacts }) {
  return (
    <section class="card">
      <h2>Jobs</h2>
      <Scroll label="Jobs">
        <table>
          <thead>
            <tr>
              <th scope="col">Queue</th>
              {['Waiting', 'Active', 'Delayed', 'Wait for others', 'Failed jobs of all rounds'].map(
                (name) => (
                  <th scope="col" class="number">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {facts.queues.map((queue) => (
              <tr>
                <th scope="row">
                  {words[queue.name] ?? queue.name}
                  {queue.isPaused ? ' (paused)' : ''}
                </th>
                <td class="number">{grouped(queue.waiting)}</td>
                <td class="number">{grouped(queue.active)}</td>
                <td class="number">{grouped(queue.delayed)}</td>
                <td class="number">{grouped(queue.waitingChildren)}</td>
                <td class="number">{grouped(queue.failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="muted">
        Failed jobs are kept for some days, also of people who were created in a later round. Who
        has failed now is on the page of the batch.
      </p>
    </section>
  );
}

function Workers({ facts: { workers } }: { facts: QueueFacts }) {
  return (
    <section class="card">
      <h2>Workers</h2>
      {workers === undefined ? (
        <p class="muted">This Redis does not list its clients, so workers cannot be shown.</p>
      ) : workers.length === 0 ? (
        <p class="muted">
          No worker is connected. Start one with <code>onboard worker</code>.
        </p>
      ) : (
        <Scroll label="Workers">
          <table>
            <thead>
              <tr>
                <th scope="col">Host</th>
                <th scope="col">Version</th>
                <th scope="col" class="number">
                  Jobs in hand
                </th>
              </tr>
            </thead>
            <tbody>
              {workers.map(({ host, address, version, pid, jobs }) => (
                <tr>
                  <td>
                    <bdi>{host ?? address}</bdi>
                    {pid === undefined ? '' : ` pid ${pid}`}
                  </td>
                  <td>{version ?? 'older'}</td>
                  <td class="number">{jobs === undefined ? '' : grouped(jobs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

function FindJob({ facts, job, role, now }: QueuesProps) {
  return (
    <section class="card">
      <h2>Find a job</h2>
      <form method="get" class="filters">
        <div class="field">
          <label for="queue">Queue</label>
          <select id="queue" name="queue">
            {facts.queues.map(({ name }) => (
              <option value={name} selected={name === job?.queue}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="job">Id</label>
          <input id="job" name="job" value={job?.id ?? ''} autocomplete="off" maxlength={200} />
        </div>
        <button type="submit">Find</button>
      </form>
      {job === null ? (
        <p role="status">
          The queue has no job with this id. Jobs of people who were created are removed at once.
        </p>
      ) : null}
      {job ? <JobFacts job={job} role={role} now={now} /> : null}
    </section>
  );
}

/** Codes of ours; a job of another version can have failed with a sentence of the portal. */
function isCode(text: string): boolean {
  return /^[\w-]{1,60}$/.test(text);
}

function JobFacts({ job, role, now }: { job: Job; role: Role; now: number }) {
  const times = [
    ['Added', job.addedAt],
    ['Started', job.startedAt],
    ['Ended', job.finishedAt],
  ] as const;
  const { batch, row } = job.data;
  return (
    <dl class="facts">
      <dt>State</dt>
      <dd>{job.state}</dd>
      <dt>Attempts</dt>
      <dd>{`${grouped(job.attemptsMade)} of ${grouped(job.attempts)}`}</dd>
      {times.map(([name, at]) =>
        at === undefined ? null : (
          <>
            <dt>{name}</dt>
            <dd>
              <Time at={at} now={now} />
            </dd>
          </>
        ),
      )}
      {job.failedReason === undefined ? null : (
        <>
          <dt>Ended with</dt>
          <dd>
            {isCode(job.failedReason) || may(role, 'show-people') ? (
              <bdi>{job.failedReason}</bdi>
            ) : (
              'words that can be of the portal, which operators see'
            )}
          </dd>
        </>
      )}
      {batch === undefined || row === undefined ? null : (
        <>
          <dt>Person</dt>
          <dd>
            <a href={`/batches/${batch}/rows/${row}`}>{`row ${grouped(row)} of ${batch}`}</a>
          </dd>
        </>
      )}
    </dl>
  );
}
