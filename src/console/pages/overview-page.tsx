import { type FrontView, readFront } from '../../overview/batch-view.ts';
import { may } from '../auth/roles.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { LivePage } from '../live/live-page.tsx';
import type { CheckLine } from '../system-facts.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import { FirstStart, InProgress, Newest } from './front-parts.tsx';
import { GateNotice } from './gate-notice.tsx';
import { NeedsCard } from './needs-card.tsx';
import { peopleWho } from './parts/words.ts';

/** The front page at one moment, with the plans and the key that wait for somebody. */
type Front = FrontView & { plans: readonly PlanRecord[]; keyWarning: CheckLine | undefined };

/** Gates that stand above the lists; the others are in their batches. */
const MOST_GATES = 3;

/** The front page: what needs somebody, what moves, what is new. */
export function overviewPage({ readable, now, uploads, system }: ConsoleDeps): LivePage<Front> {
  const waiting = async () =>
    (await (uploads?.closed === undefined && uploads?.plans.waiting())) || [];
  return {
    path: '/',
    nav: '/',
    read: async () => {
      const [front, plans] = await Promise.all([readFront(readable, now()), waiting()]);
      return { ...front, plans, keyWarning: system.keyWarning?.() };
    },
    isMoving: ({ inProgress }) => inProgress.length > 0,
    title: () => 'Overview',
    parts: (front, reader) => ({
      gates: (
        <>
          {front.inProgress
            .filter(({ gate }) => gate !== null)
            .slice(0, MOST_GATES)
            .map((report) => (
              <GateNotice report={report} isNamed reader={reader} />
            ))}
        </>
      ),
      needs:
        front.total + front.plans.length === 0 ? null : <NeedsCard {...front} reader={reader} />,
      start: may(reader.role, 'plan') ? (
        <a class={isHeldUp(front) ? 'button' : 'button primary'} href="/submit">
          Start a batch
        </a>
      ) : null,
      moving: <InProgress front={front} />,
      newest: front.total === 0 ? <FirstStart reader={reader} /> : <Newest front={front} />,
    }),
    Body: ({ parts }) => (
      <>
        {parts.gates}
        <div class="head">
          <h1>Overview</h1>
          {parts.start}
        </div>
        {parts.needs}
        {parts.moving}
        {parts.newest}
      </>
    ),
    spoken: (front) => {
      const left = front.inProgress.reduce((sum, { pending }) => sum + pending, 0);
      const held = front.standing.hold === undefined ? '' : ' Everything is held.';
      return {
        state: front.standing.hold?.code ?? '',
        text: `${peopleWho(left, 'is', 'are')} still to be settled.${held}`,
      };
    },
  };
}

/** Whether a button for what stands still is the first of the page. */
function isHeldUp({ standing, inProgress }: Front): boolean {
  return standing.hold !== undefined || inProgress.some(({ gate }) => gate !== null);
}
