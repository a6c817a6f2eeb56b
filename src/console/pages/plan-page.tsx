import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { LivePage } from '../live/live-page.tsx';
import { openedUploads } from '../routes/opened-uploads.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import { Steps } from './parts/steps.tsx';
import { ExactlyCard, PlanChecks, PlanGroups, PlanRemarks, RejectedCard } from './plan-cards.tsx';
import { ColumnsCard } from './plan-columns.tsx';
import { PlanFigures } from './plan-figures.tsx';
import { PlanHead, PlanNotices } from './plan-head.tsx';
import type { PlanView } from './plan-view.ts';

/** One plan: what would happen, exactly, and what stays out. */
export function planPage(deps: ConsoleDeps): LivePage<PlanView> {
  const { readable, now } = deps;
  return {
    path: '/plans/:key',
    nav: '/submit',
    needs: 'plan',
    read: async (c) => {
      const { plans } = openedUploads(deps);
      const key = c.req.param('key') ?? '';
      const [record, standing] = await Promise.all([
        plans.find(key),
        readStanding(readable, now()),
      ]);
      return { record, progress: plans.progressOf(key), standing, now: now() };
    },
    isMoving: ({ record: { state } }) => state === 'planning' || state === 'submitting',
    title: ({ record }) => `Plan of ${record.files.join(', ')}`,
    parts: (view) => ({
      steps: <Steps current={stepOf(view.record)} />,
      head: <PlanHead view={view} />,
      notices: <PlanNotices view={view} />,
      figures: <PlanFigures view={view} />,
      columns: <ColumnsCard record={view.record} />,
      rejected: <RejectedCard record={view.record} />,
      checks: <PlanChecks record={view.record} />,
      groups: <PlanGroups record={view.record} />,
      remarks: <PlanRemarks record={view.record} />,
      exactly: <ExactlyCard record={view.record} />,
    }),
    Body: ({ parts }) => (
      <>
        {parts.steps}
        {parts.head}
        {parts.notices}
        {parts.figures}
        <div class="columns">
          <div class="column">
            {parts.columns}
            {parts.rejected}
            {parts.remarks}
          </div>
          <div class="column">
            {parts.checks}
            {parts.groups}
            {parts.exactly}
          </div>
        </div>
      </>
    ),
    spoken: ({ record, progress }) => ({
      state: record.state,
      text: progress === undefined ? record.state : `${progress.rows} of ${progress.all} rows`,
    }),
  };
}

function stepOf({ state }: PlanRecord) {
  if (state === 'submitted') return 'Run';
  return state === 'submitting' ? 'Approve' : 'Plan';
}
