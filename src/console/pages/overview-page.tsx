import { type FrontView, readFront } from '../../overview/batch-view.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { LivePage } from '../live/live-page.tsx';
import { FirstStart, InProgress, Newest } from './front-parts.tsx';
import { GateNotice } from './gate-notice.tsx';
import { NeedsCard } from './needs-card.tsx';
import { people } from './parts/words.ts';

/** Gates that stand above the lists; the others are in their batches. */
const MOST_GATES = 3;

/** The front page: what needs somebody, what moves, what is new. */
export function overviewPage({ readable, now }: ConsoleDeps): LivePage<FrontView> {
  return {
    path: '/',
    nav: '/',
    read: () => readFront(readable, now()),
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
      needs: front.total === 0 ? null : <NeedsCard needs={front.needs} reader={reader} />,
      moving: <InProgress front={front} />,
      newest: front.total === 0 ? <FirstStart /> : <Newest front={front} />,
    }),
    Body: ({ parts }) => (
      <>
        {parts.gates}
        <div class="head">
          <h1>Overview</h1>
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
        text: `${people(left)} are still to be settled.${held}`,
      };
    },
  };
}
