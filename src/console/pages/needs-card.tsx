import type { Child } from 'hono/jsx';
import { grouped } from '../../count.ts';
import { gates } from '../../gates.ts';
import type { Need } from '../../overview/needs.ts';
import { may } from '../auth/roles.ts';
import type { Reader } from '../reader.ts';
import type { CheckLine } from '../system-facts.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import { people, sentence } from './parts/words.ts';

/** Lines of the list; the batches page has the rest. */
const SHOWN = 8;

interface Line {
  tone: 'wait' | 'bad' | 'work';
  text: Child;
  more?: string | undefined;
  href: string;
  button: string;
}

interface NeedsProps {
  needs: readonly Need[];
  /** Plans that nobody has approved or discarded. */
  plans: readonly PlanRecord[];
  /** The key, where it is about to expire. */
  keyWarning?: CheckLine | undefined;
  reader: Reader;
}

/** Everything that waits for a person, the most urgent first. */
export function NeedsCard({ needs, plans, keyWarning, reader }: NeedsProps) {
  const shown = may(reader.role, 'plan') ? plans.slice(0, SHOWN) : [];
  if (needs.length + shown.length === 0 && keyWarning === undefined) {
    return (
      <section class="card">
        <h2>Needs you</h2>
        <p class="muted">
          Nothing does. Failed people, invites that are held back and lists that stopped half-way
          would stand here.
        </p>
      </section>
    );
  }
  return (
    <section class="card">
      <h2>Needs you</h2>
      <ul class="list">
        {keyWarning === undefined ? null : <NeedLine line={keyLine(keyWarning)} />}
        {shown.map((record) => (
          <NeedLine line={planLine(record)} />
        ))}
        {needs.slice(0, SHOWN).map((need) => (
          <NeedLine line={lineOf(need, may(reader.role, 'change'))} />
        ))}
      </ul>
      {needs.length > SHOWN ? (
        <p class="muted">{`and ${grouped(needs.length - SHOWN)} more, of older batches`}</p>
      ) : null}
    </section>
  );
}

function NeedLine({ line: { tone, text, more, href, button } }: { line: Line }) {
  return (
    <li class={`need ${tone}`}>
      <div>
        {text}
        {more === undefined ? null : <div class="muted">{more}</div>}
      </div>
      <a class="button" href={href}>
        {button}
      </a>
    </li>
  );
}

function keyLine({ what, remedy }: CheckLine): Line {
  const text = sentence(what).slice(0, -1);
  return { tone: 'wait', text, more: remedy, href: '/system', button: 'Look at the system' };
}

function planLine({ key, state, files, by, summary }: PlanRecord): Line {
  const name = <bdi>{files.join(', ')}</bdi>;
  const page = `/plans/${key}`;
  if (state === 'failed') {
    const text = <>The list {name} cannot be planned as it is</>;
    return { tone: 'wait', text, href: page, button: 'See why' };
  }
  return {
    tone: 'wait',
    text: (
      <>
        A plan of {people(summary?.accepted ?? 0)} from {name} waits for approval
      </>
    ),
    more: `uploaded by ${by.name}`,
    href: page,
    button: 'Look and approve',
  };
}

function lineOf(need: Need, mayAct: boolean): Line {
  const { kind, batch, people: count } = need;
  const page = `/batches/${batch}`;
  const name = (
    <a href={page}>
      <bdi>{batch}</bdi>
    </a>
  );
  switch (kind) {
    case 'gate':
      return {
        tone: 'wait',
        text: <>The invite of {name} waits</>,
        more: `${need.gate === undefined ? '' : `${gates[need.gate].what} · `}${people(count)} without an invite`,
        href: mayAct ? `${page}/invite` : page,
        button: mayAct ? 'Look and invite' : 'See why',
      };
    case 'limit':
      return {
        tone: 'wait',
        text: <>{name} has done its first people</>,
        more: `${people(count)} are held back`,
        href: mayAct ? `${page}/continue` : page,
        button: mayAct ? 'Look and continue' : 'See it',
      };
    case 'incomplete':
      return {
        tone: 'wait',
        text: <>The submission of {name} stopped half-way</>,
        more: `${people(count)} are recorded; submit the same files again`,
        href: page,
        button: 'See it',
      };
    case 'failed':
      return {
        tone: 'bad',
        text: (
          <>
            {name} finished; {people(count)} failed
          </>
        ),
        more: need.retryable ? `${grouped(need.retryable)} can be retried as they are` : undefined,
        href: page,
        button: 'See why',
      };
    case 'notification-given-up':
      return {
        tone: 'wait',
        text: <>Nobody was notified of {name}</>,
        more: 'The receiver refused every attempt: check ONBOARD_NOTIFY_URL',
        href: page,
        button: 'See it',
      };
    case 'roles':
      return {
        tone: 'wait',
        text: <>{name} made accounts with another role than asked</>,
        more: people(count),
        href: `${page}/rows?mark=role-differs`,
        button: 'See who',
      };
    case 'unmailed':
      return {
        tone: 'wait',
        text: <>{name} has people who perhaps had no activation mail</>,
        more: people(count),
        href: `${page}/rows?mark=unmailed`,
        button: 'See who',
      };
  }
}
