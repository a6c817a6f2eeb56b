import { gates } from '../../gates.ts';
import { may } from '../auth/roles.ts';
import type { Reader } from '../reader.ts';
import type { Report } from '../state-word.ts';
import { Notice } from './parts/notice.tsx';
import { PortalSays } from './parts/said.tsx';
import { Time } from './parts/time.tsx';
import { peopleWho, sentence } from './parts/words.ts';

interface GateProps {
  report: Report;
  /** The words of the portal, where it refused the invite; may hold addresses. */
  detail?: string | undefined;
  /** Whether the batch is to be named, because the page is not its own. */
  isNamed?: boolean;
  reader: Reader;
}

/** The gate at which the invite of a batch waits; nothing where it does not. */
export function GateNotice({ report, detail, isNamed = false, reader }: GateProps) {
  const { gate, batchId, created, invited, notInvitable } = report;
  if (gate === null) return null;
  const { what, remedy } = gates[gate.code];
  const left = Math.max(0, created - invited - notInvitable);
  const text = isNamed ? `${batchId}: ${what}` : sentence(what).slice(0, -1);
  const action = may(reader.role, 'change') ? (
    <a class="button primary" href={`/batches/${batchId}/invite`}>
      Invite now…
    </a>
  ) : undefined;
  return (
    <Notice kind="wait" title={text} actions={action}>
      {peopleWho(left, 'has', 'have')} an account and no invite.{' '}
      {gate.until === null ? null : (
        <>
          It goes out by itself at <Time at={gate.until} now={reader.now} />.{' '}
        </>
      )}
      {remedy === undefined ? 'Send it when you are ready.' : sentence(remedy)}
      <PortalSays text={detail} role={reader.role} />
    </Notice>
  );
}
