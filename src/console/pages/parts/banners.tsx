import type { Standing } from '../../../overview/standing.ts';
import { withoutAddresses } from '../../../privacy/redact.ts';
import { plainHold } from '../../../stops.ts';
import { may } from '../../auth/roles.ts';
import type { Reader } from '../../reader.ts';
import { Notice } from './notice.tsx';
import { PortalSays } from './said.tsx';
import { Time } from './time.tsx';
import { lengthOf, waiting } from './words.ts';

/** What stands in the way of every batch, the most serious first; nothing when all is well. */
export function Banners({ standing, reader }: { standing: Standing; reader: Reader }) {
  const { hold, waits, work, isDurable, repaired } = standing;
  return (
    <>
      {hold === undefined ? null : <HoldBanner standing={standing} hold={hold} reader={reader} />}
      {work.workers === 0 && work.backlog > 0 ? (
        <Notice kind="wait" title="No worker is running">
          {waiting(work.backlog)}. Start one with <code>onboard worker</code>; nobody is lost.
        </Notice>
      ) : null}
      {hold === undefined ? waits.map((wait) => <WaitBanner wait={wait} reader={reader} />) : null}
      {isDurable === false ? (
        <Notice kind="note" title="Redis keeps its data in memory only">
          A restart of Redis loses every batch. Set <code>appendonly yes</code> in its
          configuration.
        </Notice>
      ) : null}
      {repaired === undefined ? null : (
        <Notice kind="note" title="A batch was repaired">
          <a href={`/batches/${repaired.batch}`}>
            <bdi>{repaired.batch}</bdi>
          </a>{' '}
          could not finish by itself and was repaired at <Time at={repaired.at} now={reader.now} />{' '}
          ({repaired.codes.join(', ')}). Nothing is to do.
        </Notice>
      )}
    </>
  );
}

interface HoldProps {
  standing: Standing;
  hold: NonNullable<Standing['hold']>;
  reader: Reader;
}

function HoldBanner({ hold, standing, reader }: HoldProps) {
  const { role, now } = reader;
  // The words of the portal can hold addresses, which a viewer does not see.
  const isWhole = may(role, 'show-people');
  const plain = plainHold(hold.code);
  const reason = isWhole ? withoutAddresses(hold.reason.replace(/\.$/, '')) : plain.what;
  const title = hold.code === 'paused' ? reason : `Everything is held: ${lowered(reason)}`;
  const { backlog } = standing.work;
  return (
    <Notice
      kind={hold.code === 'paused' ? 'wait' : 'hold'}
      title={title}
      actions={
        may(role, 'change') ? (
          <>
            {hold.code === 'paused' ? null : (
              <a class="button" href="/system">
                Check first
              </a>
            )}
            <a class="button primary" href="/resume">
              Resume…
            </a>
          </>
        ) : undefined
      }
    >
      {isWhole ? hold.remedy : plain.remedy} Since <Time at={hold.since} now={now} />. Nobody is
      lost; {waiting(backlog)}.
      <PortalSays text={hold.detail} role={role} />
    </Notice>
  );
}

/** A sentence after a colon; abbreviations and names keep their capitals. */
function lowered(reason: string): string {
  return /^[A-Z][a-z]/.test(reason)
    ? `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
    : reason;
}

const limiters: Readonly<Record<string, string>> = {
  requests: 'Its limit of requests a minute is reached',
  concurrency: 'Its limit of requests at a time is reached',
  daily: 'Its daily limit of writes is reached',
  endpoint: 'Its limit of invite requests is reached',
  invitations: 'Its daily limit of invitations is reached',
};

interface WaitProps {
  wait: Standing['waits'][number];
  reader: Reader;
}

function WaitBanner({ wait, reader: { role, now } }: WaitProps) {
  const again = may(role, 'change') ? (
    <a class="button" href="/resume">
      Ask again now…
    </a>
  ) : undefined;
  if (wait.kind === 'outage') {
    return (
      <Notice kind="wait" title="The portal cannot be reached" actions={again}>
        Since <Time at={wait.since} now={now} /> ({wait.reason}). Workers keep trying; nobody is
        lost.
      </Notice>
    );
  }
  return (
    <Notice kind="wait" title="The portal asks us to slow down" actions={again}>
      {limiters[wait.code] ?? 'One of its limits is reached'}. Work continues by itself at{' '}
      <Time at={wait.until} now={now} />, in {lengthOf((wait.until - now) / 1000)}.
    </Notice>
  );
}
