import { counted, grouped } from '../../count.ts';
import { DAY_MS } from '../../durations.ts';
import type { DeliveryCounts } from '../../overview/delivery-counts.ts';
import type { Role } from '../auth/roles.ts';
import type { CheckLine, SystemFacts } from '../system-facts.ts';
import { Facts } from './parts/facts.tsx';
import { Said } from './parts/said.tsx';

interface SystemProps {
  system: SystemFacts;
  /** Undefined where nothing can be checked. */
  checks: readonly CheckLine[] | undefined;
  deliveries: DeliveryCounts;
  role: Role;
}

const signs = { ok: '✓', warning: '!', fault: '✗' } as const;
const words = { ok: 'In order', warning: 'Warning', fault: 'Fault' } as const;

/** Whether Redis, the portal and the key are fit, and what is kept for how long. */
export function SystemPage({ system, checks, deliveries, role }: SystemProps) {
  const { retention } = system;
  const days = (ms: number) => counted(Math.round(ms / DAY_MS), 'day', 'days');
  const kept = [
    ['Batches after their end', days(retention.batches)],
    ['Names and e-mails', days(retention.people)],
    ['Failed jobs', days(retention.jobs)],
    ['Activity', days(retention.log)],
  ] as const;
  const notifications = [
    ['Address', system.isNotifying ? 'set (ONBOARD_NOTIFY_URL)' : 'not set'],
    ['Sent', grouped(deliveries.sent)],
    ['On their way', grouped(deliveries.underWay)],
    ['Given up', grouped(deliveries.givenUp)],
  ] as const;
  return (
    <>
      <h1>System</h1>
      <div class="columns">
        <section class="card">
          <h2>Checks</h2>
          {checks === undefined ? (
            <p class="muted">
              The console does not know the portal. Start it with DOCSPACE_URL, and with a key to
              check the key, too. <code>onboard check</code> does the same.
            </p>
          ) : (
            <ul class="list checks">
              {checks.map((check) => (
                <Line check={check} role={role} />
              ))}
            </ul>
          )}
        </section>
        <div class="column">
          <section class="card">
            <h2>Kept for</h2>
            <Facts facts={kept} />
          </section>
          <section class="card">
            <h2>This console</h2>
            <Facts facts={[['Version', system.version]]} />
          </section>
          <section class="card">
            <h2>Notifications</h2>
            <Facts facts={notifications} />
            <p class="muted">Of the last seven days. One is given up after a day of attempts.</p>
          </section>
        </div>
      </div>
    </>
  );
}

function Line({ check: { level, what, remedy, detail }, role }: { check: CheckLine; role: Role }) {
  return (
    <li class={level}>
      <div>
        <span aria-hidden="true">{signs[level]}</span> <span class="unseen">{words[level]}:</span>{' '}
        {what}
        {remedy === undefined ? null : <div class="muted">{remedy}</div>}
        <div class="muted">
          <Said text={detail} role={role} />
        </div>
      </div>
    </li>
  );
}
