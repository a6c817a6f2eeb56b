import { type BatchView, readBatchView } from '../../overview/batch-view.ts';
import { secondsLeft } from '../../overview/overview.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { LivePage } from '../live/live-page.tsx';
import { batchState } from '../state-word.ts';
import { BatchActivity, BatchOptions, Downloads, InviteCard } from './batch-cards.tsx';
import { BatchHead, BatchNotices } from './batch-head.tsx';
import { Attention } from './parts/attention.tsx';
import { CourseChart } from './parts/course-chart.tsx';
import { Progress } from './parts/progress.tsx';
import { Reasons } from './parts/reasons.tsx';
import { lengthOf, settledShare } from './parts/words.ts';

/** One batch: how far, who failed and why, what to do. */
export function batchPage({ readable, now }: ConsoleDeps): LivePage<BatchView> {
  return {
    path: '/batches/:id',
    nav: '/batches',
    read: (c) => readBatchView(readable, c.req.param('id') ?? '', now()),
    isMoving: ({ overview: { report } }) =>
      report.state === 'processing' || report.state === 'inviting' || report.state === 'intake',
    title: ({ overview }) => overview.report.batchId,
    parts: (view, reader) => ({
      notices: <BatchNotices view={view} reader={reader} />,
      head: <BatchHead view={view} reader={reader} />,
      progress: <Progress view={view} />,
      reasons: <Reasons view={view} reader={reader} />,
      course: <CourseChart course={view.course} now={view.now} />,
      invite: <InviteCard view={view} reader={reader} />,
      attention: <Attention report={view.overview.report} role={reader.role} />,
      activity: <BatchActivity view={view} />,
      options: <BatchOptions view={view} reader={reader} />,
      downloads: <Downloads view={view} reader={reader} />,
    }),
    Body: ({ parts }) => (
      <>
        {parts.notices}
        {parts.head}
        {parts.progress}
        <div class="columns">
          <div class="column">
            {parts.reasons}
            {parts.course}
          </div>
          <div class="column">
            {parts.invite}
            {parts.attention}
            {parts.activity}
            {parts.options}
            {parts.downloads}
          </div>
        </div>
      </>
    ),
    spoken: (view) => {
      const { report } = view.overview;
      const state = batchState(view).word;
      const done = settledShare(report);
      const left = secondsLeft(view.overview);
      const time = left === null || left === 0 ? '' : `, about ${lengthOf(left)} left`;
      return { state, text: `${state}: ${done} settled${time}.` };
    },
  };
}
