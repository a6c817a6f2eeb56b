import {
  cancelBatch,
  continueHeldBack,
  releaseInvite,
  retryPeople,
} from '../../actions/batch-actions.ts';
import { purgeBatch } from '../../actions/purge-batches.ts';
import { OnboardError } from '../../errors.ts';
import { countFor } from '../../overview/confirmations.ts';
import { readStanding } from '../../overview/standing.ts';
import type { Permission } from '../auth/roles.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { type ChangeName, ChangePage, type Choice } from '../pages/change-page.tsx';
import { answerError } from '../pages/error-pages.tsx';
import { answerMoved } from '../pages/moved-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';
import { choiceOf, fieldsOf, shownIn } from './change-form.ts';

/** Changes of one batch, each with the permission that it needs. */
const changes = {
  retry: 'change',
  continue: 'change',
  invite: 'change',
  cancel: 'change',
  purge: 'purge',
} as const satisfies Record<ChangeName, Permission>;

/**
 * Changes of a batch. GET shows who and how many; POST sends back what was shown, and nothing happens
 * when the batch has moved since.
 */
export function changeRoutes(deps: ConsoleDeps): Route[] {
  return Object.entries(changes).flatMap(([name, needs]): Route[] => {
    const path = `/batches/:id/${name}`;
    const change = name as ChangeName;
    return [
      { method: 'GET', path, needs, handle: (c) => confirm(deps, c, change) },
      { method: 'POST', path, needs, handle: (c) => apply(deps, c, change) },
    ];
  });
}

async function confirm(deps: ConsoleDeps, c: ConsoleContext, change: ChangeName) {
  const { readable, now } = deps;
  const batch = c.req.param('id') ?? '';
  const choice = choiceOf(new URL(c.req.url).searchParams);
  const [affected, standing] = await Promise.all([
    countAffected(deps, batch, { change, choice }),
    readStanding(readable, now()),
  ]);
  const viewer = c.get('viewer');
  const body = <ChangePage {...{ change, batch, choice, affected, viewer, standing }} />;
  return answerPage(deps, c, { title: `${change} ${batch}`, nav: '/batches', standing, body });
}

function countAffected(
  { readable }: ConsoleDeps,
  batch: string,
  { change, choice }: { change: ChangeName; choice: Choice },
) {
  if (change !== 'retry') return countFor(readable, batch, change);
  return countFor(readable, batch, 'retry', { reasons: choice.reasons, rows: choice.rows });
}

async function apply(deps: ConsoleDeps, c: ConsoleContext, change: ChangeName) {
  const batch = c.req.param('id') ?? '';
  const fields = await fieldsOf(c);
  if (change === 'purge' && fields.get('name') !== batch) {
    return answerError(deps, c, {
      status: 400,
      title: 'Nothing was purged',
      text: `The name that was typed is not ${batch}. Go back and type it whole.`,
    });
  }
  const choice = choiceOf(fields);
  const shown = shownIn(fields);
  try {
    await work(deps, c, { change, batch, choice, fields, shown });
  } catch (error) {
    if (!(error instanceof OnboardError) || error.code !== 'E_MOVED') throw error;
    return answerMoved(deps, c, { batch, change, error });
  }
  const isGone = change === 'purge' && fields.get('what') !== 'people';
  return c.redirect(isGone ? '/batches' : `/batches/${batch}`, 303);
}

interface Working {
  change: ChangeName;
  batch: string;
  choice: Choice;
  fields: URLSearchParams;
  shown: ReturnType<typeof shownIn>;
}

async function work(
  deps: ConsoleDeps,
  c: ConsoleContext,
  { change, batch, choice, fields, shown }: Working,
): Promise<unknown> {
  const acting = deps.actingOf(c.get('viewer'));
  switch (change) {
    case 'retry':
      return retryPeople(acting, batch, { reasons: choice.reasons, rows: choice.rows, shown });
    case 'continue':
      return continueHeldBack(acting, batch, { shown });
    case 'invite':
      return releaseInvite(acting, batch, { shown });
    case 'cancel':
      return cancelBatch(acting, batch, { invite: fields.get('invite') !== 'no', shown });
    case 'purge': {
      const what = fields.get('what') === 'people' ? 'people' : 'batch';
      const removed = await purgeBatch(acting, batch, { what, shown });
      await deps.uploads?.plans?.purge(batch);
      return removed;
    }
  }
}
