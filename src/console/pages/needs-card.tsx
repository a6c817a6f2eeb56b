import type { Child } from 'hono/jsx';
import { grouped } from '../../count.ts';
import { gates } from '../../gates.ts';
import type { Need } from '../../overview/needs.ts';
import { may } from '../auth/roles.ts';
import type { Reader } from '../reader.ts';
import type { CheckLine } from '../system-facts.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import { people, peopleWho, sentence } from './parts/words.ts';
import { isApprovable } from './plan-cards.tsx';

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

function planLine(record: PlanRecord): Line {
  const { key, state, files, by, summary } = record;
  const name = <bdi>{files.join(', ')}</bdi>;
  const page = `/plans/${key}`;
  if (state === 'failed') {
    const text = <>The list {name} cannot be planned as it is</>;
    return { tone: 'wait', text, href: page, button: 'See why' };
  }
  const accepted = people(summary?.accepted ?? 0);
  const more = `uploaded by ${by.name}`;
  if (!isApprovable(record)) {
    const text = (
      <>
        The plan of {accepted} from {name} cannot be approved as it is
      </>
    );
    return { tone: 'wait', text, more, href: page, button: 'See why' };
  }
  const text = (
    <>
      A plan of {accepted} from {name} waits for approval
    </>
  );
  return { tone: 'wait', text, more, href: page, button: 'Look and approve' };
}

function lineOf(need: Need, mayAct: boolean): Line {
  const { batch, people: count } = need;
  const page = `/batches/${batch}`;
  const name = (
    <a href={page}>
      <bdi>{batch}</bdi>
    </a>
  );
  const to = (change: string, button: string, otherwise: string) =>
    mayAct ? { href: `${page}/${change}`, button } : { href: page, button: otherwise };
  const who = (mark: string) => ({
    ...{ tone: 'wait' as const, more: people(count) },
    ...{ href: `${page}/rows?mark=${mark}`, button: 'See who' },
  });
  switch (need.kind) {
    case 'gate': {
      const why = need.gate === undefined ? '' : `${gates[need.gate].what} · `;
      const more = `${why}${people(count)} without an invite`;
      const text = <>The invite of {name} waits</>;
      return { tone: 'wait', text, more, ...to('invite', 'Look and invite', 'See why') };
    }
    case 'limit': {
      const text = <>{name} has done its first people</>;
      const more = `${peopleWho(count, 'is', 'are')} held back`;
      return { tone: 'wait', text, more, ...to('continue', 'Look and continue', 'See it') };
    }
    case 'incomplete': {
      const text = <>The submission of {name} stopped half-way</>;
      const more = `${peopleWho(count, 'is', 'are')} recorded; submit the same files again`;
      return { tone: 'wait', text, more, href: page, button: 'See it' };
    }
    case 'failed':
      return failedLine(need, name);
    case 'notification-given-up': {
      const more = 'The receiver refused every attempt: check ONBOARD_NOTIFY_URL';
      const text = <>Nobody was notified of {name}</>;
      return { tone: 'wait', text, more, href: page, button: 'See it' };
    }
    case 'roles':
      return {
        ...who('role-differs'),
        text: <>{name} made accounts with another role than asked</>,
      };
    case 'unmailed':
      return {
        ...who('unmailed'),
        text: <>{name} has people who perhaps had no activation mail</>,
      };
  }
}

function failedLine({ batch, people: count, retryable }: Need, name: Child): Line {
  const text = (
    <>
      {name} finished; {people(count)} failed
    </>
  );
  const more = retryable ? `${grouped(retryable)} can be retried as they are` : undefined;
  return { tone: 'bad', text, more, href: `/batches/${batch}`, button: 'See why' };
}
