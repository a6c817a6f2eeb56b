import { setTimeout as sleep } from 'node:timers/promises';
import { grouped } from '../../count.ts';
import { readStanding } from '../../overview/standing.ts';
import { may } from '../auth/roles.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { ApproveText } from '../pages/approve-text.tsx';
import { answerError } from '../pages/error-pages.tsx';
import { Confirm } from '../pages/parts/confirm.tsx';
import { people } from '../pages/parts/words.ts';
import type { ConsoleContext, Route } from '../route.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import type { OpenUploads } from '../uploads/uploads.ts';
import { fieldsOf } from './change-form.ts';
import { openedUploads } from './opened-uploads.ts';

/** Approving a plan, which submits it, and discarding one. */
export function approveRoutes(deps: ConsoleDeps): Route[] {
  const [approve, discard] = ['/plans/:key/approve', '/plans/:key/discard'];
  return [
    { method: 'GET', path: approve, needs: 'approve', handle: (c) => confirmApproval(deps, c) },
    { method: 'POST', path: approve, needs: 'approve', handle: (c) => approvePlan(deps, c) },
    { method: 'GET', path: discard, needs: 'plan', handle: (c) => confirmDiscard(deps, c) },
    { method: 'POST', path: discard, needs: 'plan', handle: (c) => discardPlan(deps, c) },
  ];
}

async function confirmApproval(deps: ConsoleDeps, c: ConsoleContext) {
  const uploads = openedUploads(deps);
  const record = await uploads.plans.find(c.req.param('key') ?? '');
  const viewer = c.get('viewer');
  const fault = faultOf(record, viewer, uploads.approval);
  if (fault !== undefined) return answerRefused(deps, c, fault);
  const standing = await readStanding(deps.readable, deps.now());
  const { key, summary } = record;
  const accepted = summary?.accepted ?? 0;
  const title = `Create accounts for ${people(accepted)}?`;
  const fields = [['plan', summary?.id ?? '']] as const;
  const words = { title, button: `Approve and run ${grouped(accepted)}` };
  const body = (
    <Confirm
      {...words}
      {...{ viewer, fields }}
      action={`/plans/${key}/approve`}
      back={`/plans/${key}`}
    >
      <ApproveText record={record} portal={deps.portal} isHeld={standing.hold !== undefined} />
    </Confirm>
  );
  return answerPage(deps, c, { title, nav: '/submit', standing, body });
}

async function approvePlan(deps: ConsoleDeps, c: ConsoleContext) {
  const uploads = openedUploads(deps);
  const { plans } = uploads;
  const key = c.req.param('key') ?? '';
  const record = await plans.find(key);
  const viewer = c.get('viewer');
  const fault = faultOf(record, viewer, uploads.approval);
  if (fault !== undefined) return answerRefused(deps, c, fault);
  const shown = (await fieldsOf(c)).get('plan') ?? undefined;
  const { done } = await plans.approve(key, shown, { name: viewer.name, role: viewer.role });
  await Promise.race([done, sleep(deps.timings.approvalShownMs, undefined, { ref: false })]);
  const { state, summary } = await plans.find(key);
  return c.redirect(state === 'submitted' ? `/batches/${summary?.batch.id}` : `/plans/${key}`, 303);
}

/** Why this viewer may not approve a plan. */
function faultOf(
  { by, summary, options }: PlanRecord,
  viewer: Viewer,
  approval: OpenUploads['approval'],
): string | undefined {
  if (approval === 'other' && by.name === viewer.name) {
    return 'You uploaded this list, and here somebody else approves: ask another operator to open this page.';
  }
  const types = Object.keys(summary?.types ?? {});
  const isBeyond = types.some((type) => type !== 'User') || (options.type ?? 'User') !== 'User';
  if (isBeyond && !may(viewer.role, 'approve-types')) {
    return 'This list makes accounts of a type beyond User: ask an admin to open this page and approve it.';
  }
  return undefined;
}

function answerRefused(deps: ConsoleDeps, c: ConsoleContext, text: string): Response {
  return answerError(deps, c, { status: 403, title: 'You may not approve this plan', text });
}

async function confirmDiscard(deps: ConsoleDeps, c: ConsoleContext) {
  const { key, files } = await openedUploads(deps).plans.find(c.req.param('key') ?? '');
  const standing = await readStanding(deps.readable, deps.now());
  const title = 'Discard this plan?';
  const action = `/plans/${key}/discard`;
  const body = (
    <Confirm
      {...{ title, action }}
      button="Discard"
      isFinal
      viewer={c.get('viewer')}
      back={`/plans/${key}`}
    >
      <p>
        The upload of <bdi>{files.join(', ')}</bdi> is removed from this machine. Nothing was
        submitted, and nothing is.
      </p>
    </Confirm>
  );
  return answerPage(deps, c, { title, nav: '/submit', standing, body });
}

async function discardPlan(deps: ConsoleDeps, c: ConsoleContext) {
  const { name, role } = c.get('viewer');
  await openedUploads(deps).plans.discard(c.req.param('key') ?? '', { name, role });
  return c.redirect('/', 303);
}
